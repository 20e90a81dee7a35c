"""Writers and servers that die at any instant: readers see one generation, whole, and nothing is lost."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from effort import tries
from fakes import FakeEncoder
from milvus_kills import kill_servers, kill_writers
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
    seen = kill_writers(place, corpus, tmp_path, WRITERS)
    assert seen.reader["asked"] > WRITERS
    assert seen.reader["away"] == 0
    assert sum(seen.phases.values()) == WRITERS
    write_state(corpus, 1_000_000)
    reindex(corpus, place, encoder=FakeEncoder())
    answer = Index.open(place, encoder=FakeEncoder()).ask("which state has the document", k=1000)
    assert states_of(answer) == {1_000_000}


def test_a_killed_server_comes_back_with_what_was_published(server: Started, corpus: Path, tmp_path: Path) -> None:
    place = server.address("served")
    write_state(corpus, 1)
    reindex(corpus, place, encoder=FakeEncoder())
    seen = kill_servers(server, place, corpus, tmp_path, SERVERS)
    assert seen.reader["last"] <= 1 + SERVERS
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
