"""Whether a quotation stands on the page, in the lines or in the section that its citation names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nrqa.checking.citing.places import CitedPlace
from nrqa.records import PAGE, PAGE_LABEL, Citation, Locator, Span
from nrqa.text.lines import line_starts

if TYPE_CHECKING:
    from nrqa.index.rows import Stored


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its number in the file, what is printed on it ("" if that is not known), and its stretch of the text."""

    number: int
    label: str
    span: Span


@dataclass(frozen=True, slots=True)
class Layout:
    """A document's text with the starts of its lines, its passages, its headings and its pages, in order."""

    text: str
    lines: list[int]
    passages: Sequence[Stored]
    headings: frozenset[str]
    pages: Sequence[Page]


def layout_of(text: str, passages: Sequence[Stored], pages: Sequence[tuple[int, int, int]]) -> Layout:
    """The layout of a document; ``pages`` are their numbers with the start and end of their text."""
    labels: dict[int, str] = {}
    for one in passages:
        found = {locator.kind: locator for locator in one.passage.citation.locators}
        if PAGE in found and PAGE_LABEL in found:
            labels[int(found[PAGE].first)] = found[PAGE_LABEL].first
            labels[int(found[PAGE].last)] = found[PAGE_LABEL].last
    headings = frozenset(heading for one in passages for heading in one.passage.citation.heading)
    return Layout(
        text,
        line_starts(text),
        passages,
        headings,
        [Page(number, labels.get(number, ""), Span(start, end)) for number, start, end in pages],
    )


def narrowed(citation: Citation, layout: Layout) -> Citation:
    """The citation with the pages that its own span touches, instead of all that its passage touches."""
    touched = _touched(layout.pages, Span(citation.start, citation.end))
    if not touched:
        return citation
    first, last = touched[0], touched[-1]
    exact = {PAGE: Locator(PAGE, str(first.number), str(last.number))}
    if first.label and last.label:
        exact[PAGE_LABEL] = Locator(PAGE_LABEL, first.label, last.label)
    locators = tuple(exact.get(one.kind, one) for one in citation.locators)
    rectangles = tuple(one for one in citation.rectangles if first.number <= one.page <= last.number)
    return replace(citation, page=first.number, locators=locators, rectangles=rectangles)


def misplaced(places: Iterable[CitedPlace], source: Citation, passage: Citation, layout: Layout) -> Iterator[str]:
    """A sentence for each kind of place that is cited wrongly; what the document does not have cannot be wrong.

    ``source`` is the citation of the quoted words, ``passage`` that of the passage they stand in.
    """
    by_group: dict[str, list[CitedPlace]] = {}
    for one in places:
        by_group.setdefault(_GROUPS.get(one.kind, one.kind), []).append(one)
    for named in by_group.values():
        judged = [_stands_there(one, source, passage, layout) for one in named]
        if False in judged and True not in judged:
            wrong = named[judged.index(False)]
            yield f"{_written(wrong)} cited, and it stands {_where(wrong, source, layout)}"


def stretches(places: Iterable[CitedPlace], layout: Layout) -> Iterator[Span]:
    """The stretches of the text that the places mean."""
    starts = layout.lines
    for one in places:
        if one.kind in ("page", "file page"):
            yield from (page.span for page in layout.pages if _on_page(one, page))
        elif one.kind == "line":
            first, last = min(int(one.first), len(starts)), min(int(one.last), len(starts))
            yield Span(starts[first - 1], starts[last] if last < len(starts) else len(layout.text))
        elif one.kind in _GROUPS:
            inside = [its.passage.citation for its in layout.passages if _in_section(one, its.passage.citation, layout)]
            yield from (Span(its.start, its.end) for its in inside)


_GROUPS = {"file page": "page", "section": "section", "heading": "section", "anchor": "section"}
_WORD = re.compile(r"\w+")
_SECTION_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?(?!\w)|(?<!\w)[IVXLC]+(?!\w)")


def _stands_there(one: CitedPlace, source: Citation, passage: Citation, layout: Layout) -> bool | None:
    """Whether the words stand at the place; None where the document does not have such places."""
    if one.kind in ("page", "file page"):
        touched = _touched(layout.pages, Span(source.start, source.end))
        return any(_on_page(one, page) for page in touched) if touched else None
    if one.kind == "line":
        first, last = min(source.line_start, passage.line_start), max(source.line_end, passage.line_end)
        return int(one.first) <= last and first <= int(one.last)
    if one.kind in _GROUPS:
        return _in_section(one, source, layout) if _sections(one, layout.headings) else None
    of_kind = [locator for locator in passage.locators if locator.kind == one.kind]
    return any(_overlap(one, locator.first, locator.last) for locator in of_kind) if of_kind else None


