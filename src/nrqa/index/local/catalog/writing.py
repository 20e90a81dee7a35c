"""Writing one part's catalog."""

from __future__ import annotations

import json
import secrets
import sqlite3
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.index.conditions import value_of
from nrqa.index.local.catalog.opening import bounded
from nrqa.index.local.catalog.schema import ADOPTION, CATALOG, ORDERED, SCHEMA, SEAM, TEXTS, checksum, packed, unpacked
from nrqa.index.local.catalog.texts import TextsWriter
from nrqa.index.rows import NewPassage, Written
from nrqa.records import Document, Flag, PageWords, Stamp

if TYPE_CHECKING:
    from nrqa.index.local.catalog.reading import Catalog


_ADOPTIONS = 10
"""How many times as long as reading it once the adoption of all of a catalog may take: it is read and sorted."""


class CatalogWriter:
    """Writes one part's catalog from beginning to end; ``close`` makes it complete."""

    def __init__(self, folder: Path) -> None:
        location = f"{(folder / CATALOG).resolve().as_uri()}"
        self._database = sqlite3.connect(location, uri=True, isolation_level=None)
        # Nobody reads the file before it is published, and a killed build is thrown away as a whole.
        self._database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
        self.mark = secrets.randbits(31)
        self._database.execute(f"PRAGMA user_version={self.mark}")
        self._database.execute("BEGIN")
        self._texts = TextsWriter(folder / TEXTS)

    def add(
        self, number: int, document: Document, stamp: Stamp, passages: Sequence[NewPassage], unread: str = ""
    ) -> None:
        """Write a document and its passages, whose rows are consecutive."""
        text = document.text.encode("utf-8")
        metadata = dict(document.metadata)
        row = (
            number,
            document.name,
            document.title,
            int(document.titled),
            _json(metadata),
            bytes.fromhex(document.sha256),
            document.encoding,
            unread,
            _flags([*document.flags, *(Flag(SEAM, one.start, one.end) for one in document.seams)]),
            *stamp,
            passages[0].row if passages else 0,
            len(passages),
            len(document.pages),
            len(text),
            zlib.crc32(text),
        )
        self._insert("documents", [(*row, checksum(row), self._texts.add(text))])
        on_pages = _pages_of(document.pages)
        self._insert("passages", (_passage(number, one, text, on_pages(one)) for one in passages))
        self._insert("sections", _sections(passages))
        self._insert("new_keys", ((one.key, one.row) for one in passages))
        self._insert("pages", (_page(number, one) for one in document.pages))
        values = {"title": document.title, **metadata}
        self._insert(
            "new_metadata",
            (
                (key, one.text, number, *(one.period or (None, None)), one.number)
                for key, value in values.items()
                for one in map(value_of, value if isinstance(value, list) else [value])
            ),
        )

    def adopt(self, older: Catalog, numbers: Sequence[int]) -> None:
        """Copy documents and their passages from an older part; they keep their numbers and rows.

        Raises IndexDamagedError where one of them is not as it was written: damage must not be written anew.
        """
        self._database.execute("COMMIT")
        self._database.execute("ATTACH ? AS older", (older.location,))
        begin = bounded(self._database, _ADOPTIONS * older.size)
        self._database.execute("BEGIN")
        self._insert("adopted", ((number,) for number in numbers))
        for row, text in older.whole_documents(numbers):
            self._insert("documents", [(*row, self._texts.add(text))])
        begin()
        self._database.executescript(ADOPTION)
        self._database.set_progress_handler(None, 0)
        self._database.execute("DETACH older")
        self._database.execute("BEGIN")

    def written(self, rows: Iterable[int]) -> Iterator[Written]:
        """The passages of rows that this writer has written, in the order of ``rows``."""
        for row in rows:
            number, at, size, context, heading, markup, name, title, sentences = self._database.execute(
                _WRITTEN, (row,)
            ).fetchone()
            text = self._texts.read(at, size).decode("utf-8")
            names = (title, *json.loads(heading or "[]"))
            yield Written(row, number, text, context, bool(markup), name, names, unpacked(sentences, 0))

    def close(self) -> None:
        """Finish both files."""
        self._database.executescript(ORDERED)
        self._database.close()
        self._texts.close()

    def abandon(self) -> None:
        """Close both files as they are."""
        self._database.close()
        self._texts.abandon()

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        found = list(rows)
        if found:
            places = ",".join("?" * len(found[0]))
            self._database.executemany(f"INSERT INTO {table} VALUES ({places})", found)  # noqa: S608 - constant names


_WRITTEN = """
SELECT document, text_at + start + byte_shift, extent + byte_growth,
    sections.context, sections.heading, passages.markup, name, title, sentences
FROM passages JOIN documents ON number = document
    JOIN sections ON sections.row = (SELECT max(own.row) FROM sections AS own WHERE own.row <= passages.row)
WHERE passages.row = ?
"""


def _passage(number: int, one: NewPassage, text: bytes, pages: int) -> tuple[Any, ...]:
    shift = one.byte_start - one.start
    row = (
        one.row,
        number,
        one.start,
        one.end - one.start,
        shift,
        one.byte_end - one.end - shift,
        one.line_start,
        one.line_end - one.line_start,
        packed(one.sentences, one.start),
        int(one.markup),
        _json([(its.kind, its.first, its.last) for its in one.locators]) if one.locators else None,
        _flags(one.flags),
        pages,
    )
    own = text[one.byte_start : one.byte_end]
    return (*row, checksum((*row, *_section(one)), own))


def _page(number: int, one: PageWords) -> tuple[Any, ...]:
    row = (number, one.page, one.start, one.end)
    words = zlib.compress(one.words)
    return (*row, words, checksum(row, words))


def _pages_of(pages: Sequence[PageWords]) -> Callable[[NewPassage], int]:
    """How many of the pages a passage reaches into: those that begin before its end, without those that end before."""
    starts, ends = sorted(one.start for one in pages), sorted(one.end for one in pages)
    return lambda one: max(0, bisect_left(starts, one.end) - bisect_right(ends, one.start))


def _section(one: NewPassage) -> tuple[str | None, str]:
    """What the section of a passage stores: its headings as JSON, and its context."""
    return _json(one.heading) if one.heading else None, one.context


def _sections(passages: Sequence[NewPassage]) -> Iterator[tuple[int, str | None, str]]:
    """Each row where headings or context change, with the new headings as JSON and the new context."""
    before = None
    for one in passages:
        if (one.heading, one.context) != before:
            yield one.row, *_section(one)
        before = one.heading, one.context


def _flags(flags: Iterable[Flag]) -> str | None:
    found = [(one.kind, one.start, one.end, one.detail) for one in flags]
    return _json(found) if found else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
