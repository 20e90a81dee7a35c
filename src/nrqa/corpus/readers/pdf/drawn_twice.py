"""Words that are drawn twice, nearly at the same place, for a shadow or for bold type, are read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil, floor, log2

from nrqa.corpus.readers.pdf.glyphs import Glyphs
from nrqa.corpus.readers.pdf.turning import Box

_HEIGHT, _WIDTH = 0.4, 0.6
"""Shares of a word's height and width: farther apart, the same word is written twice."""
_Place = tuple[str, int, int, int, int]


def without_doubles(words: list[Glyphs]) -> list[Glyphs]:
    """The words, each word of letters or digits once at its place."""
    counts = Counter([one.text for one in words])
    if len(counts) == len(words):
        return words
    seen: dict[_Place, Box] = {}
    doubles: set[int] = set()
    for one in words:
        if counts[one.text] > 1 and one.text.isalnum():
            far = min(_HEIGHT * (one.box[3] - one.box[1]), _WIDTH * (one.box[2] - one.box[0]))
            places = _places(one, far)
            if any(place in seen and _are_near(one.box, seen[place], far) for place in places):
                doubles.add(id(one))
            else:
                seen.update(dict.fromkeys(places, one.box))
    return _without(words, doubles) if doubles else words


def _places(word: Glyphs, far: float) -> list[_Place]:
    """The squares of four grids in which the word begins: two words that are near each other share one of them."""
    size = ceil(log2(max(0.1, far)))
    x, y = word.box[0] / 2**size, word.box[1] / 2**size
    return [
        (word.text, size, at, floor(x + across), floor(y + up))
        for at, (across, up) in enumerate(((0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5)))
    ]


def _are_near(one: Box, other: Box, far: float) -> bool:
    return abs(one[0] - other[0]) <= far and abs(one[1] - other[1]) <= far


def _without(words: Sequence[Glyphs], doubles: set[int]) -> list[Glyphs]:
    kept: list[Glyphs] = []
    for one in words:
        if id(one) not in doubles:
            kept.append(one)
        elif kept and one.ends:
            kept[-1].ends = True
    return kept
