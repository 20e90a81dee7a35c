"""Turns the cells of a table into pieces: rows of data, or the contents of a table that only serves for layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nrqa.corpus.readers.office.pieces import Lost, Note, Paragraph, Piece, Table, Words, joined

_MOST_COLUMN_NAME = 80
_MOST_REPEATED = 80
"""Most characters of a cell that is merged over several rows and repeated in each of them."""
_LONG_CELL = 1600
"""A table with a cell of more characters is not a table of data."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: its column from 0 and its content; ``merged`` says whether it is merged with the one above."""

    column: int
    content: tuple[Piece, ...]
    merged: bool = False


def table_pieces(rows: Sequence[Sequence[Cell]], *, marked: int, first_row: bool) -> list[Piece]:
    """A table of data and the notes in it; for a layout table, the contents of its cells, one after another.

    ``marked`` is the number of rows at the top that the file marks as headers; ``first_row`` says whether the first row
    looks special.
    """
    contents = [cell.content for row in rows for cell in row]
    if _is_layout(rows):
        return [piece for content in contents for piece in content]
    aside = [piece for content in contents for piece in content if isinstance(piece, Note | Lost)]
    return [Table(tuple(_filled(rows)), _headers(rows, marked, first_row=first_row)), *aside]


def all_words(content: Sequence[Piece]) -> Words:
    """Everything that stands in a cell or a note, as one line."""
    found: list[Words] = []
    for one in content:
        if isinstance(one, Paragraph):
            found.append(one.words)
        elif isinstance(one, Table):
            found += [cell for row in one.rows for cell in row]
    return joined([words for words in found if words.text or words.hidden], " ")


def _is_layout(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a table only serves for layout: it has one row or column, or contains headings or long texts."""
    if len(rows) <= 1 or max((len(row) for row in rows), default=0) <= 1:
        return True
    contents = [cell.content for row in rows for cell in row]
    found = [one for content in contents for one in content if isinstance(one, Paragraph)]
    headed = any(one.role in ("heading", "title") for one in found)
    return headed or any(len(all_words(content).text) > _LONG_CELL for content in contents)


def _filled(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[Words, ...]]:
    """The cells of each row; a short cell that is merged over several rows is repeated in each of them."""
    above: dict[int, Words] = {}
    for row in rows:
        filled = []
        for cell in row:
            words = above.get(cell.column, Words()) if cell.merged else all_words(cell.content)
            filled.append(words)
            above[cell.column] = Words(words.text if len(words.text) <= _MOST_REPEATED else "")
        yield tuple(filled)


def _headers(rows: Sequence[Sequence[Cell]], marked: int, *, first_row: bool) -> int:
    """How many rows at the top name the columns."""
    if 0 < marked < len(rows):
        return marked
    cells = [all_words(cell.content) for cell in rows[0]]
    short = all(0 < len(cell.text) <= _MOST_COLUMN_NAME for cell in cells)
    return int(short and (first_row or all(cell.bold for cell in cells)))
