"""A Milvus server of the lite kind on this machine's loopback, in a process of its own: it speaks the real protocol."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STARTS = 90.0
"""Seconds that a busy machine may take to start it."""
_RUN = "import sys; from milvus_lite.cmdline import main; sys.exit(main())"


class Server:
    """The server: its port, and how to kill it and start it again with the same data."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def address(self, name: str) -> Path:
        """The address of an index on it, as a path (see ``nrqa.index.milvus.address``)."""
        return Path(f"milvus://127.0.0.1:{self.port}/{name}")

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
def running(data: Path) -> Iterator[Server]:
    """A server that runs meanwhile."""
    server = Server(data)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
