"""Reads records: JSON Lines, and JSON files that are one list of records. Each is a passage, its keys are headers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from nrqa.corpus.readers.reading import Columns, Reading
from nrqa.corpus.readers.shared.outline import Outline
from nrqa.corpus.readers.tables.writing import Field, Writing
from nrqa.errors import UnreadableError
from nrqa.text.decoding import decode

_MOST_NAMED = 10
"""Most lines without a record that a flag names; it always gives the number of all."""
_LINE_END = re.compile(r"\r\n|\n|\r")


class _Pairs(tuple[tuple[str, Any], ...]):
    """A JSON object with its keys in order, and with all values of a key that occurs twice."""

    __slots__ = ()


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def read(name: str, data: bytes, columns: Columns) -> Reading:
    """Reads a file of records."""
    text, _ = decode(data)
    writing = Writing(columns)
    if name.lower().endswith(".json"):
        _write_list(text, writing)
    else:
        _write_lines(text, writing)
    outline = Outline(None, writing.metadata, (), tuple(writing.blocks))
    return Reading(writing.text, outline, places=writing.places, flags=tuple(writing.flags))


def _write_lines(text: str, writing: Writing) -> None:
    """Writes a record for each line; the number of the row is that of the line."""
    broken: list[int] = []
    number = 0
    for number, line in enumerate(_LINE_END.split(text), 1):
        if not line.strip(" \t\0\x1e\ufeff"):
            continue
        try:
            record = _loaded(line.strip(" \t\0\x1e\ufeff"))
        except (ValueError, RecursionError):
            broken.append(number)
            continue
        writing.row(number, list(_fields(record)))
    if broken and not writing.blocks:
        raise UnreadableError(f"not JSON Lines: line {broken[0]} is no JSON")
    if broken:
        told = ", ".join(map(str, broken[:_MOST_NAMED])) + (", …" if len(broken) > _MOST_NAMED else "")
        of = f"{len(broken)} of {number} lines" if len(broken) > 1 else "1 line"
        writing.flag("lost text", f"{of} that cannot be read as JSON: {told}")


def _write_list(text: str, writing: Writing) -> None:
    """Writes a record for each object of a list; the number of the row is its place in the list, from 1."""
    try:
        records = _loaded(text)
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None
    except ValueError as error:
        raise UnreadableError(f"damaged: not JSON ({error})") from error
    if not isinstance(records, list) or not records or not all(isinstance(one, _Pairs) for one in records):
        raise UnreadableError("JSON, but not a list of records: only [{…}, {…}] is read")
    for number, record in enumerate(records, 1):
        writing.row(number, list(_fields(record)))


def _loaded(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_Pairs, parse_int=_Number, parse_float=_Number, parse_constant=_Number)


def _fields(value: Any, name: str = "") -> Iterator[Field]:
    """The values of a record with dotted names; a list of plain values is one value."""
    if isinstance(value, _Pairs):
        for key, one in value:
            yield from _fields(one, f"{name}.{_header(key)}" if name else _header(key))
    elif isinstance(value, list):
        plain = [_plain(one) for one in value if not isinstance(one, _Pairs | list)]
        if words := ", ".join(one for one in plain if one):
            yield Field(name, words)
        for one in value:
            if isinstance(one, _Pairs | list):
                yield from _fields(one, name)
    elif words := _plain(value):
        yield Field(name, words)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _whole(value).replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(value, str) else ""


def _header(key: str) -> str:
    return " ".join(_whole(key).split())


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which an escape in JSON can produce and UTF-8 cannot encode."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not text.isascii() else text
