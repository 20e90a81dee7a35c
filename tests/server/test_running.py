"""`nrqa serve` as processes: several that share all, one that dies, how they end; and the socket in the file system."""

from __future__ import annotations

import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from nrqa.errors import ServerError
from nrqa.indexing.reindexing import reindex
from nrqa.server.listening import at_path
from started import SECONDS, in_session, started

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it looks for processes in /proc"),
]


@pytest.fixture
def index(corpus: Path, index: Path) -> Path:
    (corpus / "tea.md").write_text("# Tea\n\nThe tea was grown on the southern slope of the mountain.\n")
    reindex(corpus, index, encoder=FakeEncoder())
    return index


def until(found: Callable[[], Any]) -> Any:
    end = time.monotonic() + SECONDS
    while not (value := found()):
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.05)
    return value


@contextmanager
def stopped(number: int) -> Iterator[None]:
    os.kill(number, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(number, signal.SIGCONT)


def test_each_worker_answers_lets_in_whom_another_let_in_and_sees_a_new_generation(
    corpus: Path, index: Path, tmp_path: Path
) -> None:
    with started(index, tmp_path, "--workers", "2") as server:
        first, second = until(lambda: len(found := server.workers()) == 2 and found)
        assert server.known() == 200
        with stopped(first):
            assert server.known() == 200
            status, headers = server.ask(server.once)
            assert status == 303
            cookie = headers["set-cookie"].partition(";")[0]
        with stopped(second):
            assert server.ask("/documents", cookie=cookie)[0] == 200
            assert server.ask(server.once)[0] == 401  # a token counts once, whoever took it
            before = server.ask("/v1/documents", cookie=cookie)[1]["etag"]
        (corpus / "coffee.md").write_text("Coffee was never grown there, and nobody asked why.\n")
        reindex(corpus, index, encoder=FakeEncoder())
        tags = []
        for one in (first, second):
            with stopped(one):
                tags.append(server.ask("/v1/documents", cookie=cookie)[1]["etag"])
        assert tags[0] == tags[1] != before


def test_a_worker_that_is_killed_is_replaced_and_nobody_is_refused_meanwhile(index: Path, tmp_path: Path) -> None:
    with started(index, tmp_path, "--workers", "2") as server:
        before = until(lambda: len(found := server.workers()) == 2 and found)
        assert server.known() == 200
        os.kill(before[0], signal.SIGKILL)
        assert server.known() == 200
        after = until(lambda: len(found := server.workers()) == 2 and before[0] not in found and found)
        assert before[1] in after
        (new,) = set(after) - set(before)
        with stopped(before[1]):
            assert server.known() == 200
        assert new in server.workers()


def test_workers_end_when_the_process_that_started_them_is_killed(index: Path, tmp_path: Path) -> None:
    with started(index, tmp_path, "--workers", "2") as server:
        until(lambda: len(server.workers()) == 2)
        assert server.known() == 200
        server.process.kill()
        server.process.wait()
        until(lambda: not in_session(server.process.pid))
        with pytest.raises(ConnectionRefusedError):
            server.known()


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_server_that_is_told_to_end_leaves_nothing_behind(
    index: Path, tmp_path: Path, name: str, workers: int
) -> None:
    path = tmp_path / "socket"
    with started(index, tmp_path, "--workers", str(workers), path=path) as server:
        assert server.known() == 200
        # As a terminal does it: every process of the group gets the signal.
        os.killpg(server.process.pid, getattr(signal, name))
        assert server.process.wait(SECONDS) == 0
        assert server.process.stderr
        assert server.process.stderr.read() == ""
        until(lambda: not in_session(server.process.pid))
        assert not path.exists()
        assert [*(tmp_path / "temporary").iterdir()] == []


def test_only_its_owner_opens_the_socket_and_it_is_asked_as_this_machine(index: Path, tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with started(index, tmp_path, path=path) as server:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert server.known() == 200
        known = {"authorization": f"Bearer {server.token}"}
        for host in ("localhost:8765", "127.0.0.1:9", "[::1]:8765"):  # the near end of a tunnel
            assert server.ask("/v1/documents", host=host, **known)[0] == 200
        for host in ("evil.example", "localhost.evil.example:8765", "localhost:8765x", "localhost:8765:1"):
            assert server.ask("/v1/documents", host=host, **known)[0] == 421
        assert server.ask("/v1/documents")[0] == 401
        assert server.ask(server.once, host="localhost:8765")[0] == 303


def test_a_socket_that_a_killed_server_left_behind_is_replaced(index: Path, tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with started(index, tmp_path, path=path) as server:
        assert server.known() == 200
        server.process.kill()
        server.process.wait()
    assert path.is_socket()
    with started(index, tmp_path, path=path) as server:
        assert server.known() == 200


def test_a_socket_at_which_another_server_answers_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with at_path(path):
        with pytest.raises(ServerError, match="Another server"), at_path(path):
            pass
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knocking:
            knocking.connect(os.fspath(path))
    assert not path.exists()


def test_a_file_is_never_taken_for_a_socket(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("precious")
    with pytest.raises(ServerError, match="already in use"), at_path(path):
        pass
    assert path.read_text() == "precious"
    with pytest.raises(ServerError, match="cannot listen"), at_path(tmp_path / "none" / "socket"):
        pass
    with pytest.raises(ServerError, match="too long"), at_path(tmp_path / ("x" * 200)):
        pass


def test_a_socket_of_another_server_at_our_path_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with at_path(path):
        path.unlink()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
            other.bind(os.fspath(path))
    assert path.is_socket()
