"""Stores the boxes of the words on a page compactly, and joins them to the rectangles of a span."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nrqa.records import PageWords, Rectangle

_WORD = struct.Struct("<IIffff")
_OVERLAP = 0.5
"""Two words are on one line if they overlap vertically by at least this share of the smaller word's height."""
_GAP = 4.0
"""Largest gap between words of one column, in heights of the line; a wider gap separates columns."""
_DIGITS = 2
"""Decimals to round to: hundredths of a point are finer than the resolution of any printer."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters of a document's text, and its box on the page: left, bottom, right, top."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float


def pack(words: Iterable[Word]) -> bytes:
    """The words of one page in 24 bytes each."""
    return b"".join(_WORD.pack(one.start, one.end, one.x0, one.y0, one.x1, one.y1) for one in words)


def words_of(page: PageWords) -> Iterator[Word]:
    """The words of a page in order."""
    return (Word(*one) for one in _WORD.iter_unpack(page.words))


def rectangles(pages: Iterable[PageWords], start: int, end: int) -> tuple[Rectangle, ...]:
    """The boxes of the words that the span touches, joined to one rectangle per line, in reading order."""
    found: list[Rectangle] = []
    for page in pages:
        line: Word | None = None
        for word in words_of(page):
            if word.end <= start or word.start >= end:
                continue
            if line is not None and _beside(line, word):
                line = _joined(line, word)
                continue
            if line is not None:
                found.append(_rectangle(page.page, line))
            line = word
        if line is not None:
            found.append(_rectangle(page.page, line))
    return tuple(found)


def line_ends(pages: Iterable[PageWords]) -> Iterator[int]:
    """The positions in the text at which the lines of pages end; some are within a word that was divided there."""
    for page in pages:
        line: Word | None = None
        for word in words_of(page):
            if line is not None and not _beside(line, word):
                yield line.end
            line = word


def words_by_line(words: Iterable[Word]) -> Iterator[list[Word]]:
    """The words of a page, line by line."""
    line: list[Word] = []
    whole: Word | None = None
    for word in words:
        if whole is not None and not _beside(whole, word):
            yield line
            line, whole = [], None
        line.append(word)
        whole = word if whole is None else _joined(whole, word)
    if line:
        yield line


def _beside(line: Word, word: Word) -> bool:
    """Whether the word belongs to the line: at the same height, and close to its right or left end."""
    height = min(line.y1 - line.y0, word.y1 - word.y0)
    shared = min(line.y1, word.y1) - max(line.y0, word.y0)
    gap = max(word.x0 - line.x1, line.x0 - word.x1)
    return shared >= _OVERLAP * height and gap <= _GAP * max(height, 1.0)


def _joined(line: Word, word: Word) -> Word:
    return Word(
        line.start,
        word.end,
        min(line.x0, word.x0),
        min(line.y0, word.y0),
        max(line.x1, word.x1),
        max(line.y1, word.y1),
    )


def _rectangle(page: int, line: Word) -> Rectangle:
    return Rectangle(page, *(round(one, _DIGITS) for one in (line.x0, line.y0, line.x1, line.y1)))
