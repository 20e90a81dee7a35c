"""What goes into the rows of a catalog and comes out of them: records, and a passage's sentences in a few bytes.

Sentences are packed as the gap before each and its length, seven bits per byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from nrqa.records import Flag, Locator, Metadata, Passage, Span, Stamp

_MORE = 0x80
"""This bit is set in every byte of a number except the last."""


class Known(NamedTuple):
    """A document as the last build saw it: enough to tell whether the file has changed.

    It is flat like a row of the catalog, and so cheap to make: to find ten changed documents among 100,000, a run makes
    one for each of them.
    """

    number: int
    name: str
    digest: bytes
    size: int
    modified_ns: int
    changed_ns: int
    unread: str = ""
    """The script that the encoder does not read, as in the catalog."""

    @property
    def sha256(self) -> str:
        """The digest in hexadecimal."""
        return self.digest.hex()

    @property
    def stamp(self) -> Stamp:
        """What the file system said of the file when it was read."""
        return Stamp(self.size, self.modified_ns, self.changed_ns)

    def under(self, stamp: Stamp) -> Known:
        """The same document with another stamp."""
        return Known(self.number, self.name, self.digest, *stamp, self.unread)


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as a list shows it; ``bytes`` is the size of its file, ``text_bytes`` that of its text in UTF-8."""

    number: int
    name: str
    title: str
    titled: bool
    sha256: str
    bytes: int
    text_bytes: int
    passages: int
    metadata: Metadata
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage with what is stored beside it; ``context`` is what the encoder reads before the passage's text."""

    row: int
    document: int
    passage: Passage
    sentences: tuple[Span, ...]
    context: str
    markup: bool


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to be written; byte positions count from the beginning of its document's text in UTF-8."""

    row: int
    key: bytes
    start: int
    end: int
    byte_start: int
    byte_end: int
    line_start: int
    line_end: int
    heading: tuple[str, ...]
    sentences: tuple[Span, ...]
    context: str
    markup: bool
    locators: tuple[Locator, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A passage as the encoder and the lexical signal need it.

    ``name`` is that of its document, ``names`` are the document's title and the passage's headings. ``sentences`` are
    positions in ``text``.
    """

    row: int
    document: int
    text: str
    context: str
    markup: bool
    name: str
    names: tuple[str, ...]
    sentences: tuple[Span, ...]


def packed(spans: Iterable[Span], begin: int) -> bytes:
    """The spans as bytes, relative to ``begin``."""
    found = bytearray()
    at = begin
    for span in spans:
        gap = span.start - at
        # Spans ascend, so a gap is usually not negative and becomes an even number; odd numbers are for negative gaps.
        _append(found, 2 * gap if gap >= 0 else -2 * gap - 1)
        _append(found, span.end - span.start)
        at = span.end
    return bytes(found)


def unpacked(data: bytes, begin: int) -> tuple[Span, ...]:
    """The spans that ``data`` holds, for a passage that begins at ``begin`` in its text."""
    spans = []
    numbers = _numbers(data)
    at = begin
    for step in numbers:
        start = at + (-(step + 1) // 2 if step % 2 else step // 2)
        at = start + next(numbers)
        spans.append(Span(start, at))
    return tuple(spans)


def _append(found: bytearray, number: int) -> None:
    while number >= _MORE:
        found.append(number % _MORE | _MORE)
        number //= _MORE
    found.append(number)


def _numbers(data: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in data:
        number |= (byte % _MORE) << shift
        shift += 7
        if byte < _MORE:
            yield number
            number = shift = 0
