"""A model's code as a chapter shows it: folded, under one label, as it stands in its module."""

import inspect
from html import unescape

from bs4 import BeautifulSoup
from explorers import show_source, tracing


def folded(monkeypatch=None):
    if monkeypatch:
        monkeypatch.setenv("EXPLORERS_BUILD_PAGE", "yes")
    html = show_source(tracing.pick)._repr_mimebundle_()["text/html"]
    [details] = BeautifulSoup(html, "html.parser").select("details.source")
    assert not details.has_attr("open")
    assert details.summary.get_text() == "The code of pick, from explorers/tracing.py"
    details.summary.extract()
    return details


def test_a_page_shows_the_code_colored(monkeypatch):
    shown = folded(monkeypatch)
    assert shown.select(".highlight .nf")
    assert shown.get_text().strip() == inspect.getsource(tracing.pick).strip()


def test_a_notebook_shows_the_code_as_it_is():
    assert unescape(folded().get_text()) == inspect.getsource(tracing.pick)


def test_code_from_inside_a_function_begins_at_the_margin():
    def inner(value):
        return value < 1

    assert show_source(inner).code == "def inner(value):\n    return value < 1\n"
