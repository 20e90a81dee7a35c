"""Removes lines at the edges of pages that are not part of the text: running heads, footers, page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from nrqa.corpus.readers.pdf.lines import Line

_EDGE = 3
"""Most rows at the top and at the bottom of a page that may be a running head or footer."""
_SAME_HEIGHT = 3.0
"""Points by which the height of a running head may differ from page to page."""
_OFTEN = 3
"""Number of pages that must have a text at the same height; a shorter document needs fewer."""
_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.|pg\.?|página|pagina|стр\.?|第)\s*)?"
    r"(?P<number>\d{1,5}|[ivxlcdm]{1,8})"
    r"(?:\s*(?:of|von|de|sur|di|из|/)\s*\d{1,5})?(?:\s*页)?\W*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?|file)://\S+|\d{1,2}/\d{1,2}/\d{2,4}, \d{1,2}:\d\d(?:\s[AP]M)?\b.*")
"""What browsers print at the edges of pages: an address, or date and time."""
_FIRST_OR_LAST = re.compile(r"(?P<first>\d{1,4})\s.*\D|\D.*\s(?P<last>\d{1,4})")
_DIGITS = re.compile(r"\d+|\b[ivxlcdm]+\b")
_APART = 1.25
"""Two lines stand apart if their distance is larger than the usual one by this ratio."""
_LARGER = 1.15
"""Only headings have a font size that is larger than that of the text by this ratio."""
_HEADING = 12
"""A line at the edge that repeats a heading of at least so many characters, in small type, is a running head."""
_LONGEST = 200


def without_margins(pages: Sequence[Sequence[Line]], size: float) -> list[list[Line]]:
    """The lines of each page without page numbers, and without lines that recur at the same height on other pages.

    ``size`` is the font size of the text. Lines in larger type that differ only in their numbers (Chapter 1, Chapter 2)
    are headings and stay; they are removed only if the words and numbers are the same.
    """
    edges = [_edges(lines) for lines in pages]
    heights: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, edge in enumerate(edges):
        for line in edge:
            if any(map(str.isalpha, line.text)):
                heights[_key(line, size)].append((number, line.y0))
    small = [[line for line in edge if line.size <= _LARGER * size] for edge in edges]
    counted = _numbering(small)
    needed = min(_OFTEN, max(2, len(pages)))
    headings = {line.text.casefold() for lines in pages for line in lines if line.size > _LARGER * size}
    long = [one for one in headings if len(one) >= _HEADING]
    kept: list[list[Line]] = []
    for number, (lines, edge) in enumerate(zip(pages, edges, strict=True)):
        out = {
            id(line)
            for line in edge
            if (number, id(line)) in counted
            or _ADDRESS.fullmatch(line.text)
            or (line.size <= _LARGER * size and any(one in line.text.casefold() for one in long))
            or _comes_again(heights[_key(line, size)], line.y0, needed)
        }
        kept.append([line for line in lines if id(line) not in out])
    return kept


def _edges(lines: Sequence[Line]) -> list[Line]:
    """The lines at the top and at the bottom that are perhaps not part of the text, the outermost first."""
    downward = sorted(lines, key=lambda one: -one.y0)
    pitches = [before.y0 - line.y0 for before, line in pairwise(lines) if before.y0 > line.y0]
    apart = _APART * (median(pitches) if pitches else 0.0)
    found = [*_outside(downward, apart), *_outside(downward[::-1], apart)]
    return [one for one in {id(one): one for one in found}.values() if len(one.text) <= _LONGEST]


def _outside(lines: Sequence[Line], apart: float) -> Iterator[Line]:
    """The outermost lines on one side of the page.

    These are the few rows that stand apart from the rest of the page; if none do, only the first row.
    """
    rows: list[list[Line]] = []
    for line in lines:
        if not rows or abs(rows[-1][0].y0 - line.y0) > 0.5 * line.size:
            if len(rows) > _EDGE:
                break
            rows.append([])
        rows[-1].append(line)
    gaps = [abs(before[0].y0 - row[0].y0) > apart for before, row in pairwise(rows)]
    last = max((at for at, gap in enumerate(gaps[:_EDGE]) if gap), default=0)
    for row in rows[: last + 1]:
        yield from row


def _key(line: Line, size: float) -> str:
    """The text under which a line is compared with others: in small type, all numbers count as the same."""
    return line.text if line.size > _LARGER * size else _DIGITS.sub("#", line.text.lower())


def _comes_again(found: Sequence[tuple[int, float]], height: float, needed: int) -> bool:
    """Whether at least ``needed`` pages have the line at this height."""
    pages = {number for number, one in found if abs(one - height) <= _SAME_HEIGHT}
    return len(pages) >= needed


def _numbering(edges: Sequence[Sequence[Line]]) -> set[tuple[int, int]]:
    """The lines that number the pages: a number, alone or with a few words, that increases with the pages."""
    numbered: list[tuple[int, Line, int]] = []
    for page, edge in enumerate(edges):
        for line in edge:
            match = _NUMBER.fullmatch(line.text)
            if match:
                numbered.append((page, line, _value(match["number"]) - page))
    shifts = Counter(shift for _, _, shift in numbered)
    alone = {
        (page, id(line))
        for page, line, shift in numbered
        if shifts[shift] > 1 or shift == 1  # a document of one page has its page 1
    }
    return alone | _headed(edges, alone)


def _headed(edges: Sequence[Sequence[Line]], alone: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The outermost lines that begin or end with the page number, also if their words differ from page to page."""
    numbered: list[tuple[int, Line, int]] = []
    for page, edge in enumerate(edges):
        for line in [one for one in edge if (page, id(one)) not in alone][:1]:
            match = _FIRST_OR_LAST.fullmatch(line.text)
            if match:
                numbered.append((page, line, int(match["first"] or match["last"]) - page))
    shifts = Counter(shift for _, _, shift in numbered)
    often = {shift for shift, count in shifts.items() if count >= max(_OFTEN, len(edges) // 4)}
    return {(page, id(line)) for page, line, shift in numbered if shift in often}


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}[one] for one in number.lower()]
    return sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True))
