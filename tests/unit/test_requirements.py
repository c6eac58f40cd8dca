"""The lists of packages: complete, one inside the other, and good for every Python promised."""

import importlib.metadata
import re
import tomllib
from itertools import pairwise

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import book

# From the shortest to the longest.
FOLDERS = [".binder", ".", "tests"]
LISTS = [f"{folder}/requirements.txt" for folder in FOLDERS]
MAKEFILE = (book.ROOT / "Makefile").read_text(encoding="utf-8")
OLDEST, NEWEST = (
    re.search(rf"^{which}_PYTHON := (3\.\d+)$", MAKEFILE, re.MULTILINE)[1]
    for which in ("OLDEST", "NEWEST")
)
WORKFLOWS = sorted((book.ROOT / ".github" / "workflows").glob("*.yml"))


def read(path):
    """Return the requirements of a list by name, with those of the lists it includes."""
    requirements = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        line = re.sub(r"(^|\s+)#.*", "", line)
        if line.startswith("-r "):
            requirements |= read(path.parent / line.removeprefix("-r "))
        elif line:
            requirement = Requirement(line)
            requirements[canonicalize_name(requirement.name)] = requirement
    return requirements


def applies(requirement, extras=()):
    """Return whether a requirement holds for this Python on this system."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ["", *extras])


def pinned(path):
    """Return the version of each package of a list that this Python and this system install."""
    requirements = read(book.ROOT / path)
    assert all(str(r.specifier).startswith("==") for r in requirements.values()), path
    return {
        name: str(r.specifier).removeprefix("==") for name, r in requirements.items() if applies(r)
    }


def needed(requirements):
    """Return all requirements that the given ones bring along, by name, as the packages say."""
    found, to_do = {}, list(requirements)
    while to_do:
        requirement = to_do.pop()
        name = canonicalize_name(requirement.name)
        if requirement not in found.setdefault(name, set()):
            found[name].add(requirement)
            to_do += [
                further
                for text in importlib.metadata.requires(name) or []
                if applies(further := Requirement(text), requirement.extras)
            ]
    return found


@pytest.mark.parametrize("path", LISTS)
def test_list_is_installed_as_it_stands(path):
    installed = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}
    installed = {canonicalize_name(name): version for name, version in installed.items()}
    other = {
        f"{name}=={version} but {installed.get(name)}"
        for name, version in pinned(path).items()
        if installed.get(name) != version
    }
    assert not other, f"{path}: install it anew (make does it, in .venv)"


@pytest.mark.parametrize("folder", FOLDERS)
def test_list_holds_what_is_needed_and_no_more(folder):
    asked = read(book.ROOT / folder / "requirements.in").values()
    versions = pinned(f"{folder}/requirements.txt")
    found = needed(asked)
    assert set(found) == set(versions), "run 'make lists'"
    unmet = {
        str(requirement)
        for name, requirements in found.items()
        for requirement in requirements
        if not requirement.specifier.contains(versions[name], prereleases=True)
    }
    assert not unmet, "run 'make lists'"


def test_a_longer_list_holds_the_shorter():
    for shorter, longer in pairwise(LISTS):
        assert pinned(shorter).items() <= pinned(longer).items(), f"{shorter} in {longer}"


@pytest.mark.parametrize("python", [OLDEST, NEWEST])
def test_every_package_accepts_the_python(python):
    # Debian 12 has 3.11.2: the first release of a version counts, not its last.
    refusing = {}
    for name in pinned(LISTS[-1]):
        wanted = importlib.metadata.metadata(name).get("Requires-Python") or ""
        if not SpecifierSet(wanted).contains(f"{python}.0"):
            refusing[name] = wanted
    assert not refusing, "run 'make lists'"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "book/how_to_use.ipynb"])
def test_every_page_promises_the_same_pythons(name):
    text = (book.ROOT / name).read_text(encoding="utf-8")
    assert f"Python {OLDEST} to {NEWEST}" in text
    assert not re.search(r"3\.\d+ or newer", text)


def test_code_is_checked_for_the_oldest_python():
    settings = tomllib.loads((book.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["ruff"]["target-version"] == f"py{OLDEST.replace('.', '')}"


def test_workflows_try_the_oldest_and_the_newest_python_and_binders():
    text = " ".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    tried = set(re.findall(r'\bpython(?:-version)?: "(3\.\d+)"', text))
    binders = (book.ROOT / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    assert {OLDEST, NEWEST, binders.removeprefix("python-")} <= tried


def test_every_package_asked_for_has_a_reason():
    text = (book.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    reasons = text.split("\n## Dependencies\n")[1]
    missing = [
        name
        for name in read(book.ROOT / "tests" / "requirements.in")
        if not re.search(rf"^\|[^|]*\b{re.escape(name)}\b", reasons, re.MULTILINE | re.IGNORECASE)
    ]
    assert not missing


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_commit(workflow):
    # A tag can be moved to other code; a commit cannot. The comment is for people, and Dependabot.
    used = re.findall(r"uses: (.+)", workflow.read_text(encoding="utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", action)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_only_read_unless_a_job_says_why(workflow):
    settings = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert settings["permissions"] == {"contents": "read"}
