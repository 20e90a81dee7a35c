"""What documents of word processors are made of, whatever their format, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from nrqa.text.raised_figures import lowered, raised

Height = Literal["above", "below", "on the line"]
Role = Literal["text", "item", "heading", "title"]

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Words that a reader of the document does not see, and their position in the visible text around them."""

    at: int
    words: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text with normalised white space, and the hidden words in it; ``bold`` says whether all of it is bold."""

    text: str = ""
    hidden: tuple[Hidden, ...] = ()
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and its role; ``level`` is the level of a heading, counted from 1."""

    words: Words
    role: Role = "text"
    level: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first ``headers`` of them name the columns."""

    rows: tuple[tuple[Words, ...], ...]
    headers: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote, and the mark by which the text refers to it."""

    mark: str
    words: Words


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that could not be read, at this place."""

    detail: str


Piece = Paragraph | Table | Note | Lost


@dataclass(slots=True)
class Line:
    """Collects words: white space becomes single spaces, soft hyphens are removed, line breaks stay."""

    _parts: list[str] = field(default_factory=list)
    _hidden: list[Hidden] = field(default_factory=list)
    _length: int = 0
    _plain: bool = False
    _sealed: bool = False
    """Whether a formula was added last."""

    def add(self, text: str, *, bold: bool = False, height: Height | None = None) -> None:
        """Appends visible text; figures above or below the line do not become part of the number before them."""
        text = _SPACE.sub(" ", text.replace("\xad", ""))
        before = self._parts[-1] if self._parts else ""
        if height == "above":
            text = raised(text, before)
        elif height == "below":
            text = lowered(text, before)
        if self._sealed and before[-1:].isdecimal() and text[:1].isdecimal():
            text = " " + text
        self._sealed = False
        if not self._parts or self._parts[-1][-1].isspace():
            text = text.lstrip(" ")
        if text:
            self._parts.append(text)
            self._length += len(text)
            self._plain |= not bold and not text.isspace()

    def add_formula(self, text: str) -> None:
        """Appends a formula; if it begins or ends with a figure, a number beside it stays another number."""
        if self._parts and self._parts[-1][-1].isdecimal() and text[:1].isdecimal():
            text = " " + text
        self.add(text)
        self._sealed = True

    def hide(self, text: str) -> None:
        """Records hidden text at the current position."""
        if self._hidden and self._hidden[-1].at == self._length:
            text = self._hidden.pop().words + text
        self._hidden.append(Hidden(self._length, text))

    def end_line(self) -> None:
        """Break the line, as the author did."""
        if self._parts:
            self._parts.append("\n")
            self._length += 1

    def words(self) -> Words:
        """The words collected so far."""
        text = re.sub(r" *\n\s*", "\n", "".join(self._parts)).rstrip() if self._parts else ""
        hidden = tuple(
            Hidden(min(one.at, len(text)), words) for one in self._hidden if (words := " ".join(one.words.split()))
        )
        return Words(text, hidden, bold=bool(text) and not self._plain)


def joined(parts: list[Words], between: str) -> Words:
    """Several words as one, with ``between`` between them."""
    line: list[str] = []
    hidden: list[Hidden] = []
    at = 0
    for part in parts:
        hidden += [Hidden(at + one.at, one.words) for one in part.hidden]
        line.append(part.text)
        at += len(part.text) + len(between)
    filled = [part for part in parts if part.text]
    return Words(between.join(line), tuple(hidden), bold=bool(filled) and all(part.bold for part in filled))


def on_one_line(words: Words) -> Words:
    """The same words with breaks as spaces."""
    return Words(words.text.replace("\n", " "), words.hidden, words.bold)


def surrounded(paragraph: Paragraph, boxes: list[Piece], notes: list[Piece]) -> list[Piece]:
    """A paragraph with its text boxes and notes.

    The boxes come before the paragraph, so that what it introduces still follows it; but they come after a heading or
    title.
    """
    under = paragraph.role in ("heading", "title")
    return [paragraph, *boxes, *notes] if under else [*boxes, paragraph, *notes]
