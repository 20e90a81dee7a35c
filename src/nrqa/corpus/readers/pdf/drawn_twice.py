"""Words that are drawn twice, nearly at the same place, for a shadow or for bold type, are read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import floor

from nrqa.corpus.readers.pdf.glyphs import Glyphs

_HEIGHT, _WIDTH = 0.4, 0.6
"""Shares of a word's height and width: farther apart, the same word is written twice."""


def without_doubles(words: list[Glyphs]) -> list[Glyphs]:
    """The words, each word of letters or digits once at its place."""
    counts = Counter([one.text for one in words])
    if len(counts) == len(words):
        return words
    seen: set[tuple[str, int, int, int]] = set()
    doubles: set[int] = set()
    for one in words:
        if counts[one.text] > 1 and one.text.isalnum():
            keys = _places(one)
            if seen.isdisjoint(keys):
                seen.update(keys)
            else:
                doubles.add(id(one))
    return _without(words, doubles) if doubles else words


def _places(word: Glyphs) -> list[tuple[str, int, int, int]]:
    """The squares of four grids in which the word begins: two words that are near each other share one of them."""
    left, bottom, right, top = word.box
    step = max(0.1, min(_HEIGHT * (top - bottom), _WIDTH * (right - left)))
    x, y = left / step, bottom / step
    return [
        (word.text, at, floor(x + across), floor(y + up))
        for at, (across, up) in enumerate(((0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5)))
    ]


def _without(words: Sequence[Glyphs], doubles: set[int]) -> list[Glyphs]:
    kept: list[Glyphs] = []
    for one in words:
        if id(one) not in doubles:
            kept.append(one)
        elif kept and one.ends:
            kept[-1].ends = True
    return kept
