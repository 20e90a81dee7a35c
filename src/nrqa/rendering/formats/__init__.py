"""Answers in other programs' formats: tables, Markdown, and the exchange formats of reference managers.

Every format is a function from the answer and its items to text. A question that nothing answers has no items: what
was nearest is no reference, and only the formats that can say so name it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrqa.records import Answer
    from nrqa.rendering.formats.item import Sources


class Format(StrEnum):
    """How an answer may be written; ``text`` and ``json`` are the command line's own."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    CSV = "csv"
    CSL_JSON = "csl-json"
    BIBTEX = "bibtex"
    RIS = "ris"


def written(answer: Answer, form: Format, sources: Sources) -> str:
    """The answer in one of the formats other than ``text`` and ``json``; empty or ending with a line end."""
    from nrqa.rendering.formats import bibtex, csl, jsonl, markdown, ris, table
    from nrqa.rendering.formats.item import items_of

    writers = {
        Format.JSONL: jsonl.write,
        Format.MARKDOWN: markdown.write,
        Format.CSV: table.write,
        Format.CSL_JSON: csl.write,
        Format.BIBTEX: bibtex.write,
        Format.RIS: ris.write,
    }
    return writers[form](answer, items_of(answer, sources))
