"""What a notebook's browser gets: the scripts of a chart and of the pulse, a style, and Vega.

The scripts are modules, as anywidget wants them: each widget brings its own copy, so they are short.
Vega is long. It is sent once for all charts of a notebook, packed; see `vega_module`.
"""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir, jupyter_path

from ..drawing import VEGA_LITE

FOLDER = Path(__file__).parent
CHART, PULSE = FOLDER / "chart.js", FOLDER / "pulse.js"

# The file that holds Vega, in the folder `explorers` of Jupyter's data.
VEGA = f"vega-embed-{VEGA_LITE}-vl-convert-{version('vl-convert-python')}.js.gz"

_BUNDLE = """
import gzip, sys, vl_convert
module = vl_convert.javascript_bundle("export { vegaEmbed };", vl_version=sys.argv[1])
sys.stdout.buffer.write(gzip.compress(module.encode(), mtime=0))
"""


def style() -> str:
    """Return the style of explorers and exercises in a notebook, as an HTML element.

    Returns
    -------
    str
    """
    return f"<style>\n{(FOLDER / 'style.css').read_text(encoding='utf-8')}</style>"


def vega_module() -> bytes:
    """Return Vega, Vega-Lite and Vega-Embed as one JavaScript module, packed by gzip.

    It is bundled once for a machine, and before anybody waits if ``settings/install.py`` has run.

    Returns
    -------
    bytes
    """
    for folder in jupyter_path("explorers"):
        if (Path(folder) / VEGA).exists():
            return (Path(folder) / VEGA).read_bytes()
    # In a process of its own: bundling takes 140 MB, which a kernel would keep until it ends.
    command = [sys.executable, "-c", _BUNDLE, VEGA_LITE]
    packed = subprocess.run(command, check=True, capture_output=True).stdout
    try:
        keep_vega(Path(jupyter_data_dir()), packed)
    except OSError:
        pass  # a computer without a place to keep it bundles it for each kernel
    return packed


def keep_vega(data: Path, packed: bytes) -> Path:
    """Write Vega where kernels look for it.

    Parameters
    ----------
    data : pathlib.Path
        A folder of Jupyter's data.
    packed : bytes
        From `vega_module`.

    Returns
    -------
    pathlib.Path
    """
    target = data / "explorers" / VEGA
    target.parent.mkdir(parents=True, exist_ok=True)
    # Another kernel may be reading: it finds the whole file or none.
    part = target.with_suffix(".part")
    part.write_bytes(packed)
    part.replace(target)
    return target
