"""Putting the last hand on the pages that Sphinx has written."""

from pathlib import Path

from sphinx.util.build_phase import BuildPhase

# The pages of this build, as it writes them.
_written: set[str] = set()


def has_written(app, error):
    """Tell whether a build has come to its end and written pages; it writes none if nothing changed."""
    return not error and app.builder.name == "html" and app.phase == BuildPhase.WRITING


def pages(app):
    """Return the files of all pages, those of earlier builds among them, in order."""
    out = Path(app.outdir)
    return sorted(path for path in out.rglob("*.html") if out / "_static" not in path.parents)


def change_pages(app, change):
    """Write each page anew as `change` returns its HTML; what is changed twice is as if changed once."""
    for path in pages(app):
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def _note_page(app, pagename, templatename, context, doctree):
    _written.add(pagename)


def _remove_left_pages(app, error):
    """Remove pages that only an earlier build had, so that they are not published with this one."""
    if has_written(app, error):
        named = {app.builder.get_target_uri(name) for name in app.env.found_docs | _written}
        for path in pages(app):
            if path.relative_to(app.outdir).as_posix() not in named:
                path.unlink()


def setup(app):
    app.connect("html-page-context", _note_page)
    # Before all that write further files.
    app.connect("build-finished", _remove_left_pages, priority=100)
