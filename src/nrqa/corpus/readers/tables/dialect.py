"""Detects the dialect of a delimited text: what separates its cells, and how quotation marks inside cells are written.

``csv.Sniffer`` counts characters, and is easily misled by commas in sentences and decimal commas. This module tries
each dialect on the first records, and takes the one that gives most records the same number of cells.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_SAMPLE = 64 * 1024
_RECORDS = 500
_DELIMITERS = "\t;|,"
"""If two fit equally well, the first is taken: commas also stand in sentences and numbers, tabs hardly ever."""
_LEAST = 0.5
"""Least share of records that must have the same number of cells; with less, the text has one column."""
_NEARLY = 0.02
_TOLD = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_LONGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Dialect:
    """A dialect; ``delimiter`` is empty if there is one column, ``start`` is the position of the first record."""

    delimiter: str
    escaped: bool = False
    """Whether quotation marks inside cells have a backslash before them, instead of being doubled."""
    quoted: bool = True
    start: int = 0


def find_dialect(text: str) -> Dialect:
    """The dialect of the text: the one that it declares (``sep=;``), or the one that fits its first records best."""
    told = _TOLD.match(text)
    start = told.end() if told else 0
    sample = text[start : start + _SAMPLE]
    if len(text) > start + _SAMPLE:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    ways = [False, True] if '\\"' in sample else [False]
    delimiters = told[1] if told else _DELIMITERS
    found = [
        (share, Dialect(delimiter, escaped=escaped, start=start))
        for delimiter in delimiters
        for escaped in ways
        for share in [_regular(sample, Dialect(delimiter, escaped=escaped))]
    ]
    best = max(share for share, _ in found)
    if best < _LEAST and not told:
        return Dialect("", start=start)
    dialect = next(one for share, one in found if share >= best - _NEARLY)
    return dialect if _closed(text, dialect) else Dialect(dialect.delimiter, quoted=False, start=start)


def records(text: str, dialect: Dialect) -> Iterator[list[str]]:
    """The records in order; an empty line is an empty record."""
    csv.field_size_limit(_LONGEST)
    if not dialect.delimiter:
        # Quotation marks around whole lines belong to the format, not to the text, if all of one column have them.
        yield from ([line] if line.strip() else [] for line in _unquoted(text[dialect.start :]))
        return
    lines = _lines(text, dialect.start)
    yield from csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE,
        doublequote=not dialect.escaped,
        escapechar="\\" if dialect.escaped else None,
        skipinitialspace=False,
    )


def _lines(text: str, start: int) -> Iterator[str]:
    """Lines with their ends, which csv needs to keep line ends inside cells."""
    for found in _LINE.finditer(text, start):
        yield found[0]


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


def _unquoted(text: str) -> Iterator[str]:
    if re.match(r'\s*"', text) and text.count('"') % 2 == 0:
        try:
            # No character separates cells, but csv needs one: this one occurs in no text.
            yield from (record[0] if record else "" for record in csv.reader(_lines(text, 0), delimiter="\x1f"))
            return
        except csv.Error:
            pass
    yield from re.split(r"\r\n|\n|\r", text)


def _regular(sample: str, dialect: Dialect) -> float:
    """The share of records with the most frequent number of cells, from the first such on; 0 if that is one cell."""
    try:
        found = [record for record in islice(records(sample, dialect), _RECORDS) if any(record)]
    except csv.Error:
        return 0.0
    widths = [len(record) for record in found]
    if len(widths) > 2 and len(sample) >= _SAMPLE // 2:
        widths.pop()  # the end of the sample may have cut the last record
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return 0.0
    most = max(counts.values())
    width = max(width for width, count in counts.items() if count == most)
    after = widths[widths.index(width) :]
    if after.count(width) <= after.count(1) or (widths[0] == 1 and _is_prose(found, dialect.delimiter)):
        return 0.0
    return after.count(width) / len(after)


def _is_prose(found: list[list[str]], delimiter: str) -> bool:
    """Whether the delimiters are punctuation in sentences, which has a space after it."""
    behind = [cell for record in found for cell in record[1:] if cell]
    return delimiter in ",;" and sum(cell.startswith(" ") for cell in behind) >= 0.9 * len(behind)


def _closed(text: str, dialect: Dialect) -> bool:
    """Whether no quotation mark stays open until the end: it would turn all the text after it into one cell."""
    if '"' not in text:
        return True
    last: list[str] = []
    try:
        for record in records(text, dialect):
            last = record or last
    except csv.Error:
        return False
    # A cell is open if it extends over many lines to the end of the text, and is not closed there.
    return not (last and last[-1].count("\n") > 1 and not text.rstrip().endswith('"'))
