"""The agents' server at /mcp, behind the guard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from fakes import FakeEncoder
from nrqa.indexing.reindexing import reindex
from served import client, serving

pytest.importorskip("mcp")

TEA = "The tea was grown on the southern slope of the mountain."
JSON = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


@pytest.fixture
def agent(tmp_path: Path, fake: FakeEncoder) -> Iterator[TestClient]:
    for name in ("corpus", "invitations"):
        (tmp_path / name).mkdir()
    (tmp_path / "corpus" / "tea.md").write_text(f"# Tea\n\n{TEA}\n")
    reindex(tmp_path / "corpus", tmp_path / "index", encoder=fake)
    with client(serving(tmp_path / "index", tmp_path / "invitations"), fake) as found:
        yield found


def called(agent: TestClient, method: str, **parameters: Any) -> Any:
    sent = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
    return agent.post("/mcp", json=sent, headers=JSON)


def test_an_agent_that_sends_the_token_asks_over_http(agent: TestClient) -> None:
    greeting = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    assert called(agent, "initialize", **greeting).json()["result"]["serverInfo"]["name"] == "nrqa"
    tools = called(agent, "tools/list").json()["result"]["tools"]
    assert "verify" in [one["name"] for one in tools]
    found = called(agent, "tools/call", name="search", arguments={"query": "where was the tea grown"}).json()
    assert TEA in found["result"]["content"][0]["text"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"authorization": ""}, 401), ({"host": "evil.example"}, 421), ({"origin": "http://evil.example"}, 403)],
)
def test_others_are_refused_before_they_reach_it(agent: TestClient, headers: dict[str, str], status: int) -> None:
    sent = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    assert agent.post("/mcp", json=sent, headers=JSON | headers).status_code == status
