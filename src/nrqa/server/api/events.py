"""What happens to the index, told as it happens (server-sent events): new generations, changed standing answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from nrqa.errors import NrqaError, QuestionError
from nrqa.server.desk import ServerDesk
from nrqa.server.problems import Problem
from nrqa.server.security.connections import ENDING
from nrqa.service import verbs

MOST_EVENTS = 1000
"""Of one connection, where the client says how many it wants."""
_MOST_AT_ONCE = 32
"""Connections that listen, in one process: each looks into the index's folder every second."""
_LOOKS = 1.0
"""Seconds between two looks."""
_SILENCE = 15
"""Looks after which a line is sent that says nothing, so that a client that has left is noticed."""


async def events(request: Request) -> Response:
    """The present generation, and from then on each change, until the client or the server leaves."""
    desk: ServerDesk = request.app.state.desk
    most = _most(request)
    if desk.listeners >= _MOST_AT_ONCE:
        raise Problem(503, f"{_MOST_AT_ONCE} clients listen already. Try again later.", headers={"retry-after": "10"})
    generation = await desk.do(lambda: desk.generation)  # an index that is not there is told now
    ending = asyncio.Event()
    request.scope[ENDING] = ending.set
    return StreamingResponse(
        _told(desk, generation, request.headers.get("last-event-id", ""), most, ending),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _told(
    desk: ServerDesk, generation: int, known: str, most: int | None, ending: asyncio.Event
) -> AsyncIterator[str]:
    told = 0
    desk.listeners += 1
    try:
        if known != str(generation):
            yield _event("generation", generation, {"generation": generation})
            told += 1
        quiet = 0
        while not ending.is_set() and (most is None or told < most):
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), _LOOKS)
            now = await desk.do(_newest, desk, generation)
            if now != generation:
                generation, quiet = now, 0
                yield _event("generation", now, {"generation": now})
                told += 1
                changed = await desk.do(_changed, desk)
                if changed and (most is None or told < most):
                    yield _event("standing", now, {"generation": now, "changed": changed})
                    told += 1
            elif (quiet := quiet + 1) % _SILENCE == 0:
                yield ": nothing new\n\n"
    finally:
        desk.listeners -= 1


def _newest(desk: ServerDesk, before: int) -> int:
    """The newest generation; ``before`` where the index cannot be looked at just now."""
    try:
        return desk.generation
    except (NrqaError, OSError):
        return before


def _changed(desk: ServerDesk) -> int:
    """How many answers to standing questions are not as they were accepted."""
    try:
        return verbs.standing(desk.index).record.changed
    except (NrqaError, OSError):
        return 0


def _event(name: str, number: int, data: dict[str, int]) -> str:
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n"


def _most(request: Request) -> int | None:
    for key in request.query_params:
        if key != "most":
            raise QuestionError(f"{key[:40]!r} is nothing that may be said here. Known are: most.")
    written = request.query_params.get("most")
    if written is None:
        return None
    if not written.isascii() or not written.isdecimal() or len(written) > 4 or not 1 <= int(written) <= MOST_EVENTS:
        raise QuestionError(f"most is a whole number of events from 1 to {MOST_EVENTS:,}.")
    return int(written)
