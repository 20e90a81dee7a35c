"""Connections as uvicorn serves them, with what it lacks: time limits for heads and for answers, and their number."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

_HEAD_SECONDS = 10.0
"""For all lines up to the first empty one; a browser sends them in one packet."""
_FETCHING = 30.0
"""Seconds that a client may leave what is sent to it untouched."""
_MOST = 512
"""Connections at once. An operating system mostly gives a process 1,024 files."""
TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
ENDING = "nrqa.ending"
"""Under this name an answer that goes on and on puts into its scope what it wants to be told when the server ends."""


class Connection(H11Protocol):
    """A connection that ends where no request has arrived after ten seconds, and at once where there are too many.

    It also ends where nothing of an answer is fetched for half a minute.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._open = False
        self._waiting: asyncio.TimerHandle | None = None
        self._fetching: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        if len(self.connections) >= _MOST:
            transport.write(TOO_MANY)
            transport.close()
            return
        super().connection_made(transport)
        self._open = True
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting until a request's head is complete; a next one gets its own time."""
        if not self._open or self.transport.is_closing():
            return
        if self._waiting is None and self._is_idle():
            self._wait()
        super().data_received(data)
        if not self._is_idle():
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        self._fetch_no_more()
        if self._open:
            super().connection_lost(exc)

    def shutdown(self) -> None:
        """End after the answer under way, of which one that goes on and on ends now."""
        super().shutdown()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.scope.get(ENDING, lambda: None)()  # type: ignore[operator]

    def pause_writing(self) -> None:
        """More is written than the client fetches: begin to look whether it fetches anything."""
        super().pause_writing()
        self._look_later(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The client has fetched nearly all of it."""
        self._fetch_no_more()
        super().resume_writing()

    def _is_idle(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(_HEAD_SECONDS, self._give_up)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if not self.transport.is_closing() and self._is_idle():
            self.transport.close()

    def _look_later(self, left: int) -> None:
        self._fetching = self.loop.call_later(_FETCHING, self._look, left)

    def _look(self, before: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left < before:
            self._look_later(left)
        else:
            self.transport.abort()

    def _fetch_no_more(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
            self._fetching = None
