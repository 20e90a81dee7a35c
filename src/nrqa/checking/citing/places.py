"""The places that a citation names after its document: "p. 145", "lines 40–42", "§ Clause 9", "#page=3", "slide 4"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["page", "file page", "line", "section", "heading", "anchor", "slide", "sheet", "row", "chapter"]


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A place from ``first`` to ``last``, as the draft writes it; ``last`` is "" where it is open ("145ff.").

    A *page* is printed on the page, or counted in the file; a *file page* is counted only. A *section* has a number, a
    *heading* a name; an *anchor* is what a URL ends with.
    """

    kind: Kind
    first: str
    last: str


def lines(first: int, last: int) -> CitedPlace:
    """The lines from the first to the last."""
    return CitedPlace("line", str(first), str(last))


def places_in(text: str) -> tuple[CitedPlace, ...]:
    """All places in the part of a citation that follows the document's name, in order."""
    return tuple(dict.fromkeys(_place for found in _PLACE.finditer(text, 0, _LONGEST) for _place in _places(found)))


def places_right_after(text: str, at: int) -> tuple[tuple[CitedPlace, ...], int]:
    """The places that follow a name in running text with no words between, and where the last one ends."""
    places: list[CitedPlace] = []
    while found := _PLACE_NEXT.match(text, at):
        places += _places(found)
        at = found.end()
    return tuple(dict.fromkeys(places)), at


def start_of_place(text: str) -> int | None:
    """Where the first place begins in a citation that may begin with the document's name; None where none does."""
    found = _PLACE.search(text, 0, _LONGEST)
    return found.start() if found else None


_LONGEST = 500
_ROMAN = r"(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})(?![^\W\d_])"
_NUMBER = rf"(?:\d{{1,6}}(?![\d.]*\d)|{_ROMAN}|[A-Z]{{1,3}}[-.]?\d{{1,4}})"
_TO = r"\s?[-–—]\s?"
_RANGE = rf"{_NUMBER}(?:{_TO}{_NUMBER}|\s?ff?\b)?"
_AND = r"(?:\s?[,&]\s?|\s(?:and|und|et|y|e|en|i|и)\s)"
_PAGE = r"(?:pp?|pgs?|pages?|S|Seiten?|s|ss|str|pág|págs|páginas?|pag|pagina|blz|с|стр|頁|页)"
_LINE = r"(?:lines?|ll?|ln|Zeilen?|Z|lignes?|líneas?|lin|regels?)"
_SECTION = (
    r"(?:sec|sect|section|cl|clauses?|ch|chap|chapter|art|articles?|Artikel|artículo|articolo|Kap|Kapitel|Abschnitt"
    r"|Ziff|Ziffer|cap|capítulo|capitolo|hoofdstuk|rozdz|rozdział|глава|гл|part|Teil)"
)
_SECTION_NUMBER = r"(?:\d{1,4}(?:\.\d{1,4}){0,6}[a-z]?(?!\w)|[IVXLC]{1,7}(?!\w))"
_PLACE = re.compile(
    rf"#page[=-](?P<file_pages>\d{{1,6}})"
    rf"|#L(?P<anchor_lines>\d{{1,9}}(?:-L?\d{{1,9}})?)\b"
    r"|#(?![0-9a-f]{6,64}\b)(?P<anchor>[^\W\d][\w%-]{0,200})"
    rf"|(?<![\w.])(?i:{_LINE})\b\.?\s?(?P<lines>\d{{1,9}}(?:{_TO}\d{{1,9}})?)(?![\d.]*\d)"
    rf"|(?<!\w){_PAGE}(?:\.\s?|\s|(?=\d))(?P<pages>{_RANGE}(?:{_AND}{_RANGE}){{0,9}})"
    rf"|(?<!\w)(?i:slides?|Folien?|diapositivas?|diapos?)\s(?P<slides>\d{{1,6}}(?:{_TO}\d{{1,6}})?)"
    rf"|(?<!\w)(?i:rows?)\s(?P<rows>\d{{1,9}}(?:{_TO}\d{{1,9}})?)"
    r"|(?<!\w)(?i:sheet)\s(?P<sheet>\w{1,40})"
    rf"|(?:(?<!\w)(?i:{_SECTION})\b\.?\s?|§§?\s?)(?P<sections>{_SECTION_NUMBER}(?:{_TO}{_SECTION_NUMBER})?)"
    r"|§\s?(?P<heading>[^\W\d][^#§;]{0,300})"
    rf"|\bat\s(?P<at>{_RANGE})(?!\s?[ap]\.?m\b)"
    rf"|^\W{{0,3}}[,:]\s?(?P<bare>\d{{1,4}}(?:{_TO}\d{{1,4}})?(?:\s?ff?\b)?)(?=\s*(?:[,.;)\]]|\Z))"
)
_PLACE_NEXT = re.compile(rf"[\s,]{{0,3}}?(?:{_PLACE.pattern})")
_YEAR = re.compile(r"(?:1[4-9]|20)\d\d")
_ONE = re.compile(rf"(?P<first>{_NUMBER}|{_SECTION_NUMBER}|\w+)(?:{_TO}L?(?P<last>\w+)|\s?(?P<open>ff?)\b)?")


_KINDS: dict[str, Kind] = {
    "file_pages": "file page",
    "anchor_lines": "line",
    "anchor": "anchor",
    "lines": "line",
    "pages": "page",
    "slides": "slide",
    "sheet": "sheet",
    "rows": "row",
    "sections": "section",
    "heading": "heading",
    "at": "page",
    "bare": "page",
}


def _places(found: re.Match[str]) -> Iterator[CitedPlace]:
    group = found.lastgroup or ""
    kind, written = _KINDS[group], found[group]
    if kind in ("anchor", "heading", "sheet"):
        name = written.strip(" .,;:)]")
        yield CitedPlace(kind, name, name)
    elif group != "bare" or not _YEAR.fullmatch(written):
        yield from _ranges(kind, written)


def _ranges(kind: Kind, written: str) -> Iterator[CitedPlace]:
    for one in re.split(_AND, written):
        found = _ONE.match(one)
        if found:
            first = found["first"]
            yield CitedPlace(kind, first, _last(first, found["last"], found["open"]))


def _last(first: str, last: str | None, following: str | None) -> str:
    """The end of a range: "145–7" ends at 147, "145f." at 146, "145ff." nowhere."""
    if following:
        return str(int(first) + 1) if following == "f" and first.isdigit() else ""
    if last and first.isdigit() and last.isdigit() and len(last) < len(first):
        return first[: len(first) - len(last)] + last
    return last or first
