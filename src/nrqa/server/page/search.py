"""The search page: verdict, coverage, hits, and the first hit in its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from nrqa.answering.missing_words import mostly_nowhere, words_to_report
from nrqa.errors import QuestionError
from nrqa.records import Answer
from nrqa.rendering.plain_text import counted
from nrqa.server.desk import ServerDesk
from nrqa.server.page import addresses
from nrqa.server.page.filtering import offered
from nrqa.server.page.headline import holds
from nrqa.server.page.hits import hits_of, nearest_of, verdict_of
from nrqa.server.page.looking import html, rendered
from nrqa.server.page.questions import Asked, asked_in
from nrqa.server.page.reading import Wanted, seen, wanted_by
from nrqa.server.page.stepping import Led, led_by
from nrqa.service import verbs

EXPORTS = (
    ("Markdown", "markdown"), ("CSV", "csv"), ("BibTeX", "bibtex"), ("RIS", "ris"), ("CSL-JSON", "csl-json"),
    ("JSON Lines", "jsonl"), ("JSON", "json"), ("Receipt", "receipt"),
)  # fmt: skip
"""An answer as files."""
_NEAREST = 3
"""How many passages are shown where none of them answers."""


async def search(request: Request) -> Response:
    """The page with the question's answer, or only with the form."""
    desk: ServerDesk = request.app.state.desk
    asked, problem = Asked("", addresses.USUAL_HITS, {}, ()), ""
    try:
        asked = asked_in(request.query_params)
    except QuestionError as error:
        problem = str(error)
        asked = Asked(request.query_params.get("q", ""), addresses.USUAL_HITS, {}, ())
    return await desk.do(_page, desk, asked, problem)


async def preview(request: Request) -> Response:
    """A passage in its document, as it stands beside the hits."""
    desk: ServerDesk = request.app.state.desk
    return await desk.do(_preview, desk, request)


def _page(desk: ServerDesk, asked: Asked, problem: str) -> Response:
    shared = {"here": "/", "holds": holds(desk), "asked": asked, **offered(desk, asked)}
    if not asked.question or problem:
        return html("search.html", 422 if problem else 200, **shared, problem=problem)
    try:
        answer = verbs.search(desk.index, asked.question, **asked.options).record
    except QuestionError as error:
        return html("search.html", 422, **shared, problem=str(error))
    first = answer.hits[0] if answer.hits else None
    view = None
    if first:
        cited = first.passage.citation
        led = Led(asked, answer, first.rank)
        wanted = Wanted(cited.document, cited.start, cited.end, best=led.best)
        view = seen(desk, wanted, beside=True, asked=led.parameters)
    return html(
        "search.html",
        **shared,
        problem="",
        answer=answer,
        verdict=verdict_of(answer),
        coverage=_coverage(answer),
        nowhere=_nowhere(answer),
        hits=hits_of(answer, asked.parameters)[: None if answer.answers else _NEAREST],
        nearest=nearest_of(answer, asked.parameters),
        exports=[
            (name, addresses.with_parameters("/export", [*asked.parameters, ("format", form)]))
            for name, form in EXPORTS
        ],
        why_not=addresses.with_parameters("/why-not", asked.parameters),
        beside=Markup(rendered("beside.html", view=view)) if view else "",  # noqa: S704 - a template of ours, escaped
    )


def _preview(desk: ServerDesk, request: Request) -> Response:
    led = led_by(desk, asked_in(request.query_params), request.query_params)
    wanted = replace(wanted_by(request.path_params["name"], request.query_params), best=led.best)
    return html("beside.html", view=seen(desk, wanted, beside=True, asked=led.parameters))


def _coverage(answer: Answer) -> dict[str, str]:
    searched = answer.searched
    passages, documents = counted(searched.passages, "passage"), counted(searched.documents, "document")
    missing = len(searched.unreadable) + len(searched.stale)
    rest = f", {counted(missing, 'file')} could not be" if missing else ", nothing left out"
    filters = [f"{key}={value}" for key, values in searched.where.items() for value in values]
    filters += [f"documents named {glob}" for glob in searched.only]
    return {
        "summary": f"{passages} of {documents} searched{' within the filters' if filters else rest}",
        "filters": ", ".join(filters),
    }


def _nowhere(answer: Answer) -> Sequence[str]:
    if mostly_nowhere(answer.question, answer.searched.nowhere):
        return ()  # a notice says so, where it matters
    return words_to_report(answer.question, answer.searched.nowhere)
