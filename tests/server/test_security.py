from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from fakes import FakeEncoder
from nrqa.indexing.reindexing import reindex
from nrqa.server.running import Wanted, prepared
from nrqa.server.security.invitations import invite
from nrqa.server.settings import Serving
from served import ADDRESS, TOKEN, client, serving

PAGES = ["/", "/?q=tea", "/read/tea.md", "/beside/tea.md", "/static/page.css", "/healthz", "/nothing", "/enter"]
OPEN = ["/static/page.css", "/healthz", "/enter"]
ELSEWHERE = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:9999"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.fixture(scope="module")
def encoder_of_all() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, encoder_of_all: FakeEncoder) -> Serving:
    place = tmp_path_factory.mktemp("served")
    for name in ("corpus", "invitations"):
        (place / name).mkdir()
    (place / "corpus" / "tea.md").write_text("# Tea\n\nThe tea was grown on the southern slope of the mountain.\n")
    reindex(place / "corpus", place / "index", encoder=encoder_of_all)
    return serving(place / "index", place / "invitations")


@pytest.fixture(scope="module")
def known(settings: Serving, encoder_of_all: FakeEncoder) -> Iterator[TestClient]:
    with client(settings, encoder_of_all) as found:
        yield found


@pytest.fixture(scope="module")
def stranger_of_all(settings: Serving, encoder_of_all: FakeEncoder) -> Iterator[TestClient]:
    with client(settings, encoder_of_all, let_in=False) as found:
        yield found


@pytest.fixture
def stranger(stranger_of_all: TestClient) -> TestClient:
    stranger_of_all.cookies.clear()
    return stranger_of_all


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:9999", "", "127.0.0.1.nip.io:8765"]
)
def test_a_request_under_another_name_is_refused_everywhere(known: TestClient, path: str, host: str) -> None:
    assert known.get(path, headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765"])
def test_this_machine_is_asked_under_all_its_own_names(known: TestClient, host: str) -> None:
    assert known.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_what_another_page_sends_is_refused_everywhere(known: TestClient, path: str, headers: dict[str, str]) -> None:
    assert known.get(path, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers", [{}, {"origin": ADDRESS}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}], ids=str
)
def test_our_own_page_and_a_typed_address_are_answered(known: TestClient, headers: dict[str, str]) -> None:
    assert known.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize("path", [path for path in PAGES if path not in OPEN])
@pytest.mark.parametrize(
    "shown", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"]
)
def test_nobody_is_answered_without_the_token(stranger: TestClient, path: str, shown: str) -> None:
    answer = stranger.get(path, headers={"authorization": shown})
    assert answer.status_code == 401
    assert "tea" not in answer.text.lower()


def test_a_one_time_token_becomes_a_cookie_once(stranger: TestClient, settings: Serving) -> None:
    token = invite(settings.invitations)
    answer = stranger.get(f"/enter?token={token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert token not in cookie
    assert stranger.get("/").status_code == 200
    stranger.cookies.clear()
    assert stranger.get("/").status_code == 401
    assert stranger.get(f"/enter?token={token}").status_code == 401


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "%00", "é" * 1000])
def test_a_token_that_was_not_given_opens_nothing(stranger: TestClient, token: str) -> None:
    assert stranger.get(f"/enter?token={token}").status_code == 401


def test_a_cookie_that_another_server_set_wrongly_does_not_hide_ours(stranger: TestClient, settings: Serving) -> None:
    cookies = f'other=a"b; ={{}}; {settings.cookie}={settings.session}; third'
    assert stranger.get("/", headers={"cookie": cookies}).status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "/read/nothing.md"])
def test_every_answer_forbids_what_is_not_ours(known: TestClient, path: str) -> None:
    headers = known.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    ["/read/../../../etc/passwd", "/read/%2e%2e/%2e%2e/etc/passwd", "/read//etc/passwd", "/static/../application.py",
     "/static/%2e%2e/looking.py", "/static/..%5clooking.py", "/read/tea.md%00", "/read/%ff"],
)  # fmt: skip
def test_no_path_leads_out_of_the_index(known: TestClient, path: str) -> None:
    answer = known.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


@pytest.mark.parametrize("said", ["2000000", "99999999999999999999"])
def test_a_request_that_says_it_is_too_large_is_not_read(known: TestClient, said: str) -> None:
    assert known.post("/", content=b"x", headers={"content-length": said}).status_code == 413


def test_a_log_line_holds_no_question_and_no_name(known: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "nrqa"):
        known.get("/?q=secret+grown")
        known.get("/read/tea.md?q=secret")
        known.get("/read/secret.md")
        known.get("/secret")
    assert len(caplog.messages) == 4
    assert not [one for one in caplog.messages if "secret" in one or "tea" in one]


def test_markup_in_a_document_and_in_a_question_is_text(
    corpus: Path, index: Path, tmp_path: Path, fake: FakeEncoder
) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} tea"
    name = '"><script>x.txt'.replace("/", "")
    (corpus / name).write_text(f"{hostile}\n\nThe tea {hostile}\n")
    reindex(corpus, index, encoder=fake)
    with client(serving(index, tmp_path), fake) as found:
        for path in (f"/?q={hostile}", "/?q=tea", "/read/%22%3E%3Cscript%3Ex.txt?q=%22%3E%3Cscript%3E"):
            text = found.get(path).text
            assert "<script>" not in text
            assert "<img" not in text
            assert "49" not in text or "7*7" in text


def test_answers_are_sent_at_once(settings: Serving) -> None:
    with prepared(Wanted(settings.index, "127.0.0.1", 0)) as (_, listening):
        assert listening.proto == socket.IPPROTO_TCP  # or asyncio leaves Nagle's algorithm on
