"""Repeats the value of a merged cell in all the rows that the cell spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nrqa.corpus.readers.tables.sheet import Row, column_name

_MOST_ROWS = 5_000
"""Most rows in which one cell is repeated; a larger span is a mistake, or made to fill the memory."""


@dataclass(frozen=True, slots=True)
class Area:
    """A merged cell: its first and last row number (from 1), and its first and last column (from 0)."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Merged:
    """The rows, with the values of merged cells repeated in them; for the other fields see ``sheet.Sheet``."""

    rows: Sequence[Row]
    groups: frozenset[int]
    origins: dict[tuple[int, int], str]


def merged(rows: Sequence[Row], areas: Sequence[Area]) -> Merged:
    """Repeats each cell that spans several rows in those of these rows that have content.

    Cells at the top that span some of the columns are also repeated in these columns, because they may group them;
    elsewhere a wide cell stays one cell.
    """
    at = {row.number: index for index, row in enumerate(rows)}
    cells = {row.number: dict(row.cells) for row in rows} if areas else {}
    first = {row.number for row in rows[:25]}
    groups: set[int] = set()
    origins: dict[tuple[int, int], str] = {}
    changed: set[int] = set()
    for area in areas:
        value = cells.get(area.top, {}).get(area.left)
        if value is None:
            continue
        name = f"{column_name(area.left)}{area.top}"
        whole = area.right - area.left + 1 >= _width(cells[area.top], area)
        if area.right > area.left and area.top in first and not whole and area.right - area.left < 1000:
            groups.add(area.top)
            for column in range(area.left + 1, area.right + 1):
                cells[area.top].setdefault(column, value)
            changed.add(area.top)
        for number in range(area.top + 1, min(area.bottom, area.top + _MOST_ROWS) + 1):
            if number in at and area.left not in cells[number]:
                cells[number][area.left] = value
                origins[number, area.left] = name
                changed.add(number)
    spread = [
        Row(row.number, tuple(sorted(cells[row.number].items())), row.hidden) if row.number in changed else row
        for row in rows
    ]
    return Merged(spread, frozenset(groups), origins)


def _width(cells: dict[int, str], area: Area) -> int:
    """The number of columns from the first filled cell of a row to the last."""
    return max(*cells, area.right) - min(cells) + 1
