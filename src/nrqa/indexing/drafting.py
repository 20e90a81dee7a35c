"""From a file to the passages that are made of it for an encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrqa.corpus.passages.splitter import SEAM, Draft, split
from nrqa.corpus.shaping import Settings
from nrqa.corpus.worker.isolation import ReadDocument
from nrqa.indexing.legibility import Legibility
from nrqa.records import Block, Document

if TYPE_CHECKING:
    from nrqa.encoder.protocol import Encoder


@dataclass(frozen=True, slots=True)
class Drafted:
    """A file that was read and split; ``script`` is the one that the encoder does not read, "" where it reads it."""

    document: Document
    drafts: tuple[Draft, ...]
    script: str


DraftFile = Callable[[str, bytes], Drafted]
"""Takes the name and the bytes of a file. Raises UnreadableError with the reason."""


def drafting(read: ReadDocument, encoder: Encoder, settings: Settings, legibility: Legibility) -> DraftFile:
    """What reads and splits a file: a pure function, so that whoever does it gets the same."""

    def draft(name: str, data: bytes) -> Drafted:
        document, blocks = read(name, data)
        drafts = drafts_of(document, blocks, encoder, settings)
        return Drafted(document, tuple(drafts), legibility.script_of(document.text))

    return draft


def drafts_of(document: Document, blocks: Sequence[Block], encoder: Encoder, settings: Settings) -> list[Draft]:
    """The drafts of a document that was read."""
    return split(
        document.text,
        blocks,
        title=document.title if document.titled else "",
        count_tokens=encoder.count_tokens,
        most_tokens=encoder.passage_room() - SEAM,
        settings=settings,
    )
