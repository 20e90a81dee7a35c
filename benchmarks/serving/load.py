"""How `nrqa serve` answers: one client beside the library, many clients at once, slow and broken ones.

    python -m benchmarks.serving.load INDEX [--seconds 60] [--workers 1]

The library and the server are asked in turn, so that a busy machine slows both alike.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2

import nrqa

ROUNDS = 100
QUESTIONS = [
    "why does Russia oppose missile defense", "who joined NATO", "what is the NATO-Russia Council",
    "how did the annexation of Crimea change relations", "what did the alliance deploy in Eastern Europe",
    "why were diplomats expelled", "what do Poland and Romania host", "who was poisoned in the United Kingdom",
]  # fmt: skip


@contextmanager
def server(index: Path, workers: int) -> Iterator[tuple[str, dict[str, str], int]]:
    """Address, headers, and process of a server that is ready."""
    with tempfile.TemporaryDirectory() as folder:
        token = Path(folder) / "token"
        command = [sys.executable, "-u", "-m", "nrqa", "serve", "--port", "0", "--index", str(index), "--offline"]
        command += ["--token-file", str(token), "--workers", str(workers)]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            # What it says, the address for a browser, and that for programs.
            *_, told = (process.stdout.readline() for _ in range(3))
            address = told.split()[-1].rstrip("/")
            headers = {"authorization": f"Bearer {token.read_text().strip()}"}
            try:
                until = time.monotonic() + 120
                while not is_ready(address):
                    assert time.monotonic() < until, "the server does not get ready"
                    time.sleep(0.2)
                yield address, headers, process.pid
            finally:
                process.terminate()
                process.wait(30)


def is_ready(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/readyz", timeout=5).status_code == 200
    except httpx2.HTTPError:
        return False


def resident(process: int) -> float:
    """MB of a process and those that it started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    own = int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return own + sum(resident(int(child)) for child in children)


def beside_the_library(index: Path, address: str, headers: dict[str, str]) -> dict[str, float]:
    """Milliseconds of a warm question: by the library, by JSON over HTTP, and as a page."""
    library = nrqa.Index.open(index)
    took: dict[str, list[float]] = {"library": [], "json": [], "page": []}
    with httpx2.Client(base_url=address, headers=headers, timeout=60) as client:
        for number, question in zip(range(ROUNDS + 10), itertools.cycle(QUESTIONS)):
            for name, those in took.items():
                began = time.perf_counter()
                if name == "library":
                    library.ask(question).to_dict()
                elif name == "json":
                    assert client.get("/v1/search", params={"question": question}).status_code == 200
                else:
                    assert client.get("/", params={"q": question}).status_code == 200
                if number >= 10:
                    those.append((time.perf_counter() - began) * 1000)
    return {f"{name} p50": round(statistics.median(those), 1) for name, those in took.items()}


async def in_flight(address: str, headers: dict[str, str], clients: int, seconds: float) -> dict[str, float]:
    """Throughput, p50 and p95 in seconds, and errors, where so many clients ask without pause."""
    took: list[float] = []
    failed = 0
    until = time.monotonic() + seconds
    limits = httpx2.Limits(max_connections=clients, max_keepalive_connections=clients)

    async def ask(client: httpx2.AsyncClient, chance: random.Random) -> None:
        nonlocal failed
        while time.monotonic() < until:
            began = time.perf_counter()
            try:
                answer = await client.get("/v1/search", params={"question": chance.choice(QUESTIONS)})
                failed += answer.status_code != 200
            except httpx2.HTTPError:
                failed += 1
            took.append(time.perf_counter() - began)

    began = time.monotonic()
    async with httpx2.AsyncClient(base_url=address, headers=headers, timeout=120, limits=limits) as client:
        chances = [random.Random(number) for number in range(clients)]  # noqa: S311 - the same each time
        await asyncio.gather(*(ask(client, chance) for chance in chances))
    spent = time.monotonic() - began
    return {
        "questions": len(took),
        "per second": round(len(took) / spent, 1),
        "p50 s": round(statistics.median(took), 2),
        "p95 s": round(statistics.quantiles(took, n=20)[-1], 2),
        "errors": failed,
    }


def slow_and_broken(address: str, headers: dict[str, str]) -> dict[str, float]:
    """Milliseconds of a question while 200 clients send their heads slowly, and 50 break off in the middle."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    slow = []
    for _ in range(200):
        one = socket.create_connection((host, int(port)))
        one.sendall(b"GET /v1/search?question=x HTTP/1.1\r\nHost: ")
        slow.append(one)
    for _ in range(50):
        with socket.create_connection((host, int(port))) as one:
            head = f"POST /v1/search HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
            one.sendall(f"{head}Authorization: {headers['authorization']}\r\nContent-Length: 1000\r\n\r\n{{".encode())
    took = []
    with httpx2.Client(base_url=address, headers=headers, timeout=60) as client:
        for question in QUESTIONS * 3:
            began = time.perf_counter()
            assert client.get("/v1/search", params={"question": question}).status_code == 200
            took.append((time.perf_counter() - began) * 1000)
    time.sleep(12)  # heads may take ten seconds
    closed = 0
    for one in slow:
        one.settimeout(0.01)
        with suppress(TimeoutError):
            closed += one.recv(1000) == b""
        one.close()
    return {"p50 ms meanwhile": round(statistics.median(took), 1), "slow ones that were closed": closed}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    with server(given.index, given.workers) as (address, headers, process):
        results: dict[str, object] = {"one client, ms": beside_the_library(given.index, address, headers)}
        results["MB before"] = round(resident(process))
        for clients in (50, 200):
            results[f"{clients} in flight"] = asyncio.run(in_flight(address, headers, clients, given.seconds))
        results["MB after"] = round(resident(process))
        results["slow and broken clients"] = slow_and_broken(address, headers)
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
