"""Find a Chromium for the browser tests, or install one.

``python tests/find_chromium.py`` prints its path; `make test` passes it on as ``CHROMIUM``.
A program counts only if it draws a page: on Ubuntu ``chromium-browser`` may be a stub
that asks for a snap.
"""

import os
import shutil
import subprocess
import sys
import tempfile

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = (
    "No working Chromium, and none could be installed: put chromium on the PATH "
    "(Debian, Ubuntu: sudo apt-get install chromium) or set CHROMIUM=/path/to/chromium, "
    "then run this again."
)


def draws_a_page(path):
    """Return whether the program at ``path`` starts without a screen and shows a page."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # No sandbox: the tests often run as root or in a container, where it cannot start.
        command = [path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        command += [f"--user-data-dir={profile}", "--dump-dom", "data:text/html,<p>it draws</p>"]
        try:
            answer = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return "it draws" in answer.stdout


def playwrights_own():
    """Return the path where Playwright keeps its Chromium; it need not be there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def find():
    """Return the path of a working Chromium, or None.

    ``CHROMIUM`` decides alone if it is set; then the PATH is searched, then Playwright's folder.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        candidates = [shutil.which(named)]
    else:
        candidates = [shutil.which(name) for name in NAMES] + [playwrights_own()]
    return next((path for path in candidates if path and draws_a_page(path)), None)


def run(*command, **variables):
    """Show and run a command; its output goes to stderr, since stdout is for the path."""
    print("$", *command, file=sys.stderr, flush=True)
    try:
        subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env={**os.environ, **variables}
        )
    except OSError as error:
        print(error, file=sys.stderr)


def install():
    """Install Chromium with apt-get as root, else with Playwright; return its path or None."""
    may_use_apt = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if may_use_apt:
        run("apt-get", "update")
        run("apt-get", "install", "-y", "--no-install-recommends", "chromium",
            DEBIAN_FRONTEND="noninteractive")  # fmt: skip
        if path := find():
            return path
    with_libraries = ["--with-deps"] if may_use_apt else []
    run(sys.executable, "-m", "playwright", "install", *with_libraries, "chromium")
    return find()


if __name__ == "__main__":
    path = find()
    if path is None and os.environ.get("CHROMIUM"):
        sys.exit(f"CHROMIUM={os.environ['CHROMIUM']} is no working Chromium: correct or unset it.")
    path = path or install()
    if path is None:
        sys.exit(REMEDY)
    print(path)
