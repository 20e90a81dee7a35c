"""Unwraps text that was wrapped only for the transport: ``format=flowed`` (RFC 3676)."""

from __future__ import annotations

import re

_MARKS = re.compile(r">*")


def unflowed(text: str, *, delete_space: bool) -> str:
    """The text without soft line breaks; each paragraph keeps its quotation marks (``>``).

    ``delete_space`` says that the space before a soft line break is removed too.
    """
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
