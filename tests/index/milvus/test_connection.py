"""Connections: servers that will not do are told in a sentence, and what was lost does not hurt who still waits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nrqa.errors import IndexUnusableError
from nrqa.index.milvus import connection
from nrqa.index.milvus.address import address_of
from nrqa.index.milvus.connection import CollectionMissingError, Connection

ADDRESS = address_of(Path("milvus://db.example.org:19530/reports"))


class _RefusedError(Exception):
    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class _Client:
    """A client whose query does, in turn, what it was given."""

    def __init__(self, version: str, *acts: Any) -> None:
        self.version, self.acts, self.closed = version, list(acts), False
        self.loaded: list[str] = []

    def get_server_version(self, **_: Any) -> str:
        return self.version

    def query(self, *_: Any, **__: Any) -> Any:
        act = self.acts.pop(0)
        if isinstance(act, Exception):
            raise act
        return act

    def load_collection(self, name: str, **_: Any) -> None:
        self.loaded.append(name)

    def close(self) -> None:
        self.closed = True


def connected(monkeypatch: pytest.MonkeyPatch, *clients: _Client) -> Connection:
    """A connection to which these clients are given, one after another."""
    waiting = list(clients)
    monkeypatch.setattr(connection, "_library", lambda: lambda **_: waiting.pop(0))
    monkeypatch.setattr(connection, "_PAUSE", 0.0)
    return Connection(ADDRESS)


@pytest.mark.parametrize("version", ["v2.3.5", "2.5.27"])
def test_a_server_that_is_too_old_is_told_with_what_is_needed(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    with pytest.raises(
        IndexUnusableError, match=rf"db\.example\.org:19530 is Milvus {version.strip('v')}\..*2\.6 or newer"
    ):
        connected(monkeypatch, _Client(version)).call("query", "one")


@pytest.mark.parametrize("version", ["v2.6.0", "3.1", "milvus_lite-3.2.2", "a build of our own"])
def test_newer_servers_and_those_that_say_nothing_will_do(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    assert connected(monkeypatch, _Client(version, ["a row"])).call("query", "one") == ["a row"]


def test_a_collection_that_was_not_loaded_is_waited_for_in_limited_time(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _Client("2.6.0", *[_RefusedError("collection not loaded", 101)] * 3, ["a row"])
    assert connected(monkeypatch, client).call("query", "one") == ["a row"]
    assert client.loaded == ["one"] * 3
    monkeypatch.setattr(connection, "_LOADS", 0.0)
    stubborn = _Client("2.6.0", _RefusedError("collection not loaded", 101))
    with pytest.raises(IndexUnusableError, match="not loaded"):
        connected(monkeypatch, stubborn).call("query", "one")


def test_a_missing_collection_is_told_from_other_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CollectionMissingError):
        connected(monkeypatch, _Client("2.6.0", _RefusedError("collection not found", 100))).call("query", "one")


def test_a_lost_client_is_replaced_and_stays_open_for_who_still_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    lost, new = _Client("2.6.0", _RefusedError("UNAVAILABLE: no route")), _Client("2.6.0", ["a row"])
    assert connected(monkeypatch, lost, new).call("query", "one") == ["a row"]
    assert not lost.closed


def test_a_request_is_tried_so_often_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = [_Client("2.6.0", _RefusedError("DEADLINE exceeded")) for _ in range(connection._TRIES)]
    with pytest.raises(IndexUnusableError, match=r"db\.example\.org:19530 does not answer in time"):
        connected(monkeypatch, *clients).call("query", "one")
    assert not any(one.acts for one in clients)
