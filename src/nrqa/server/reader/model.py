"""What a document is made of when it is shown to a reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "text", "lines", "code", "table", "record"]
"""How a block is laid out: running text, lines that stay lines, rows of cells, or named values of one row."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document's text; ``mark``: it is of the passage shown; ``answer``: it answers best."""

    text: str
    mark: bool = False
    answer: bool = False


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a document from ``start`` to ``end``.

    ``level`` is that of a heading, from 1. ``cells`` are the rows of a table, each with its cells; of other blocks one
    row with one cell, and of a record a row for each value with its name. ``label`` is what the format calls the place,
    where it begins here (page 7, row 12). ``searched`` is False for what is in no passage. ``warnings`` tell of hidden
    or lost text at this place.
    """

    kind: Kind
    start: int
    end: int
    cells: tuple[tuple[Pieces, ...], ...]
    level: int = 0
    label: str = ""
    searched: bool = True
    warnings: tuple[str, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether something in it is marked."""
        return any(piece.mark for row in self.cells for cell in row for piece in cell)


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of a document's outline: its depth from 1, its words, and where the text under it begins."""

    level: int
    text: str
    start: int
