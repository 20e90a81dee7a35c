"""Where a table's header stands, what is written above it, and what its columns are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nrqa.corpus.readers.tables.sheet import Row
from nrqa.corpus.readers.tables.values import counted, is_datum

_LOOKED_AT = 200
"""Rows that are looked at to learn a table's shape."""
_MOST_ABOVE = 25
"""Rows that may stand above a header."""
_MOST_NAME = 200
"""Most characters of a column's name: the questions of a survey are long."""


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns by number from 0, the number of rows above the header, and its height in rows."""

    names: dict[int, str]
    above: int
    height: int


def find_header(rows: Sequence[Row], *, groups: bool = False) -> Header:
    """The header among a table's first rows; it has no names if the first row is already data.

    A header is the first row that fills most of the table's width. Its cells are short, almost none of them comes again
    below, and they are not numbers, dates or addresses (but years and months in order may head columns). ``groups``
    says that the row has cells that span several columns, so that the row below names the single columns.
    """
    sample = rows[:_LOOKED_AT]
    width = _width(sample)
    above = next((at for at, row in enumerate(sample[:_MOST_ABOVE]) if _fills(row, width)), 0)
    if above >= len(sample):
        return Header({}, 0, 0)
    first = sample[above]
    below = sample[above + 1 :]
    names = {column: " ".join(value.split()) for column, value in first.cells}
    if groups and len(below) > 1 and _names(below[0], below[1:], width):
        second = {column: " ".join(value.split()) for column, value in below[0].cells}
        return Header(_joined(names, second), above, 2)
    if below and _names(first, below, width):
        return Header(names, above, 1)
    return Header({}, above, 0)


def _width(rows: Sequence[Row]) -> int:
    """The most frequent number of filled cells in a row."""
    counts = Counter(len(row.cells) for row in rows if row.cells)
    most = max(counts.values(), default=0)
    return max((width for width, count in counts.items() if count == most), default=0)


def _fills(row: Row, width: int) -> bool:
    return len(row.cells) >= max(1, min(2, width), (2 * width + 2) // 3)


def _names(row: Row, below: Sequence[Row], width: int) -> bool:
    """Whether a row names columns."""
    values = [value.strip() for _, value in row.cells]
    data = [value for value in values if is_datum(value)]
    if any(len(value) > _MOST_NAME for value in values) or (data and not (counted(data) and len(data) < len(values))):
        # A lone year beside a name: "Country;2014".
        lone = len(data) == 1 and len(values) > 1 and len(data[0]) == 4 and data[0].isdecimal()
        if not lone or any(len(value) > _MOST_NAME for value in values):
            return False
    if width == 1:
        # If there is one column, its name is a few words that do not end like a sentence.
        return len(values[0].split()) <= 5 and not values[0].endswith((".", "!", "?"))
    # A value that occurs again below in the same column is data.
    again = sum(any(value == its for its in _column(below, column)) for column, value in row.cells if value.strip())
    return again * 4 <= len(values)


def _column(rows: Sequence[Row], column: int) -> list[str]:
    return [value for row in rows for at, value in row.cells if at == column]


def _joined(groups: dict[int, str], single: dict[int, str]) -> dict[int, str]:
    """The names of the columns, each with the name of its group before it."""
    names: dict[int, str] = {}
    for column in sorted({*groups, *single}):
        group, one = groups.get(column, ""), single.get(column, "")
        names[column] = f"{group} {one}" if group and one and group != one else group or one
    return names
