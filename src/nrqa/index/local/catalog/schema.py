"""The tables of a catalog.

A catalog must hold a million passages, so nothing is stored twice, and small numbers are stored instead of large ones:
SQLite needs no byte for 0 and 1, and for other numbers as few as they take.

``passages``: ``extent`` is the length in code points. ``byte_shift`` is the start in UTF-8 bytes minus the start in
code points, ``byte_growth`` the length in UTF-8 bytes minus the length in code points; both are 0 in plain ASCII.
``lines`` counts the line ends inside. ``sentences`` are packed (see ``packed``), as positions in the passage.

``pages`` of a passage counts the entries of the table ``pages`` that it reaches into, and of a document, all of them.

Every ``checksum`` covers the other values of its row, but for ``text_at``, which changes when a
document moves to another part. That of a passage covers its headings, its context and its text as well.

``unread`` of a document is the script that the encoder does not read, "" where it reads the document.

``sections``: an entry holds the headings and the context of the passage in its row, and of the following passages of
the same document up to the next entry. The rows of a document are consecutive, from ``first_row`` on.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrqa.records import Span


_BETWEEN = "\x1f"
_MORE = 0x80
"""This bit is set in every byte of a number except the last."""
CATALOG = "catalog.sqlite"
TEXTS = "texts.zlib"
SEAM = "seam"
"""The kind under which the seams of a document stand among its flags."""

SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, titled INTEGER NOT NULL,
    metadata TEXT NOT NULL, sha256 BLOB NOT NULL, encoding TEXT NOT NULL, unread TEXT NOT NULL,
    flags TEXT, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, changed_ns INTEGER NOT NULL,
    first_row INTEGER NOT NULL, passages INTEGER NOT NULL, pages INTEGER NOT NULL, text_bytes INTEGER NOT NULL,
    text_checksum INTEGER NOT NULL, checksum INTEGER NOT NULL, text_at INTEGER NOT NULL);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL, extent INTEGER NOT NULL,
    byte_shift INTEGER NOT NULL, byte_growth INTEGER NOT NULL, line_start INTEGER NOT NULL, lines INTEGER NOT NULL,
    sentences BLOB NOT NULL, markup INTEGER NOT NULL, locators TEXT, flags TEXT, pages INTEGER NOT NULL,
    checksum INTEGER NOT NULL);
CREATE TABLE sections (row INTEGER PRIMARY KEY, heading TEXT, context TEXT NOT NULL);
CREATE TABLE pages (
    document INTEGER NOT NULL, page INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    words BLOB NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE keys (key BLOB NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (key, row)) WITHOUT ROWID;
CREATE TABLE metadata (
    key TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL, first TEXT, last TEXT, number REAL,
    PRIMARY KEY (key, value, document)) WITHOUT ROWID;
CREATE TEMP TABLE new_keys (key, row);
CREATE TEMP TABLE new_metadata (key, value, document, first, last, number);
CREATE TEMP TABLE adopted (number INTEGER PRIMARY KEY);
"""
"""Tables that are ordered by their content are filled at the end, in order, from temporary tables: that leaves no pages
of the database half full."""

ORDERED = """
BEGIN;
INSERT INTO keys SELECT key, row FROM new_keys ORDER BY key, row;
INSERT OR IGNORE INTO metadata SELECT * FROM new_metadata ORDER BY key, value, document;
CREATE INDEX documents_by_name ON documents (name);
CREATE INDEX pages_by_document ON pages (document);
COMMIT;
"""

EXPECTED = tuple(
    sorted(
        one.strip()
        for one in f"{SCHEMA}{ORDERED}".split(";")
        if one.strip().startswith(("CREATE TABLE", "CREATE INDEX"))
    )
)
"""What SQLite's own list of a catalog's tables and indexes holds, and nothing else: no view and no trigger, whose code
would run in the process that reads the catalog."""

ADOPTION = """
BEGIN;
INSERT INTO passages SELECT its.* FROM older.passages AS its JOIN adopted ON number = document ORDER BY row;
INSERT INTO sections SELECT its.* FROM older.sections AS its JOIN older.passages USING (row)
    JOIN adopted ON number = document ORDER BY row;
INSERT INTO pages SELECT its.* FROM older.pages AS its JOIN adopted ON number = document ORDER BY document, page;
INSERT INTO new_keys SELECT key, its.row FROM older.keys AS its JOIN older.passages USING (row)
    JOIN adopted ON number = document;
INSERT INTO new_metadata SELECT its.* FROM older.metadata AS its JOIN adopted ON adopted.number = document;
DELETE FROM adopted;
COMMIT;
"""


def checksum(values: Iterable[object], content: bytes = b"") -> int:
    """The checksum of values as SQLite gives them back (numbers, texts, bytes, None) and of bytes that go with them.

    SQLite notices damage to its own structure, not to what a row holds. CRC-32 finds changes that happen by accident;
    it is no protection against a forger, who can compute it as well.
    """
    return zlib.crc32(content, zlib.crc32(_BETWEEN.join(map(str, values)).encode("utf-8", "surrogatepass")))


def packed(spans: Iterable[Span], begin: int) -> bytes:
    """The spans as bytes, relative to ``begin``."""
    found = bytearray()
    at = begin
    for span in spans:
        gap = span.start - at
        # Spans ascend, so a gap is usually not negative and becomes an even number; odd numbers are for negative gaps.
        _append(found, 2 * gap if gap >= 0 else -2 * gap - 1)
        _append(found, span.end - span.start)
        at = span.end
    return bytes(found)


def unpacked(data: bytes, begin: int) -> tuple[Span, ...]:
    """The spans that ``data`` holds, for a passage that begins at ``begin`` in its text."""
    from nrqa.records import Span  # completion reads catalogs, and no span

    spans = []
    numbers = _numbers(data)
    at = begin
    for step in numbers:
        start = at + (-(step + 1) // 2 if step % 2 else step // 2)
        at = start + next(numbers)
        spans.append(Span(start, at))
    return tuple(spans)


def _append(found: bytearray, number: int) -> None:
    while number >= _MORE:
        found.append(number % _MORE | _MORE)
        number //= _MORE
    found.append(number)


def _numbers(data: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in data:
        number |= (byte % _MORE) << shift
        shift += 7
        if byte < _MORE:
            yield number
            number = shift = 0
