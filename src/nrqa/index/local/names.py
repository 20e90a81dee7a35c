"""Names of documents, and metadata by which they can be filtered, read at once: for completion, which must not wait.

Only the catalogs are opened, in the way that is safe for any index (see ``catalog.opening``), and nothing else of a
generation: no checksum is compared, since what is read here is offered to be typed, and shown to nobody as true.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from nrqa.index.local import generation
from nrqa.index.local.catalog.opening import opened
from nrqa.index.local.catalog.schema import CATALOG

_LAST = chr(0x10FFFF)
_MOST_BYTES = 64 * 1024 * 1024
"""The largest manifest that is read; those of a million files are smaller."""


def document_names(index: Path, begins: str, most: int) -> list[str]:
    """Up to ``most`` names that begin so; where none does, those of which the file's own name begins so."""
    ways = (
        ("name >= ? AND name < ?", (begins, begins + _LAST)),
        ("name GLOB ?", (f"*/{_literally(begins)}*",)),
    )
    for condition, values in ways:
        query = f"SELECT number, name FROM documents WHERE {condition} ORDER BY name LIMIT {int(most)}"  # noqa: S608
        found = [
            name for removed, rows in _rows(index, query, values) for number, name in rows if number not in removed
        ]
        if found:
            return sorted(found)[:most]
    return []


def metadata_keys(index: Path) -> list[str]:
    """The keys of all documents' metadata."""
    query = "SELECT DISTINCT key FROM metadata"
    return sorted({key for _, rows in _rows(index, query, ()) for (key,) in rows})


def metadata_values(index: Path, key: str, begins: str, most: int) -> list[str]:
    """Up to ``most`` values of a key that begin so."""
    query = f"SELECT DISTINCT value FROM metadata WHERE key = ? AND value >= ? AND value < ? LIMIT {int(most)}"  # noqa: S608
    values = (key, begins, begins + _LAST)
    return sorted({value for _, rows in _rows(index, query, values) for (value,) in rows})[:most]


def _rows(index: Path, query: str, values: tuple[str, ...]) -> Iterator[tuple[frozenset[int], list[Any]]]:
    """What each part's catalog says to a query, with the numbers of the part's removed documents."""
    number = generation.newest(index)
    if number is None:
        return
    folder = generation.folder_of(index, number)
    with (folder / generation.MANIFEST).open("rb") as file:
        manifest = json.loads(file.read(_MOST_BYTES))
    for part in manifest["parts"]:
        name = str(part["name"])
        if "/" in name or "\\" in name or name in (".", ".."):
            return
        database, begin = opened(folder / name / CATALOG)
        with closing(database):
            begin()
            yield frozenset(part["removed"]), database.execute(query, values).fetchall()


def _literally(text: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in text)
