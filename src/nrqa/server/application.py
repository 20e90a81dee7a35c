"""The application: every route, behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from starlette.datastructures import Headers, State
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from nrqa.server.agents import PATH, agents_application
from nrqa.server.api import documents, openapi, pictures, vector_stores, verbs
from nrqa.server.desk import ServerDesk
from nrqa.server.guard import Guard
from nrqa.server.page import auditing, checking, exporting, filtering, holdings, reading, search
from nrqa.server.page.looking import STATIC, html, prepare
from nrqa.server.problems import MEDIA, Problem
from nrqa.server.security.asking import FEED, is_welcome
from nrqa.server.security.invitations import take
from nrqa.server.settings import Serving

_TITLES = {
    401: "You are not let in yet",
    403: "Not from there",
    404: "There is nothing here",
    422: "That cannot be asked",
}
_FOREVER = "public, max-age=31536000, immutable"
"""For files whose address changes when they do."""


def application(serving: Serving, desk: ServerDesk | None = None) -> ASGIApp:
    """The server as an ASGI application; ``desk`` is the index it serves, where one is open already."""
    desk = desk or ServerDesk(serving.index)
    agents = agents_application(desk)
    inside = Router(
        [
            *verbs.routes(),  # first: routes are tried in turn
            Route("/", search.search),
            Route("/beside/{name:path}", search.preview),
            Route("/read/{name:path}", reading.read),
            Route("/documents", holdings.documents),
            Route("/filters", filtering.filters),
            Route("/status", holdings.status),
            Route("/errors", holdings.errors),
            Route("/check", checking.form),
            Route("/check", checking.check, methods=["POST"]),
            Route("/check/copy", checking.copy, methods=["POST"]),
            Route("/standing", auditing.standing),
            Route("/standing", auditing.change_standing, methods=["POST"]),
            Route(FEED, auditing.feed),
            Route("/why-not", auditing.why_not),
            Route("/export", exporting.export),
            Route("/v1/documents/{name:path}/pages/{page:int}.png", pictures.page_picture),
            Route("/v1/documents/{name:path}/pages/{page:int}.json", documents.words),
            Route("/v1/documents/{name:path}/original", pictures.original_file),
            Route("/v1/documents/{name:path}/text", documents.text),
            Route("/v1/documents/{name:path}", documents.document),
            Route("/v1/vector_stores/{id}/search", vector_stores.search, methods=["POST"]),
            Route("/openapi.json", openapi.described),
            Route("/enter", enter),
            Route("/healthz", healthy),
            Route("/readyz", ready),
            Mount("/static", _Static(directory=STATIC)),
            *([Route(PATH, agents)] if agents else []),
        ],
        redirect_slashes=False,
        lifespan=_warming,
    )
    # A router alone: Starlette's own layers would answer errors before the guard does.
    return Guard(inside, State({"desk": desk, "serving": serving, "agents": agents}), tell)


@asynccontextmanager
async def _warming(app: Guard) -> AsyncIterator[None]:
    """Open index and encoder beside the first requests, so that none of them waits for both."""
    app.state.desk.warm_all_behind(prepare)
    agents = app.state.agents
    try:
        async with agents.router.lifespan_context(agents) if agents else nullcontext():
            yield
    finally:
        app.state.desk.close()


async def enter(request: Request) -> Response:
    """Exchange a one-time token for the cookie of a browser that was let in."""
    serving: Serving = request.app.state.serving
    if not take(request.query_params.get("token", ""), serving.invitations) and not is_welcome(
        request.headers, serving
    ):
        raise Problem(
            401,
            "This address was used already, or is of another run of the server. Press Enter in the terminal where "
            "`nrqa serve` runs: it prints a new one.",
        )
    answer = RedirectResponse("/", 303)
    answer.set_cookie(serving.cookie, serving.session, httponly=True, samesite="strict", path="/")
    return answer


async def ready(request: Request) -> Response:
    """Whether questions are answered at once: the index is open, and the encoder loaded."""
    desk: ServerDesk = request.app.state.desk
    if not desk.is_warm:
        raise Problem(503, "Index and encoder are not open yet.", headers={"retry-after": "1"})
    return JSONResponse({"status": "ready", "generation": desk.generation})


async def healthy(_: Request) -> Response:
    """That the process answers."""
    return JSONResponse({"status": "alive"})


def tell(problem: Problem, number: str, headers: Headers, path: str) -> Response:
    """A problem as a page for browsers, as JSON for everybody else."""
    if "text/html" in headers.get("accept", "") and not path.startswith("/v1/"):
        title = _TITLES.get(problem.status, problem.name)
        answer: Response = html(
            "problem.html", problem.status, here="", holds="", problem=problem, number=number, title=title
        )
    else:
        answer = JSONResponse(problem.to_dict(number), problem.status, media_type=MEDIA)
    answer.headers.update(problem.headers)
    return answer


class _Static(StaticFiles):
    """Our own files, which browsers keep as long as they like."""

    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        if b"v=" in scope["query_string"]:
            answer.headers["cache-control"] = _FOREVER
        return answer
