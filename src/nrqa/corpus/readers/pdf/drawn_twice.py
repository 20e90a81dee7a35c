"""Words that are drawn twice, nearly at the same place, for a shadow or for bold type, are read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nrqa.corpus.readers.pdf.glyphs import Glyphs

_HEIGHT, _WIDTH = 0.4, 0.6
"""Shares of a word's height and width: farther apart, the same word is written twice."""
_HIGHEST = 40.0
"""Points between the copies of the largest words that are drawn twice."""
_NEAR = 24
"""How many words of the same text, in order of their height, are compared with one."""


def without_doubles(words: list[Glyphs]) -> list[Glyphs]:
    """The words, each word of letters or digits once at its place."""
    alike: dict[str, list[tuple[float, float, int]]] = {}
    for at, one in enumerate(words):
        alike.setdefault(one.text, []).append((one.box[1], one.box[0], at))
    doubles: set[int] = set()
    for text, those in alike.items():
        if len(those) > 1 and text.isalnum():
            those.sort()
            doubles.update(_doubled(words, those))
    return _without(words, doubles) if doubles else words


def _doubled(words: Sequence[Glyphs], those: Sequence[tuple[float, float, int]]) -> Iterator[int]:
    """The ids of words that stand nearly where another one of the same text does; ``those`` are in order of height."""
    for at, (bottom, left, number) in enumerate(those):
        if at + 1 == len(those) or those[at + 1][0] - bottom > _HIGHEST:
            continue
        box = words[number].box
        high = _HEIGHT * (box[3] - box[1])
        wide = min(high, _WIDTH * (box[2] - box[0]))
        for up, across, other in those[at + 1 : at + _NEAR]:
            if up - bottom > high:
                break
            if abs(across - left) <= wide:
                yield id(words[other])


def _without(words: Sequence[Glyphs], doubles: set[int]) -> list[Glyphs]:
    kept: list[Glyphs] = []
    for one in words:
        if id(one) not in doubles:
            kept.append(one)
        elif kept and one.ends:
            kept[-1].ends = True
    return kept
