"""Something suspicious in a text, as the searches of this package find it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LINE_END = re.compile("[\n\r\x1c-\x1e\x85\u2029]")
"""The characters that end a paragraph for the Unicode Bidirectional Algorithm."""


@dataclass(frozen=True, slots=True)
class Found:
    """A span of the text, the kind of its flag, and a description of what was found."""

    kind: str
    start: int
    end: int
    what: str


def name_of(char: str) -> str:
    """The character's name in Unicode, and its number."""
    return f"{unicodedata.name(char, 'unnamed').lower()} (U+{ord(char):04X})"
