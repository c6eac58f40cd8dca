"""The code of each figure, which the page's menu shows."""

import json
import re
from html.parser import HTMLParser


class Figures(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.named = {}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "figure" and "explorer" in values.get("class", "").split():
            self.named[values["id"]] = values.get("data-code")


def test_every_figure_has_its_code(book_folder, chapter):
    page = book_folder / chapter.page
    named = Figures(page.read_text(encoding="utf-8")).named
    assert list(named) == [explorer.name for explorer in chapter.explorers]
    for explorer in chapter.explorers:
        module, _, function = named[explorer.name].partition(":")
        script = (book_folder / "_static" / "code" / f"{module}.js").read_text(encoding="utf-8")
        code = json.loads(re.fullmatch(r".*?\)\[\"[\w.]+\"\]=(.*);", script, re.DOTALL)[1])
        assert f"def {function}(" in code[function] and "return Explorer(" in code[function]
        compile(code[function], function, "exec")
