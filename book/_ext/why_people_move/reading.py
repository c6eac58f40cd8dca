"""How the chapters are read and run: at once, and with errors that name the place."""

import os
import re
import sys
from pathlib import Path

from explorers.page import build_pages
from myst_nb.core.execute import inline
from myst_nb.core.execute.base import ExecutionError
from sphinx.util import logging
from sphinx.util.parallel import ParallelTasks

logger = logging.getLogger(__name__)


def _read_in_parallel(app, config):
    """Run as many chapters at once as there are cores.

    Each is read in a process of its own, with a kernel of its own. Sphinx does so only if all
    extensions allow it; these two say nothing, and keep nothing while a page is read.
    """
    if not sys.platform.startswith("linux"):
        return  # A process with threads is forked safely on Linux only.
    for name in ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex"):
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = True
    app.parallel = os.cpu_count() or 1
    ParallelTasks.terminate = _stop_at_once


class _CellError(ExecutionError):
    """What stops a build: the chapter, its cell and what went wrong there."""

    def __init__(self, path):
        super().__init__(f"{path}\n{sys.exc_info()[1]}")


def _note_figures(app, docname, source):
    """Read a chapter again when the module of its figures has changed."""
    for name in re.findall(r"from figures import (\w+)", source[0]):
        app.env.note_dependency(f"book/figures/{name}.py")


def _say_what_is_read(app, env, chapters):
    """Tell which chapters are run: those that changed, or all if what they share has changed."""
    names = ", ".join(Path(chapter).name for chapter in chapters) or "none"
    logger.info("chapters to run: %d of %d (%s)", len(chapters), len(env.found_docs), names)


def _stop_at_once(tasks, terminate=ParallelTasks.terminate):
    """End the other chapters when one has failed.

    nbclient catches the polite signal that Sphinx sends; the build would wait for ever.
    """
    for number in list(tasks._precvs):
        tasks._procs[number].kill()
    terminate(tasks)


def _write_one_by_one(app, env):
    """Let one process set all formulas: KaTeX, once started, sets a formula in a millisecond."""
    app.parallel = 1


def setup(app):
    build_pages()
    inline.ExecutionError = _CellError
    app.connect("config-inited", _read_in_parallel)
    app.connect("source-read", _note_figures)
    app.connect("env-before-read-docs", _say_what_is_read)
    app.connect("env-updated", _write_one_by_one)
