# ruff: noqa: E501 - requests are easier to compare on one line each
"""Every request of the security matrix at every route; and documents made to attack their reader, in a real browser."""

from __future__ import annotations

import html
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

import matrix
from browser import CHROMIUM, browser
from fakes import FakeEncoder
from nrqa.encoder.protocol import Encoder
from nrqa.indexing.reindexing import reindex
from served import client, serving
from serving_process import served

SECRET = "the-secret-that-lies-beside-the-corpus"  # noqa: S105 - of a test
WORDS = "southern slope"
HOSTILE = (
    "<script>window.ran=1</script><img src=x onerror=window.ran=1><svg onload=window.ran=1><iframe srcdoc='<script>"
    'parent.ran=1</script>\'></iframe><a href="javascript:window.ran=1">x</a><meta http-equiv=refresh content=0;url=//evil>'
    "<style>*{display:none}</style></mark></p></textarea></title><base href=//evil.example/>{{ 7*7 }}{% raw %}"
)
RAW = (
    b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"\x00" * 100 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", b"GET / HTTP/1.1\r\nhost : x\r\n\r\n",
    b"GET / HTTP/1.1\r\nhost: {host}\r\nx: " + b"y" * 70_000 + b"\r\n\r\n", b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
    b"POST /v1/search HTTP/1.1\r\nhost: {host}\r\ncontent-length: -1\r\n\r\n",
    b"POST /v1/search HTTP/1.1\r\nhost: {host}\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx",
    b"POST /v1/search HTTP/1.1\r\nhost: {host}\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    b"POST /v1/search HTTP/1.1\r\nhost: {host}\r\ncontent-length: 5\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nhost: evil.example\r\n\r\n", b"CONNECT evil.example:443 HTTP/1.1\r\n\r\n",
)  # fmt: skip
"""What is no HTTP, or HTTP that is understood in two ways."""


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, TestClient]]:
    """One that is let in, and one that is not."""
    place = tmp_path_factory.mktemp("served")
    for name in ("corpus", "invitations"):
        (place / name).mkdir()
    (place / "secret.txt").write_text(SECRET)
    (place / "corpus" / "tea.md").write_text(f"# Tea\n\nThe tea was grown on the {WORDS} of the mountain.\n")
    reindex(place / "corpus", place / "index", encoder=FakeEncoder())
    settings = serving(place / "index", place / "invitations", accepting=True)
    with client(settings, FakeEncoder()) as known, client(settings, FakeEncoder(), let_in=False) as stranger:
        yield known, stranger


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*matrix.counted()])
def test_every_route_refuses_or_survives_every_request_of_the_matrix(
    clients: tuple[TestClient, TestClient], kind: str
) -> None:
    wrong = []
    for one in matrix.cases():
        if one.kind != kind:
            continue
        asked = clients[0 if one.let_in else 1]
        asked.cookies.clear()
        headers = [(name.encode(), value.encode()) for name, value in one.headers.items()]
        answer = asked.request(one.method, one.path, headers=headers, content=one.body)
        found = f"{one.method} {one.path[:80]} {dict(one.headers)} {one.body[:40]!r}: {answer.status_code}"
        if answer.status_code not in one.allowed:
            wrong.append(found)
        if lacks := matrix.lacking(answer.headers):
            wrong.append(f"{found} lacks {lacks}")
        if SECRET in answer.text or "root:" in answer.text:
            wrong.append(f"{found} gives what is not in the corpus")
        if not one.let_in and WORDS in answer.text:
            wrong.append(f"{found} gives words of a document to a stranger")
    assert wrong == []


