"""Makes characters that control a terminal or mislead its reader visible for people, and escapes them in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# Characters that move the cursor, change colours, end lines, change the direction of writing, or hide whole texts.
_ORDER = "\u2028-\u202e\u2066-\u2069\ufff9-\ufffb"
_MARKS = "\u061c\u200e\u200f"
_TAGS = "\U000e0000-\U000e007f"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_UNSEEN = "\u200b\u2060-\u2064\ufeff"
_STEERING = re.compile(
    rf"(?P<nation>\U0001f3f4[\U000e0061-\U000e007a]{{2,6}}\U000e007f)|(?P<marks>[{_MARKS}]+)"
    rf"|[\x00-\x08\x0b-\x1f\x7f-\x9f{_ORDER}]|[{_TAGS}]+|[{_SELECTORS}]{{3,}}"
)
_ESCAPED = re.compile(f"[\x7f-\x9f{_MARKS}{_ORDER}{_UNSEEN}{_TAGS}\U000e0100-\U000e01ef]")
_FIRST_PICTURE, _SPACE, _DELETE = 0x2400, 0x20, 0x7F


def visible(text: str) -> str:
    """The text with a visible character in place of every one that could control a terminal.

    Direction marks, which only turn the text beside them, are removed, so that text appears in the order in which it
    was written. A whole run of tag characters becomes one character.
    """
    return _STEERING.sub(_picture, text)


def json_text(value: Mapping[str, Any]) -> str:
    """The object as JSON on several lines, with such characters escaped, and a line feed at the end."""
    return escaped_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def json_line(value: Mapping[str, Any]) -> str:
    """The same on one line."""
    return escaped_json(json.dumps(value, ensure_ascii=False)) + "\n"


def escaped_json(text: str) -> str:
    """The same JSON, with such characters written as numeric escapes."""
    return _ESCAPED.sub(lambda found: json.dumps(found.group())[1:-1], text)


def _picture(found: re.Match[str]) -> str:
    """The control picture of an ASCII control character, U+FFFD for others; a flag (that of Wales) stays a flag."""
    if found["nation"]:
        return found.group()
    if found["marks"]:
        return ""
    code = ord(found.group()[0])
    if code == _DELETE:
        return "\N{SYMBOL FOR DELETE}"
    return chr(_FIRST_PICTURE + code) if code < _SPACE else "\N{REPLACEMENT CHARACTER}"
