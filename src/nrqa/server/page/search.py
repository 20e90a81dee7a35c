"""The search page: verdict, coverage, hits, and the first hit in its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from nrqa.answering.missing_words import mostly_nowhere, words_to_report
from nrqa.errors import QuestionError
from nrqa.records import Span
from nrqa.rendering.plain_text import counted
from nrqa.server.desk import Desk
from nrqa.server.page import addresses
from nrqa.server.page.files import EXPORTS, files_of_passage
from nrqa.server.page.headline import holds
from nrqa.server.page.hits import hits_of, nearest_of, verdict_of
from nrqa.server.page.looking import html, rendered
from nrqa.server.page.questions import Asked, asked_in
from nrqa.server.page.reading import Wanted, seen, wanted_by

_NEAREST = 3
"""How many passages are shown where none of them answers."""
_FACETS, _VALUES = 8, 8
"""Metadata keys and values that are offered as filters; others are written by hand."""
_LONGEST_VALUE = 40


async def search(request: Request) -> Response:
    """The page with the question's answer, or only with the form."""
    desk: Desk = request.app.state.desk
    asked, problem = Asked("", addresses.USUAL_HITS, {}, ()), ""
    try:
        asked = asked_in(request.query_params)
    except QuestionError as error:
        problem = str(error)
        asked = Asked(request.query_params.get("q", ""), addresses.USUAL_HITS, {}, ())
    return await desk.do(_page, desk, asked, problem)


async def preview(request: Request) -> Response:
    """A passage in its document, as it stands beside the hits."""
    desk: Desk = request.app.state.desk
    return await desk.do(_preview, desk, request)


def _page(desk: Desk, asked: Asked, problem: str) -> Response:
    shared = {"here": "/", "holds": holds(desk), "asked": asked, **_filters(desk, asked)}
    if not asked.question or problem:
        return html("search.html", 422 if problem else 200, **shared, problem=problem, examples=())
    try:
        answer = desk.search(asked.question, **asked.options)
    except QuestionError as error:
        return html("search.html", 422, **shared, problem=str(error))
    answers = answer["verdict"] in ("answered", "weak")
    hits = hits_of(answer, asked.parameters)[: None if answers else _NEAREST]
    for hit, raw in zip(hits, answer["hits"], strict=False):
        hit["exports"] = files_of_passage(raw["citation"])
    first = answer["hits"][0]["citation"] if answer["hits"] else None
    view = first and seen(
        desk, Wanted(first["document"], first["start"], first["end"], best=_best(answer["hits"][0])), beside=True
    )
    return html(
        "search.html",
        **shared,
        problem="",
        answer=answer,
        answers=answers,
        verdict=verdict_of(answer),
        coverage=_coverage(answer),
        nowhere=_nowhere(answer),
        hits=hits,
        nearest=nearest_of(answer, asked.parameters),
        exports=[
            (name, addresses.with_parameters("/export", [*asked.parameters, ("format", form)]))
            for name, form in EXPORTS
        ],
        why_not=addresses.with_parameters("/why-not", asked.parameters),
        beside=Markup(rendered("beside.html", view=view)) if view else "",  # noqa: S704 - a template of ours, escaped
    )


def _preview(desk: Desk, request: Request) -> Response:
    return html("beside.html", view=seen(desk, wanted_by(request), beside=True))


def _best(hit: Mapping[str, Any]) -> tuple[Span, ...]:
    return tuple(Span(one["start"], one["end"]) for one in hit["highlights"])


def _coverage(answer: Mapping[str, Any]) -> dict[str, str]:
    searched = answer["searched"]
    passages, documents = counted(searched["passages"], "passage"), counted(searched["documents"], "document")
    missing = len(searched["unreadable"]) + len(searched["stale"])
    rest = f", {missing:,} could not be" if missing else ", none left out"
    filters = [f"{key}={value}" for key, values in searched["where"].items() for value in values]
    filters += [f"documents named {glob}" for glob in searched["only"]]
    return {
        "summary": f"{passages} of {documents} searched{rest if not filters else ' within the filters'}",
        "filters": ", ".join(filters),
    }


def _nowhere(answer: Mapping[str, Any]) -> Sequence[str]:
    if mostly_nowhere(answer["question"], answer["searched"]["nowhere"]):
        return ()  # a notice says so, where it matters
    return words_to_report(answer["question"], answer["searched"]["nowhere"])


def _filters(desk: Desk, asked: Asked) -> dict[str, Any]:
    """The facets that are offered, and how many conditions are chosen; what is no facet's value is written by hand."""
    facets: list[dict[str, Any]] = []
    offered: set[tuple[str, str]] = set()
    for key, values in desk.snapshot.facets.items():
        short = {one: count for one, count in values.items() if len(one) <= _LONGEST_VALUE}
        chosen = asked.where.get(key, ())
        if (len(short) < 2 and not chosen) or key == "title" or not short:
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
    by_hand = [
        f"{key}{'' if one[:1] in '<>' else '='}{one}"
        for key, values in asked.where.items()
        for one in values
        if (key, one) not in offered
    ]
    return {
        "facets": facets[:_FACETS],
        "chosen": sum(map(len, asked.where.values())) + len(asked.only),
        "other_where": by_hand[0] if by_hand else "",
        "other_only": asked.only[0] if asked.only else "",
    }
