"""A server for tests: its settings, and a client that is let in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from nrqa.answering.asking import Index
from nrqa.encoder.protocol import Encoder
from nrqa.server.application import application
from nrqa.server.desk import ServerDesk
from nrqa.server.settings import Serving, hosts_of

TOKEN = "a-token-that-only-tests-would-take-for-one"  # noqa: S105 - of no server
ADDRESS = "http://127.0.0.1:8765"


def serving(index: Path, invitations: Path, **more: object) -> Serving:
    """Settings like those of a server at the usual port."""
    usual = {
        "index": index,
        "host": "127.0.0.1",
        "port": 8765,
        "hosts": hosts_of("127.0.0.1", 8765),
        "origins": frozenset[str](),
        "bearer": TOKEN,
        "session": "a-session-that-only-tests-would-take-for-one",
        "invitations": invitations,
    }
    return Serving(**(usual | more))  # type: ignore[arg-type]


@contextmanager
def client(settings: Serving, encoder: Encoder | None = None, *, let_in: bool = True) -> Iterator[TestClient]:
    """A client of a server with these settings; without ``let_in`` it shows no token."""
    desk = ServerDesk(settings.index, index=Index.open(settings.index, encoder=encoder) if encoder else None)
    headers = {"authorization": f"Bearer {TOKEN}"} if let_in else {}
    with TestClient(
        application(settings, desk), ADDRESS, headers=headers, follow_redirects=False, raise_server_exceptions=False
    ) as found:
        yield found