def test_the_page_about_safety_tells_how_many_requests_are_tried() -> None:
    """`python tests/helpers/matrix.py` draws it anew."""
    told = matrix.PAGE.read_text("utf-8")
    assert matrix.BEGIN in told
    assert told == matrix.drawn(told)
    assert sum(matrix.counted().values()) > 1000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[tuple[str, str, list[str]]]:
    """A server of documents that attack their reader in every place of theirs; its addresses, and their names."""
    place = tmp_path_factory.mktemp("hostile")
    corpus = place / "corpus"
    corpus.mkdir()
    text = f"The harbour has ships. {HOSTILE} The harbour is old.\n"
    written = {
        "a.txt": text * 3,
        "b.md": f"---\nauthor: '{HOSTILE}'\ntitle: '{HOSTILE}'\nurl: 'javascript:window.ran=1'\n---\n# {HOSTILE}\n\n{text}",
        "c.html": f"<html><head><title>{html.escape(HOSTILE)}</title></head><body>{HOSTILE}<p>{html.escape(text)}</p></body></html>",
        "d.csv": f'name,"{HOSTILE}"\nharbour,"=HYPERLINK(""javascript:window.ran=1"") {HOSTILE}"\n',
        "e.eml": f"From: {HOSTILE}\nTo: b@example.org\nSubject: {HOSTILE}\nContent-Type: text/html\n\n{HOSTILE}<p>harbour</p>\n",
        "f.json": json.dumps({"harbour": text}),
        "g.svg.xml": f"<svg onload='window.ran=1'><text>The harbour of {html.escape(text)}</text></svg>",
        '"><img src=x onerror=ran=1>.txt': text,
        "'onmouseover='ran=1'.md": text,
        "javascript:ran=1.txt": text,
    }
    for name, content in written.items():
        (corpus / name).write_text(content, "utf-8")
    reindex(corpus, place / "index", encoder=encoder)
    with served(place / "index", "--allow-standing") as (address, once):
        yield address, once, [*written]


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_nothing_of_a_hostile_document_runs_where_it_is_shown(
    hostile: tuple[str, str, list[str]], tmp_path: Path
) -> None:
    address, once, names = hostile
    asked = quote(HOSTILE)
    paths = ["/?q=harbour&k=50", f"/?q={asked}", "/documents", "/status", f"/documents?only={asked}", "/filters?key=author",
             f"/why-not?q={asked}&document={asked}", f"/?q=harbour&where=author={asked}", f"/?q=harbour&only={asked}",
             f"/{asked}", "/standing", "/filters"]  # fmt: skip
    paths += [f"/read/{quote(name)}{query}" for name in names for query in ("", "?q=harbour&hit=1", "?at=0-40")]
    paths += [f"/beside/{quote(name)}" for name in names]
    met = 0
    with browser(tmp_path) as tab:
        tab.show(1200, 800)
        tab.go(once)
        for path in paths:
            tab.go(address + path)
            tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            tab.evaluate(
                "document.querySelectorAll('main *').forEach(one => one.dispatchEvent(new MouseEvent('mouseover')))"
            )
            assert tab.evaluate("window.ran === undefined"), path
            assert tab.evaluate("location.origin") == address, path
            foreign = (
                "performance.getEntriesByType('resource').filter(one => !one.name.startsWith(location.origin)).length"
            )
            assert tab.evaluate(foreign) == 0, path
            ours = (
                "document.querySelectorAll('main script, main style, main iframe, main base, main meta, base').length"
            )
            assert tab.evaluate(ours) == 0, path
            on = "[...document.querySelectorAll('*')].flatMap(one => [...one.attributes]).filter(one => /^on/i.test(one.name)"
            assert tab.evaluate(f"{on} || /^\\s*javascript:/i.test(one.value) && one.name === 'href').length") == 0, (
                path
            )
            met += "window.ran=1" in (tab.evaluate("document.body.innerText") or "")
        assert met > len(names)  # the attacks were there to be seen


@pytest.mark.slow
def test_what_is_no_http_is_refused_and_the_server_goes_on(hostile: tuple[str, str, list[str]]) -> None:
    host = hostile[0].removeprefix("http://")
    name, _, port = host.partition(":")
    for one in RAW:
        with socket.create_connection((name, int(port)), timeout=30) as raw:
            raw.sendall(one.replace(b"{host}", host.encode()))
            raw.shutdown(socket.SHUT_WR)
            received = raw.recv(100)
            assert received == b"" or received.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), (one[:60], received)
    with socket.create_connection((name, int(port)), timeout=30) as raw:
        raw.sendall(f"GET /healthz HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 200")
