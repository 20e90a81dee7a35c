"""Reading one part's catalog, by row and by name.

A catalog may be damaged, or made by somebody who wants to harm its reader. Each row that is shown is compared with its
checksum; the database opens only if its tables are exactly ours (module opening). Texts are memory-mapped and read in
blocks.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from nrqa.errors import IndexDamagedError
from nrqa.index.local.catalog.opening import location_of, opened
from nrqa.index.local.catalog.schema import CATALOG, SEAM, TEXTS, checksum, unpacked
from nrqa.index.local.catalog.texts import Texts
from nrqa.index.local.failures import damaged, reading
from nrqa.index.rows import Known, Listed, Stored, Written
from nrqa.records import PAGE, Citation, Document, Flag, Locator, PageWords, Passage, Rectangle, Span

if TYPE_CHECKING:
    from nrqa.index.conditions import Condition

_PASSAGES = """
SELECT passages.row, document, start, extent, byte_shift, byte_growth, line_start, lines, sentences, markup, locators,
    flags, pages, heading, context, checksum
FROM passages JOIN sections ON sections.row = (SELECT max(own.row) FROM sections AS own WHERE own.row <= passages.row)
"""
_OF_DOCUMENT = "WHERE passages.row >= ? AND passages.row < ? ORDER BY passages.row"
_DOCUMENTS = """
SELECT number, name, title, titled, metadata, sha256, encoding, unread, flags, size, modified_ns, changed_ns,
    first_row, passages, pages, text_bytes, text_checksum, checksum, text_at
FROM documents
"""
_MOST_WORDS = 16 * 1024 * 1024
"""Bytes that the places of a page's words take at most: 24 for each word."""


