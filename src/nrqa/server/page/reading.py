"""The reader: a document with a passage marked, its outline, and what of the passage can be copied."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from nrqa.citations.making import cite_lines
from nrqa.errors import NrqaError
from nrqa.index.rows import Stored
from nrqa.records import Citation, Passage, Span, cited_places, written_places
from nrqa.rendering.places import place_of
from nrqa.server.desk import ServerDesk
from nrqa.server.page import addresses
from nrqa.server.page.headline import holds
from nrqa.server.page.hits import files_of, quotation
from nrqa.server.page.looking import html
from nrqa.server.page.places import place, text_of, warnings
from nrqa.server.page.questions import asked_in
from nrqa.server.page.sheets import pages_touched, sheets
from nrqa.server.page.stepping import led_by, steps, ticks
from nrqa.server.problems import Problem
from nrqa.server.reader.blocks import blocks_of, outline_of
from nrqa.server.reader.documents import Text
from nrqa.server.reader.originals import changed
from nrqa.service import verbs

_AT = re.compile(r"(\d{1,12})-(\d{1,12})")
_AROUND = 30_000
"""Characters before and after the passage that one page of the reader shows: some 25 pages of a book."""
_BESIDE = 1_200
"""The same for what stands beside the hits."""
_BECOMES = {
    "intact": "The words of this passage still stand there",
    "moved": "The words of this passage have moved",
    "edited": "The words of this passage were edited",
    "gone": "The words of this passage are gone",
    "ambiguous": "The words of this passage stand in several places now",
    "unchecked": "The words of this passage could not be looked up",
}
_MOST_PAGES = 1_000_000
_BEFORE = 300
"""Characters before it: the passage itself must stand near the top."""
_FACTS = ("author", "authors", "date", "url", "language", "nations", "regions", "domains", "from", "to", "subject")
"""Metadata that is shown above a document, in this order."""


async def read(request: Request) -> Response:
    """A document, with a passage marked where the address names one."""
    desk: ServerDesk = request.app.state.desk
    return await desk.do(_page, desk, request)


def wanted_by(name: str, query: QueryParams) -> Wanted:
    """What of a document the parameters of an address mean."""
    as_text = query.get("as") == "text"
    at, page = query.get("at", ""), query.get("page", "")
    if page and (not page.isdecimal() or not 0 < int(page) < _MOST_PAGES):
        raise Problem(422, "A page is a number from 1 on.")
    if not at:
        return Wanted(name, page=int(page) if page else None, as_text=as_text)
    found = _AT.fullmatch(at)
    if not found or int(found[1]) >= int(found[2]):
        raise Problem(422, "A stretch of a document is written at=START-END, in characters from its beginning.")
    return Wanted(name, int(found[1]), int(found[2]), as_text=as_text)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a document is to be shown: a stretch, marked; or a page; else its beginning. ``best`` answer best."""

    name: str
    start: int | None = None
    end: int | None = None
    page: int | None = None
    as_text: bool = False
    best: tuple[Span, ...] = ()

    @property
    def marks(self) -> list[Span]:
        """The stretch, if any."""
        return [] if self.start is None or self.end is None else [Span(self.start, self.end)]


def seen(desk: ServerDesk, wanted: Wanted, *, beside: bool = False, asked: addresses.Parameters = ()) -> dict[str, Any]:
    """What is shown of a document: pictures of its pages where it has some, else its blocks around the stretch."""
    found = desk.documents.read(wanted.name, desk.snapshot)
    if wanted.end is not None and wanted.end > len(found.text):
        raise Problem(404, f"The document has {len(found.text):,} characters, and the stretch ends behind them.")
    passages = passages_in(found, wanted.marks)
    view = {
        "name": wanted.name,
        "address": addresses.reader(wanted.name, wanted.start, wanted.end, asked),
        "place": _places(passages[0].citation) if passages else "",
        "language": _language(found),
        "pages": [],
        "unpictured": "",
        "blocks": [],
        "here": -1,
        "earlier": "",
        "later": "",
    }
    if found.pages and not wanted.as_text:
        numbers = [wanted.page] if wanted.page else pages_touched(found, wanted.marks) or [found.pages[0][0]]
        try:
            view["pages"] = sheets(desk, found, numbers, wanted.marks, wanted.best, asked, words=not beside)
        except Problem as error:
            view["unpictured"] = error.detail
    if not view["pages"]:
        view |= _as_blocks(found, wanted, asked, beside=beside)
    return view


def _as_blocks(found: Text, wanted: Wanted, asked: addresses.Parameters, *, beside: bool) -> dict[str, Any]:
    marks = wanted.marks or [Span(start, start) for page, start, _ in found.pages if page == wanted.page][:1]
    window = _window(found, marks, beside=beside)
    flags = dict.fromkeys(one for stored in found.passages for one in stored.passage.citation.flags)
    blocks = blocks_of(
        found.text, found.passages, marks=wanted.marks, answers=wanted.best, flags=[*flags], window=window
    )
    first = blocks[0].start if blocks else 0
    last = blocks[-1].end if blocks else len(found.text)
    more = [("as", "text"), *asked] if found.pages else asked
    return {
        "blocks": blocks,
        "here": next((one.start for one in blocks if one.marked), -1),
        "earlier": _part(found.name, max(0, first - _AROUND), more) if found.text[:first].strip() else "",
        "later": _part(found.name, last, more) if found.text[last:].strip() else "",
    }


