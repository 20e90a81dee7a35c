"""What documents of an index are known by: one row each, and pieces for their texts and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nrqa.index.milvus.content import damaged
from nrqa.index.rows import Known, Listed
from nrqa.records import Document, Flag, Span

TEXT = "text"


@dataclass(frozen=True, slots=True)
class Kept:
    """A document without its text, as its row has it."""

    number: int
    listed: Listed
    known: Known
    encoding: str
    first_row: int
    lengths: tuple[int, ...]
    """The lengths of its passages in bytes."""
    pages: tuple[tuple[int, int, int], ...]
    """The number, start and end of each page for which the positions of words are known."""
    seams: tuple[Span, ...]

    def document(self, text: str) -> Document:
        """The document with its text."""
        its = self.listed
        return Document(its.name, its.title, text, its.sha256, its.metadata, its.titled, self.encoding, flags=its.flags)

    def to_json(self) -> dict[str, Any]:
        """What a field holds."""
        its = self.listed
        return {
            "name": its.name, "title": its.title, "titled": its.titled, "sha256": its.sha256, "bytes": its.bytes,
            "text_bytes": its.text_bytes, "metadata": its.metadata,
            "flags": [[one.kind, one.start, one.end, one.detail] for one in its.flags],
            "stamp": list(self.known.stamp), "unread": self.known.unread, "encoding": self.encoding,
            "first_row": self.first_row, "lengths": self.lengths, "pages": self.pages,
            "seams": [[one.start, one.end] for one in self.seams],
        }  # fmt: skip


def kept_of(number: int, content: Mapping[str, Any]) -> Kept:
    """The document of a row. IndexDamagedError where its content is none."""
    try:
        lengths = tuple(int(one) for one in content["lengths"])
        listed = Listed(
            number, str(content["name"]), str(content["title"]), bool(content["titled"]), str(content["sha256"]),
            int(content["bytes"]), int(content["text_bytes"]), len(lengths), dict(content["metadata"]),
            tuple(Flag(*one) for one in content["flags"]),
        )  # fmt: skip
        size, modified, changed = map(int, content["stamp"])
        known = Known(
            number, listed.name, bytes.fromhex(listed.sha256), size, modified, changed, str(content["unread"])
        )
        pages = tuple((int(page), int(start), int(end)) for page, start, end in content["pages"])
        seams = tuple(Span(*one) for one in content["seams"])
        return Kept(number, listed, known, str(content["encoding"]), int(content["first_row"]), lengths, pages, seams)
    except (LookupError, TypeError, ValueError) as error:
        raise damaged(f"document {number}", error) from error
