"""Sheets become what a reader gives: text, outline, places and flags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nrqa.corpus.outline import Outline
from nrqa.corpus.reading import Columns, Reading
from nrqa.corpus.tables.header import find_header
from nrqa.corpus.tables.sheet import Row, Sheet, column_name
from nrqa.corpus.tables.writing import Field, Writing

_NAMED = 10
"""Cells with a lost value that are named; of more, the number is told."""


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
    start = writing.position
    header = find_header(sheet.rows, groups=_has_groups(sheet))
    above = sheet.rows[: header.above]
    title = _title(above)
    heading = tuple(one for one in (sheet.name, title) if one)
    for row in above:
        _write_row(row, {}, sheet, writing, heading[:-1] if title else heading, alone=False)
    wide = len(header.names) > 2
    for row in sheet.rows[header.above + header.height :]:
        # A lone cell at the left of a wide table is a note or a heading of the rows below, no value of its column.
        note = wide and len(row.cells) == 1 and row.cells[0][0] == min(header.names)
        _write_row(row, {} if note else header.names, sheet, writing, heading, alone=not note)
    if sheet.name:
        writing.sheet(sheet.name, start)
    if sheet.unvalued:
        told = ", ".join(sheet.unvalued[:_NAMED]) + (", …" if len(sheet.unvalued) > _NAMED else "")
        what = "formula" if len(sheet.unvalued) == 1 else "formulas"
        where = f" in sheet {sheet.name}" if sheet.name else ""
        writing.lost(f"{len(sheet.unvalued)} {what} without a stored value{where}: {told}")
    return title


def _write_row(
    row: Row, names: Mapping[int, str], sheet: Sheet, writing: Writing, heading: tuple[str, ...], *, alone: bool
) -> None:
    fields = [
        Field(
            names.get(column, ""),
            value,
            sheet.origins.get((row.number, column)) or f"{column_name(column)}{row.number}",
            hidden=column in sheet.hidden_columns,
        )
        for column, value in row.cells
    ]
    hidden = f"sheet {sheet.name} is hidden, row" if sheet.hidden else "hidden row" if row.hidden else ""
    writing.row(row.number, fields, heading, hidden=hidden, alone=alone)


def _has_groups(sheet: Sheet) -> bool:
    first = find_header(sheet.rows)
    return any(row.number in sheet.groups for row in sheet.rows[first.above : first.above + 1])


def _title(above: Sequence[Row]) -> str:
    """The first row above a header, where it is one cell."""
    if not above or len(above[0].cells) != 1:
        return ""
    title = " ".join(above[0].cells[0][1].split())
    return title if len(title) <= 200 else ""
