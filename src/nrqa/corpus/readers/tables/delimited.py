"""Delimited text: CSV, TSV and their like."""

from __future__ import annotations

from nrqa.corpus.readers.reading import Columns, Reading
from nrqa.corpus.readers.tables.dialect import find_dialect, records
from nrqa.corpus.readers.tables.reading import read_sheets
from nrqa.corpus.readers.tables.sheet import Row, Sheet
from nrqa.text.decoding import decode

_BLANK = " \t\n\v\f\0\ufeff\u00a0\u200b"


def read(_: str, data: bytes, columns: Columns) -> Reading:
    """Reads a file of delimited text as one sheet without a name."""
    text, _ = decode(data)
    rows = [
        Row(number, cells)
        for number, record in enumerate(records(text, find_dialect(text)), 1)
        if (cells := tuple((at, value) for at, value in enumerate(map(_clean, record)) if value))
    ]
    return read_sheets([Sheet("", rows)], columns, {})


def _clean(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").strip(_BLANK)
