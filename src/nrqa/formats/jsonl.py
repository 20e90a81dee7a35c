"""JSON Lines: the answer on the first line, then a line for each passage."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from nrqa.formats.item import Item
from nrqa.records import Answer

# Characters that some readers take for line ends, and those that steer a terminal. JSON may escape any character.
_ESCAPED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def write(answer: Answer, items: Sequence[Item]) -> str:
    """``type`` tells the lines apart: ``answer``, then ``hit``, or ``nearest`` where nothing answers."""
    whole = answer.to_dict()
    hits = whole.pop("hits")
    kind = "hit" if answer.answers else "nearest"
    lines = [_line({"type": "answer", **whole, kind: len(hits)})]
    for hit, item in zip(hits, items, strict=True):
        lines.append(_line({"type": kind, "id": item.id, **hit, "links": item.links.to_dict()}))
    return "".join(lines)


def escaped(text: str) -> str:
    """The same JSON without a character that ends a line or steers a terminal."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _line(value: dict[str, Any]) -> str:
    return escaped(json.dumps(value, ensure_ascii=False)) + "\n"
