"""What a classroom's environment is told: written where it is looked for, and nothing else lost."""

import json
import os
import site
import subprocess
import sys
import venv
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import explorers
import nbclient
import nbformat
import pytest
from explorers import notebook

SETTINGS = Path(explorers.__file__).parent / "settings"


@pytest.fixture(scope="module")
def install():
    spec = spec_from_file_location("install", SETTINGS / "install.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.install


def test_settings_of_the_environment_stay(install, tmp_path):
    overrides = tmp_path / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    overrides.parent.mkdir(parents=True)
    mine = {
        "@jupyterlab/apputils-extension:themes": {"theme": "JupyterLab Dark"},
        "@jupyterlab/notebook-extension:tracker": {"recordTiming": True, "windowingMode": "full"},
    }
    overrides.write_text(json.dumps(mine), encoding="utf-8")
    assert overrides in install(tmp_path)
    merged = json.loads(overrides.read_text(encoding="utf-8"))
    assert merged["@jupyterlab/apputils-extension:themes"] == {"theme": "JupyterLab Dark"}
    tracker = merged["@jupyterlab/notebook-extension:tracker"]
    assert tracker == {"recordTiming": True, "windowingMode": "none"}


def test_a_second_time_changes_nothing(install, tmp_path):
    before = {path: path.read_bytes() for path in install(tmp_path)}
    assert {path: path.read_bytes() for path in install(tmp_path)} == before


def test_binder_gets_the_settings_and_vega(tmp_path):
    """Its step after the packages are there, with the Python of its environment."""
    venv.create(tmp_path, with_pip=False)
    environment = os.environ | {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(site.getsitepackages()),
    }
    step = SETTINGS.parents[2] / ".binder" / "postBuild"
    subprocess.run(["bash", str(step)], cwd=SETTINGS.parents[2], env=environment, check=True)
    shared = tmp_path / "share" / "jupyter"
    settings = json.loads((shared / "lab" / "settings" / "overrides.json").read_text())
    questions = settings["@jupyterlab/apputils-extension:notification"]
    assert questions == {"fetchNews": "false", "checkForUpdates": False}
    assert (shared / "explorers" / notebook.VEGA).stat().st_size > 100_000


def test_an_environment_that_cannot_be_written_is_said(tmp_path):
    """A file where a folder should be, since root may write anywhere."""
    program = (SETTINGS / "install.py").read_text(encoding="utf-8")
    program = program.replace("Path(__file__).parent", f"Path({str(SETTINGS)!r})")
    refusing = "def copyfile(*paths):\n    raise PermissionError(13, 'no', str(paths[1]))\n"
    program = program.replace(
        "    try:\n        install()",
        f"    shutil.copyfile = copyfile\n    try:\n        install({str(tmp_path)!r})",
    )
    script = tmp_path / "install.py"
    script.write_text(
        program.replace("SETTINGS =", refusing + "\n\nSETTINGS =", 1), encoding="utf-8"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert done.returncode == 1
    assert "make a virtual environment" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def run(monkeypatch, tmp_path, install):
    """Run cells in a new kernel that has the settings, in an empty folder; return its errors."""
    install(tmp_path / "environment")
    profile = tmp_path / "ipython" / "profile_default" / "startup"
    profile.parent.mkdir(parents=True)
    (tmp_path / "environment" / "etc" / "ipython" / "startup").rename(profile)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))

    def said(*sources, folder=tmp_path):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        notebook = nbformat.v4.new_notebook(cells=cells)
        place = {"metadata": {"path": str(folder)}}
        nbclient.NotebookClient(notebook, allow_errors=True, resources=place).execute()
        return ["\n".join(o.traceback) for cell in cells for o in cell.outputs if "traceback" in o]

    return said


def test_a_cell_run_too_early_says_what_to_run_first(run):
    [said] = run("figures.who_goes()")
    assert said.startswith("“figures” is made in an earlier cell: run the first cell")
    assert "NameError" not in said


def test_a_name_that_is_missing_later_is_an_error_with_a_hint(run):
    [said] = run("import explorers", "village + 1", folder=SETTINGS.parents[1])
    assert "NameError" in said
    assert "If an earlier cell makes “village”, run that one first" in said


def test_a_chapter_without_its_folders_says_what_is_missing(run):
    [said] = run("from figures import lee")
    assert said.startswith("The folder “figures” is not beside this notebook.")


def test_another_missing_package_is_an_ordinary_error(run):
    [said] = run("import no_such_package")
    assert "ModuleNotFoundError" in said
