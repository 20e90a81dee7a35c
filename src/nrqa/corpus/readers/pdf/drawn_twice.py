"""Words that are drawn twice, nearly at the same place, for a shadow or for bold type, are read once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from nrqa.corpus.readers.pdf.glyphs import Glyphs

_HEIGHT, _WIDTH = 0.4, 0.6
"""Shares of a word's height and width: farther apart, the same word is written twice."""
_NEAR = 24
"""How many words of the same text, in order of their height, are compared with one."""


def without_doubles(words: list[Glyphs]) -> list[Glyphs]:
    """The words, each word of letters or digits once at its place."""
    counts = Counter([one.text for one in words])
    if len(counts) == len(words):
        return words
    alike: defaultdict[str, list[Glyphs]] = defaultdict(list)
    for one in words:
        if counts[one.text] > 1 and one.text.isalnum():
            alike[one.text].append(one)
    doubles: set[int] = set()
    for those in alike.values():
        those.sort(key=_bottom)
        for at, one in enumerate(those):
            left, bottom, right, top = one.box
            far = _HEIGHT * (top - bottom)
            for other in those[at + 1 : at + _NEAR]:
                if other.box[1] - bottom > far:
                    break
                if abs(other.box[0] - left) <= min(far, _WIDTH * (right - left)):
                    doubles.add(id(other))
    return _without(words, doubles) if doubles else words


def _bottom(word: Glyphs) -> float:
    return word.box[1]


def _without(words: Sequence[Glyphs], doubles: set[int]) -> list[Glyphs]:
    kept: list[Glyphs] = []
    for one in words:
        if id(one) not in doubles:
            kept.append(one)
        elif kept and one.ends:
            kept[-1].ends = True
    return kept
