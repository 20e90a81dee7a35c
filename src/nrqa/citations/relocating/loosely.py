"""Finds words in a text that writes its line ends and its marks in another way.

What a browser or a PDF viewer hands out has other line ends than a document: none (``region.Every``), or hyphens in the
middle of words. And whoever quotes leaves the marks of the source out (see ``text.marks``). So letters and signs are
compared without white space and hyphens, and every difference must have its reason: a line ends there, or a mark stands
there. ``nowhere`` is not found in ``now here``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nrqa.records import Span
from nrqa.text.marks.raised import raised_marks
from nrqa.text.raised_figures import on_the_line
from nrqa.text.typography import Folded, fold

_GAPS = re.compile(r"[ -]+")
_LINE_END = re.compile(r"[\n\r\t\x0b\x0c\u2028\u2029]")
_SHORTEST = 8
"""Characters, at least, without white space: fewer would stand in too many places."""
_REFERENCE = re.compile(r"(?<=[^\W\d]|[.,;:!?'\")])(?:\[\^?\d{1,3}(?:[,;-] ?\d{1,3}){0,20}\])+|\[\^[^\]\s]{1,60}\]")


@dataclass(frozen=True, slots=True)
class Bare:
    """A folded text without white space, hyphens and marks; ``starts`` and ``places`` are where its pieces begin.

    The positions are those in the bare text and in the folded text.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[int, ...]

    def folded(self, at: int) -> int:
        """The position in the folded text of a character of the bare text."""
        piece = bisect_right(self.starts, at) - 1
        return self.places[piece] + at - self.starts[piece]


def bare(folded: str, marks: Sequence[Span] = ()) -> Bare:
    """A folded text without white space and hyphens, and without marks at these places of it."""
    parts: list[str] = []
    starts: list[int] = []
    places: list[int] = []
    length = at = 0
    gaps = sorted([*(one.span() for one in _GAPS.finditer(folded)), *((one.start, one.end) for one in marks)])
    for start, end in [*gaps, (len(folded), len(folded))]:
        if start > at:
            parts.append(folded[at:start])
            starts.append(length)
            places.append(at)
            length += start - at
        at = max(at, end)
    return Bare("".join(parts), tuple(starts), tuple(places))


@dataclass(frozen=True, slots=True)
class Page:
    """What a text has besides its words: its marks, and where its lines end on the page (positions of the original)."""

    text: str
    folded: Folded
    marks: Sequence[Span]
    line_ends: Container[int]

    def marks_in(self, span: Span) -> Sequence[Span]:
        """The marks in a stretch of the text."""
        first = bisect_left(self.marks, span.start, key=lambda one: one.start)
        return self.marks[first : bisect_left(self.marks, span.end, key=lambda one: one.start)]


def loosely(quotation: str, page: Page, hay: Bare) -> Iterator[Span]:
    """Where the page has the quotation but for line ends, hyphens at them, and marks."""
    for one in _ways_to_read(quotation):
        at = hay.text.find(one.needle) if len(one.needle) >= _SHORTEST else -1
        while at >= 0:
            start, end = hay.folded(at), hay.folded(at + len(one.needle) - 1) + 1
            if _is_same(one, page, start, end):
                yield page.folded.original(start, end)
            at = hay.text.find(one.needle, at + 1)


@dataclass(frozen=True, slots=True)
class _Quotation:
    """A quotation, folded, and the references that it has itself: where each begins and ends."""

    text: str
    folded: Folded
    references: Mapping[int, int]
    needle: str
    """The quotation without white space, hyphens and these references."""


@lru_cache(maxsize=10_000)
def _ways_to_read(quotation: str) -> tuple[_Quotation, ...]:
    """The quotation without its own references, and with them."""
    # Cached, since the same words are looked for in one document after the other.
    written = fold(quotation.strip())
    return tuple(
        _Quotation(quotation.strip(), written, {one.start: one.end for one in own}, bare(written.text, own).text)
        for own in dict.fromkeys((tuple(_references(written.text)), ()))
    )


def _references(words: str) -> list[Span]:
    found = [*(Span(*one.span()) for one in _REFERENCE.finditer(words)), *raised_marks(words)]
    return sorted(found, key=lambda one: one.start)


def _is_same(quotation: _Quotation, page: Page, start: int, end: int) -> bool:
    """Whether every difference between a quotation and a stretch of the folded text has its reason."""
    within = page.marks_in(page.folded.original(start, end))
    marks = {page.folded.folded(one.start): page.folded.folded(one.end) for one in within}
    words, text = quotation.folded.text, page.folded.text
    at, here = 0, start
    while here < end or at < len(words):
        if at in quotation.references:
            at = quotation.references[at]
        elif here in marks:
            mark, here = on_the_line(text[here : marks[here]]), marks[here]
            plain = mark if words.startswith(mark, at) else mark.strip("[]")
            if words.startswith(plain, at):
                at += len(plain)  # kept, as it is or as the figure that a browser shows
            elif text[here - 1 : here] != " " and text[here : here + 1] == " " and words[at : at + 1] != " ":
                here += 1  # of the two spaces around a mark that stands alone, one stays
        elif at < len(words) and here < end and words[at] == text[here]:
            at, here = at + 1, here + 1
        elif here < end and text[here] in " -" and _line_ends(page, here):
            here += 1
        elif at < len(words) and words[at] in " -" and (_ends_line(quotation, at) or _line_ends(page, here)):
            at += 1
        else:
            return False
    return True


def _ends_line(quotation: _Quotation, at: int) -> bool:
    origin = quotation.folded.original(at, at + 1)
    return _LINE_END.search(quotation.text, origin.start, origin.end) is not None


def _line_ends(page: Page, at: int) -> bool:
    """Whether a line of the source ends at a space or hyphen of the folded text, or before a letter of it."""
    origin = page.folded.original(at, at + 1)
    return _LINE_END.search(page.text, origin.start, origin.end) is not None or origin.start in page.line_ends
