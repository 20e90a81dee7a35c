# ruff: noqa: E501 - requests are easier to compare on one line each
"""Every request that the server must refuse, or survive, made from its table of routes: a new route is tried as well.

python tests/helpers/matrix.py    draws the table in docs/safety.md
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.routing import Mount, Route

from nrqa.server.agents import PATH as AGENTS
from nrqa.server.routes import routes
from nrqa.server.security.asking import OPEN, OPEN_BELOW
from nrqa.server.security.limits import MOST_DRAFT
from served import TOKEN

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "safety.md"
BEGIN, END = "<!-- drawing: requests -->", "<!-- end: requests -->"
JSON = {"content-type": "application/json"}
HOSTS = (
    "evil.example",
    "evil.example:8765",
    "127.0.0.1",
    "127.0.0.1:9999",
    "",
    "127.0.0.1.nip.io:8765",
    "127.0.0.1:8765x",
)
ELSEWHERE: tuple[Mapping[str, str], ...] = (
    {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:9999"}, {"origin": ""},
    {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "anything"},
)  # fmt: skip
TOKENS = (
    "",
    "Bearer ",
    "Bearer wrong",
    f"Basic {TOKEN}",
    f"Bearer {TOKEN}x",
    f"Bearer {TOKEN[:-1]}",
    TOKEN,
    "Bearer é",
)
COOKIES = ("", "nrqa-8765=", "nrqa-8765=wrong", "nrqa-1=a-session-that-only-tests-would-take-for-one",
           f"nrqa-8765={TOKEN}", "nrqa-8765=a-session-that-only-tests-would-take-for-on")  # fmt: skip
OUTSIDE = (
    "../../../../etc/passwd", "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/etc/passwd", "%2fetc%2fpasswd", "..%5c..%5cetc%5cpasswd", "tea.md/../../secret.txt", "%00", "tea.md%00", "%ff",
    "%c0%ae%c0%ae/secret.txt", "%2e", "%2e%2e", "secret.txt", "../secret.txt", "file:///etc/passwd", "a" * 5000,
)  # fmt: skip
BODIES: tuple[tuple[Mapping[str, str], bytes], ...] = (
    (JSON, b""), (JSON, b"{"), (JSON, b"[" * 100_000), (JSON, b'{"question": NaN}'), (JSON, b"\xff\xfe"),
    (JSON, b'"text"'), (JSON, b"[]"), (JSON, b'{"' + b"x" * 10_000 + b'": 1}'), (JSON, b'{"question": "\\ud800"}'),
    (JSON, b'{"question": {"a": 1}, "k": "x"}'), (JSON, b"1" * 5000), ({"content-type": "text/plain"}, b'{"question": "x"}'),
    ({"content-type": "multipart/form-data"}, b"x"), ({"content-type": "multipart/form-data; boundary=x"}, b"--x\r\n\r\n"),
    ({"content-type": "application/x-www-form-urlencoded"}, b"%ff=%fe&" * 500), ({"content-type": "\x7f"}, b"x"), ({}, b"x"),
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
ANY_REFUSAL = frozenset(range(400, 500))
SURVIVES = frozenset(range(200, 500))


@dataclass(frozen=True)
class Case:
    """A request, and the status codes that its answer may have; ``let_in``: it shows the right token."""

    kind: str
    method: str
    path: str
    allowed: frozenset[int]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    let_in: bool = True


@dataclass(frozen=True)
class Address:
    """A route with names of things that are there, and its methods; ``make`` puts another document's name into it."""

    path: str
    methods: frozenset[str]
    make: Callable[[str], str] | None

    @property
    def is_open(self) -> bool:
        """Whether it is answered without a token."""
        return self.path in OPEN or self.path.startswith(OPEN_BELOW)


def addresses() -> list[Address]:
    """Every route of the server, that of the agents as well."""

    async def agents(*_: object) -> None:
        raise NotImplementedError

    found = []
    for one in routes(agents):
        if isinstance(one, Mount):
            found.append(Address(f"{one.path}/page.css", frozenset({"GET", "HEAD"}), f"{one.path}/{{}}".format))
            continue
        assert isinstance(one, Route), one
        usual = one.path.replace("{page:int}", "1").replace("{id}", "nrqa")
        make = usual.replace("{name:path}", "{}").format if "{name:path}" in usual else None
        path = make("tea.md") if make else usual
        if path == "/v1/events":
            path += "?most=1"  # it would go on
        found.append(Address(path, frozenset(one.methods or {"GET", "POST"}), make))
    return found


def cases() -> Iterator[Case]:
    """All requests of the matrix."""
    everywhere = addresses()
    for one in everywhere:
        for method in sorted(one.methods):
            yield from _uninvited(one, method)
        for name in OUTSIDE if one.make else ():
            assert one.make
            yield Case("a path that leads elsewhere", "GET", one.make(name), ANY_REFUSAL)
        for headers, body in BODIES if "POST" in one.methods else ():
            yield Case("a malformed body", "POST", one.path, SURVIVES, headers, body)
    for path in dict.fromkeys(
        one.path for one in everywhere if one.path != AGENTS
    ):  # the protocol's own server answers
        known = frozenset[str]().union(*(one.methods for one in everywhere if one.path == path))
        for method in METHODS:
            if method not in known:
                yield Case("a method that it has not", method, path, frozenset({405}))


def _uninvited(one: Address, method: str) -> Iterator[Case]:
    yield from (Case("another Host", method, one.path, frozenset({421}), {"host": host}) for host in HOSTS)
    yield from (Case("from another page", method, one.path, frozenset({403}), its) for its in ELSEWHERE)
    for token in () if one.is_open else TOKENS:
        yield Case("no token, or another", method, one.path, frozenset({401}), {"authorization": token}, let_in=False)
    for cookie in () if one.is_open else COOKIES:
        yield Case("another cookie", method, one.path, frozenset({401}), {"cookie": cookie}, let_in=False)
    for said in (str(MOST_DRAFT + 1), "9" * 30):
        its = {"content-length": said, **JSON}
        yield Case("larger than it may be", method, one.path, frozenset({413}), its, b"x")


def counted() -> dict[str, int]:
    """How many requests there are of each kind."""
    return dict(Counter(one.kind for one in cases()))


def drawn(text: str) -> str:
    """A text with the table in its place as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    kinds = counted()
    rows = [f"| {kind} | {count:,} |" for kind, count in kinds.items()]
    total = f"| together, at {len(addresses())} routes | {sum(kinds.values()):,} |"
    table = "\n".join(["| requests with | |", "| --- | ---: |", *rows, total])
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def lacking(headers: Mapping[str, str]) -> str:
    """What an answer lacks that every answer has; "" where it lacks nothing."""
    policy = headers.get("content-security-policy", "")
    wanted = {
        "policy": "default-src 'none'" in policy and "unsafe" not in policy,
        "nosniff": headers.get("x-content-type-options") == "nosniff",
        "frame": headers.get("x-frame-options") == "DENY",
        "opener": headers.get("cross-origin-opener-policy") == "same-origin",
        "no origin is allowed": "access-control-allow-origin" not in headers,
        "cache": bool(headers.get("cache-control")),
        "number": bool(headers.get("x-request-id")),
    }
    return ", ".join(name for name, there in wanted.items() if not there)


if __name__ == "__main__":
    sys.stdout.write(drawn(PAGE.read_text("utf-8")).partition(BEGIN)[2].partition(END)[0])
    PAGE.write_text(drawn(PAGE.read_text("utf-8")), "utf-8")
