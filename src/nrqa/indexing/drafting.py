"""The passages of a document as they are made for an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrqa.corpus.passages.splitter import SEAM, Draft, split
from nrqa.corpus.shaping import Settings
from nrqa.records import Block, Document

if TYPE_CHECKING:
    from nrqa.encoder.protocol import Encoder


def drafts_of(document: Document, blocks: Sequence[Block], encoder: Encoder, settings: Settings) -> list[Draft]:
    """The drafts of a document that was read: a pure function, so that whoever splits it gets the same passages."""
    return split(
        document.text,
        blocks,
        title=document.title if document.titled else "",
        count_tokens=encoder.count_tokens,
        most_tokens=encoder.passage_room() - SEAM,
        settings=settings,
    )