def _touched(pages: Sequence[Page], span: Span) -> Sequence[Page]:
    first = bisect_right(pages, span.start, key=lambda page: page.span.end)
    return pages[first : bisect_left(pages, span.end, key=lambda page: page.span.start)]


def _on_page(one: CitedPlace, page: Page) -> bool:
    if _overlap(one, str(page.number), str(page.number)):
        return True
    return one.kind == "page" and bool(page.label) and _overlap(one, page.label, page.label)


def _overlap(one: CitedPlace, first: str, last: str) -> bool:
    """Whether the place shares anything with that from first to last; names are compared as such, numbers by value."""
    if one.first.isdigit() and first.isdigit() and last.isdigit() and (one.last.isdigit() or not one.last):
        return int(one.first) <= int(last) and (not one.last or int(first) <= int(one.last))
    named = {one.first.casefold(), one.last.casefold()}
    return bool(named & {first.casefold(), last.casefold()})


def _in_section(one: CitedPlace, citation: Citation, layout: Layout) -> bool:
    sections = _sections(one, layout.headings)
    return any(heading in sections for heading in citation.heading)


def _sections(one: CitedPlace, headings: Iterable[str]) -> frozenset[str]:
    """The headings that a cited section may mean."""
    if one.kind == "anchor":
        return frozenset(heading for heading in headings if _anchor(heading) == one.first.casefold())
    if one.kind == "section":
        return frozenset(heading for heading in headings if _numbered(one, heading))
    wanted = _words(one.first)
    found = {heading: _words(heading) for heading in headings}
    same = frozenset(heading for heading, words in found.items() if words == wanted)
    return same or frozenset(heading for heading, words in found.items() if f" {wanted} " in f" {words} ")


def _numbered(one: CitedPlace, heading: str) -> bool:
    found = _SECTION_NUMBER.search(heading)
    if not found:
        return False
    number = found.group()
    within = number.casefold() == one.first.casefold() or number.startswith(f"{one.first}.")
    return within or (one.first != one.last and _overlap(one, number, number))


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _anchor(heading: str) -> str:
    """A heading as the fragment of a URL: lower case, hyphens for blanks, no other signs."""
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading.casefold()).strip())


def _written(one: CitedPlace) -> str:
    several = one.first != one.last
    if one.kind in ("heading", "anchor"):
        return f"“{one.first}” is"
    name, of = ("page", " of the file") if one.kind == "file page" else (one.kind, "")
    until = f"–{one.last}" if one.last else " and following"
    return f"{name}{'s' if several else ''} {one.first}{until if several else ''}{of} {'are' if several else 'is'}"


def _where(wrong: CitedPlace, source: Citation, layout: Layout) -> str:
    """Where the quoted words stand, in terms of the place that is cited wrongly."""
    if wrong.kind in ("page", "file page"):
        return _on_which_page(wrong, source, layout)
    if wrong.kind == "line":
        return f"in line {source.line_start}"
    if wrong.kind in _GROUPS:
        return f"under “{' › '.join(source.heading)}”" if source.heading else "under no heading"
    locator = next(one for one in source.locators if one.kind == wrong.kind)
    return f"in {wrong.kind} {locator.first}" + (f"–{locator.last}" if locator.first != locator.last else "")


def _on_which_page(wrong: CitedPlace, source: Citation, layout: Layout) -> str:
    touched = _touched(layout.pages, Span(source.start, source.end))
    first, last = touched[0], touched[-1]
    counted = _pages(str(first.number), str(last.number))
    if wrong.kind == "file page":
        return f"on {counted} of the file"
    if first.label:
        return f"on {_pages(first.label, last.label)} ({counted} of the file)"
    unknown = wrong.first.isdigit() and int(wrong.first) > layout.pages[-1].number
    return f"on {counted}" + (" of a file that does not say what is printed on its pages" if unknown else "")


def _pages(first: str, last: str) -> str:
    return f"page {first}" if first == last else f"pages {first}–{last}"
