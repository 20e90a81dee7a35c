"""Documents and passages of one part of the index: an SQLite file, and the texts beside it, compressed.

Written once, from beginning to end (``writing``), then read by row and by name (``reading``); nothing reads the whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrqa.records import Flag, Locator, Metadata, Passage, Span, Stamp


@dataclass(frozen=True, slots=True)
class Known:
    """A document as the last build saw it: enough to tell whether the file has changed."""

    number: int
    name: str
    sha256: str
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as a list of them tells it: ``bytes`` of its file, ``text_bytes`` of its text in UTF-8."""

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
    """A passage with what is kept beside it; ``context`` is what the encoder read before its text."""

    row: int
    document: int
    passage: Passage
    sentences: tuple[Span, ...]
    context: str
    markup: bool


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to be written; byte positions are inside its document's text in UTF-8."""

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
    """A passage as encoder and lexical signal need it; ``file_title`` is the title where the name gave it.

    ``sentences`` are places in ``text``.
    """

    row: int
    document: int
    text: str
    context: str
    markup: bool
    file_title: str
    sentences: tuple[Span, ...]
