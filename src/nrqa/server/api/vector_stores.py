"""Search as OpenAI's clients ask for it: ``client.vector_stores.search(id, query=…)``.

The store is the index, under the name of its folder or ``nrqa``. What answers nothing gives nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from nrqa.citations.making import cite_lines
from nrqa.errors import QuestionError
from nrqa.given import shown
from nrqa.records import Answer, Hit
from nrqa.server.api.answers import tagged, written
from nrqa.server.api.bodies import body_of
from nrqa.server.desk import ServerDesk
from nrqa.server.problems import Problem
from nrqa.service.requests import VERBS, checked

_KEYS = ("query", "filters", "max_num_results", "ranking_options", "rewrite_query")
_BOUNDS = {"eq": "", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_MOST_HITS, _USUAL_HITS, _MOST_QUESTIONS = 50, 10, 10
_MOST_ATTRIBUTES, _LONGEST_ATTRIBUTE = 16, 512
"""OpenAI's own limits."""
_DEEPEST = 8


async def search(request: Request) -> Response:
    """Hits as OpenAI's search of a vector store gives them."""
    desk: ServerDesk = request.app.state.desk
    if request.path_params["id"] not in ("nrqa", desk.place.resolve().name):
        raise Problem(404, "There is no such store. The index is the store 'nrqa'.")
    return await desk.do(_search, desk, request, await body_of(request))


def _search(desk: ServerDesk, request: Request, body: Any) -> Response:
    if not isinstance(body, Mapping):
        raise QuestionError(f"The request is {shown(body)}; it is an object of JSON.")
    unknown = [key for key in body if key not in _KEYS]
    if unknown:
        raise QuestionError(f"{shown(unknown[0])} is nothing that a search may be told. Known are: {', '.join(_KEYS)}.")
    if body.get("rewrite_query") not in (None, False):
        raise QuestionError("rewrite_query: nrqa rewrites no question. Leave it out, or false.")
    questions, least, k = _questions(body.get("query")), _least(body.get("ranking_options")), _k(body)
    where = conditions(body["filters"]) if body.get("filters") is not None else None
    data: list[dict[str, Any]] = []
    generation = 0
    for question in questions:
        said = checked(VERBS["search"], {"question": question, "k": k, "where": where})
        answer: Answer = VERBS["search"].does(desk, said).record
        generation = answer.generation
        data += [_result(one, answer) for one in answer.hits if answer.answers and one.score >= least]
    data.sort(key=lambda one: -one["score"])
    page = {
        "object": "vector_store.search_results.page",
        "search_query": questions,
        "data": data[:k],
        "has_more": False,
        "next_page": None,
    }
    return tagged(request, written(page), generation)


def conditions(filters: Any, depth: int = 0) -> dict[str, list[str]]:
    """OpenAI's filters as conditions by metadata key. Raises QuestionError where they cannot say the same."""
    if not isinstance(filters, Mapping) or depth > _DEEPEST:
        raise QuestionError(f"filters is {shown(filters)}; it is an object with type, key and value.")
    kind, key, value = filters.get("type"), filters.get("key"), filters.get("value")
    if kind == "and" and isinstance(filters.get("filters"), list):
        found: dict[str, list[str]] = {}
        for one in filters["filters"]:
            for name, values in conditions(one, depth + 1).items():
                if any(value[:1] not in ("<", ">") for value in values) and name in found:
                    raise QuestionError(
                        'filters asks one key for two values at once. For either of them, write "type": "in".'
                    )
                found.setdefault(name, []).extend(values)
        return found
    if not isinstance(key, str) or not key:
        raise QuestionError(f"filters has the type {shown(kind)}; known are and, in, {', '.join(_BOUNDS)}, with a key.")
    if kind == "in" and isinstance(value, list) and value:
        return {key: [_written(one) for one in value]}
    if kind in _BOUNDS:
        return {key: [f"{_BOUNDS[kind]}{_written(value)}"]}
    raise QuestionError(f"filters has the type {shown(kind)}; known are and, in, {', '.join(_BOUNDS)}.")


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, (str, int, float)):
        raise QuestionError(f"A filter has the value {shown(value)}; it is a text, a number, true or false.")
    return str(value)


def _questions(query: Any) -> list[str]:
    listed = query if isinstance(query, list) else [query]
    if not 1 <= len(listed) <= _MOST_QUESTIONS or not all(isinstance(one, str) for one in listed):
        raise QuestionError(f"query is a question, or a list of 1 to {_MOST_QUESTIONS} questions.")
    return listed


def _k(body: Mapping[str, Any]) -> int:
    k = body.get("max_num_results")
    k = _USUAL_HITS if k is None else k
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= _MOST_HITS:
        raise QuestionError(f"max_num_results is {shown(k)}; it is a whole number from 1 to {_MOST_HITS}.")
    return k


def _least(options: Any) -> float:
    if options is None:
        return float("-inf")
    least = options.get("score_threshold") if isinstance(options, Mapping) else "?"
    if least is None:
        return float("-inf")
    if isinstance(least, bool) or not isinstance(least, (int, float)):
        raise QuestionError("ranking_options may have a score_threshold, which is a number.")
    return float(least)


def _result(hit: Hit, answer: Answer) -> dict[str, Any]:
    citation = hit.passage.citation
    cite = cite_lines([hit.passage])[0]
    known: dict[str, Any] = {
        "cite": cite,
        "start": citation.start,
        "end": citation.end,
        "verdict": answer.verdict,
        "confidence": round(answer.confidence, 4),
        "heading": " › ".join(citation.heading),
        **({"page": citation.page} if citation.page else {}),
        **{key: value if isinstance(value, str) else ", ".join(value) for key, value in citation.metadata.items()},
    }
    return {
        "file_id": cite,
        "filename": citation.document,
        "score": round(hit.score, 6),
        "attributes": {
            key[:64]: value[:_LONGEST_ATTRIBUTE] if isinstance(value, str) else value
            for key, value in list(known.items())[:_MOST_ATTRIBUTES]
        },
        "content": [{"type": "text", "text": hit.passage.text}],
    }
