"""JSON Lines: the answer on the first line, then a line for each passage."""

from __future__ import annotations

from collections.abc import Sequence

from nrqa.records import Answer
from nrqa.rendering.formats.item import Item
from nrqa.text.control_characters import json_line


def write(answer: Answer, items: Sequence[Item]) -> str:
    """``type`` tells the lines apart: ``answer``, then ``hit``, or ``nearest`` where nothing answers."""
    whole = answer.to_dict()
    hits = whole.pop("hits")
    kind = "hit" if answer.answers else "nearest"
    # Some readers take characters that json_line escapes for line ends.
    lines = [json_line({"type": "answer", **whole, kind: len(hits)})]
    for hit, item in zip(hits, items, strict=True):
        lines.append(json_line({"type": kind, "id": item.id, **hit, "links": item.links.to_dict()}))
    return "".join(lines)
