"""Documents and passages of one part of the index: an SQLite file, and a file of compressed texts beside it.

Both are written once, from beginning to end (``writing``), and then read by row and by name (``reading``), never whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nrqa.index.catalog.rows import Known, Listed, NewPassage, Stored, Written

__all__ = ["Known", "Listed", "NewPassage", "Stored", "Written"]


def __getattr__(name: str) -> Any:
    """A record, fetched when it is first used: completion only opens the file, and must not wait for the records."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from nrqa.index.catalog import rows

    return getattr(rows, name)
