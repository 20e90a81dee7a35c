"""The verbs under /v1: each answers with the object that its command prints with ``--json``, key for key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nrqa.errors import NrqaError, QuestionError
from nrqa.rendering.formats import Format
from nrqa.server.api.answers import OMITTED, tagged, written
from nrqa.server.api.bodies import body_of
from nrqa.server.api.formats import MEDIA, file_of_answer, form_wanted
from nrqa.server.desk import ServerDesk
from nrqa.server.problems import Problem
from nrqa.server.settings import Serving
from nrqa.service.budgets import Budget
from nrqa.service.objects import error_object
from nrqa.service.paging import page
from nrqa.service.requests import VERBS, checked, from_words

MOST_AT_ONCE = 100
"""Questions of one batch."""
MOST_LISTED = 1000
USUAL_LISTED = 100
"""Documents of one page of the list."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A verb at an address: in the query string of a GET, or as JSON in a POST."""

    path: str
    verb: str
    method: str


ENDPOINTS = (
    Endpoint("/v1/search", "search", "GET"),
    Endpoint("/v1/search", "search", "POST"),
    Endpoint("/v1/show", "show", "GET"),
    Endpoint("/v1/show", "show", "POST"),
    Endpoint("/v1/documents", "documents", "GET"),
    Endpoint("/v1/facets", "facets", "GET"),
    Endpoint("/v1/status", "status", "GET"),
    Endpoint("/v1/doctor", "doctor", "GET"),
    Endpoint("/v1/verify", "verify", "POST"),
    Endpoint("/v1/check", "check", "POST"),
    Endpoint("/v1/why-not", "why_not", "GET"),
    Endpoint("/v1/why-not", "why_not", "POST"),
    Endpoint("/v1/replay", "replay", "POST"),
    Endpoint("/v1/standing", "standing", "GET"),
    Endpoint("/v1/standing", "add_standing", "POST"),
    Endpoint("/v1/standing/list", "list_standing", "GET"),
    Endpoint("/v1/standing/accept", "accept_standing", "POST"),
    Endpoint("/v1/standing/remove", "remove_standing", "POST"),
)


def routes() -> list[Route]:
    """A route for each verb; one that another method has is told which (405)."""
    by_path: dict[str, dict[str, str]] = {}
    for one in ENDPOINTS:
        by_path.setdefault(one.path, {})[one.method] = one.verb
    return [Route(path, _endpoint(verbs), methods=list(verbs)) for path, verbs in by_path.items()]


def _endpoint(verbs: Mapping[str, str]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        desk: ServerDesk = request.app.state.desk
        serving: Serving = request.app.state.serving
        name = verbs["GET" if request.method == "HEAD" else request.method]
        if VERBS[name].writes and not serving.accepting:
            raise Problem(403, "This server changes nothing. Start it with: nrqa serve --allow-standing")
        if request.method == "POST":
            said = await body_of(request)
            if name == "search" and isinstance(said, list):
                return await desk.do(_batch, desk, request, said)
            return await desk.do(_answer, desk, request, name, checked(VERBS[name], said), {})
        pairs = request.query_params.multi_items()
        beside = {key: value for key, value in pairs if key in _BESIDE.get(name, ())}
        said = from_words(VERBS[name], [(key, value) for key, value in pairs if key not in beside])
        return await desk.do(_answer, desk, request, name, said, beside)

    return endpoint


_BESIDE = {"search": ("format",), "documents": ("limit", "cursor")}
"""What a query string may say of how the answer is to be given; it is no part of what the verb is told."""


def _answer(desk: ServerDesk, request: Request, name: str, said: dict[str, Any], beside: Mapping[str, str]) -> Response:
    if name == "search" and (form := form_wanted(request, beside.get("format", ""))) is not Format.JSON:
        found = VERBS[name].does(desk, said)
        text = file_of_answer(desk, found.record, form)
        return tagged(request, text.encode(), found.record.generation, media=MEDIA[form])
    if name == "documents":
        return _listed(desk, request, said, beside)
    found = VERBS[name].does(desk, said)
    # An answer says which generation gave it; asking the desk would look into the index's folder again.
    generation = found.record.generation if name == "search" else _generation(desk)
    return tagged(request, written(found.to_dict()), generation, headers={"vary": "accept"})


def _generation(desk: ServerDesk) -> int:
    """The generation that answers now; 0 where there is none, which some verbs do without."""
    try:
        return desk.generation
    except NrqaError:
        return 0


def _listed(desk: ServerDesk, request: Request, said: dict[str, Any], beside: Mapping[str, str]) -> Response:
    """The documents, so many at a time: the object of the command with fewer of them; headers say where they go on."""
    limit = beside.get("limit", str(USUAL_LISTED))
    if not limit.isascii() or not limit.isdecimal() or len(limit) > 4 or not 1 <= int(limit) <= MOST_LISTED:
        raise QuestionError(f"limit is a whole number from 1 to {MOST_LISTED:,}.")
    # Nothing is remembered: another process of this server may get the next request.
    told = page(
        desk, "documents", said, budget=Budget(items=int(limit)), cursor=beside.get("cursor") or None, held=False
    )
    headers = {OMITTED: str(told.omitted["documents"])}
    if told.next is not None:
        pairs = [(key, value) for key, value in request.query_params.multi_items() if key != "cursor"]
        headers["link"] = f'<{request.url.path}?{urlencode([*pairs, ("cursor", told.next)])}>; rel="next"'
    return tagged(request, written(told.object), told.generation, headers=headers)


def _batch(desk: ServerDesk, request: Request, asked: list[Any]) -> Response:
    """Many questions, each with its own answer, or the reason why it has none in the answer's place."""
    if not 1 <= len(asked) <= MOST_AT_ONCE:
        raise QuestionError(f"A list holds 1 to {MOST_AT_ONCE} questions, and this one {len(asked):,}.")
    answers = []
    for one in asked:
        try:
            answers.append(VERBS["search"].does(desk, checked(VERBS["search"], one)).to_dict())
        except QuestionError as error:
            answers.append(error_object(error))
    return tagged(request, written({"answers": answers}), desk.generation)
