"""Removes what stands at the edges of pages and is not part of the text: running heads and feet, page numbers.

A line is only removed if the evidence is decisive, see docs/decisions/running-heads.md. All that is removed is told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from nrqa.corpus.readers.pdf.edges import Cell, Edge, edges_of
from nrqa.corpus.readers.pdf.lines import Line
from nrqa.corpus.readers.pdf.page_numbers import PageNumbers
from nrqa.corpus.readers.pdf.turning import Box

_SAME_HEIGHT = 3.0
"""Points by which the height of a running head may differ from page to page."""
_LONG_ENOUGH = 4
"""Pages with text from which a document is long enough to tell what repeats on most of them."""
_OFTEN = 3
"""Pages on which a text must stand at the same height to be what makes the height that of running heads."""
_MOST = 0.4
"""Least share of the pages that have such a text: half of them, without the first pages of chapters."""
_USED = 0.6
"""Least share of the pages with anything at that height."""
_LARGER = 1.15
"""Only headings have a font size that is larger than that of the text by this ratio."""
_LONG_HEADING = 12
"""Letters of a heading that nobody writes again in small type at the edge of a later page, if not as a running head."""
_LONGEST_HEADING = 200
_COPIED = 0.7
"""If at least this share of the lines inside a page stands on other pages too, the pages are copies or forms."""
_PRINTED_AT = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}, \d{1,2}:\d\d(?:\s[AP]M)?\b", re.IGNORECASE)
_OF_ALL = re.compile(r"(\d{1,5})/(\d{1,5})")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")

PAGE_NUMBER, RUNNING_HEAD = "page number", "running head"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words that are left out of the text: what they are, as written, and the pages (from 0) on which they stand."""

    what: str
    text: str
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The lines of each page that are text, and what was left out.

    ``aside`` are the ids of lines at the edges of pages that may be running heads: they are text, since that is in
    doubt, but they are not part of a sentence that runs on from page to page.
    """

    pages: list[list[Line]]
    left_out: tuple[LeftOut, ...]
    aside: frozenset[int]


def without_margins(
    pages: Sequence[Sequence[Line]], size: float, shapes: Sequence[tuple[Box, int]], labels: Sequence[str]
) -> Kept:
    """The lines of each page without page numbers, and without what repeats at the edges of most pages.

    ``size`` is the font size of the text, ``shapes`` are the box of each page and how often a viewer turns it,
    ``labels`` the document's own numbers of its pages ("" if a page has none).
    """
    edges = [one for number, lines in enumerate(pages) for one in edges_of(number, lines, *shapes[number])]
    cells = [cell for edge in edges for row in edge.rows for cell in row]
    written = [number for number, lines in enumerate(pages) if lines]
    left = median([line.x0 for lines in pages for line in lines] or [0.0])
    numbers = PageNumbers(cells, len(written), labels, left)
    headings = _headings(pages, size, cells)
    out = _of_browsers(edges, len(pages)) | _headings_again(edges, headings, size)
    if not _are_copies(pages, edges):

        def is_title(cell: Cell) -> bool:
            small = cell.line.size <= _LARGER * size and not cell.line.bold
            return small and _plain(numbers.key(cell)) in headings

        out |= _repeated(edges, numbers, len(written), is_title)
    kept = _kept(pages, edges, numbers, out, _doubtful(edges, size))
    return kept if any(kept.pages) else Kept([list(lines) for lines in pages], (), frozenset())


def _kept(
    pages: Sequence[Sequence[Line]], edges: Sequence[Edge], numbers: PageNumbers, out: set[int], aside: set[int]
) -> Kept:
    dropped: list[tuple[Cell, str]] = []
    for edge in edges:
        outer = True
        for row in edge.rows:
            going = _going(row, numbers, out) if outer else []
            dropped += going
            outer = bool(going)
    gone: defaultdict[int, set[int]] = defaultdict(set)
    for cell, _ in dropped:
        gone[id(cell.line)].update(map(id, cell.words))
    kept: list[list[Line]] = []
    for number, lines in enumerate(pages):
        kept.append([])
        for line in lines:
            words = [one for one in line.words if id(one) not in gone[id(line)]] if id(line) in gone else line.words
            if len(words) == len(line.words):
                kept[-1].append(line)
            elif words:
                kept[-1].append(Line(number, words))
                if id(line) in aside:
                    aside.add(id(kept[-1][-1]))
    return Kept(kept, tuple(_told(dropped, numbers)), frozenset(aside))


def _doubtful(edges: Sequence[Edge], size: float) -> set[int]:
    """The ids of the lines that may be running heads: the same words, perhaps with other numbers, on another page."""
    found: set[int] = set()
    for cells in _heights(edges):
        pages: defaultdict[str, set[int]] = defaultdict(set)
        standing = [cell for cell in cells if cell.apart and cell.line.size <= _LARGER * size]
        for cell in standing:
            pages[_DIGITS.sub("#", cell.text)].add(cell.page)
        found.update(id(cell.line) for cell in standing if len(pages[_DIGITS.sub("#", cell.text)]) > 1)
    return found


def _going(cells: Sequence[Cell], numbers: PageNumbers, out: set[int]) -> list[tuple[Cell, str]]:
    """The cells of an outermost row that are removed, and what each is."""
    found = [
        (cell, PAGE_NUMBER if numbers.is_number(cell) else RUNNING_HEAD)
        for cell in cells
        if numbers.is_number(cell) or id(cell) in out
    ]
    if len(found) == len(cells):
        return found
    # What stays may be text, so a number in the same row may be a number of the text.
    return [(cell, what) for cell, what in found if cell.apart and (id(cell) in out or numbers.are_common(cell))]


def _repeated(edges: Sequence[Edge], numbers: PageNumbers, count: int, is_title: Callable[[Cell], bool]) -> set[int]:
    """The ids of the cells that are running heads: the heights at which most pages repeat words decide.

    ``is_title`` says of a cell whether it repeats the title of a chapter in small type.
    """
    if count < _LONG_ENOUGH:
        return set()
    found: set[int] = set()
    for cells in _heights(edges):
        pages: defaultdict[str, set[int]] = defaultdict(set)
        for cell in cells:
            if cell.apart:
                pages[numbers.key(cell)].add(cell.page)
        often = {key for key, its in pages.items() if len(its) >= _OFTEN and any(map(str.isalpha, key))}
        told = {id(cell) for cell in cells if cell.apart and (numbers.has_number(cell) or is_title(cell))}
        covered = {cell.page for cell in cells if id(cell) in told}.union(*(pages[key] for key in often))
        used = {cell.page for cell in cells if cell.apart and not numbers.is_number(cell)}
        if len(covered) < max(_OFTEN, _MOST * count) or len(covered) < _USED * len(used):
            continue
        for cell in cells:
            key = numbers.key(cell)
            again = len(pages[key] | {cell.page}) > 1 and any(map(str.isalpha, key))
            if again or id(cell) in told:
                found.add(id(cell))
    return found


def _heights(edges: Sequence[Edge]) -> Iterator[list[Cell]]:
    """The cells at the same edge and distance from it, for all pages together."""
    for top in (True, False):
        cells = [cell for edge in edges if edge.top == top for row in edge.rows for cell in row]
        group: list[Cell] = []
        for cell in sorted(cells, key=lambda one: one.away):
            if group and cell.away - group[0].away > _SAME_HEIGHT:
                yield group
                group = []
            group.append(cell)
        if group:
            yield group


def _are_copies(pages: Sequence[Sequence[Line]], edges: Sequence[Edge]) -> bool:
    """Whether the lines inside the pages repeat as well: copies of an invoice, forms, tickets."""
    outside = {id(cell.line) for edge in edges for row in edge.rows for cell in row}
    inside = [
        {(line.text, round(line.y0 / _SAME_HEIGHT)) for line in lines if id(line) not in outside} for lines in pages
    ]
    counts = Counter(one for its in inside for one in its if any(map(str.isalpha, one[0])))
    lettered = [one for its in inside for one in its if one in counts]
    return sum(counts[one] > 1 for one in lettered) > _COPIED * len(lettered)


def _of_browsers(edges: Sequence[Edge], count: int) -> set[int]:
    """The ids of what a browser prints around a page: date and title, address and number, on every page."""
    tops = {edge.page: edge.rows[0] for edge in edges if edge.top and edge.rows}
    feet = {edge.page: edge.rows[0] for edge in edges if not edge.top and edge.rows}
    found: set[int] = set()
    for page in range(count):
        dated = any(_PRINTED_AT.match(cell.text) for cell in tops.get(page, ()))
        matches = [_OF_ALL.fullmatch(cell.text) for cell in feet.get(page, ())]
        if not (dated and any(one and (int(one[1]), int(one[2])) == (page + 1, count) for one in matches)):
            return set()
        found.update(id(cell) for cell in (*tops[page], *feet[page]))
    return found


def _headings_again(edges: Sequence[Edge], headings: Mapping[str, int], size: float) -> set[int]:
    """The ids of the cells in small type that repeat a long heading of an earlier page, and of headings beside them."""
    found: set[int] = set()
    for edge in edges:
        for row in edge.rows:
            again = {
                id(cell): plain
                for cell in row
                if cell.apart
                and cell.line.size <= _LARGER * size
                and not cell.line.bold
                and headings.get(plain := _plain(cell.text), edge.page) < edge.page
            }
            if any(len(plain) >= _LONG_HEADING for plain in again.values()):
                found.update(again)
    return found


def _headings(pages: Sequence[Sequence[Line]], size: float, cells: Iterable[Cell]) -> dict[str, int]:
    """The letters of what looks like a heading, and the first page (from 0) that has it."""
    outside = {id(cell.line) for cell in cells}
    found: dict[str, int] = {}
    for number, lines in enumerate(pages):
        before: Line | None = None
        whole = ""
        for line in lines:
            if line.size > _LARGER * size or (line.bold and id(line) not in outside):
                plain = _plain(line.text)
                whole = whole + plain if before is not None and before.size == line.size else plain
                found.setdefault(plain, number)
                if len(whole) <= _LONGEST_HEADING:
                    found.setdefault(whole, number)
                before = line
            else:
                before = None
    found.pop("", None)
    return found


def _plain(text: str) -> str:
    return "".join(_LETTERS.findall(text.casefold()))


def _told(dropped: Iterable[tuple[Cell, str]], numbers: PageNumbers) -> Iterator[LeftOut]:
    """What was removed, the same words once with all their pages."""
    pages: dict[tuple[str, str], list[int]] = {}
    texts: dict[tuple[str, str], str] = {}
    counted: Mapping[int, str] = {cell.page: cell.text for cell, what in dropped if what == PAGE_NUMBER}
    for cell, what in dropped:
        if what == RUNNING_HEAD:
            key = what, numbers.key(cell)
            pages.setdefault(key, []).append(cell.page)
            texts.setdefault(key, cell.text)
    if counted:
        its = sorted(counted)
        first, last = counted[its[0]], counted[its[-1]]
        yield LeftOut(PAGE_NUMBER, first if first == last else f"{first} … {last}", tuple(its))
    for key, numbered in pages.items():
        yield LeftOut(key[0], texts[key], tuple(sorted(set(numbered))))
