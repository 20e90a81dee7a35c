"""Whether a request may be answered: addressed to us, sent by no other page, and by somebody who was let in."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from nrqa.server.settings import Serving

OPEN = ("/healthz", "/readyz", "/enter")
"""Paths that are answered without a token: they say nothing of the index."""
OPEN_BELOW = ("/static/",)
FEED = "/standing.atom"
_OWN_SITE = ("same-origin", "none")
"""What Sec-Fetch-Site says of our own page, and of an address that was typed, pasted or kept as a bookmark."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    detail: str


def refusal(headers: Headers, path: str, query: bytes, serving: Serving) -> Refusal | None:
    """Why a request with these headers is refused; None where it is to be answered."""
    refused = misdirected(headers, serving) or _from_elsewhere(headers, serving)
    if refused or path in OPEN or path.startswith(OPEN_BELOW) or is_welcome(headers, serving):
        return refused
    if path == FEED and _same(parse_qs(query.decode("latin-1")).get("key", [""])[0], feed_key(serving)):
        return None
    return Refusal(
        401, "This browser or program was not let in. Open the address with the token that `nrqa serve` printed (press "
        "Enter there for a new one); programs send Authorization: Bearer TOKEN",
    )  # fmt: skip


def feed_key(serving: Serving) -> str:
    """What opens the feed of standing questions, and nothing else: readers of feeds know no cookies and no tokens."""
    return hmac.new(serving.bearer.encode(), b"feed", hashlib.sha256).hexdigest()[:40]


def is_welcome(headers: Headers, serving: Serving) -> bool:
    """Whether it shows the cookie of a browser that was let in, or the token of programs."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and _same(token.strip(), serving.bearer):
        return True
    return _same(_cookie(headers, serving.cookie), serving.session)


def misdirected(headers: Headers, serving: Serving) -> Refusal | None:
    """Refused where the request is for another name.

    A page of somebody else's can make its own name lead to this machine (DNS rebinding); Host then says so.
    """
    hosts = headers.getlist("host")
    if len(hosts) == 1 and serving.answers_to(hosts[0]):
        return None
    return Refusal(
        421, "This server is not asked under that name. Use the address that `nrqa serve` printed, or allow the name: "
        "nrqa serve --allow-host NAME",
    )  # fmt: skip


def _from_elsewhere(headers: Headers, serving: Serving) -> Refusal | None:
    origins = headers.getlist("origin")
    if any(one not in serving.origins and one.lower() not in _own_origins(headers) for one in origins):
        return Refusal(
            403, "Another page sent this request. Open the address yourself, or allow the page: "
            "nrqa serve --allow-origin ORIGIN",
        )  # fmt: skip
    if not origins and headers.get("sec-fetch-site", "none") not in _OWN_SITE:
        return Refusal(403, "A link or form of another page led here. Copy the address and open it in a new tab.")
    return None


def _own_origins(headers: Headers) -> tuple[str, str]:
    host = headers.get("host", "").lower()
    return f"http://{host}", f"https://{host}"


def _cookie(headers: Headers, name: str) -> str:
    # Other servers of this machine set cookies, too: what one of them wrote wrongly must not hide ours.
    return cookie_parser(headers.get("cookie", "")).get(name, "")


def _same(given: str, secret: str) -> bool:
    """Whether both are equal, in a time that tells nothing of the secret; an empty secret equals nothing."""
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), secret.encode())
