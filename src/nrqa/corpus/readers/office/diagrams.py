"""The words of SmartArt diagrams, whose shapes are drawn from a list of points."""

from __future__ import annotations

from collections.abc import Iterator

from nrqa.corpus.readers.shared.xml import Element

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def diagram_lines(data: Element | None) -> Iterator[str]:
    """The text of each point that has some, in the diagram's own order."""
    if data is None:
        return
    for point in data.iter(_DIAGRAM + "pt"):
        for paragraph in point.iterfind(f"{_DIAGRAM}t/{DRAWING}p"):
            text = " ".join("".join(one.text or "" for one in paragraph.iter(DRAWING + "t")).split())
            if text:
                yield text
