"""Lines of JSONL and TSV files, each with its place, so that every error message names file and line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from nrqa.errors import QuestionSetError

_SHOWN = 60
"""Characters of a line that an error message repeats."""


class Line(NamedTuple):
    """The text of a line without its end, and ``place``: 'file, line N'."""

    place: str
    text: str


def lines(file: Path) -> Iterator[Line]:
    """Every line that is not blank. Raises QuestionSetError where the file cannot be read or is not UTF-8."""
    try:
        with file.open("rb") as opened:
            for number, raw in enumerate(opened, 1):
                place = f"'{file}', line {number}"
                try:
                    text = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                except UnicodeDecodeError as error:
                    raise QuestionSetError(
                        f"{place} is not UTF-8 (byte {error.start}). Save the file as UTF-8"
                    ) from error
                if text.strip():
                    yield Line(place, text)
    except OSError as error:
        raise QuestionSetError(f"'{file}' cannot be read: {error.strerror}") from error


def objects(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Place and JSON object of every line."""
    for place, text in lines(file):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise QuestionSetError(f"{place} is no JSON: {error}. Each line has to be one JSON object") from error
        if not isinstance(found, dict):
            raise QuestionSetError(f"{place} is {_short(text)}, not a JSON object such as {{…}}")
        yield place, found


def rows(file: Path, *widths: int) -> Iterator[tuple[str, list[str]]]:
    """Place and cells of every line of a TSV file, its header left out.

    Each line has as many cells as one of ``widths``. The header is a first line whose third cell is no number.
    """
    first = True
    for place, text in lines(file):
        cells = [cell.strip() for cell in text.split("\t")]
        if len(cells) not in widths:
            wanted = " or ".join(map(str, widths))
            raise QuestionSetError(f"{place} has {len(cells)} columns where {wanted} are needed, separated by tabs")
        if not first or _is_number(cells[2]):
            yield place, cells
        first = False


def number(place: str, cell: str, meaning: str) -> int:
    """The whole number in a cell."""
    if not _is_number(cell):
        raise QuestionSetError(f"{place}: the {meaning} is {_short(cell)}, not a whole number")
    return int(cell)


def string(place: str, found: dict[str, Any], key: str) -> str:
    """The text under a required key; a whole number, as ids may be, becomes text."""
    value = found.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise QuestionSetError(f"{place} has no text under {key!r}. It has: {', '.join(map(repr, found)) or 'nothing'}")
    # JSON's escapes can write a lone surrogate, which no saved run could hold.
    return value.encode("utf-8", "replace").decode("utf-8")


def sha256_of(file: Path) -> str:
    """The sha256 of a file's bytes."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _is_number(cell: str) -> bool:
    digits = cell.removeprefix("-")
    return digits.isascii() and digits.isdecimal()


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
