"""Decides which hyphens at the ends of lines are part of the word.

PDF files do not distinguish a hyphen that the typesetter inserted from one that belongs to the word. The rest of the
document does: if it writes the word in one piece, or with a hyphen, it is written so here too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from nrqa.corpus.readers.pdf.lines import Line, joined_text

HYPHENS = "-‐\u00ad"
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LEFT = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*$")
_RIGHT = re.compile(r"[^\W\d_]+")
_SOFT = "\u00ad"
_OFTEN = 0.03
"""If more than this share of all lines ends in the middle of a word, the typesetter divides words."""
_SEEN = 0.35
"""The typesetter also divides words if at least this share of the divided words occurs elsewhere in one piece."""
_LONG_ENOUGH = 4
"""Least letters of each half of a compound: then two known words that never occur in one piece keep their hyphen."""
_PREFIXES = frozenset("non self well quasi semi".split())


class Vocabulary:
    """The words of a document, and how often each occurs; without those that a line's end may divide."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._counts: Counter[str] = Counter()
        for text in _undivided(lines):
            self._counts.update(_WORD.findall(text.lower().replace("‐", "-")))
        pairs = [_halves(before.text, line.text) for before, line in pairwise(lines) if ends_in_hyphen(before)]
        parted = [one for one in pairs if one is not None]
        seen = sum(self._counts[head + tail] > 0 for head, tail in parted)
        self._divides = (seen > 1 and seen >= _SEEN * len(parted)) or len(parted) > _OFTEN * len(lines)

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Whether the hyphen between the end of one line and the beginning of the next is part of the word."""
        if before.endswith(_SOFT):
            return False
        halves = _halves(before, after)
        if halves is None:
            # Typesetters never divide numbers (24-10), names (Anglo-Saxon) and marks.
            return True
        head, tail = halves
        joined, hyphened = self._counts[head + tail], self._counts[f"{head}-{tail}"]
        if joined != hyphened:
            return hyphened > joined
        goes_on = after[len(tail) : len(tail) + 1] in ("-", "‐")
        if not self._divides or goes_on or head in _PREFIXES or "-" in head or before[-3:-1].isupper():
            return True
        known = self._counts[head] > 0 and self._counts[tail] > 0
        return known and min(len(head), len(tail)) >= _LONG_ENOUGH


def ends_in_hyphen(line: Line) -> bool:
    """Whether the line ends in a hyphen, so that its last word may continue on the next line."""
    last = line.words[-1].text
    return line.hyphen or (len(last) > 1 and last[-1] in HYPHENS and last[-2].isalnum())


def _halves(before: str, after: str) -> tuple[str, str] | None:
    """The two parts, in lower case, that may form one word; None if they cannot."""
    left, right = _LEFT.search(before.rstrip(HYPHENS)), _RIGHT.match(after)
    if left is None or right is None or not after[0].islower():
        return None
    return left[0].lower(), right[0].lower()


def _undivided(lines: Sequence[Line]) -> Iterable[str]:
    divided = False
    for line in lines:
        words = line.words[1:] if divided else line.words
        divided = ends_in_hyphen(line)
        yield joined_text(words[:-1] if divided else words)
