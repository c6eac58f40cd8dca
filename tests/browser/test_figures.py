"""The charts of every figure can be read: no text is cut or covered, on a phone or at a desk."""

from visiting import WIDTHS

NARROW = 360


def test_texts_of_charts_are_whole_and_apart(reader, chapter):
    """At the defaults, and at both far corners of the controls."""
    wide = reader.page.viewport_size
    if wide["width"] == WIDTHS["phone"]:
        reader.page.set_viewport_size({**wide, "width": NARROW})
    reader.wake_at_once()
    wrongs = [
        f"{explorer.title} at {settings}: {wrong}"
        for explorer in chapter.explorers
        for settings in _settings(explorer)
        for wrong in reader.ask("unreadable", explorer.name, settings)
    ]
    reader.reset()
    reader.page.set_viewport_size(wide)
    assert not wrongs, "\n".join(wrongs)


def _settings(explorer):
    ends = [{control.name: control.grid()[end] for control in explorer.controls} for end in (0, -1)]
    return [explorer.defaults(), *ends]
