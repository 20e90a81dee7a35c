"""`nrqa serve` in a session of its own: its processes, how it is asked, and what it leaves behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

SECONDS = 90.0
"""For a process to start or end on a busy machine."""
_OURS = "spawn_main"
"""What the command of a worker has in it."""


@dataclass
class Server:
    """A server that runs, and how it is asked."""

    process: subprocess.Popen[str]
    token: str
    port: int
    path: Path | None
    once: str

    def ask(self, path: str, **headers: str) -> tuple[int, dict[str, str]]:
        """Status and headers of the answer to a request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port or 80, timeout=SECONDS)
        if self.path:
            connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.sock.connect(os.fspath(self.path))
        sent = {"connection": "close", **({"host": "localhost"} if self.path else {}), **headers}
        connection.request("GET", path, headers=sent)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}

    def known(self) -> int:
        """The status for somebody with the token."""
        return self.ask("/v1/documents", authorization=f"Bearer {self.token}")[0]

    def workers(self) -> list[int]:
        """The processes that serve."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(one) for one in found if _OURS in command_of(int(one))]


@contextmanager
def started(index: Path, folder: Path, *words: str, path: Path | None = None) -> Iterator[Server]:
    """A server in a session of its own, whose temporary files lie in ``folder``."""
    token = folder / "token"
    (folder / "temporary").mkdir(exist_ok=True)
    place = ["--socket", str(path)] if path else ["--port", "0"]
    command = [sys.executable, "-u", "-m", "nrqa", "serve", *place, "--offline", "--index", str(index), *words]
    with subprocess.Popen(
        [*command, "--token-file", str(token)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(folder / "temporary")},
    ) as process:
        assert process.stdout
        assert process.stderr
        try:
            _, second, third = (process.stdout.readline() for _ in range(3))
            assert second, process.stderr.read()
            port = 0 if path else int(third.rstrip().rstrip("/").rpartition(":")[2])
            once = second.split()[-1].partition("/enter")[2]
            yield Server(process, token.read_text().strip(), port, path, f"/enter{once}")
        finally:
            for one in in_session(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            process.kill()
            process.wait()


def command_of(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def in_session(number: int) -> list[int]:
    """All processes of a session that run."""
    found = []
    for one in Path("/proc").iterdir():
        with suppress(OSError):
            if one.name.isdecimal() and os.getsid(int(one.name)) == number:
                state = (one / "stat").read_text().rpartition(")")[2].split()[0]
                found += [int(one.name)] if state != "Z" else []
    return found
