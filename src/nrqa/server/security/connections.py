"""Connections as uvicorn serves them, with what it lacks: a time limit for the head of a request, and their number."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

_HEAD_SECONDS = 10.0
"""For all lines up to the first empty one; a browser sends them in one packet."""
_MOST = 512
"""Connections at once. An operating system mostly gives a process 1,024 files."""
TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Connection(H11Protocol):
    """A connection that ends where no request has arrived after ten seconds, and at once where there are too many."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._open = False
        self._waiting: asyncio.TimerHandle | None = None

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
        if self._open:
            super().connection_lost(exc)

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
