"""What a document from outside this process must be: of the right types, and every stretch inside its text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from nrqa.records import Block, Document

_DIGEST = 64
"""Characters of a SHA-256 in hexadecimal."""


def check_document(document: Document, blocks: Iterable[Block]) -> None:
    """Raise ValueError where a document or its blocks are not what a reader makes."""
    size = len(document.text)
    check_texts([document.name, document.title, document.sha256, document.encoding])
    check_texts(document.metadata)
    for value in document.metadata.values():
        check_texts(value if isinstance(value, list) else [value])
    if len(document.sha256) != _DIGEST or len(bytes.fromhex(document.sha256)) != _DIGEST // 2:
        raise ValueError("no SHA-256")
    check_flags([document.titled, *(flag for one in blocks for flag in (one.markup, one.alone))])
    for place in document.places:
        check_texts([place.kind, place.label])
    for one in document.flags:
        check_texts([one.kind, one.detail])
    check_numbers(one.page for one in document.pages)
    for spans in (document.places, document.pages, document.flags, document.seams, blocks):
        check_stretches(((one.start, one.end) for one in spans), size)
    for block in blocks:
        check_texts(block.heading)
        check_stretches(((item.start, item.end) for item in block.items), size)


def check_content(content: Any) -> None:
    """Raise ValueError where a text in it is none that can be written: it holds half a surrogate pair."""
    json.dumps(content, ensure_ascii=False).encode("utf-8")


def check_texts(texts: Iterable[Any]) -> None:
    """Raise ValueError where one is no text."""
    if any(type(one) is not str for one in texts):
        raise ValueError("not a text")


def check_flags(flags: Iterable[Any]) -> None:
    """Raise ValueError where one is neither true nor false."""
    if any(type(one) is not bool for one in flags):
        raise ValueError("neither true nor false")


def check_numbers(numbers: Iterable[Any]) -> None:
    """Raise ValueError where one is no number that a count can be, and SQLite can hold."""
    if any(type(one) is not int or not 0 <= one < 1 << 63 for one in numbers):
        raise ValueError("not a number")


def check_stretches(stretches: Iterable[tuple[Any, Any]], size: int) -> None:
    """Raise ValueError where one does not lie in a text of that many characters."""
    if any(type(start) is not int or type(end) is not int or not 0 <= start <= end <= size for start, end in stretches):
        raise ValueError("outside the text")
