"""The reader: a document with a passage marked, its outline, and what of the passage can be copied."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from nrqa.citations.making import cite_lines
from nrqa.index.catalog import Stored
from nrqa.records import Citation, Passage, Span, cited_places, written_places
from nrqa.server.desk import Desk
from nrqa.server.page import addresses
from nrqa.server.page.files import files_of_passage
from nrqa.server.page.headline import holds
from nrqa.server.page.hits import hits_of, quotation
from nrqa.server.page.looking import html
from nrqa.server.page.places import place, text_of, warnings
from nrqa.server.page.questions import Asked, asked_in
from nrqa.server.problems import Problem
from nrqa.server.reader.blocks import blocks_of, outline_of
from nrqa.server.reader.documents import Text

_AT = re.compile(r"(\d{1,12})-(\d{1,12})")
_AROUND = 30_000
"""Characters before and after the passage that one page of the reader shows: some 25 pages of a book."""
_BESIDE = 1_200
"""The same for what stands beside the hits."""
_BEFORE = 300
"""Characters before it: the passage itself must stand near the top."""
_FACTS = ("author", "authors", "date", "url", "language", "nations", "regions", "domains", "from", "to", "subject")
"""Metadata that is shown above a document, in this order."""


async def read(request: Request) -> Response:
    """A document, with a passage marked where the address names one."""
    desk: Desk = request.app.state.desk
    return await desk.do(_page, desk, request)


def place_asked(request: Request) -> tuple[str, int | None, int | None]:
    """The document that an address means, and the stretch of it, if any."""
    name = request.path_params["name"]
    written = request.query_params.get("at", "")
    if not written:
        return name, None, None
    found = _AT.fullmatch(written)
    if not found or int(found[1]) >= int(found[2]):
        raise Problem(422, "A stretch of a document is written at=START-END, in characters from its beginning.")
    return name, int(found[1]), int(found[2])


def seen(
    desk: Desk,
    name: str,
    start: int | None,
    end: int | None,
    *,
    beside: bool = False,
    asked: addresses.Parameters = (),
) -> dict[str, Any]:
    """What is shown of a document: its blocks around the stretch, which is marked."""
    found = desk.documents.read(name, desk.snapshot)
    length = len(found.text)
    if end is not None and end > length:
        raise Problem(404, f"The document has {length:,} characters, and the stretch ends behind them.")
    marks = [Span(start, end)] if start is not None and end is not None else []
    passages = _passages_in(found, marks)
    window = _window(found, marks, beside=beside)
    flags = [one for stored in found.passages for one in stored.passage.citation.flags]
    blocks = blocks_of(found.text, found.passages, marks=marks, flags=[*dict.fromkeys(flags)], window=window)
    first = blocks[0].start if blocks else 0
    last = blocks[-1].end if blocks else length
    return {
        "name": name,
        "address": addresses.reader(name, start, end, asked),
        "place": _places(passages[0].citation) if passages else "",
        "language": _language(found),
        "pages": [],
        "blocks": blocks,
        "here": next((one.start for one in blocks if one.marked), -1),
        "earlier": _part(name, max(0, first - _AROUND), asked) if first > 0 and found.text[:first].strip() else "",
        "later": _part(name, last, asked) if found.text[last:].strip() else "",
    }


def _page(desk: Desk, request: Request) -> Response:
    name, start, end = place_asked(request)
    asked = asked_in(request.query_params)
    view = seen(desk, name, start, end, asked=asked.parameters)
    found = desk.documents.read(name, desk.snapshot)
    passages = _passages_in(found, [Span(start, end)] if start is not None and end is not None else [])
    citation = (passages or [one.passage for one in found.passages[:1]])[0].citation if found.passages else None
    view |= {
        "title": citation.title if citation else name,
        "facts": _facts(citation),
        "notice": text_of(citation.metadata, "source_notice") if citation else "",
        "changed": "",
        "verified": (),
        "warnings": warnings(citation) if citation and passages else [],
        "modes": (),
        "outline": _outline(found, start, asked.parameters),
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
            "files": files_of_passage({"document": name, "start": one.citation.start, "end": one.citation.end}),
            "original": "",
        }
    return html(
        "reader.html", here="", holds=holds(desk), view=view, question=asked.question, **_steps(desk, asked, request)
    )


def _passages_in(found: Text, marks: Sequence[Span]) -> list[Passage]:
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
    found = [(key, text_of(citation.metadata, key)) for key in _FACTS]
    return [(key, value) for key, value in found if value]


def _places(citation: Citation) -> str:
    return written_places(cited_places(citation.locators)) or f"line {citation.line_start}"


def _language(found: Text) -> str:
    said = text_of(found.passages[0].passage.citation.metadata, "language") if found.passages else ""
    return said if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}", said) else ""


def _steps(desk: Desk, asked: Asked, request: Request) -> Mapping[str, Any]:
    """The way back to the hits, and to the one before and after."""
    written = request.query_params.get("hit", "")
    nothing: dict[str, Any] = {"back": "", "before": None, "after": None, "here_hit": None, "count": 0}
    if not asked.question or not written.isdecimal():
        return nothing
    answer = desk.search(asked.question, **asked.options)
    hits = hits_of(answer, asked.parameters)
    rank = int(written)
    known = {one["rank"]: one for one in hits}
    return {
        "back": f"{addresses.with_parameters('/', asked.parameters)}#hit-{rank}",
        "before": known.get(rank - 1),
        "after": known.get(rank + 1),
        "here_hit": known.get(rank),
        "count": len(hits),
    }
