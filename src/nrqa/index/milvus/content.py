"""What fields of text hold: JSON and bytes with a checksum, and what is longer than a field in pieces.

A server's rows may be damaged or somebody else's. So each is compared with its checksum when it is read, and its shape
is checked before anything is done with it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

from nrqa.errors import IndexDamagedError
from nrqa.index.milvus.schema import FIELD
from nrqa.index.rows import Stored
from nrqa.records import Citation, Flag, Locator, Passage, Rectangle, Span

_HEAD = 9
"""Eight digits of the checksum, and the letter of the kind: J for JSON, Z for JSON that is deflated."""
_MOST = 64 * 1024 * 1024


def packed(content: object) -> str:
    """JSON as a field holds it; deflated where it is long. ValueError where even that is too long."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    kind = "J"
    if len(body.encode("utf-8", "surrogatepass")) + _HEAD > FIELD:
        kind, body = "Z", base64.b64encode(zlib.compress(body.encode("utf-8"))).decode()
    if len(body) + _HEAD > FIELD:
        raise ValueError(f"{len(body):,} characters do not fit into one field")
    return f"{zlib.crc32(body.encode('utf-8', 'surrogatepass')):08x}{kind}{body}"


def unpacked(field: Any, what: str) -> Any:
    """What ``packed`` packed. IndexDamagedError where the field is not as it was written."""
    try:
        check, kind, body = field[: _HEAD - 1], field[_HEAD - 1], field[_HEAD:]
        if int(check, 16) != zlib.crc32(body.encode("utf-8", "surrogatepass")):
            raise ValueError("other contents than were written")  # noqa: TRY301 - told as damage below
        if kind == "Z":
            body = zlib.decompressobj().decompress(base64.b64decode(body), _MOST).decode()
        return json.loads(body)
    except (ValueError, TypeError, LookupError, zlib.error, RecursionError) as error:
        raise damaged(what, error) from error


def pieces_of(data: bytes) -> list[str]:
    """Bytes, deflated, as the contents of as many fields as they need."""
    written = base64.b64encode(zlib.compress(data)).decode()
    length = FIELD - _HEAD
    return [_checked(written[at : at + length]) for at in range(0, max(1, len(written)), length)]


def joined(fields: list[str], what: str) -> bytes:
    """The bytes that ``pieces_of`` wrote, from all fields in their order."""
    try:
        bodies = []
        for field in fields:
            body = field[_HEAD:]
            if int(field[: _HEAD - 1], 16) != zlib.crc32(body.encode()):
                raise ValueError("other contents than were written")  # noqa: TRY301 - told as damage below
            bodies.append(body)
        reader = zlib.decompressobj()
        found = reader.decompress(base64.b64decode("".join(bodies)), 16 * _MOST)
        if not reader.eof:
            raise ValueError("cut short")  # noqa: TRY301 - told as damage below
        return found
    except (ValueError, TypeError, LookupError, zlib.error) as error:
        raise damaged(what, error) from error


def damaged(what: str, error: object) -> IndexDamagedError:
    """The error for a row that is not as it was written."""
    return IndexDamagedError(
        f"The index is damaged: {what} cannot be read ({error}). Build it again: nrqa index --rebuild"
    )


def of_passage(stored: Stored) -> dict[str, Any]:
    """A passage as JSON."""
    citation = stored.passage.citation
    return {
        "text": stored.passage.text, "context": stored.context, "markup": stored.markup,
        "sentences": [[one.start, one.end] for one in stored.sentences], "document": citation.document,
        "title": citation.title, "heading": citation.heading, "start": citation.start, "end": citation.end,
        "lines": [citation.line_start, citation.line_end], "page": citation.page, "sha256": citation.sha256,
        "metadata": citation.metadata, "locators": [[one.kind, one.first, one.last] for one in citation.locators],
        "rectangles": [[one.page, one.x0, one.y0, one.x1, one.y1] for one in citation.rectangles],
        "flags": [[one.kind, one.start, one.end, one.detail] for one in citation.flags],
    }  # fmt: skip


def passage_of(row: int, document: int, content: Mapping[str, Any]) -> Stored:
    """The passage that ``of_passage`` wrote. IndexDamagedError where the content is none."""
    try:
        citation = Citation(
            document=content["document"], title=content["title"], heading=tuple(content["heading"]),
            start=content["start"], end=content["end"], line_start=content["lines"][0], line_end=content["lines"][1],
            page=content["page"], sha256=content["sha256"], metadata=content["metadata"],
            locators=tuple(Locator(*one) for one in content["locators"]),
            rectangles=tuple(Rectangle(*one) for one in content["rectangles"]),
            flags=tuple(Flag(*one) for one in content["flags"]),
        )  # fmt: skip
        text = content["text"]
        if len(text) != citation.end - citation.start:
            raise ValueError("its text is not as long as its span")  # noqa: TRY301 - told as damage below
        sentences = tuple(Span(*one) for one in content["sentences"])
        return Stored(row, document, Passage(text, citation), sentences, content["context"], bool(content["markup"]))
    except (LookupError, TypeError, ValueError) as error:
        raise damaged(f"passage {row}", error) from error


def _checked(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}P{body}"
