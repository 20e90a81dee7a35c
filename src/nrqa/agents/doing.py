"""Work in threads: so many calls at once, each in limited time, and none for a client that does not wait any more.

A call that takes too long ends in an error while the server goes on answering. Its thread cannot be killed: it is told
to stop, and holds its place until it does, so that calls which never end can never be more than the places.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar

import anyio

from nrqa.errors import NrqaError, TooLongError

Result = TypeVar("Result")
SECONDS = 55.0
"""The longest that a call may take: most clients give up after 60 seconds, and say less about it than we can."""
AT_ONCE = 4
"""Calls that are worked on at the same time."""


class StoppedError(NrqaError):
    """Nobody waits for this work any more. No client ever sees it."""


class Doing:
    """Threads for the work of one server."""

    def __init__(self, seconds: float = SECONDS, at_once: int = AT_ONCE) -> None:
        """No thread is started yet."""
        self.seconds = seconds
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="nrqa-agents")
        self._under_way: set[Future[Any]] = set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is worked on, or waits to be."""
        return not self._under_way

    async def do(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """What the work gives. Raises TooLongError where that takes too long, and what the work raises."""
        return await self.stoppable(lambda _: work(*arguments))

    async def stoppable(self, work: Callable[[Callable[[], None]], Result]) -> Result:
        """The same for work that is given a function to call now and then, which raises once nobody waits any more."""
        gone = Event()

        def go_on() -> None:
            if gone.is_set():
                raise StoppedError("Nobody waits for this any more.")

        future = self._pool.submit(work, go_on)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        try:
            with anyio.move_on_after(self.seconds):
                return await asyncio.wrap_future(future)
        finally:
            gone.set()
            future.cancel()
        raise TooLongError(
            f"This took longer than {self.seconds:g} seconds, and was given up. Ask for less at once: a shorter text, "
            "or fewer passages."
        )
