"""Hyphens at the ends of lines: which ones are part of the word.

PDF files do not tell a hyphen that the typesetter put in from one that was there. The document's other words do: what
stands in it elsewhere in one piece, or with a hyphen, is so here too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-‐'’][^\W\d_]+)*")
_LEFT = re.compile(r"[^\W\d_]+(?:[-‐'’][^\W\d_]+)*$")
_RIGHT = re.compile(r"[^\W\d_]+")
HYPHENS = "-‐\u00ad"
_SOFT = "\u00ad"
_LONG_ENOUGH = 4
"""Letters of each half from which two words of the document that were never seen in one piece are a compound."""
_PREFIXES = frozenset("non self well ex half quasi semi-".split())


class Vocabulary:
    """The words of a document, and how often each occurs; without those that a line's end divides."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        for line in lines:
            self._counts.update(_WORD.findall(line.lower().replace("‐", "-")))
        whole = Counter(word for word in self._counts.elements() if "-" not in word)
        self._whole = whole

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Whether the hyphen between the end of one line and the beginning of the next is part of the word."""
        if before.endswith(_SOFT):
            return False
        left, right = _LEFT.search(before.rstrip(HYPHENS)), _RIGHT.match(after)
        if left is None or right is None or not after[:1].islower():
            # Numbers (24-10), names (Anglo-Saxon), marks: no typesetter divides these.
            return True
        head, tail = left[0].lower(), right[0].lower()
        joined, hyphened = self._counts[head + tail], self._counts[f"{head}-{tail}"]
        if joined != hyphened:
            return hyphened > joined
        if head in _PREFIXES or "-" in head:
            return True
        known = min(self._whole[head], self._whole[tail]) > 0
        return known and min(len(head), len(tail)) >= _LONG_ENOUGH