def _page(desk: ServerDesk, request: Request) -> Response:
    wanted = wanted_by(request.path_params["name"], request.query_params)
    name = wanted.name
    asked = asked_in(request.query_params)
    led = led_by(desk, asked, request.query_params)
    view = seen(desk, replace(wanted, best=led.best), asked=led.parameters)
    found = desk.documents.read(name, desk.snapshot)
    passages = passages_in(found, wanted.marks)
    citation = (passages or [one.passage for one in found.passages[:1]])[0].citation if found.passages else None
    view |= {
        "title": citation.title if citation else name,
        "facts": _facts(citation),
        "notice": text_of(citation, "source_notice") if citation else "",
        **_changed(desk, name, passages),
        "warnings": warnings(citation) if citation and passages else [],
        "modes": _modes(request, view) if found.pages else (),
        "ticks": ticks(led, name, len(found.text)),
        "outline": _outline(found, wanted.start, asked.parameters),
        "passage": None,
        "whynot": place(passages[0].citation) if passages else name,
    }
    if passages:
        one = passages[0]
        cite = cite_lines([one])[0]
        view["passage"] = {
            "place": place(one.citation),
            "cite": cite,
            "quotation": quotation(one.text, cite),
            "link": addresses.reader(name, one.citation.start, one.citation.end),
            "files": files_of(one.citation, asked.parameters if led.hit else []),
            "original": addresses.original(name),
        }
    return html("reader.html", here="", holds=holds(desk), view=view, question=asked.question, **steps(led))


def passages_in(found: Text, marks: Sequence[Span]) -> list[Passage]:
    """The passages that the stretches touch."""
    return [
        one.passage
        for one in found.passages
        if any(one.passage.citation.start < mark.end and mark.start < one.passage.citation.end for mark in marks)
    ]


def _window(found: Text, marks: Sequence[Span], *, beside: bool) -> Span:
    """The stretch around the marks, from the beginning of a paragraph on."""
    begin, end = (marks[0].start, marks[-1].end) if marks else (0, 0)
    around = _BESIDE if beside else _AROUND
    first = max(0, begin - (_BEFORE if beside else _AROUND))
    if first:
        gap = found.text.rfind("\n\n", max(0, first - around), first)
        first = gap + 2 if gap >= 0 else first
    return Span(first, min(len(found.text), end + around))


def _part(name: str, start: int, asked: addresses.Parameters) -> str:
    return addresses.reader(name, start, start + 1, asked)


def _outline(found: Text, start: int | None, asked: addresses.Parameters) -> list[dict[str, Any]]:
    headings = outline_of(found.passages)
    at = [one.start for one in headings if start is not None and one.start <= start]
    here = at[-1] if at else -1
    return [
        {
            "level": one.level,
            "text": one.text,
            "address": addresses.reader(found.name, *_passage_at(found.passages, one.start), asked),
            "current": one.start == here,
        }
        for one in headings
    ]


def _passage_at(passages: Sequence[Stored], start: int) -> tuple[int, int]:
    citation = next(one.passage.citation for one in passages if one.passage.citation.start == start)
    return citation.start, citation.end


def _facts(citation: Citation | None) -> list[tuple[str, str]]:
    if citation is None:
        return []
    found = [(key, text_of(citation, key)) for key in _FACTS]
    return [(key, value) for key, value in found if value]


def _places(citation: Citation) -> str:
    return written_places(cited_places(citation.locators)) or f"line {citation.line_start}"


def _language(found: Text) -> str:
    said = text_of(found.passages[0].passage.citation, "language") if found.passages else ""
    return said if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}", said) else ""


def _changed(desk: ServerDesk, name: str, passages: Sequence[Passage]) -> dict[str, Any]:
    """Whether the file is as it was indexed, and if not, what has become of the passage."""
    why = changed(name, desk.snapshot, desk.folder)
    if not why or not passages:
        return {"changed": why, "verified": ""}
    try:
        found = verbs.verify(desk.index, "-", data=cite_lines(passages[:1])[0].encode()).record
    except NrqaError:
        return {"changed": why, "verified": ""}
    judged = found.files[0][1][0].judgment
    place = f": {place_of(judged.passage.citation)}" if judged.passage and judged.status == "moved" else ""
    return {"changed": why, "verified": f"{_BECOMES.get(judged.status, judged.status)}{place}"}


def _modes(request: Request, view: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """The ways to see a document with pages: their pictures, or their text."""
    others = [(key, value) for key, value in request.query_params.multi_items() if key != "as"]
    path = quote(request.url.path, safe="/%")
    ways = (("Pages", others, bool(view["pages"])), ("Text", [*others, ("as", "text")], not view["pages"]))
    return [(name, f"{addresses.with_parameters(path, parameters)}#here", now) for name, parameters, now in ways]
