"""The application: every route, behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from starlette.datastructures import Headers, State
from starlette.responses import JSONResponse, Response
from starlette.routing import Router
from starlette.types import ASGIApp

from nrqa.server.agents import agents_application
from nrqa.server.desk import ServerDesk
from nrqa.server.guard import Guard
from nrqa.server.page.looking import html, prepare
from nrqa.server.problems import MEDIA, Problem
from nrqa.server.routes import routes
from nrqa.server.settings import Serving

_TITLES = {
    401: "You are not let in yet",
    403: "Not from there",
    404: "There is nothing here",
    422: "That cannot be asked",
}


def application(serving: Serving, desk: ServerDesk | None = None) -> ASGIApp:
    """The server as an ASGI application; ``desk`` is the index it serves, where one is open already."""
    desk = desk or ServerDesk(serving.index)
    agents = agents_application(desk)
    inside = Router(
        routes(agents),
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
