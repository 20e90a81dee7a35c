"""The outermost layer of the server: who is answered, within which limits, and how errors leave.

A log line tells method, the route's pattern, status and time: never a question, a document's name or a token.
"""

from __future__ import annotations

import logging
import secrets
import time
import traceback
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders, State
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nrqa.errors import NrqaError
from nrqa.server.problems import Problem, problem_of
from nrqa.server.security.asking import misdirected, refusal
from nrqa.server.security.headers import PRIVATE, SECURITY
from nrqa.server.security.limits import MIB, MOST_BODY, MOST_DRAFT, TooLargeError, TooSlowError, limited
from nrqa.server.settings import Serving

Tell = Callable[[Problem, str, Headers, str], Response]
"""Makes the answer that tells a problem, for a request's number, its headers and its path."""
log = logging.getLogger("nrqa.server")
_WITH_DRAFTS = ("/check", "/verify", "/v1/check", "/v1/verify", "/v1/replay", "/mcp")


class Guard:
    """Stands before the application ``inside``: what it refuses never gets there.

    Requests find ``state`` as ``request.app.state``: the settings (``serving``) and the index (``desk``).
    """

    def __init__(self, inside: ASGIApp, state: State, tell: Tell) -> None:
        self._inside, self.state, self._tell = inside, state, tell
        self._serving: Serving = state.serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope["app"] = self
        if scope["type"] != "http":
            await self._inside(scope, receive, send)
            return
        began, number = time.perf_counter(), secrets.token_hex(6)
        headers, path = Headers(scope=scope), scope["path"]
        origin = headers.get("origin", "")
        status = 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(message, number, origin if origin in self._serving.origins else "")
            await send(message)

        try:
            await self._answered(scope, headers, limited(receive, _most(path)), sent)
        except ClientDisconnect:
            return  # nothing more can be told
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not leave as uvicorn would tell it
            problem = _problem_of(error, number)
            if not status:
                await self._tell(problem, number, headers, path)(scope, receive, sent)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            spent = (time.perf_counter() - began) * 1000
            log.info("%s %s %d %.0f ms %s", scope["method"], route, status, spent, number)

    async def _answered(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        if (
            not misdirected(headers, self._serving)
            and scope["method"] == "OPTIONS"
            and headers.get("origin") in self._serving.origins
        ):
            await Response(status_code=204, headers=_ALLOWED)(scope, receive, send)
            return
        refused = refusal(headers, scope["path"], scope["query_string"], self._serving)
        if refused:
            raise Problem(refused.status, refused.detail, headers=_asking_for_token(refused.status))
        said = headers.get("content-length", "0")
        if said.isdigit() and int(said) > _most(scope["path"]):
            raise TooLargeError
        await self._inside(scope, receive, send)


def _most(path: str) -> int:
    return MOST_DRAFT if path.startswith(_WITH_DRAFTS) else MOST_BODY


def _asking_for_token(status: int) -> dict[str, str]:
    return {"www-authenticate": 'Bearer realm="nrqa"'} if status == 401 else {}


_ALLOWED = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type, if-none-match",
    "access-control-max-age": "600",
}
"""What a page of an allowed origin is told when its browser asks first; without a token, which it cannot send then."""


_EVERYWHERE = (*SECURITY, (b"cache-control", PRIVATE.encode()))
"""The headers of every answer that does not say otherwise."""


def _complete(message: Message, number: str, origin: str) -> None:
    raw: list[tuple[bytes, bytes]] = message["headers"]
    said = {name for name, _ in raw}
    raw += [one for one in _EVERYWHERE if one[0] not in said]
    raw.append((b"x-request-id", number.encode()))
    if origin:
        headers = MutableHeaders(raw=raw)
        headers["access-control-allow-origin"] = origin
        headers["access-control-expose-headers"] = "etag, link, x-omitted, x-request-id"
        headers["cross-origin-resource-policy"] = "cross-origin"
        headers.add_vary_header("origin")


def _problem_of(error: Exception, number: str) -> Problem:
    match error:
        case Problem():
            return error
        case NrqaError():
            return problem_of(error)
        case HTTPException():
            return Problem(error.status_code, error.detail, headers=error.headers)
        case TooLargeError():
            most = f"{MOST_BODY // MIB} MiB, or {MOST_DRAFT // MIB} MiB with a draft"
            return Problem(413, f"The request is too large: at most {most}.", headers={"connection": "close"})
        case TooSlowError():
            return Problem(408, "The request did not arrive in time. Send it again.", headers={"connection": "close"})
    # Where it went wrong is told, and not what with: the message may hold a question, or words of a document.
    frames = traceback.extract_tb(error.__traceback__)
    way = " < ".join(f"{one.filename.rpartition('nrqa/')[2]}:{one.lineno}" for one in reversed(frames[-6:]))
    log.error("%s in request %s at %s", type(error).__name__, number, way)
    return Problem(500, f"Something in nrqa is broken. The server's log says where, under {number}.")
