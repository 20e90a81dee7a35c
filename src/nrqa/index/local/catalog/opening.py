"""Opens a catalog's database for reading only, as data: nothing in the file can make SQLite do more than read rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from nrqa.index.local.catalog.schema import EXPECTED

_STEP = 50_000
"""Instructions of SQLite's virtual machine between two looks at how many there were."""
_STEPS_PER_BYTE = 8
"""Instructions that reading may take for each byte of the file. The largest query takes some 40 for a passage, and a
passage more than 40 bytes; only a file whose pages lead in a circle needs more."""
_LEAST = 20
_SHORT = 1_000_000
"""Bytes that a value may have in any catalog; no value is longer than the file."""


def location_of(file: Path) -> str:
    """The file as an SQLite URI that can only be read."""
    # immutable: the file never changes under this name, so SQLite needs neither lock nor journal, and looks for none.
    return f"{file.resolve().as_uri()}?mode=ro&immutable=1"


def opened(file: Path) -> tuple[sqlite3.Connection, Callable[[], None]]:
    """A connection to the catalog, and what is to be called before each query: it allows the query its steps.

    Raises ValueError where the tables are not exactly those of a catalog. A view or trigger would be a program: it
    could run for ever whenever a table of its name is read.
    """
    size = file.stat().st_size
    # check_same_thread: SQLite is built serialized; a server may ask from several threads.
    database = sqlite3.connect(location_of(file), uri=True, check_same_thread=False)
    try:
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(size, _SHORT))
        for rule in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"):
            database.execute(f"PRAGMA {rule}")
        begin = bounded(database, size)
        _refuse_other_tables(database, file)
    except BaseException:
        database.close()
        raise
    return database, begin


def _refuse_other_tables(database: sqlite3.Connection, file: Path) -> None:
    found = database.execute("SELECT sql FROM sqlite_master").fetchall()
    if sorted(str(sql) for (sql,) in found) != list(EXPECTED):
        raise ValueError(f"'{file.name}' has other tables than a catalog")


def bounded(database: sqlite3.Connection, size: int) -> Callable[[], None]:
    """Ends every query that takes more steps than reading ``size`` bytes can.

    They are counted from the latest call of the function that is returned.
    """
    most, taken = max(_LEAST, _STEPS_PER_BYTE * size // _STEP), 0

    def spent() -> bool:
        nonlocal taken
        taken += 1
        return taken > most

    def begin() -> None:
        nonlocal taken
        taken = 0

    database.set_progress_handler(spent, _STEP)
    return begin
