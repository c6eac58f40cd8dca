"""Put what helps in class where this environment's IPython and Jupyter look for their settings.

Run with the Python of the environment: ``python book/explorers/settings/install.py``. It sets

- IPython: a cell that is run too early says what to run first;
- exports by nbconvert: the still picture of a figure, and no widget that would be dead;
- JupyterLab: all cells of a notebook are drawn, not only those on the screen, because the numbers in a
  text appear only in cells that are drawn; and it asks for no news and looks for no newer version;
- Vega, which draws the charts, where a kernel finds it: bundling takes seconds, and a class would wait.

Settings that are there already and are not named here stay as they are.
"""

import json
import shutil
import sys
from pathlib import Path

SETTINGS = Path(__file__).parent


def install(prefix=sys.prefix):
    """Copy the folders ``etc`` and ``share`` into an environment, and Vega.

    Parameters
    ----------
    prefix : path
        The environment's folder.

    Returns
    -------
    list of pathlib.Path
        The files that were written.
    """
    written = []
    for source in sorted(
        path for part in ("etc", "share") for path in (SETTINGS / part).rglob("*.*")
    ):
        target = Path(prefix) / source.relative_to(SETTINGS)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix == ".json":
            before = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
            ours = json.loads(source.read_text(encoding="utf-8"))
            merged = before | {name: before.get(name, {}) | ours[name] for name in ours}
            target.write_text(json.dumps(merged, indent=2) + "\n", encoding="utf-8")
        else:
            shutil.copyfile(source, target)
        written.append(target)
    sys.path.insert(0, str(SETTINGS.parents[1]))
    from explorers import notebook

    written.append(notebook.keep_vega(Path(prefix) / "share" / "jupyter", notebook.vega_module()))
    return written


if __name__ == "__main__":
    try:
        install()
    except PermissionError as error:
        sys.exit(
            f"The settings cannot be written to {error.filename}: make a virtual environment "
            "(python -m venv .venv) and run this with its Python."
        )
