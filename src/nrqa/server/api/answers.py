"""Answers in JSON: written once, with a tag by which a client knows that nothing has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json"
OMITTED = "x-omitted"
"""The header that says how much comes after what is given; ``link`` says where it goes on."""


def tagged(
    request: Request, body: bytes, generation: int, *, media: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer with its tag (the generation, and a hash of what is said); 304 where the client has it already.

    What is said may change within a generation: it tells which files have changed since.
    """
    tag = f'"g{generation}-{hashlib.sha256(body).hexdigest()[:16]}"'
    said = {"etag": tag, **(headers or {})}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if request.method in ("GET", "HEAD") and (tag in known or "*" in known):
        return Response(status_code=304, headers=said)
    return Response(body, media_type=media, headers=said)


def written(value: Any) -> bytes:
    """The value as JSON in UTF-8."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, as a damaged file may hold
        return json.dumps(value).encode()
