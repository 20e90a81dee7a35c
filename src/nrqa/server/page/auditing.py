"""Standing questions, and why a passage is not among the hits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from nrqa.auditing.replaying.results import Replay
from nrqa.errors import QuestionError
from nrqa.rendering.replay import render_replay
from nrqa.rendering.whynot import render_whynot
from nrqa.server.desk import ServerDesk
from nrqa.server.page import addresses
from nrqa.server.page.headline import holds
from nrqa.server.page.looking import html, rendered
from nrqa.server.page.places import seen_place
from nrqa.server.page.questions import asked_in
from nrqa.server.page.told import told
from nrqa.server.problems import Problem
from nrqa.server.security.asking import FEED, feed_key
from nrqa.server.settings import Serving
from nrqa.service import verbs

_RESULTS = {
    "identical": ("good", "The same answer"),
    "same answer": ("good", "The same passages, in other places or with other scores"),
    "changed": ("bad", "Changed"),
}


async def standing(request: Request) -> Response:
    """Which answers to the standing questions changed, and why."""
    desk: ServerDesk = request.app.state.desk
    return await desk.do(_standing, desk, request.app.state.serving)


async def feed(request: Request) -> Response:
    """The changed answers as an Atom feed."""
    desk: ServerDesk = request.app.state.desk
    return await desk.do(_feed, desk, request.app.state.serving)


async def change_standing(request: Request) -> Response:
    """Add or remove a question, or accept the present answers."""
    desk: ServerDesk = request.app.state.desk
    serving: Serving = request.app.state.serving
    if not serving.accepting:
        raise Problem(403, "This server changes nothing. Start it with: nrqa serve --allow-standing")
    form = await request.form(max_files=0, max_fields=4)
    does, number = str(form.get("do", "")), str(form.get("number", ""))
    if does == "accept":
        await desk.do(verbs.standing, desk.index, accept=True)
    elif does == "add":
        await desk.do(verbs.add_standing, desk.index, str(form.get("q", "")))
    elif does == "remove" and number.isdecimal() and number.isascii():
        await desk.do(verbs.remove_standing, desk.index, int(number[:9]))
    else:
        raise Problem(422, "There is nothing to be done: accept, add or remove.")
    return RedirectResponse("/standing", 303)


async def why_not(request: Request) -> Response:
    """Why a passage is not among the hits, and what would bring it up."""
    desk: ServerDesk = request.app.state.desk
    return await desk.do(_why_not, desk, request)


def _standing(desk: ServerDesk, serving: Serving) -> Response:
    report = verbs.standing(desk.index).record
    return html(
        "standing.html",
        here="/standing",
        holds=holds(desk),
        questions=[_question(number, one) for number, one in report.replays],
        changed=report.changed,
        accepting=serving.accepting,
        feed=f"{FEED}?key={feed_key(serving)}",
    )


def _question(number: int, one: Replay) -> dict[str, Any]:
    kind, words = _RESULTS[one.result]
    receipt = one.before
    where = {key: list(its) for key, its in receipt.where.items()}
    asked = addresses.asked(receipt.question, receipt.k, where, receipt.only)
    return {
        "number": number,
        "question": one.before.question,
        "address": addresses.with_parameters("/", asked),
        "since": one.before.created[:16].replace("T", " "),
        "before": one.before.verdict,
        "now": one.now.verdict if one.now else "",
        "kind": kind,
        "result": words,
        "told": told(render_replay(one)) if one.result == "changed" else "",
    }


def _feed(desk: ServerDesk, serving: Serving) -> Response:
    report = verbs.standing(desk.index).record
    created = desk.snapshot.manifest.created
    entries = [one for one in (_question(number, its) for number, its in report.replays) if one["kind"] == "bad"]
    base = f"http://{serving.host}:{serving.port}"
    text = rendered(
        "feed.xml", entries=entries, base=base, updated=_moment(created), generation=report.generation, key=serving.port
    )
    return Response(text, media_type="application/atom+xml")


def _moment(written: str) -> str:
    """A time as Atom has it (RFC 3339)."""
    moment = datetime.fromisoformat(written)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _why_not(desk: ServerDesk, request: Request) -> Response:
    document = request.query_params.get("document", "").strip()
    shared: dict[str, Any] = {"here": "", "holds": holds(desk), "document": document}
    try:
        asked = asked_in(request.query_params)
        if not asked.question or not document:
            return html("whynot.html", **shared, question=asked.question, told="", passage=None, problem="", back="")
        found = verbs.why_not(desk.index, asked.question, document, **asked.options).record
    except QuestionError as error:
        question = request.query_params.get("q", "")
        return html("whynot.html", 422, **shared, question=question, told="", passage=None, problem=str(error), back="")
    return html(
        "whynot.html",
        **shared,
        question=asked.question,
        told=told(render_whynot(found)),
        passage=seen_place(found.passage.citation, asked.parameters) if found.passage else None,
        problem="",
        back=addresses.with_parameters("/", asked.parameters),
    )
