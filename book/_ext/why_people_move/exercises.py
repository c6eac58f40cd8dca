"""An address for each exercise, such as ``lee.html#exercise-3``, and a link that shows it."""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform


class Addresses(SphinxTransform):
    """Name each exercise after its number, which stands in its title: "Exercise 3 · Data"."""

    default_priority = 700

    def apply(self):
        for box in self.document.findall(nodes.admonition):
            if "exercise" not in box["classes"]:
                continue
            title = box.next_node(nodes.title)
            number = title and re.match(r"Exercise (\d+)", title.astext())
            if not number:
                raise ValueError(f"{self.env.docname}: an exercise has no number in its title")
            address = f"exercise-{number[1]}"
            if address in self.document.ids:
                raise ValueError(f"{self.env.docname}: two exercises have the number {number[1]}")
            box["ids"].append(address)
            self.document.ids[address] = box
            link = nodes.reference(
                "", "#", refuri=f"#{address}", classes=["headerlink"], internal=True
            )
            # What a screen reader says, and what a pointer shows.
            link["reftitle"] = f"Link to exercise {number[1]}"
            title += link


def setup(app):
    app.add_transform(Addresses)
