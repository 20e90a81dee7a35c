"""How well a text matches a quotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nrqa.records import Span
from nrqa.text.word_changes import Change

Finding = Literal["exact", "typography", "elided", "misquoted"]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a quotation matches its source: ``span`` is the span of the text that it was taken from.

    ``right`` is False for a misquotation, and where signs of omission or brackets do not fit the source or take a
    negation out of it; ``share`` is the share of the words that agree. ``changes`` turn the source's words into the
    quotation's. ``omitted`` are the source's words behind each sign of omission, ``replaced`` those behind each
    bracket. ``marks`` are the note references and the like that the source has within the quoted words.
    """

    finding: Finding
    right: bool
    span: Span
    share: float
    changes: tuple[Change, ...] = ()
    omitted: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    note: str = ""
    marks: tuple[Span, ...] = ()
