"""The search page: verdict, coverage, hits, and the first hit in its document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from nrqa.answering.missing_words import mostly_nowhere, words_to_report
from nrqa.errors import QuestionError
from nrqa.records import Answer
from nrqa.rendering.plain_text import counted
from nrqa.server.desk import ServerDesk
from nrqa.server.page import addresses
from nrqa.server.page.headline import holds
from nrqa.server.page.hits import hits_of, nearest_of, verdict_of
from nrqa.server.page.looking import html, rendered
from nrqa.server.page.questions import Asked, asked_in
from nrqa.server.page.reading import Wanted, seen, wanted_by
from nrqa.service import verbs

EXPORTS = (
    ("Markdown", "markdown"), ("CSV", "csv"), ("BibTeX", "bibtex"), ("RIS", "ris"), ("CSL-JSON", "csl-json"),
    ("JSON Lines", "jsonl"), ("JSON", "json"), ("Receipt", "receipt"),
)  # fmt: skip
"""An answer as files."""
_NEVER = ("title", "created", "modified", "date as written", "source_notice", "identifier", "url", "description")
"""Metadata that divides documents into one each, or says the same as another."""
_NEAREST = 3
"""How many passages are shown where none of them answers."""
_FACETS, _VALUES = 8, 8
"""Metadata keys and values that are offered as filters; others are written by hand."""
_LONGEST_VALUE = 40


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
    shared = {"here": "/", "holds": holds(desk), "asked": asked, **_filters(desk, asked)}
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
        view = seen(desk, Wanted(cited.document, cited.start, cited.end, best=first.highlights), beside=True)
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
    return html(
        "beside.html", view=seen(desk, wanted_by(request.path_params["name"], request.query_params), beside=True)
    )


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


def _filters(desk: ServerDesk, asked: Asked) -> dict[str, Any]:
    """The facets that are offered, and how many conditions are chosen; what is no facet's value is written by hand."""
    facets: list[dict[str, Any]] = []
    offered: set[tuple[str, str]] = set()
    for key, values in desk.snapshot.facets.items():
        short = {one: count for one, count in values.items() if len(one) <= _LONGEST_VALUE}
        chosen = asked.where.get(key, ())
        if (len(short) < 2 and not chosen) or key in _NEVER or not short:
            continue
        shown = list(dict.fromkeys([*(one for one in chosen if one in short), *list(short)[:_VALUES]]))
        offered |= {(key, one) for one in shown}
        facets.append(
            {
                "key": key,
                "values": [
                    {"name": one, "condition": f"{key}={one}", "count": short[one], "chosen": asked.is_chosen(key, one)}
                    for one in shown
                ],
                "more": len(values) - len(shown),
            }
        )
    facets.sort(key=lambda one: -sum(value["count"] for value in one["values"]))
    conditions = [
        (key, one, f"{key}{'' if one[:1] in '<>' else '='}{one}")
        for key, values in asked.where.items()
        for one in values
    ]
    by_hand = [written for key, one, written in conditions if (key, one) not in offered]
    chosen = [*(written for _, _, written in conditions), *asked.only]
    return {
        "facets": facets[:_FACETS],
        "chosen": [
            {"name": one, "without": addresses.with_parameters("/", _without(asked.parameters, one))} for one in chosen
        ],
        "other_where": by_hand[0] if by_hand else "",
        "more_where": by_hand[1:],
        "other_only": asked.only[0] if asked.only else "",
    }


def _without(parameters: addresses.Parameters, value: str) -> list[tuple[str, str]]:
    return [(key, one) for key, one in parameters if key not in ("where", "only") or one != value]
