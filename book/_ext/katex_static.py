"""Set formulas with KaTeX while the book is built.

The page then holds HTML and MathML and needs no math script: it works offline,
screen readers read it, and nothing moves when it loads.
Browsers do not translate it: a formula is no language.
"""

import json
import re
import shutil
import subprocess
from html import escape
from pathlib import Path

import node_packages
from node_packages import NODE, PACKAGES
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.build_phase import BuildPhase
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)
KATEX = PACKAGES / "katex" / "dist"


class KatexServer:
    """A Node process that turns one formula a line into HTML."""

    def __init__(self):
        self._process = None
        self._known = {}

    def render(self, latex, display):
        """Return the HTML of a formula; a formula that KaTeX refuses is an error of the build."""
        key = (latex, display)
        if key not in self._known:
            if self._process is None:
                self._process = self._start()
            self._process.stdin.write(json.dumps({"latex": latex, "display": display}) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
            if "error" in answer:
                logger.error("KaTeX cannot set %r: %s", latex, answer["error"])
            self._known[key] = answer.get("html", escape(latex))
        return self._known[key]

    @staticmethod
    def _start():
        command = [*NODE, str(Path(__file__).with_suffix(".js")), str(KATEX / "katex.js")]
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def stop(self):
        """End the process."""
        if self._process is not None:
            self._process.stdin.close()
            self._process.wait()
            self._process = None


server = KatexServer()


def _install_packages(app):
    try:
        node_packages.install()
    except OSError as error:
        raise ExtensionError(str(error)) from None


def visit_math(self, node):
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate", translate="no"))
    self.body.append(server.render(node.astext(), display=False) + "</span>")
    raise _skip()


def visit_math_block(self, node):
    latex = node.astext().strip()
    numbered = ""
    if node.get("number"):
        numbered = f'<span class="eqno">({get_node_equation_number(self, node)})</span>'
    # A group that can be scrolled by keyboard: wide formulas do not widen a phone's page.
    self.body.append(
        self.starttag(
            node,
            "div",
            "",
            CLASS="math-block notranslate",
            translate="no",
            tabindex="0",
            role="group",
            **{"aria-label": "equation"},
        )
    )
    self.body.append(server.render(latex, display=True) + numbered + "</div>")
    raise _skip()


def _skip():
    from docutils.nodes import SkipNode

    return SkipNode()


def _depart(self, node):
    """Never reached: both visitors skip the node's children and its end."""


def _copy_fonts(app, error):
    server.stop()
    # Where nothing changed, nothing is written.
    if error or app.builder.format != "html" or app.phase != BuildPhase.WRITING:
        return
    target = Path(app.outdir) / "_static" / "katex"
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    css = (KATEX / "katex.min.css").read_text(encoding="utf-8")
    # Every browser that runs the explorers reads woff2; the two older formats stay out.
    css = re.sub(r',url\(fonts/[\w-]+\.(?:woff|ttf)\) format\("\w+"\)', "", css)
    (target / "katex.min.css").write_text(css, encoding="utf-8")
    for font in (KATEX / "fonts").glob("*.woff2"):
        shutil.copy(font, target / "fonts")


def setup(app):
    app.add_html_math_renderer("katex_static", (visit_math, _depart), (visit_math_block, _depart))
    app.connect("builder-inited", _install_packages)
    app.connect("build-finished", _copy_fonts)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
