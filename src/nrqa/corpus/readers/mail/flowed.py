"""Text that was wrapped for the way and is to be unwrapped by its reader: ``format=flowed`` (RFC 3676)."""

from __future__ import annotations

import re

_MARKS = re.compile(r">*")


def unflowed(text: str, *, delete_space: bool) -> str:
    """The text with its soft line ends joined; quotation marks stay before each paragraph."""
    paragraphs: list[tuple[int, str]] = []
    open_ = False
    for line in text.split("\n"):
        found = _MARKS.match(line)
        depth = len(found[0]) if found else 0
        words = line[depth:]
        words = words.removeprefix(" ")
        if open_ and paragraphs[-1][0] == depth and words != "-- ":
            paragraphs[-1] = (depth, paragraphs[-1][1] + words)
        else:
            paragraphs.append((depth, words))
        open_ = words.endswith(" ") and words != "-- "
        if open_ and delete_space:
            paragraphs[-1] = (depth, paragraphs[-1][1][:-1])
    return "\n".join(f"{'>' * depth} {words}" if depth else words for depth, words in paragraphs)
