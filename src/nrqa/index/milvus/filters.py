"""Metadata of all documents as a table in memory: so filters mean what they mean for an index in a folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from nrqa.index.conditions import read_condition, value_of
from nrqa.index.local.catalog.selecting import matching
from nrqa.index.rows import Listed

_TABLE = """
CREATE TABLE metadata (
    key TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL, first TEXT, last TEXT, number REAL,
    PRIMARY KEY (key, value, document)) WITHOUT ROWID
"""


class Filters:
    """The metadata of all documents, titles included."""

    def __init__(self, documents: Iterable[Listed]) -> None:
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(_TABLE)
        self._database.executemany("INSERT OR IGNORE INTO metadata VALUES (?, ?, ?, ?, ?, ?)", _rows(documents))

    def numbers_with(self, key: str, wanted: str | Sequence[str]) -> set[int]:
        """The documents whose metadata has, under that key, a value that meets the condition."""
        where, values = matching(key, read_condition(wanted))
        query = f"SELECT document FROM metadata WHERE {where}"  # noqa: S608 - constant terms
        return {number for (number,) in self._database.execute(query, values)}

    def facets(self) -> dict[str, dict[str, int]]:
        """For each key its values, the most common first, and how many documents have each."""
        query = "SELECT key, value, count(*) AS met FROM metadata GROUP BY key, value ORDER BY key, met DESC, value"
        found: dict[str, dict[str, int]] = {}
        for key, value, count in self._database.execute(query):
            found.setdefault(key, {})[value] = count
        return found


def _rows(documents: Iterable[Listed]) -> Iterator[tuple[Any, ...]]:
    for document in documents:
        for key, value in {"title": document.title, **document.metadata}.items():
            for one in map(value_of, value if isinstance(value, list) else [value]):
                yield key, one.text, document.number, *(one.period or (None, None)), one.number
