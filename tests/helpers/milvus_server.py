"""A Milvus server for tests: one of the lite kind that is started here, or the one that ``NRQA_MILVUS_SERVER`` names.

A server of the lite kind speaks the real protocol, in a process of its own, on this machine's loopback alone. Of a
named server, the collections that were made on it are deleted afterwards.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAMED = "NRQA_MILVUS_SERVER"
"""The variable with HOST:PORT of a server that runs already, perhaps with milvus+https:// before it."""
_STARTS = 90.0
"""Seconds that a busy machine may take to start it."""
_RUN = "import sys, scipy.sparse; from milvus_lite.cmdline import main; sys.exit(main())"
"""The server imports scipy at its first search, and fails where two searches come at once: so it does that before."""


class Server:
    """A server that runs: indexes on it have addresses, and are deleted by ``drop``."""

    def __init__(self, place: str) -> None:
        self.place = place if "://" in place else f"milvus://{place}"
        self._names: set[str] = set()

    def address(self, name: str, settings: str = "") -> Path:
        """The address of an index on it, as a path (see ``nrqa.index.milvus.address``)."""
        self._names.add(name)
        return Path(f"{self.place}/{name}{settings}")

    def drop(self) -> None:
        """Delete all collections of the indexes whose addresses were asked for."""
        from pymilvus import MilvusClient

        from nrqa.index.milvus.address import address_of
        from nrqa.index.milvus.connection import TOKEN

        uri = address_of(Path(f"{self.place}/any")).uri
        client = MilvusClient(uri=uri, token=os.environ.get(TOKEN, ""), dedicated=True)
        ours = tuple(f"nrqa_{name}_" for name in self._names)
        for one in client.list_collections():
            if one.startswith(ours):
                client.drop_collection(one)
        client.close()
        self._names.clear()


class Started(Server):
    """A server of the lite kind: its port, and how to kill it and start it again with the same data."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _free_port()
        super().__init__(f"127.0.0.1:{self.port}")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", _RUN, "server", "--data-dir", self.data, "--host", "127.0.0.1",
             "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + _STARTS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended with {self._process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server does not listen")

    def stop_answering(self) -> None:
        """Let it hang: connections stay open, and nothing comes."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def answer_again(self) -> None:
        """End that."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def running(data: Path) -> Iterator[Started]:
    """A server of the lite kind that runs meanwhile."""
    server = Started(data)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def at_hand(data: Path, named: str | None = None) -> Iterator[Server]:
    """The named server, or the one that the environment names, cleared afterwards; else one that runs meanwhile."""
    place = named or os.environ.get(NAMED)
    if not place:
        with running(data) as started:
            yield started
        return
    server = Server(place)
    try:
        yield server
    finally:
        server.drop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
