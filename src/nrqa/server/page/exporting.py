"""Answers and passages as files to be saved."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from nrqa.auditing.receipts.making import receipt_of
from nrqa.citations.annotation import annotation
from nrqa.rendering.formats import Format
from nrqa.server.api.answers import written
from nrqa.server.api.formats import MEDIA, SUFFIX, file_of_answer, form_named
from nrqa.server.desk import ServerDesk
from nrqa.server.page.questions import asked_in
from nrqa.server.page.reading import passages_in, wanted_by
from nrqa.server.problems import Problem
from nrqa.service import verbs


async def export(request: Request) -> Response:
    """The answer to a question, or one passage, in a format of other programs."""
    desk: ServerDesk = request.app.state.desk
    return await desk.do(_export, desk, request)


def _export(desk: ServerDesk, request: Request) -> Response:
    form = request.query_params.get("format", "")
    if request.query_params.get("document"):
        return _passage(desk, request, form)
    asked = asked_in(request.query_params)
    if form == "receipt":
        answer = verbs.search(desk.index, asked.question, **asked.options).record
        kept = receipt_of(answer, desk.index.snapshot_at(answer.generation), k=asked.k)
        return _file(written(kept.to_dict()), "application/json", "receipt.json")
    found = verbs.search(desk.index, asked.question, **asked.options, cite=form == "json")
    if form == "json":
        return _file(written(found.to_dict()), "application/json", "answer.json")
    named = form_named(form)
    return _file(file_of_answer(desk, found.record, named).encode(), MEDIA[named], f"answer.{SUFFIX[named]}")


def _passage(desk: ServerDesk, request: Request, form: str) -> Response:
    wanted = wanted_by(request.query_params["document"], request.query_params)
    found = desk.documents.read(wanted.name, desk.snapshot)
    passages = passages_in(found, wanted.marks)
    if not passages:
        raise Problem(404, "There is no passage there.")
    if form == "annotation":
        return _file(written(annotation(passages[0], found.text)), "application/ld+json", "passage.jsonld")
    named = form_named(form)
    asked = asked_in(request.query_params)
    if named is Format.JSON or not asked.question:
        raise Problem(422, "A passage alone comes as format=annotation; entries of bibliographies are made for hits.")
    answer = verbs.search(desk.index, asked.question, **asked.options).record
    hits = tuple(
        one
        for one in answer.hits
        if one.passage.citation.start == passages[0].citation.start and one.passage.citation.document == wanted.name
    )
    if not hits:
        raise Problem(404, "That passage is not among the hits of the question.")
    text = file_of_answer(desk, replace(answer, hits=hits), named)
    return _file(text.encode(), MEDIA[named], f"passage.{SUFFIX[named]}")


def _file(data: bytes, media: str, name: str) -> Response:
    return Response(data, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'})
