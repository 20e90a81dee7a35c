"""A sheet of cells and its rows, as delimited text and workbooks have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

Cells = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as a spreadsheet shows it, and its filled cells (column from 0, text), from left to right."""

    number: int
    cells: Cells
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name (empty where the format has none), its filled rows, and what is known about its cells."""

    name: str
    rows: Sequence[Row]
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    """Numbers of rows with cells that span several columns."""
    origins: dict[tuple[int, int], str] = field(default_factory=dict)
    """For each cell (row number, column) that repeats a merged cell over several rows: the name of the merged cell."""
    unvalued: tuple[str, ...] = ()
    """Names of cells with a formula whose value the file does not hold."""


@cache
def column_name(column: int) -> str:
    """The letters a spreadsheet shows for a column: A for 0, AB for 27."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
