"""One document for programs: what is known of it, its text, its pages as words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from nrqa.corpus.passages.word_boxes import words_of
from nrqa.errors import QuestionError
from nrqa.records import citation_to_dict
from nrqa.server.api.answers import OMITTED, tagged, written
from nrqa.server.desk import ServerDesk
from nrqa.server.problems import Problem
from nrqa.server.reader.blocks import outline_of

_LONGEST = 200_000
"""Characters of a text that are given at once."""
_DIGITS = 12


async def document(request: Request) -> Response:
    """A document: title, metadata, outline, places of its passages, pages."""
    return await _answered(request, _document)


async def text(request: Request) -> Response:
    """The text of a document, or a stretch of it; headers say where it goes on."""
    desk: ServerDesk = request.app.state.desk
    found, headers = await desk.do(_text, desk, request)
    return tagged(request, written(found), desk.generation, headers=headers)


async def words(request: Request) -> Response:
    """The words of a page, each with its place in the text and its box, in PDF user space."""
    return await _answered(request, _words)


async def _answered(request: Request, work: Any) -> Response:
    desk: ServerDesk = request.app.state.desk
    found = await desk.do(work, desk, request)
    return tagged(request, written(found), desk.generation)


def _document(desk: ServerDesk, request: Request) -> dict[str, Any]:
    _only(request, ())
    found = desk.documents.read(request.path_params["name"], desk.snapshot)
    first = citation_to_dict(found.passages[0].passage.citation) if found.passages else None
    return {
        "document": found.name,
        "title": first["title"] if first else "",
        "sha256": desk.snapshot.known[found.name].sha256,
        "metadata": first["metadata"] if first else {},
        "characters": len(found.text),
        "pages": len({page for page, _, _ in found.pages}),
        "outline": [{"level": one.level, "text": one.text, "start": one.start} for one in outline_of(found.passages)],
        "passages": [{"start": one.passage.citation.start, "end": one.passage.citation.end} for one in found.passages],
    }


def _text(desk: ServerDesk, request: Request) -> tuple[dict[str, Any], Mapping[str, str]]:
    _only(request, ("from", "to"))
    found = desk.documents.read(request.path_params["name"], desk.snapshot)
    start = _number(request, "from", 0)
    end = min(_number(request, "to", start + _LONGEST), len(found.text))
    if start > end or end - start > _LONGEST:
        raise QuestionError(
            f"The text has {len(found.text):,} characters; from must not be behind to, and at most {_LONGEST:,} are "
            "given at once."
        )
    headers = {OMITTED: str(len(found.text) - end)}
    if end < len(found.text):
        headers["link"] = f'<{quote(request.scope["path"])}?from={end}>; rel="next"'
    return {"document": found.name, "start": start, "end": end, "text": found.text[start:end]}, headers


def _words(desk: ServerDesk, request: Request) -> dict[str, Any]:
    _only(request, ())
    found = desk.documents.read(request.path_params["name"], desk.snapshot)
    page = request.path_params["page"]
    if all(number != page for number, _, _ in found.pages):
        raise Problem(404, "The document has no such page.")
    its = [one for part in desk.snapshot.page_words(found.name, [page]) for one in words_of(part)]
    return {
        "document": found.name,
        "page": page,
        "words": [
            {
                "text": found.text[one.start : one.end],
                "start": one.start,
                "end": one.end,
                "box": [round(side, 2) for side in (one.x0, one.y0, one.x1, one.y1)],
            }
            for one in its
        ],
    }


def _only(request: Request, known: tuple[str, ...]) -> None:
    for key in request.query_params:
        if key not in known:
            listed = ", ".join(known) or "none"
            raise QuestionError(f"{key[:40]!r} is nothing that may be said here. Known are: {listed}.")


def _number(request: Request, name: str, usual: int) -> int:
    said = request.query_params.get(name, str(usual))
    if not said.isascii() or not said.isdecimal() or len(said) > _DIGITS:
        raise QuestionError(f"{name} is a whole number of characters from the beginning.")
    return int(said)
