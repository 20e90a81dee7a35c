"""Turns sheets into what a reader returns: text, outline, places and flags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, takewhile

from nrqa.corpus.readers.reading import Columns, Reading
from nrqa.corpus.readers.shared.outline import Outline
from nrqa.corpus.readers.tables.header import find_header
from nrqa.corpus.readers.tables.sheet import Row, Sheet, column_name
from nrqa.corpus.readers.tables.writing import Field, Writing

HIDDEN = "hidden text"
_MOST_QUOTED = 200
"""Most characters that a flag quotes from hidden cells."""
_NAMED = 10
"""Most cells with a lost value that a flag names; it always gives the number of all."""


def read_sheets(sheets: Iterable[Sheet], columns: Columns, metadata: Mapping[str, str | list[str]]) -> Reading:
    """All sheets in order, each row a passage under its sheet's name and title."""
    writing = Writing(columns)
    titles: list[str] = []
    count = 0
    for sheet in sheets:
        count += 1
        titles.append(_write(sheet, writing))
    title = titles[0] if count == 1 and titles[0] else None
    outline = Outline(title, {**writing.metadata, **metadata}, (), tuple(writing.blocks))
    return Reading(writing.text, outline, places=writing.places, flags=tuple(writing.flags))


def _write(sheet: Sheet, writing: Writing) -> str:
    """Write a sheet and return the title that stands above its table, if any."""
    if sheet.hidden:
        words = (value for row in sheet.rows for _, value in row.cells)
        writing.flag(HIDDEN, f"hidden sheet {sheet.name}: {_quoted(words)}")
        return ""
    start = writing.position
    rows = _visible(sheet.rows, sheet.hidden_columns)
    header = find_header(rows, groups=_has_groups(rows, sheet.groups))
    above = rows[: header.above]
    title = _title(above)
    heading = tuple(one for one in (sheet.name, title) if one)
    _flag_columns(sheet, writing)
    hidden = {row.number: row for row in sheet.rows if row.hidden}
    for row in above:
        fields = _fields(row, {}, sheet)
        writing.row(row.number, fields, heading[:-1] if title else heading, alone=False)
    wide = len(header.names) > 2
    for row in rows[header.above + header.height :]:
        _flag_rows(hidden, row.number, writing)
        # A lone cell at the left of a wide table is a note or a heading of the rows below, not a value of its column.
        note = wide and len(row.cells) == 1 and row.cells[0][0] == min(header.names)
        writing.row(row.number, _fields(row, {} if note else header.names, sheet), heading, alone=not note)
    _flag_rows(hidden, None, writing)
    if sheet.name:
        writing.sheet(sheet.name, start)
    if sheet.unvalued:
        told = ", ".join(sheet.unvalued[:_NAMED]) + (", …" if len(sheet.unvalued) > _NAMED else "")
        what = "formula" if len(sheet.unvalued) == 1 else "formulas"
        where = f" in sheet {sheet.name}" if sheet.name else ""
        writing.flag("lost text", f"{len(sheet.unvalued)} {what} without a stored value{where}: {told}")
    return title


def _fields(row: Row, names: Mapping[int, str], sheet: Sheet) -> list[Field]:
    return [
        Field(
            names.get(column, ""),
            value,
            sheet.origins.get((row.number, column)) or f"{column_name(column)}{row.number}",
        )
        for column, value in row.cells
    ]


def _visible(rows: Sequence[Row], hidden_columns: frozenset[int]) -> Sequence[Row]:
    """The rows and cells that a reader of the sheet sees."""
    if hidden_columns:
        rows = [
            Row(row.number, tuple(cell for cell in row.cells if cell[0] not in hidden_columns), row.hidden)
            for row in rows
        ]
    return [row for row in rows if row.cells and not row.hidden]


def _flag_columns(sheet: Sheet, writing: Writing) -> None:
    for column in sorted(sheet.hidden_columns & {column for row in sheet.rows for column, _ in row.cells}):
        words = (value for row in sheet.rows for at, value in row.cells if at == column)
        writing.flag(HIDDEN, f"hidden column {column_name(column)}: {_quoted(words)}")


def _flag_rows(hidden: dict[int, Row], before: int | None, writing: Writing) -> None:
    """Flags the hidden rows before the row with this number; with None, all hidden rows that are left."""
    numbers = list(takewhile(lambda number: before is None or number < before, hidden))
    if numbers:
        rows = [hidden.pop(number) for number in numbers]
        which = f"rows {numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else f"row {numbers[0]}"
        words = (value for row in rows for _, value in row.cells)
        writing.flag(HIDDEN, f"hidden {which}: {_quoted(words)}")


def _quoted(words: Iterable[str]) -> str:
    """The first of these words."""
    told = " | ".join(" ".join(word.split()) for word in islice(words, _MOST_QUOTED))
    return told if len(told) <= _MOST_QUOTED else f"{told[:_MOST_QUOTED]}…"


def _has_groups(rows: Sequence[Row], groups: frozenset[int]) -> bool:
    first = find_header(rows)
    return any(row.number in groups for row in rows[first.above : first.above + 1])


def _title(above: Sequence[Row]) -> str:
    """The first row above a header if it has only one cell; otherwise ""."""
    if not above or len(above[0].cells) != 1:
        return ""
    title = " ".join(above[0].cells[0][1].split())
    return title if len(title) <= 200 else ""