class Catalog:
    """Reads one part's catalog; ``mark`` is what its writer marked it with, where that is known."""

    def __init__(self, folder: Path, mark: int | None = None) -> None:
        self._folder = folder
        self.location, self.size = location_of(folder / CATALOG), (folder / CATALOG).stat().st_size
        self._database, self._begin = opened(folder / CATALOG)
        # One query at a time: SQLite would keep two apart itself, but waits for Python (which counts the query's steps)
        # while it keeps its own lock, for which another thread waits that keeps Python's. Neither would ever go on.
        self._asking = Lock()
        # A connection and its cache of statements refer to each other: else it stays open until garbage collection.
        weakref.finalize(self, self._database.close)
        try:
            _refuse_another(self._database, mark)
            self._texts = Texts(folder / TEXTS)
        except BaseException:
            self._database.close()
            raise

    def known(self) -> list[Known]:
        """All documents, in order of number."""
        query = "SELECT number, name, sha256, size, modified_ns, changed_ns, unread FROM documents ORDER BY number"
        found: list[Known] = self._made(lambda _, row: Known._make(row), query, ())
        return found

    def listed(self) -> Iterator[Listed]:
        """All documents with what is known about them, in order of number."""
        for row in self._documents():
            yield Listed(
                number=row["number"],
                name=row["name"],
                title=row["title"],
                titled=bool(row["titled"]),
                sha256=row["sha256"].hex(),
                bytes=row["size"],
                text_bytes=row["text_bytes"],
                passages=row["passages"],
                metadata=self._json(row["metadata"], dict),
                flags=self._flags(row["flags"]),
            )

    def stored(self, row: int) -> Stored | None:
        """The passage of that row, or None where it is in another part."""
        found = self._rows(f"{_PASSAGES} WHERE passages.row = ?", (row,))
        return self._stored(found[0], self._document(found[0]["document"])) if found else None

    def passages_of(self, number: int) -> list[Stored]:
        """The passages of a document in reading order."""
        document = self._document(number)
        return [self._stored(one, document) for one in self._passages_of(document)]

    def documents(self, without: AbstractSet[int]) -> Iterator[Document]:
        """All documents with their texts, one after another, except those whose numbers are in ``without``."""
        for row in self._documents():
            if row["number"] not in without:
                yield Document(
                    row["name"],
                    row["title"],
                    self._decoded(self._whole_text(row)),
                    row["sha256"].hex(),
                    self._json(row["metadata"], dict),
                    bool(row["titled"]),
                    row["encoding"],
                    flags=self._flags(row["flags"]),
                )

    def text_of(self, number: int) -> str:
        """The whole text of a document."""
        return self._decoded(self._whole_text(self._document(number)))

    def whole_documents(self, numbers: Iterable[int]) -> Iterator[tuple[tuple[Any, ...], bytes]]:
        """The rows of documents, but for the last value (where the text is), each with its text.

        Raises IndexDamagedError where a document or one of its passages or pages is not as it was written.
        """
        for number in sorted(numbers):
            document = self._document(number)
            for one in self._passages_of(document):
                self._text_of(one, document)
            pages = list(self._pages("WHERE document = ?", (number,)))
            if len(pages) != document["pages"]:
                raise self._damaged(f"pages of document {number} are missing")
            yield tuple(document)[:-1], self._whole_text(document)

    def is_sound(self, number: int) -> bool:
        """Whether there is a document with that number, and it is as it was written."""
        try:
            self._document(number)
        except IndexDamagedError:
            return False
        return True

    def numbers_named(self, name: str) -> list[int]:
        """The numbers of the documents of that name; more than one only where some have been removed since."""
        found = self._rows("SELECT number FROM documents WHERE name = ?", (name,))
        return [number for (number,) in found]

    def names(self) -> Iterator[tuple[int, str]]:
        """Number and name of every document."""
        return ((number, name) for number, name in self._rows("SELECT number, name FROM documents ORDER BY number"))

    def numbers_holding(self, text: str) -> Iterator[int]:
        """The documents whose text contains ``text`` (at least one character) exactly, in the order of their texts."""
        wanted = text.encode("utf-8")
        at = self._find(wanted, 0)
        if at < 0:
            return
        # Empty texts sort first: of several that begin at one position, the last is the one that has bytes there.
        places = self._rows("SELECT text_at, text_bytes, number FROM documents ORDER BY text_at, text_bytes")
        begins = [begin for begin, _, _ in places]
        while at >= 0:
            begin, size, number = places[bisect_right(begins, at) - 1]
            if at + len(wanted) <= begin + size:
                yield number
                at = begin + size
            else:  # the match reaches into the next document
                at += 1
            at = self._find(wanted, at)

    def numbers_with(self, key: str, condition: Condition) -> set[int]:
        """The documents whose metadata has, under that key, a value that meets the condition."""
        from nrqa.index.local.catalog.selecting import matching

        where, values = matching(key, condition)
        found = self._rows(f"SELECT document FROM metadata WHERE {where}", values)  # noqa: S608 - constant terms
        return {number for (number,) in found}

    def facets(self) -> Iterator[tuple[int, str, str]]:
        """Document, key and value (case-folded) of all metadata."""
        rows = self._rows("SELECT document, key, value FROM metadata ORDER BY key, value, document")
        for number, key, value in rows:
            if not (isinstance(key, str) and isinstance(value, str)):
                raise self._damaged(f"metadata of document {number} are none")
            yield number, key, value

    def written(self, without: AbstractSet[int]) -> Iterator[Written]:
        """All passages as the encoder and the lexical signal need them, except those of documents in ``without``."""
        for document in self._documents():
            if document["number"] in without:
                continue
            for one in self._passages_of(document):
                text = self._text_of(one, document)
                with self._reading():
                    sentences = unpacked(one["sentences"], 0)
                    names = (document["title"], *json.loads(one["heading"] or "[]"))
                yield Written(
                    row=one["row"],
                    document=document["number"],
                    text=text,
                    context=one["context"],
                    markup=bool(one["markup"]),
                    name=document["name"],
                    names=names,
                    sentences=sentences,
                )

    def row_with_key(self, key: bytes) -> int | None:
        """A row whose vector was made from the text with that key, or None."""
        found = self._rows("SELECT row FROM keys WHERE key = ? LIMIT 1", (key,))
        return int(found[0][0]) if found else None

    def keys(self) -> dict[int, bytes]:
        """The key of each passage, by row."""
        return {row: key for key, row in self._rows("SELECT key, row FROM keys")}

    def first_rows(self) -> dict[int, int]:
        """The row of each document's first passage, by document number."""
        return {
            int(one["number"]): int(one["first_row"]) for one in self._rows("SELECT number, first_row FROM documents")
        }

    def page_counts(self) -> Iterator[tuple[int, int]]:
        """Each document for which the positions of words on pages are known, and how many pages it has."""
        return (
            (number, pages) for number, pages in self._rows("SELECT document, count(*) FROM pages GROUP BY document")
        )

    def page_spans(self, number: int) -> list[tuple[int, int, int]]:
        """The number, start and end of each page of a document for which the positions of words are known, in order."""
        found = self._rows('SELECT page, start, "end" FROM pages WHERE document = ? ORDER BY page', (number,))
        return [(page, start, end) for page, start, end in found]

    def page_words(self, number: int, pages: Iterable[int]) -> list[PageWords]:
        """The positions of the words on some pages of a document, in order."""
        wanted = sorted(set(pages))
        holes = ", ".join("?" * len(wanted))
        return list(self._pages(f"WHERE document = ? AND page IN ({holes}) ORDER BY page, start", (number, *wanted)))

    def encodings(self) -> Iterator[tuple[int, str]]:
        """Each document whose format is text, and its encoding."""
        found = self._rows("SELECT number, encoding FROM documents WHERE encoding != ''")
        return ((number, encoding) for number, encoding in found)

    def passage_lengths(self) -> Iterator[tuple[int, int]]:
        """The document of each passage, and its length in bytes."""
        rows = self._rows("SELECT document, extent + byte_growth FROM passages ORDER BY row")
        return ((number, length) for number, length in rows)

    def flags_of(self, number: int) -> list[Flag]:
        """The flags of a document, which say what its reader should know, in order."""
        return list(self._flags(self._document(number)["flags"]))

    def seams_of(self, number: int) -> list[Span]:
        """Where the web page that the document is shows other than its text has, in order."""
        flags = self._json(self._document(number)["flags"], list)
        with self._reading():
            return [Span(start, end) for kind, start, end, _ in flags if kind == SEAM]

    def close(self) -> None:
        """Close the files."""
        self._database.close()
        self._texts.close()

    def _stored(self, found: sqlite3.Row, document: sqlite3.Row) -> Stored:
        start, end = found["start"], found["start"] + found["extent"]
        text = self._text_of(found, document)
        heading = self._json(found["heading"], list)
        locators = self._json(found["locators"], list)
        with self._reading():
            cited = tuple(Locator(*one) for one in locators)
            page = next((int(one.first) for one in cited if one.kind == PAGE), None)
            sentences = unpacked(found["sentences"], start)
        citation = Citation(
            document=document["name"],
            title=document["title"],
            heading=tuple(heading),
            start=start,
            end=end,
            line_start=found["line_start"],
            line_end=found["line_start"] + found["lines"],
            page=page,
            sha256=document["sha256"].hex(),
            metadata=self._json(document["metadata"], dict),
            locators=cited,
            flags=self._flags(found["flags"]),
            rectangles=() if page is None else self._rectangles(found, start, end),
        )
        passage = Passage(text, citation)
        return Stored(found["row"], found["document"], passage, sentences, found["context"], bool(found["markup"]))

    def _documents(self) -> Iterator[sqlite3.Row]:
        """All documents, in order of number, each as it was written."""
        return (self._sound(one) for one in self._rows(f"{_DOCUMENTS} ORDER BY number"))

    def _document(self, number: int) -> sqlite3.Row:
        found = self._rows(f"{_DOCUMENTS} WHERE number = ?", (number,))
        if not found:
            raise self._damaged(f"document {number} is missing")
        return self._sound(found[0])

    def _sound(self, document: sqlite3.Row) -> sqlite3.Row:
        *row, own, _ = document
        if checksum(row) != own:
            raise self._damaged(f"document {document['number']} is not as it was written")
        return document

    def _passages_of(self, document: sqlite3.Row) -> list[sqlite3.Row]:
        """The rows of a document's passages, all of them."""
        first, count = document["first_row"], document["passages"]
        found = self._rows(f"{_PASSAGES} {_OF_DOCUMENT}", (first, first + count))
        if len(found) != count or any(one["document"] != document["number"] for one in found):
            raise self._damaged(f"passages of document {document['number']} are missing")
        return found

    def _text_of(self, passage: sqlite3.Row, document: sqlite3.Row) -> str:
        """The text of a passage; IndexDamagedError where the passage or its text is not as it was written."""
        *row, own = passage
        with self._reading():
            at = document["text_at"] + passage["start"] + passage["byte_shift"]
            text = self._texts.read(at, passage["extent"] + passage["byte_growth"])
        if passage["document"] != document["number"] or checksum(row, text) != own:
            raise self._damaged(f"passage {passage['row']} is not as it was written")
        return self._decoded(text)

    def _whole_text(self, document: sqlite3.Row) -> bytes:
        with self._reading():
            text = self._texts.read(document["text_at"], document["text_bytes"])
        if zlib.crc32(text) != document["text_checksum"]:
            raise self._damaged(f"the text of document {document['number']} is not as it was written")
        return text

    def _decoded(self, text: bytes) -> str:
        with self._reading():
            return text.decode("utf-8")

    def _json(self, written: str | None, kind: type) -> Any:
        """An object of that kind, read from JSON; an empty one where nothing was written."""
        with self._reading():
            found = json.loads(written) if written else kind()
            if not isinstance(found, kind):
                raise TypeError(f"not a {kind.__name__}")
            return found

    def _flags(self, written: str | None) -> tuple[Flag, ...]:
        flags = self._json(written, list)
        with self._reading():
            return tuple(Flag(*one) for one in flags if one[0] != SEAM)

    def _find(self, wanted: bytes, begin: int) -> int:
        with self._reading():
            return self._texts.find(wanted, begin)

    def _rectangles(self, passage: sqlite3.Row, start: int, end: int) -> tuple[Rectangle, ...]:
        from nrqa.corpus.passages.word_boxes import rectangles

        of_passage = 'WHERE document = ? AND start < ? AND "end" > ? ORDER BY page'
        pages = list(self._pages(of_passage, (passage["document"], end, start)))
        if len(pages) != passage["pages"]:
            raise self._damaged(f"pages of passage {passage['row']} are missing")
        with self._reading():
            return rectangles(pages, start, end)

    def _pages(self, where: str, values: Sequence[Any]) -> Iterator[PageWords]:
        query = f'SELECT document, page, start, "end", words, checksum FROM pages {where}'  # noqa: S608 - constant terms
        for number, page, first, last, words, own in self._rows(query, tuple(values)):
            with self._reading():
                if checksum((number, page, first, last), words) != own:
                    raise ValueError(f"page {page} of document {number} is not as it was written")
                inflated = zlib.decompressobj().decompress(words, _MOST_WORDS)
            yield PageWords(page, first, last, inflated)

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        found: list[sqlite3.Row] = self._made(sqlite3.Row, query, values)
        return found

    def _made(self, make: Callable[[sqlite3.Cursor, tuple[Any, ...]], Any], query: str, values: tuple[Any, ...]) -> Any:
        with self._reading(), self._asking:
            self._begin()
            cursor = self._database.cursor()
            cursor.row_factory = make
            return cursor.execute(query, values).fetchall()

    def _reading(self) -> Any:
        return reading(self._folder)

    def _damaged(self, what: str) -> IndexDamagedError:
        return damaged(self._folder, what)


def _refuse_another(database: sqlite3.Connection, mark: int | None) -> None:
    """Raise ValueError where the catalog is not the one with that mark."""
    if mark is not None and database.execute("PRAGMA user_version").fetchone() != (mark,):
        raise ValueError(f"'{CATALOG}' is that of another part")
