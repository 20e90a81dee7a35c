"""A draft's running text without marks, link targets and code's marks; each character knows its place in the draft."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from nrqa.records import Span

MARKDOWN = (".md", ".markdown", ".mdown", ".qmd", ".rmd")
"""The extensions of Markdown files."""
OUR_NOTES = "nrqa-"
"""Footnotes whose labels begin with this were added by an earlier check."""

Kind = Literal["text", "heading", "cell", "quote", "source", "note", "indented", "code"]
"""A paragraph of running text, a heading, a cell; one of a block quote, or the line that names its source; a footnote;
what is indented as a block quote may be; a block of code."""


def is_markdown(name: str) -> bool:
    """Whether a file of this name is Markdown."""
    return name.lower().endswith(MARKDOWN)


@dataclass(frozen=True, slots=True)
class Reference:
    """A link, a footnote's mark, or code: what it may mean, and what of the prose stood between ``begins`` and ``at``.

    Of a link these are its words; a footnote's mark leaves nothing.
    """

    span: Span
    begins: int
    at: int
    kind: Literal["link", "note", "code"]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, heading, list item or cell without Markdown's marks.

    ``starts`` and ``ends`` say where each character is in the draft. ``group`` is the same for the paragraphs of one
    block quote, and -1 elsewhere; ``row`` is the same for the cells of one row of a table, and -1 elsewhere.
    """

    kind: Kind
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    references: tuple[Reference, ...] = ()
    group: int = -1
    row: int = -1

    def original(self, start: int, end: int) -> Span:
        """The stretch of the draft that ``text[start:end]`` (not empty) was read from."""
        return Span(self.starts[start], self.ends[end - 1])


def without_our_notes(text: str) -> str:
    """The draft without the marks and footnotes of an earlier check: as it was before."""
    return _OUR_MARK.sub("", _OUR_FOOTNOTES.sub("", text))


_OUR_MARK = re.compile(rf"\[\^{OUR_NOTES}\d+\]")
_OUR_FOOTNOTES = re.compile(rf"(?:\r\n|\n|\r){{2}}(?:\[\^{OUR_NOTES}\d+\]: [^\r\n]*(?:\r\n|\n|\r))+\Z")
