"""Writers and servers that die at any instant: readers see one generation, whole, and nothing is lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import project
from effort import tries
from fakes import FakeEncoder
from milvus_server import Started, running
from nrqa.answering.asking import Index
from nrqa.errors import IndexBusyError, IndexUnusableError
from nrqa.index.milvus import connection, record
from nrqa.index.milvus.server import Server as Generations
from nrqa.index.opening import generations_at
from nrqa.indexing.reindexing import reindex
from states import states_of, write_state

pytestmark = pytest.mark.slow

WRITERS, SERVERS = tries(6, 2), tries(3, 1)
"""Each takes some seconds: a writer, and a server that is started again."""

_WRITER = """
import sys, pathlib
from fakes import FakeEncoder
from nrqa.index.milvus import record
from nrqa.indexing.reindexing import reindex
from states import write_state
record._SETTLES = 0.1
corpus, index, state = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
print("begun", flush=True)
while True:
    write_state(corpus, state)
    reindex(corpus, index, encoder=FakeEncoder())
    state += 1
"""

# Asks all the time. A server that is away is told as an error that names it; every answer is of one state, whole.
_READER = """
import sys, json, pathlib, os
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.errors import IndexUnusableError
from states import DOCUMENTS, states_of
index, stop = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
last = asked = away = 0
held = None
while not stop.exists():
    try:
        if held is None or asked % 20 == 0:
            held = Index.open(index, encoder=FakeEncoder())
        answer = held.ask("which state has the document", k=1000)
    except IndexUnusableError as error:
        assert "127.0.0.1" in str(error), error
        away += 1
        continue
    if not asked:
        print("asking", flush=True)
    states = states_of(answer)
    assert len(states) == 1, f"mixed: {states}"
    assert len(answer.hits) == DOCUMENTS, len(answer.hits)
    state = states.pop()
    assert state >= last, f"went back from {last} to {state}"
    last, asked = state, asked + 1
print(json.dumps({"asked": asked, "away": away, "last": last}))
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(record, "_SETTLES", 0.1)
    with running(tmp_path / "server") as found:
        yield found


def test_killed_writers_leave_one_generation_whole(server: Started, corpus: Path, tmp_path: Path) -> None:
    place = server.address("killed")
    write_state(corpus, 1)
    reindex(corpus, place, encoder=FakeEncoder())
    said, published = kill_writers(place, corpus, tmp_path, WRITERS)
    assert said["asked"] > WRITERS
    assert said["away"] == 0
    assert published >= 1
    write_state(corpus, 1_000_000)
    reindex(corpus, place, encoder=FakeEncoder())
    answer = Index.open(place, encoder=FakeEncoder()).ask("which state has the document", k=1000)
    assert states_of(answer) == {1_000_000}


def test_a_killed_server_comes_back_with_what_was_published(server: Started, corpus: Path, tmp_path: Path) -> None:
    place = server.address("served")
    write_state(corpus, 1)
    reindex(corpus, place, encoder=FakeEncoder())
    chance = random.Random(3)
    with reading(place, tmp_path) as reader:
        for state in range(2, 2 + SERVERS):
            time.sleep(chance.uniform(0.2, 2.0))
            server.kill()
            time.sleep(chance.uniform(0.0, 0.5))
            server.start()
            write_state(corpus, state)
            reindex(corpus, place, encoder=FakeEncoder())
            assert reader.poll() is None, reader.communicate()[1]
        said = ended(reader, tmp_path)
    assert said["last"] <= 1 + SERVERS
    answer = Index.open(place, encoder=FakeEncoder()).ask("which state has the document", k=1000)
    assert states_of(answer) == {1 + SERVERS}


def test_a_second_writer_is_told_who_writes_and_since_when(server: Started, corpus: Path) -> None:
    place = server.address("leased")
    write_state(corpus, 1)
    reindex(corpus, place, encoder=FakeEncoder())
    other = generations_at(place)
    assert isinstance(other, Generations)
    with other.writing():
        # Another machine has no part of this folder's lock; the lease is the server's.
        lease = other._record.get(record._LEASE)
        assert lease["owner"]["process"] == os.getpid()
        refused = record.Record(other._record.connection, other._record.address)
        with pytest.raises(IndexBusyError, match=rf"process {os.getpid()} .*for \d+ s"), refused.leased():
            pass
    write_state(corpus, 2)
    assert reindex(corpus, place, encoder=FakeEncoder()).generation == 2


def test_a_server_that_hangs_is_told_in_limited_time(
    server: Started, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    place = server.address("hanging")
    write_state(corpus, 1)
    reindex(corpus, place, encoder=FakeEncoder())
    monkeypatch.setattr(connection, "_SECONDS", 1.0)
    opened = Index.open(place, encoder=FakeEncoder())
    opened.ask("which state has the document", k=3)
    server.stop_answering()
    began = time.monotonic()
    try:
        with pytest.raises(IndexUnusableError, match=rf"127\.0\.0\.1:{server.port}"):
            opened.ask("what is the state of another document", k=3)
        assert time.monotonic() - began < 30
    finally:
        server.answer_again()
    assert opened.ask("what is the state of another document", k=3).hits


def kill_writers(place: Path, corpus: Path, folder: Path, count: int) -> tuple[dict[str, int], int]:
    """Kill so many writers while a reader asks; returns what the reader says, and how many generations there were."""
    chance, longest = random.Random(7), 8.0
    published: set[int | None] = set()
    with reading(place, folder) as reader:
        for at in range(count):
            with subprocess.Popen(
                [sys.executable, "-c", _WRITER, corpus, place, str(1000 * (at + 1))],
                env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            ) as writer:  # fmt: skip
                assert writer.stdout
                assert writer.stdout.readline() == "begun\n"
                time.sleep(chance.uniform(0.0, longest))
                assert writer.poll() is None, writer.communicate()[1]
                writer.kill()
            assert reader.poll() is None, reader.communicate()[1]
            number = generations_at(place).newest_number()
            # Before, during and after publishing, however busy the machine is.
            longest *= 0.9 if number not in published else 1.5
            published.add(number)
        return ended(reader, folder), len(published)


class reading(ExitStack):  # noqa: N801 - it is used as a context
    """A process that asks all the time."""

    def __init__(self, place: Path, folder: Path) -> None:
        super().__init__()
        (folder / "stop").unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _READER, place, folder / "stop"],
            env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.callback(self._process.kill)

    def __enter__(self) -> subprocess.Popen[str]:  # type: ignore[override]
        super().__enter__()
        assert self._process.stdout
        assert self._process.stdout.readline() == "asking\n", self._process.communicate()[1]
        return self._process


def ended(reader: subprocess.Popen[str], folder: Path) -> dict[str, int]:
    """What a reader says when it is told to stop."""
    (folder / "stop").touch()
    said, complaint = reader.communicate(timeout=180)
    assert reader.returncode == 0, complaint
    return dict(json.loads(said))


def environment() -> dict[str, str]:
    imported = (project.HELPERS, project.TESTS, os.environ.get("PYTHONPATH", ""))
    return {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(map(str, imported))}
