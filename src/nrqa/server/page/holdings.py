"""What the index holds: its documents, its state, and what is wrong with it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from nrqa.errors import DraftError, NrqaError
from nrqa.rendering.diagnosis import render_diagnosis
from nrqa.server.desk import ServerDesk
from nrqa.server.page import addresses
from nrqa.server.page.headline import holds
from nrqa.server.page.looking import html
from nrqa.server.page.told import told
from nrqa.service import verbs
from nrqa.service.cursors import Cursor, offset_in

_LISTED = 200
"""Documents on one page."""


async def documents(request: Request) -> Response:
    """All documents, by name."""
    desk: ServerDesk = request.app.state.desk
    return await desk.do(_documents, desk, request)


async def status(request: Request) -> Response:
    """What is indexed, what could not be read, and what has changed since."""
    desk: ServerDesk = request.app.state.desk
    return await desk.do(_status, desk, request)


async def errors(_: Request) -> Response:
    """The kinds of errors that programs are told of."""
    kinds = [NrqaError]
    for one in kinds:
        kinds += one.__subclasses__()
    named = sorted({(one.__name__, (one.__doc__ or "").split("\n", maxsplit=1)[0]) for one in (*kinds, DraftError)})
    return html("errors.html", here="", holds="", kinds=named)


def _documents(desk: ServerDesk, request: Request) -> Response:
    only = request.query_params.get("only", "").strip()
    chosen = [
        one
        for one in desk.listing.lines(desk.snapshot)
        if not only or fnmatchcase(one.name, only) or only.casefold() in one.name.casefold()
    ]
    generation, written = desk.generation, request.query_params.get("cursor", "")
    begin = offset_in(written, generation, only) if written else 0
    shown = chosen[begin : begin + _LISTED]
    after = ""
    if begin + len(shown) < len(chosen):
        cursor = str(Cursor(generation, begin + len(shown), only))
        named = [("only", only)] if only else []
        after = addresses.with_parameters("/documents", [*named, ("cursor", cursor)])
    return html(
        "documents.html",
        here="/documents",
        holds=holds(desk),
        only=only,
        found=len(chosen),
        documents=[(one, addresses.reader(one.name)) for one in shown],
        after=after,
        first=begin + 1,
        last=begin + len(shown),
        start=addresses.with_parameters("/documents", [("only", only)] if only else []) if begin else "",
    )


def _status(desk: ServerDesk, request: Request) -> Response:
    found = verbs.status(desk.index).record
    reasons: dict[str, list[str]] = {}
    for one in found.unreadable:
        reasons.setdefault(one.reason, []).append(one.document)
    grouped: list[tuple[str, list[str]]] = sorted(reasons.items(), key=lambda one: (-len(one[1]), one[0]))
    examined: dict[str, Any] = {"told": ""}
    if request.query_params.get("examine") == "yes":
        examined = {"told": told(render_diagnosis(verbs.doctor(desk.index).record))}
    return html("status.html", here="/status", holds=holds(desk), status=found, reasons=grouped, **examined)
