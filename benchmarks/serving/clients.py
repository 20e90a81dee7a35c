"""Clients of a server: one beside the library, many at once, slow and broken ones. They cost little themselves."""

import asyncio
import itertools
import json
import random
import socket
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import nrqa
from benchmarks.serving.servers import Server

_WARM_UP = 20
_SLOW, _BROKEN = 200, 50


def in_turns(index: nrqa.Index, server: Server, questions: Sequence[str], rounds: int) -> dict[str, float]:
    """Milliseconds of a warm question by the library, by HTTP, and as a page, asked in changing order.

    In turns, since a busy machine then slows all alike, and each finds what the others left in the processor's caches.
    ``above`` is the median of the differences of each round.
    """
    connection = server.connection()
    ask: dict[str, Callable[[str], object]] = {
        "library": index.ask,
        "HTTP": lambda one: _found(server.get(connection, server.path(one))),
        "page": lambda one: _found(server.get(connection, server.path(one).replace("/v1/search?question", "/?q"))),
    }
    took: dict[str, list[float]] = {name: [] for name in ask}
    chance = random.Random(1)  # noqa: S311 - the same each time
    for turn, question in zip(range(rounds + _WARM_UP), itertools.cycle(questions)):
        for name in chance.sample(list(ask), len(ask)):
            began = time.perf_counter()
            ask[name](question)
            if turn >= _WARM_UP:
                took[name].append((time.perf_counter() - began) * 1000)
    above = [one - other for one, other in zip(took["HTTP"], took["library"], strict=True)]
    quarters = statistics.quantiles(above, n=4)
    return {
        **{name: statistics.median(those) for name, those in took.items()},
        "above": statistics.median(above),
        "above, first quarter": quarters[0],
        "above, third quarter": quarters[2],
    }


def one_client(server: Server, questions: Sequence[str], rounds: int) -> float:
    """Milliseconds of a warm question, the median."""
    connection = server.connection()
    took = []
    for turn, question in zip(range(rounds + _WARM_UP), itertools.cycle(questions)):
        began = time.perf_counter()
        _found(server.get(connection, server.path(question)))
        if turn >= _WARM_UP:
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


async def in_flight(server: Server, questions: Sequence[str], clients: int, seconds: float) -> dict[str, float]:
    """What so many clients get that ask without pause: answers a second, p50 and p95 in seconds, errors."""
    took: list[float] = []
    failed = 0
    until = time.monotonic() + seconds

    async def ask(chance: random.Random) -> None:
        nonlocal failed
        stream = None
        while time.monotonic() < until:
            began = time.perf_counter()
            try:
                stream = stream or await asyncio.open_connection(server.host, server.port)
                failed += await asyncio.wait_for(_status(server, *stream, chance.choice(questions)), 120) != 200
            except (OSError, EOFError, TimeoutError):
                failed += 1
                stream = None
            took.append(time.perf_counter() - began)
        if stream:
            stream[1].close()

    began = time.monotonic()
    await asyncio.gather(*(ask(random.Random(number)) for number in range(clients)))  # noqa: S311
    spent = time.monotonic() - began
    return {
        "answers": len(took),
        "per second": len(took) / spent,
        "p50": statistics.median(took),
        "p95": statistics.quantiles(took, n=20)[-1],
        "errors": failed,
    }


async def _status(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: str) -> int:
    writer.write(_head(server, "GET", server.path(question)) + b"\r\n")
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
    json.loads(await reader.readexactly(length))
    return int(lines[0].split()[1])


def slow_and_broken(server: Server, questions: Sequence[str]) -> dict[str, float]:
    """Milliseconds of a question while clients send their heads slowly, fetch nothing, or break off in the middle."""
    slow = []
    for _ in range(_SLOW):
        one = socket.create_connection((server.host, server.port))
        one.sendall(_head(server, "GET", server.path("x"))[:-10])
        slow.append(one)
    for _ in range(_BROKEN):
        with socket.create_connection((server.host, server.port)) as one:
            more = {"Content-Type": "application/json", "Content-Length": "1000"}
            one.sendall(_head(server, "POST", "/v1/search", more) + b"\r\n{")
    found = one_client(server, questions, 100)
    time.sleep(12)  # heads may take ten seconds
    closed = 0
    for one in slow:
        one.settimeout(0.01)
        with suppress(TimeoutError):
            closed += one.recv(1000) == b""
        one.close()
    return {"p50": found, "slow": _SLOW, "broken": _BROKEN, "closed": closed}


def _head(server: Server, method: str, path: str, more: Mapping[str, str] | None = None) -> bytes:
    headers = {"Host": f"{server.host}:{server.port}", **server.headers, **(more or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}".encode()


def _found(status: int) -> None:
    assert status == 200, status
