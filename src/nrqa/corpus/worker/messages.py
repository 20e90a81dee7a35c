"""Sends a document and its blocks between processes, as frames of JSON and bytes, never as objects that run code.

A frame is the length of its content in eight bytes, then the content. A message is one frame of JSON, followed by
frames of bytes; ``frames`` in the JSON says how many.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import IO, Any

from nrqa.corpus.worker.checks import check_content, check_document
from nrqa.records import Block, Document, Flag, PageWords, Place, Span

_LENGTH = 8


def send(stream: IO[bytes], content: dict[str, Any], frames: Sequence[bytes] = ()) -> None:
    """Write a message."""
    for frame in (json.dumps({**content, "frames": len(frames)}).encode(), *frames):
        stream.write(len(frame).to_bytes(_LENGTH, "big"))
        stream.write(frame)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
    """The next message, or None where the stream ends before one is complete."""
    head = _frame(stream)
    if head is None:
        return None
    content = json.loads(head)
    frames: list[bytes] = []
    for _ in range(content.pop("frames")):
        frame = _frame(stream)
        if frame is None:  # at the first that is missing: the number may be any
            return None
        frames.append(frame)
    return content, frames


def packed(document: Document, blocks: Sequence[Block]) -> tuple[dict[str, Any], list[bytes]]:
    """A document and its blocks as a message."""
    content = {
        "name": document.name,
        "title": document.title,
        "sha256": document.sha256,
        "metadata": dict(document.metadata),
        "titled": document.titled,
        "encoding": document.encoding,
        "places": [[one.kind, one.label, one.start, one.end] for one in document.places],
        "pages": [[one.page, one.start, one.end] for one in document.pages],
        "flags": [[one.kind, one.start, one.end, one.detail] for one in document.flags],
        "seams": [[one.start, one.end] for one in document.seams],
        "blocks": [
            [one.start, one.end, one.heading, [(item.start, item.end) for item in one.items], one.markup, one.alone]
            for one in blocks
        ],
    }
    return content, [document.text.encode(), *(one.words for one in document.pages)]


def unpacked(content: dict[str, Any], frames: Sequence[bytes]) -> tuple[Document, tuple[Block, ...]]:
    """The document and blocks in a message.

    Raises ValueError, KeyError or TypeError if it is not such a message, or not what a reader makes: whoever sends it
    has read somebody else's file.
    """
    check_content(content)
    text, *words = frames
    document = Document(
        name=content["name"],
        title=content["title"],
        text=text.decode(),
        sha256=content["sha256"],
        metadata=content["metadata"],
        titled=content["titled"],
        encoding=content["encoding"],
        places=tuple(Place(*one) for one in content["places"]),
        pages=tuple(
            PageWords(page, start, end, its) for (page, start, end), its in zip(content["pages"], words, strict=True)
        ),
        flags=tuple(Flag(*one) for one in content["flags"]),
        seams=tuple(Span(*one) for one in content["seams"]),
    )
    blocks = tuple(
        Block(start, end, tuple(heading), tuple(Span(*item) for item in items), markup, alone)
        for start, end, heading, items, markup, alone in content["blocks"]
    )
    check_document(document, blocks)
    return document, blocks


def _frame(stream: IO[bytes]) -> bytes | None:
    length = stream.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    size = int.from_bytes(length, "big")
    content = stream.read(size)
    return content if len(content) == size else None
