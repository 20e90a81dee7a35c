"""What an index gives of its documents and passages, and takes of new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from nrqa.records import Flag, Locator, Metadata, Passage, Span, Stamp


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
