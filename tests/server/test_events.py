"""What happens to the index, told as it happens."""

from __future__ import annotations

import json
import socket
import threading
import time
from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.indexing.reindexing import reindex
from nrqa.server.api import events
from nrqa.server.api.openapi import description
from nrqa.service import verbs
from served import client, serving
from started import started


@pytest.fixture
def index(corpus: Path, index: Path, fake: FakeEncoder) -> Path:
    (corpus / "tea.md").write_text("# Tea\n\nThe tea was grown on the southern slope of the mountain.\n")
    reindex(corpus, index, encoder=fake)
    return index


def told(text: str) -> list[tuple[str, dict[str, int]]]:
    """The events of a stream, by name."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        found += [(lines["event"], json.loads(lines["data"]))] if lines else []
    return found


def test_the_present_generation_is_told_at_once(index: Path, tmp_path: Path, fake: FakeEncoder) -> None:
    with client(serving(index, tmp_path), fake) as api:
        answer = api.get("/v1/events?most=1")
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert told(answer.text) == [("generation", {"generation": 1})]
        for wrong in ("most=0", "most=x", "most=99999", "least=1"):
            assert api.get(f"/v1/events?{wrong}").status_code == 422
    assert "get" in description()["paths"]["/v1/events"]


def test_a_new_generation_and_the_standing_answers_that_it_changes_are_told(
    corpus: Path, index: Path, tmp_path: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_LOOKS", 0.01)
    opened = Index.open(index, encoder=fake)
    verbs.add_standing(opened, "where was the tea grown")

    def changed(text: str) -> None:
        time.sleep(0.2)
        (corpus / "tea.md").write_text(f"# Tea\n\n{text}\n")
        reindex(corpus, index, encoder=fake)

    with client(serving(index, tmp_path), fake) as api:
        change = threading.Thread(target=changed, args=("Nobody knows any more where the tea was grown, or by whom.",))
        change.start()
        found = told(api.get("/v1/events?most=3").text)
        change.join()
        assert found == [
            ("generation", {"generation": 1}),
            ("generation", {"generation": 2}),
            ("standing", {"generation": 2, "changed": 1}),
        ]
        # Who knows a generation is not told of it again.
        later = threading.Thread(target=changed, args=("It was grown in the valley, they say.",))
        later.start()
        answer = api.get("/v1/events?most=1", headers={"last-event-id": "2"})
        later.join()
        assert told(answer.text) == [("generation", {"generation": 3})]
        assert api.app.state.desk.listeners == 0  # type: ignore[attr-defined]


def test_no_more_clients_than_the_server_can_bear_may_listen(index: Path, tmp_path: Path, fake: FakeEncoder) -> None:
    with client(serving(index, tmp_path), fake) as api:
        api.app.state.desk.listeners = 32  # type: ignore[attr-defined]
        answer = api.get("/v1/events?most=1")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]


@pytest.mark.slow
def test_a_client_that_listens_does_not_hold_up_the_end_of_the_server(index: Path, tmp_path: Path) -> None:
    with (
        started(index, tmp_path) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=60) as listening,
    ):
        head = (
            f"GET /v1/events HTTP/1.1\r\nhost: 127.0.0.1:{server.port}\r\nauthorization: Bearer {server.token}\r\n\r\n"
        )
        listening.sendall(head.encode())
        received = b""
        while b"event: generation" not in received:
            received += listening.recv(4096)
        server.process.terminate()
        while data := listening.recv(4096):
            received += data
        assert received.endswith(b"0\r\n\r\n")  # whole: uvicorn would wait for 5 seconds, and cut it off
        assert server.process.wait(60) == 0
        assert server.process.stderr
        assert server.process.stderr.read() == ""
