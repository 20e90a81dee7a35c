"""JSON Lines: the answer on the first line, then a line for each passage."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nrqa.records import Answer
from nrqa.rendering.formats.item import Item
from nrqa.text.control_characters import escaped_json


def write(answer: Answer, items: Sequence[Item]) -> str:
    """``type`` tells the lines apart: ``answer``, then ``hit``, or ``nearest`` where nothing answers."""
    whole = answer.to_dict()
    hits = whole.pop("hits")
    kind = "hit" if answer.answers else "nearest"
    lines = [_line({"type": "answer", **whole, kind: len(hits)})]
    for hit, item in zip(hits, items, strict=True):
        lines.append(_line({"type": kind, "id": item.id, **hit, "links": item.links.to_dict()}))
    return "".join(lines)


def _line(value: dict[str, Any]) -> str:
    # Some readers take characters that are escaped here for line ends.
    return escaped_json(json.dumps(value, ensure_ascii=False)) + "\n"
