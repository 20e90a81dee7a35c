"""The draft of a word processor as text: a paragraph on each line, so that the number of a line is the paragraph's."""

from __future__ import annotations

from dataclasses import dataclass, field

from nrqa.checking.prose import Kind, Prose
from nrqa.checking.reading.paragraph import Paragraph
from nrqa.records import Span


@dataclass(slots=True)
class Manuscript:
    """What has been written so far; ``group`` is the number of the last block quote."""

    found: list[Paragraph] = field(default_factory=list)
    here: Paragraph = field(default_factory=Paragraph)
    group: int = -1
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _notes: list[str] = field(default_factory=list)
    _quoting: Kind = "text"

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self._parts)

    def say(self, text: str) -> None:
        """Write words of the paragraph."""
        words = " ".join(text.split("\n"))
        self.here.add(words, self._write(words))

    def note(self, words: str) -> None:
        """Write the mark of a note, which is no word, and keep the note for the line after the paragraph."""
        self._notes.append(words)
        mark = f"[{len(self._notes)}]"
        start = self._write(mark)
        self.here.refer(Span(start, start + len(mark)), "note", (words,))

    def link(self, begins: int, address: str) -> None:
        """The words since ``begins`` are a link."""
        if self.here.length > begins:
            span = Span(self._length - (self.here.length - begins), self._length)
            self.here.refer(span, "link", (address, self.here.text[begins:]), begins=begins)

    def end(self, kind: Kind, row: int = -1) -> None:
        """End the paragraph; paragraphs of a block quote that follow each other are of one group."""
        here, self.here = self.here, Paragraph()
        if not here.text.strip():
            return
        quoting = kind if kind in ("quote", "indented") else "text"
        self.group += quoting not in ("text", self._quoting)
        self._quoting = quoting
        here.kind, here.row = kind, row
        here.group = self.group if quoting != "text" else -1
        self._write("\n")
        self.found.append(here)
        notes, self._notes = self._notes, []
        for words in notes:
            note = Paragraph("note")
            line = " ".join(words.split())
            note.add(line, self._write(line))
            self._write("\n")
            self.found.append(note)

    def proses(self) -> list[Prose]:
        """All paragraphs."""
        return [prose for one in self.found if (prose := one.prose())]

    def _write(self, text: str) -> int:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start
