"""Find the browsers of the tests, or install them.

``python tests/find_browsers.py`` looks for all three and says where they are; with ``chromium``
behind it for this one alone. Each is looked for on the PATH, unless a variable names its program:
``CHROMIUM``, ``FIREFOX``, ``WEBKIT``. `make test` and `make bench` start with it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Browser:
    """A browser of the tests.

    Attributes
    ----------
    name : str
    programs : tuple of str
        What may be on the PATH, the best first.
    packages : tuple of tuple of str
        Debian's packages of it and of what drives it; each with its names, of which one exists.
    works : callable
        Tells whether the program at a path is the browser.
    helpers : tuple of str
        Programs that it needs beside it.
    playwrights_own : bool
        Whether Playwright can install it, too.
    """

    name: str
    programs: tuple
    packages: tuple
    works: Callable
    helpers: tuple = ()
    playwrights_own: bool = False

    @property
    def variable(self):
        """The variable that names the program, such as ``"FIREFOX"``; it decides alone."""
        return self.name.upper()

    @property
    def remedy(self):
        """What to say to somebody whose machine lacks it."""
        if named := os.environ.get(self.variable):
            return f"{self.variable}={named} is no working {self.name}: correct or unset it."
        programs = " and ".join([self.programs[0], *self.helpers])
        packages = ", ".join(" or ".join(names) for names in self.packages)
        return (
            f"No working {self.name}, and none could be installed: put {programs} on the "
            f"PATH (with apt-get on Debian: {packages}) or set "
            f"{self.variable}=/path/to/{self.programs[0]}, then run this again."
        )

    def find(self):
        """Return the path of the program, or None if there is none that works."""
        if not all(map(shutil.which, self.helpers)):
            return None
        if self.playwrights_own and not _playwright_starts():
            return None
        named = os.environ.get(self.variable)
        candidates = map(shutil.which, [named] if named else self.programs)
        return next((path for path in candidates if path and self.works(path)), None) or (
            _playwrights(self) if self.playwrights_own and not named else None
        )

    def install(self):
        """Install it with apt-get as root, else with Playwright if it can; return its path or None."""
        may_use_apt = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
        if may_use_apt:
            _update()
            for names in self.packages:
                any(_run("apt-get", "install", "-y", "--no-install-recommends", n) for n in names)
            _playwright_starts.cache_clear()
            if path := self.find():
                return path
        if self.playwrights_own:
            with_libraries = ["--with-deps"] if may_use_apt else []
            _run(sys.executable, "-m", "playwright", "install", *with_libraries, self.name.lower())
        return self.find()


@cache
def _playwright_starts():
    """Return whether Playwright runs: its Node.js needs a library that the smallest Debian lacks."""
    return bool(_answer(sys.executable, "-m", "playwright", "--version"))


def _playwrights(browser):
    """Return the path where Playwright keeps its build of a browser, if it works."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = getattr(playwright, browser.name.lower()).executable_path
    return path if browser.works(path) else None


@cache
def _update():
    _run("apt-get", "update")


def _run(*command):
    """Show and run a command; return whether it succeeds."""
    print("$", *command, flush=True)
    try:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    except OSError as error:
        print(error)
        return False
    return result.returncode == 0


def _answer(*command):
    """Return what a program writes, or an empty text if it does not start or fails."""
    try:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout if result.returncode == 0 else ""


def draws_a_page(path):
    """Return whether a Chromium starts without a screen and shows a page.

    On Ubuntu ``chromium-browser`` may be a stub that asks for a snap.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # No sandbox: the tests often run as root or in a container, where it cannot start.
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        page = "data:text/html,<p>it draws</p>"
        return "it draws" in _answer(
            path, *options, f"--user-data-dir={profile}", "--dump-dom", page
        )


def says_its_version(path):
    """Return whether a Firefox starts; Ubuntu's stub that asks for a snap does not."""
    return "Firefox" in _answer(path, "--version")


def explains_itself(path):
    """Return whether a driver of WebKitGTK starts; it has no other option that ends at once."""
    return "--port" in _answer(path, "--help")


# The shell is the same engine without the window around the page: half the work for the machine.
CHROMIUM = Browser(
    "Chromium",
    (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ),
    (("chromium-headless-shell",), ("libatomic1",)),
    draws_a_page,
    playwrights_own=True,
)
FIREFOX = Browser("Firefox", ("firefox-esr", "firefox"), (("firefox-esr",),), says_its_version)
# WebKit is driven through its own driver, and needs a screen: Xvfb is one that nobody looks at.
WEBKIT = Browser(
    "WebKit",
    ("WebKitWebDriver",),
    # Debian 14 calls the driver by another name.
    (("webkit2gtk-driver", "webkitgtk-webdriver"), ("xvfb",)),
    explains_itself,
    ("Xvfb",),
)


if __name__ == "__main__":
    wanted = [
        browser for browser in (CHROMIUM, FIREFOX, WEBKIT) if browser.name.lower() in sys.argv
    ]
    missing = []
    for browser in wanted or (CHROMIUM, FIREFOX, WEBKIT):
        named = os.environ.get(browser.variable)
        path = browser.find() or (None if named else browser.install())
        print(f"{browser.name}: {path or 'none'}")
        if path is None:
            missing.append(browser.remedy)
    sys.exit("\n".join(missing) or None)
