"""Connections that end where a client does not fetch its answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from nrqa.server.security import connections
from nrqa.server.security.connections import Connection

SIZE = 20_000_000
"""Bytes: more than the operating system takes before anything is fetched."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_FETCHING", 0.05)


async def large(_: Any, __: Any, send: Any) -> None:
    headers = [(b"content-length", str(SIZE).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * SIZE})


def connection() -> tuple[Connection, ServerState]:
    state = ServerState()
    return Connection(uvicorn.Config(large, log_config=None), state, {}, asyncio.get_running_loop()), state


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not reached():  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.01)


def test_a_client_that_fetches_nothing_loses_its_connection() -> None:
    async def left() -> int:
        loop = asyncio.get_running_loop()
        made, state = connection()
        server = await loop.create_server(lambda: made, "127.0.0.1", 0)
        with socket.create_connection(server.sockets[0].getsockname()) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await until(lambda: state.total_requests == 1)
            await until(lambda: not state.connections)
        server.close()
        return len(state.connections)

    assert asyncio.run(left()) == 0


class Transport(asyncio.Transport):
    """A client that fetches something each time one looks, until it stops."""

    def __init__(self, left: Iterator[int]) -> None:
        super().__init__()
        self.left, self.looks, self.aborted = left, 0, asyncio.Event()

    def get_write_buffer_size(self) -> int:
        self.looks += 1
        return next(self.left)

    def abort(self) -> None:
        self.aborted.set()


def test_a_client_that_fetches_slowly_keeps_its_connection_until_it_stops() -> None:
    async def looks() -> int:
        made, _ = connection()
        transport = Transport(iter([50, 40, 30, 20, 20]))
        made.connection_made(transport)
        made.pause_writing()
        async with asyncio.timeout(30):
            await transport.aborted.wait()
        made.connection_lost(ConnectionAbortedError())
        return transport.looks

    assert asyncio.run(looks()) == 5
