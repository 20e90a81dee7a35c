"""Writes a paragraph of a draft character by character, each with its place in the draft, and what it refers to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from nrqa.checking.prose import Kind, Prose, Reference
from nrqa.records import Span

ReferenceKind = Literal["link", "note", "code"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A reference whose meaning may be found later: ``target`` is an address, a note's name, or what is written."""

    span: Span
    begins: int
    at: int
    kind: ReferenceKind
    texts: tuple[str, ...]
    target: str = ""


@dataclass(slots=True)
class Paragraph:
    """A paragraph that still grows; white space becomes single blanks."""

    kind: Kind = "text"
    group: int = -1
    row: int = -1
    marks: list[Mark] = field(default_factory=list)
    _chars: list[str] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)

    @property
    def length(self) -> int:
        """Characters so far."""
        return len(self._chars)

    def add(self, text: str, start: int) -> None:
        """Add text that stands in the draft as it is, from ``start`` on."""
        for at, char in enumerate(text, start):
            self.put(char, at, at + 1)

    def put(self, text: str, start: int, end: int) -> None:
        """Add what a stretch of the draft stands for: an entity, a command, a tag."""
        for char in text:
            if char.isspace():
                if not self._chars or self._chars[-1] == " ":
                    continue
                char = " "  # noqa: PLW2901
            self._chars.append(char)
            self._starts.append(start)
            self._ends.append(end)

    def refer(
        self, span: Span, kind: ReferenceKind, texts: tuple[str, ...], *, begins: int | None = None, target: str = ""
    ) -> None:
        """Add a reference to here; a link's words begin at ``begins``."""
        self.marks.append(Mark(span, self.length if begins is None else begins, self.length, kind, texts, target))

    def cut(self, length: int) -> None:
        """Take away everything after the first ``length`` characters; references stay."""
        del self._chars[length:], self._starts[length:], self._ends[length:]

    def split(self, at: int) -> Paragraph:
        """Cut the paragraph there, and give what comes after as a paragraph of its own."""
        rest = Paragraph(self.kind, self.group, self.row)
        rest._chars, rest._starts, rest._ends = self._chars[at:], self._starts[at:], self._ends[at:]
        rest.marks = [
            Mark(one.span, max(0, one.begins - at), one.at - at, one.kind, one.texts, one.target)
            for one in self.marks
            if one.at > at
        ]
        self.marks = [one for one in self.marks if one.at <= at]
        self.cut(at)
        return rest

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._chars)

    def prose(self) -> Prose | None:
        """The paragraph as it is now, None if there is nothing in it."""
        text = self.text
        if not re.search(r"\S", text):
            return None
        last = len(text.rstrip())
        references = tuple(
            Reference(span=one.span, begins=min(one.begins, last), at=min(one.at, last), kind=one.kind, texts=one.texts)
            for one in sorted(self.marks, key=lambda mark: mark.span.start)
        )
        return Prose(
            kind=self.kind,
            text=text[:last],
            starts=tuple(self._starts[:last]),
            ends=tuple(self._ends[:last]),
            references=references,
            group=self.group,
            row=self.row,
        )
