"""A citation in a draft: where it stands, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nrqa.checking.citing.places import CitedPlace
from nrqa.records import Span

Shape = Literal["note", "bracket", "link", "code", "name", "title"]
"""A footnote's mark, brackets, a link, code, or what stands in running text: a file's name, a quoted title."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a reference means; ``documents`` is empty where it cites something that is not in the corpus.

    There are several documents where these share a title, or a file name in different folders. ``candidates`` are
    those it may mean where this cannot be known; ``likely`` says that a document is by that author, and its year is not
    known. ``places`` are the pages, lines and sections that it names. ``again``
    is the word for the work that was cited before ("ibid."), until that is known. ``told`` is what a reader of the
    report should know about the reference.
    """

    documents: tuple[str, ...]
    places: tuple[CitedPlace, ...] = ()
    candidates: tuple[str, ...] = ()
    again: str = ""
    told: str = ""
    likely: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as the draft has it, and what it means."""

    span: Span
    text: str
    meant: Meant


@dataclass(frozen=True, slots=True)
class Standing:
    """A citation in a paragraph: ``start`` and ``end`` are positions in its text.

    A footnote's mark has no width, since the text is without it. ``remark`` says that nothing shows that it cites
    anything: a footnote like "Emphasis mine."
    """

    start: int
    end: int
    shape: Shape
    cited: Cited
    remark: bool = False
