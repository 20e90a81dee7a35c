"""Documents survive the way between two processes, and what is no document is refused."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import pytest

from nrqa.corpus.worker.messages import packed, receive, send, unpacked
from nrqa.records import Block, Document, Flag, PageWords, Place, Span

DOCUMENT = Document(
    name="reports/one.pdf",
    title="Ein Titel",
    text="Grüße aus Zürich.\n🙂 Ende",
    sha256="ab" * 32,
    metadata={"date": "2021", "keywords": ["one", "two"]},
    titled=False,
    encoding="",
    places=(Place("page", "1", 0, 17), Place("row", "2", 18, 24)),
    pages=(PageWords(1, 0, 17, b"\0\1words"), PageWords(2, 18, 24, b"")),
    flags=(Flag("hidden text", 2, 4, "white"),),
    seams=(Span(3, 3),),
)
BLOCKS = (Block(0, 17, ("A", "B"), (Span(0, 5), Span(6, 17)), markup=True), Block(18, 24, alone=True))


def _sent(content: dict[str, Any], frames: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    stream = io.BytesIO()
    send(stream, content, frames)
    stream.seek(0)
    found = receive(stream)
    assert found is not None
    return found


def test_a_document_and_its_blocks_arrive_as_they_were() -> None:
    assert unpacked(*_sent(*packed(DOCUMENT, BLOCKS))) == (DOCUMENT, BLOCKS)


def _with(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda content: content.update({name: value})


@pytest.mark.parametrize(
    "forge",
    [
        _with("places", [["page", "1", 0, 25]]),
        _with("places", [["page", "1", -1, 5]]),
        _with("places", [["page", 1, 0, 5]]),
        _with("places", [["page", "1", 0]]),
        _with("pages", [[1, 5, 4], [2, 18, 24]]),
        _with("pages", [[1 << 63, 0, 4], [2, 18, 24]]),
        _with("pages", [[1, 0, 17]]),
        _with("flags", [["kind", 0, 1e9, ""]]),
        _with("flags", [["kind", 0, 1, None]]),
        _with("seams", [[True, 2]]),
        _with("blocks", [[0, 99, [], [], False, False]]),
        _with("blocks", [[0, 9, [], [[0, 99]], False, False]]),
        _with("blocks", [[0, 9, [1], [], False, False]]),
        _with("blocks", [[0, 9, [], [], 1, False]]),
        _with("title", None),
        _with("title", "\ud800"),
        _with("metadata", {"author": {"first": "Ann"}}),
        _with("metadata", {"author": ["Ann", 5]}),
        _with("metadata", []),
        _with("sha256", "ab"),
        _with("sha256", "zz" * 32),
        _with("titled", "yes"),
        lambda content: content.pop("name"),
    ],
)
def test_what_a_reader_does_not_make_is_refused(forge: Callable[[dict[str, Any]], Any]) -> None:
    content, frames = packed(DOCUMENT, BLOCKS)
    unpacked(content, frames)
    forge(content)
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        unpacked(content, frames)


def test_a_text_that_no_file_can_hold_is_refused() -> None:
    content, (_, *words) = packed(DOCUMENT, BLOCKS)
    for text in (b"\xed\xa0\x80" + b" " * 30, b"\xff" * 30):
        with pytest.raises(ValueError, match="decode"):
            unpacked(content, [text, *words])


@pytest.mark.parametrize("frames", [10**12, 3])
def test_a_message_that_promises_more_than_it_holds_ends_at_once(frames: int) -> None:
    head = b'{"frames": %d}' % frames
    stream = io.BytesIO(len(head).to_bytes(8, "big") + head + (2).to_bytes(8, "big") + b"ab")
    began = time.monotonic()
    assert receive(stream) is None
    assert time.monotonic() - began < 5
