"""The ways in, and whether the server is there: answered to whoever has no token yet."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from nrqa.server.desk import ServerDesk
from nrqa.server.problems import Problem
from nrqa.server.security.asking import is_welcome
from nrqa.server.security.invitations import take
from nrqa.server.settings import Serving


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
