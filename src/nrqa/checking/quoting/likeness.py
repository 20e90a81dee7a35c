"""What is found of a quotation in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nrqa.records import Span
from nrqa.text.word_changes import Change

Finding = Literal["exact", "typography", "elided", "misquoted"]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a quotation stands to its source: ``span`` is the stretch of the text it was taken from.

    ``right`` is False for what is misquoted, and where signs of omission or brackets do not fit the source or take
    a negation out of it; ``share`` is the share of the words that agree. ``changes`` make the quotation's words of the
    source's, ``omitted`` are the source's words behind each sign of omission, ``replaced`` those behind each bracket.
    """

    finding: Finding
    right: bool
    span: Span
    share: float
    changes: tuple[Change, ...] = ()
    omitted: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    note: str = ""
