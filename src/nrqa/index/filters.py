"""Filters for an index whose documents are in no table of ours: one is made in memory, of names and metadata.

So filters mean what they mean for an index in a folder.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from nrqa.index.conditions import read_condition, refuse_meaningless, value_of
from nrqa.index.local.catalog.selecting import matching

if TYPE_CHECKING:
    from nrqa.index.rows import Listed
    from nrqa.index.snapshot import Where

_TABLE = """
CREATE TABLE metadata (
    key TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL, first TEXT, last TEXT, number REAL,
    PRIMARY KEY (key, value, document)) WITHOUT ROWID
"""


class Filters:
    """Names and metadata of all documents, titles included."""

    def __init__(self, documents: Iterable[Listed], own_folder: str) -> None:
        """``own_folder`` is that of the manifest."""
        listed = [*documents]
        self._names = {one.number: normalize("NFC", one.name) for one in listed}
        self._own_folder = own_folder
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(_TABLE)
        self._database.executemany("INSERT OR IGNORE INTO metadata VALUES (?, ?, ?, ?, ?, ?)", _rows(listed))

    def passing(self, where: Where | None, only: Sequence[str] | None) -> set[int]:
        """The documents that pass both. QuestionError where no document has metadata of that name."""
        numbers = {*self._names}
        for key, wanted in (where or {}).items():
            numbers &= self._numbers_with(key.strip().lower(), wanted)
        if only:
            from nrqa.corpus.files.choosing import chooser

            chosen = chooser(only, self._own_folder)
            numbers = {one for one in numbers if chosen(self._names[one])}
        return numbers

    def _numbers_with(self, key: str, wanted: str | Sequence[str]) -> set[int]:
        """The documents whose metadata has, under that key, a value that meets the condition."""
        where, values = matching(key, read_condition(wanted))
        query = f"SELECT document FROM metadata WHERE {where}"  # noqa: S608 - constant terms
        found = {number for (number,) in self._database.execute(query, values)}
        if not found:
            refuse_meaningless(key, wanted, self.facets)
        return found

    @cached_property
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
