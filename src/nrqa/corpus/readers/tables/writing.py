"""Writes rows of fields as canonical text: a line ``header: value`` for each field, a passage for each row.

A long value, or one in a column that the user named as text, comes below the row's other fields. It is cut into
passages of its own, under the row's title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nrqa.corpus.readers.reading import Columns
from nrqa.corpus.readers.tables.columns import role_of
from nrqa.corpus.readers.tables.values import is_datum
from nrqa.errors import UnreadableError
from nrqa.records import Block, Flag, Place, Span

_LONG = 600
"""A value with more characters is a text, and a row with more is too long for one passage: four a token, 180 tokens."""
_MOST_TITLE = 120
"""Most characters of a value that is the title of its row."""
_MOST_CELLS = 300_000
"""Up to so many cells in a file, each cell is a place of its own; in larger files the row is the smallest place."""
_MOST_TEXT = 100_000_000
"""Most characters that are written; the module ``worker.process`` also refuses a longer text."""


@dataclass(frozen=True, slots=True)
class Field:
    """A filled cell of a row: its header (empty where it has none), its text, and its name in the sheet."""

    header: str
    value: str
    cell: str = ""


class Writing:
    """The text of a file of tables as it grows, with its blocks, places and flags."""

    def __init__(self, columns: Columns) -> None:
        self.blocks: list[Block] = []
        self.flags: list[Flag] = []
        self._columns = columns
        self._parts: list[str] = []
        self._length = 0
        self._rows: list[Place] = []
        self._cells: list[Place] = []
        self._sheets: list[Place] = []
        self._roles: dict[str, str] = {}
        self._common: dict[str, set[str]] = {"date": set(), "url": set()}
        self._written = 0

    @property
    def text(self) -> str:
        """The canonical text."""
        ends_with_flag = bool(self.flags) and self.flags[-1].end > self._length
        return "".join(self._parts) + ("\n" if ends_with_flag else "")

    @property
    def places(self) -> tuple[Place, ...]:
        """Sheets, rows and cells."""
        cells = self._cells if len(self._cells) <= _MOST_CELLS else []
        return (*self._sheets, *self._rows, *cells)

    @property
    def metadata(self) -> Mapping[str, str]:
        """Date and address, where all rows have the same."""
        return {role: next(iter(values)) for role, values in self._common.items() if len(values) == 1 and all(values)}

    def sheet(self, name: str, start: int) -> None:
        """Records that everything written since ``start`` is the sheet with this name."""
        if self._length > start:
            self._sheets.append(Place("sheet", name, start, self._length))

    @property
    def position(self) -> int:
        """The position where the next paragraph will begin."""
        return self._length + 2 if self._length else 0

    def row(
        self,
        number: int | str,
        fields: Sequence[Field],
        heading: tuple[str, ...] = (),
        *,
        alone: bool = True,
    ) -> None:
        """Writes a row.

        A row that is not ``alone``, such as a note above or below a table, may share a passage with its neighbours.
        """
        if not fields:
            return
        self._written += 1
        start = self.position
        self._fields(fields, heading, alone=alone)
        self._rows.append(Place("row", str(number), start, self._length))

    def flag(self, kind: str, detail: str) -> None:
        """Flags something of the source that is not in the text, between two rows, because it is about neither."""
        at = self._length + 1 if self._length else 0
        self.flags.append(Flag(kind, at, at, detail))

    def _fields(self, fields: Sequence[Field], heading: tuple[str, ...], *, alone: bool) -> None:
        roles = [self._role(one.header) for one in fields]
        for role, values in self._common.items():
            values.add(fields[roles.index(role)].value if role in roles else "")
        named = "text" in self._columns
        texts = [
            (one, role)
            for one, role in zip(fields, roles, strict=True)
            if (role == "text" if named else len(one.value) > _LONG)
        ]
        short = [one for one in fields if all(one is not text for text, _ in texts)] if texts else fields
        size = sum(len(one.header) + len(one.value) for one in short)
        title = self._title(fields, roles) if texts or size > _LONG else ""
        below = (*heading, title) if title else heading
        if short:
            self._paragraph()
            lines = self._lines(short)
            if not (named and texts):
                whole = Span(lines[0].start, lines[-1].end)
                # A row that fits is one unit, like a sentence. With its lines as units, the right row of a table of 32
                # was among the first three for .91 of 110 questions instead of .96.
                items = (whole,) if size <= _LONG else tuple(lines)
                self.blocks.append(Block(whole.start, whole.end, below, items, alone=alone))
        for one, role in texts:
            self._paragraph()
            (line,) = self._lines([Field("", one.value, one.cell)])
            under = below if role == "text" or not one.header else (*below, one.header)
            self.blocks.append(Block(line.start, line.end, under, alone=alone))

    def _title(self, fields: Sequence[Field], roles: Sequence[str]) -> str:
        """The row's title: the value with that role, or else the first short value that is not a number or date."""
        short = [one.value if len(one.value) <= _MOST_TITLE and "\n" not in one.value else "" for one in fields]
        for value, role in zip(short, roles, strict=True):
            if role == "title" and value:
                return value
        if "title" in self._columns:
            return ""
        return next((one for one, role in zip(short, roles, strict=True) if one and not role and not is_datum(one)), "")

    def _lines(self, fields: Sequence[Field]) -> list[Span]:
        """Write each field on a line of its own, and say where the lines stand."""
        spans = []
        lines = []
        start = self._length
        keeps_cells = len(self._cells) <= _MOST_CELLS
        for one in fields:
            line = f"{one.header}: {one.value}" if one.header else one.value
            end = start + len(line)
            if keeps_cells and one.cell:
                self._cells.append(Place("cell", one.cell, end - len(one.value), end))
            spans.append(Span(start, end))
            lines.append(line)
            start = end + 1
        self._write("\n".join(lines))
        return spans

    def _paragraph(self) -> None:
        if self._length:
            self._write("\n\n")

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._length > _MOST_TEXT:
            raise UnreadableError(
                f"its rows, each with its headers, are more than {_MOST_TEXT:,} characters of text; split it "
                f"(row {self._written:,} is where they end)"
            )

    def _role(self, header: str) -> str:
        if header not in self._roles:
            self._roles[header] = role_of(header, self._columns) if header else ""
        return self._roles[header]
