"""Names, versions and limits that hold everywhere; completion loads them at each press of the TAB key."""

from __future__ import annotations

VERSION = "0.1.0"

FORMAT = 7
"""The format of the index on disk. An index with another number is rebuilt, never migrated."""

DEFAULT_MODEL = "all-MiniLM-L6-v2"
MULTILINGUAL_MODEL = "multilingual"
"""multilingual-e5-small in 4 bits, of the extra nrqa[multilingual]."""
DEFAULT_INDEX = "index"

READ_SECONDS = 120
"""The longest time that reading one file may take: a PDF of a thousand pages takes ten seconds."""
READ_BYTES = 3 * 1024**3
"""The most address space that the process that reads files may have; it uses far less."""
MAX_FILE_BYTES = 64 * 1024 * 1024
"""Larger files are listed as unreadable: 64 MiB of plain text is a 10,000-page book."""
