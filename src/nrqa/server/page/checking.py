"""The draft checker: a draft with every quotation marked, what was found of each, and the annotated copy."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response

from nrqa.checking.results import Checked, CheckedQuotation, CheckedSentence
from nrqa.errors import DraftError
from nrqa.rendering.checked_draft import ANNOTATED, annotated, finding_of
from nrqa.server.desk import ServerDesk
from nrqa.server.page.headline import holds
from nrqa.server.page.looking import html
from nrqa.server.page.places import seen_place
from nrqa.server.problems import Problem
from nrqa.server.security.limits import MOST_DRAFT
from nrqa.service import verbs

_PASTED = "draft.md"
"""The name of a draft that was pasted: text is mostly Markdown, or reads the same."""


async def form(request: Request) -> Response:
    """The form that takes a draft."""
    desk: ServerDesk = request.app.state.desk
    return await desk.do(_form, desk, "", "")


async def check(request: Request) -> Response:
    """What is found for a draft."""
    desk: ServerDesk = request.app.state.desk
    name, data = await _draft(request)
    return await desk.do(_checked, desk, name, data)


async def copy(request: Request) -> Response:
    """The draft with a footnote on everything that was checked, to be saved."""
    desk: ServerDesk = request.app.state.desk
    name, data = await _draft(request)
    return await desk.do(_annotated, desk, name, data)


async def _draft(request: Request) -> tuple[str, bytes]:
    """The draft's name and content: a file where one is given, else what was pasted."""
    try:
        async with request.form(max_files=1, max_fields=4, max_part_size=MOST_DRAFT) as given:
            return await _given(given)
    except MultiPartException as error:
        raise Problem(400, f"The form cannot be read: {error.message}") from error


async def _given(given: FormData) -> tuple[str, bytes]:
    file = given.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return PurePosixPath(file.filename.replace("\\", "/")).name[:200] or _PASTED, await file.read()
    text, name = given.get("text", ""), given.get("name", "")
    # A browser sends line ends as the form's standard wants them; a draft on paper has no opinion.
    pasted = text.replace("\r\n", "\n") if isinstance(text, str) else ""
    return (name[:200] if isinstance(name, str) and name else _PASTED), pasted.encode("utf-8", "replace")


def _form(desk: ServerDesk, problem: str, text: str) -> Response:
    return html(
        "check.html",
        422 if problem else 200,
        here="/check",
        holds=holds(desk),
        problem=problem,
        text=text,
        checked=None,
    )


def _found(desk: ServerDesk, name: str, data: bytes) -> Checked:
    if not data.strip():
        raise DraftError("There is no draft: paste one, or choose a file.")
    return verbs.check(desk.index, name, data=data, beside=False).record


def _checked(desk: ServerDesk, name: str, data: bytes) -> Response:
    try:
        found = _found(desk, name, data)
    except DraftError as error:
        return _form(desk, str(error), data.decode("utf-8", "replace") if name == _PASTED else "")
    quotations = [_quotation(number, one) for number, one in enumerate(found.quotations, 1)]
    sentences = [_sentence(number, one) for number, one in enumerate(found.sentences, 1)]
    return html(
        "check.html",
        here="/check",
        holds=holds(desk),
        problem="",
        text="",
        checked=found,
        name=name,
        counts=found.to_dict()["counts"],
        bad=sum(not one.fine for one in found.quotations),
        quotations=sorted(quotations, key=lambda one: (_ORDER.index(one["kind"]), one["number"])),
        sentences=sentences,
        pieces=_pieces(found),
        can_annotate=found.form in ANNOTATED,
    )


_ORDER = ("bad", "fair", "good")
_LABELS = {"bad": "Wrong", "fair": "Look at it", "good": "Stands"}


def _quotation(number: int, one: CheckedQuotation) -> dict[str, Any]:
    kind = _kind(one)
    return {
        "number": number,
        "kind": kind,
        "label": _LABELS[kind],
        "finding": finding_of(one),
        "text": one.text,
        "line": one.place.line,
        "changes": one.changes if one.finding != "absent" else (),
        "source_text": one.source_text if one.source and not one.fine else "",
        "source": seen_place(one.source, ()) if one.source else None,
        "omitted": [text for text in one.omitted if text.strip()],
        "replaced": [text for text in one.replaced if text.strip()],
        "notes": one.notes,
        "cited": [cited.text for cited in one.citations] if one.attribution in ("wrong", "unknown") else (),
    }


def _kind(one: CheckedQuotation) -> str:
    if not one.right:
        return "bad"
    if one.attribution in ("wrong", "unknown") or one.notes or one.finding == "elided":
        return "fair"
    return "good"


def _sentence(number: int, one: CheckedSentence) -> dict[str, Any]:
    cited = one.passage.citation if one.passage else one.nearest
    return {
        "number": number,
        "text": one.text,
        "line": one.place.line,
        "supported": one.passage is not None,
        "source": seen_place(cited, ()) if cited else None,
        "evidence": _evidence(one),
        "lacking": one.lacking,
    }


def _evidence(one: CheckedSentence) -> str:
    if one.passage is None:
        return ""
    start = one.passage.citation.start
    return " … ".join(one.passage.text[span.start - start : span.end - start] for span in one.highlights)


def _pieces(found: Checked) -> list[dict[str, Any]]:
    """The draft in pieces: each quotation and each sentence without support leads to what was found of it."""
    spans = [
        (one.place.start, one.place.end, _kind(one), f"q{number}") for number, one in enumerate(found.quotations, 1)
    ]
    spans += [
        (one.place.start, one.place.end, "open", f"s{number}")
        for number, one in enumerate(found.sentences, 1)
        if one.passage is None
    ]
    shown: list[dict[str, Any]] = []
    at = 0
    for start, end, kind, name in sorted(spans):
        if start < at:
            continue  # a quotation within a sentence that is marked already
        shown.append({"text": found.text[at:start], "kind": "", "name": ""})
        shown.append({"text": found.text[start:end], "kind": kind, "name": name})
        at = end
    return [*shown, {"text": found.text[at:], "kind": "", "name": ""}]


def _annotated(desk: ServerDesk, name: str, data: bytes) -> Response:
    found = _found(desk, name, data)
    suffix = "txt" if found.form == "txt" else "md"
    headers = {"content-disposition": f'attachment; filename="annotated.{suffix}"'}
    return Response(annotated(found).encode("utf-8", "replace"), media_type="text/markdown", headers=headers)
