"""Reading one part's catalog, by row and by name.

SQLite opens its file as immutable, so reading takes no lock and creates no file. Texts are memory-mapped and read in
blocks.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.errors import IndexDamagedError
from nrqa.index.catalog import Known, Listed, Stored, Written
from nrqa.index.catalog.packing import unpacked
from nrqa.index.catalog.schema import CATALOG, TEXTS
from nrqa.index.catalog.texts import Texts
from nrqa.records import PAGE, Citation, Document, Flag, Locator, Metadata, PageWords, Passage, Rectangle

if TYPE_CHECKING:
    from nrqa.index.conditions import Condition

_PASSAGES = """
SELECT passages.row, document, start, extent, byte_shift, byte_growth, line_start, lines, heading, sentences, context,
    markup, locators, flags
FROM passages JOIN sections ON sections.row = (SELECT max(own.row) FROM sections AS own WHERE own.row <= passages.row)
"""
_OF_DOCUMENT = "WHERE passages.row >= ? AND passages.row < ? ORDER BY passages.row"


class Catalog:
    """Reads one part's catalog."""

    def __init__(self, folder: Path) -> None:
        # immutable: the file never changes under this name, so SQLite needs neither lock nor journal.
        # check_same_thread: SQLite is built serialized; a server may ask from several threads.
        self._folder = folder
        self.location = f"{(folder / CATALOG).resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(self.location, uri=True, check_same_thread=False)
        # A connection and its cache of statements refer to each other: else it stays open until garbage collection.
        weakref.finalize(self, self._database.close)
        self._texts = Texts(folder / TEXTS)

    def known(self) -> list[Known]:
        """All documents, in order of number."""
        query = "SELECT number, name, sha256, size, modified_ns, changed_ns FROM documents ORDER BY number"
        found: list[Known] = self._made(lambda _, row: Known._make(row), query, ())
        return found

    def listed(self) -> Iterator[Listed]:
        """All documents with what is known about them, in order of number."""
        for number, name, title, titled, sha256, size, text, passages, metadata, flags in self._rows(
            "SELECT number, name, title, titled, sha256, size, text_bytes, passages, metadata, flags "
            "FROM documents ORDER BY number"
        ):
            yield Listed(
                number=number,
                name=name,
                title=title,
                titled=bool(titled),
                sha256=sha256.hex(),
                bytes=size,
                text_bytes=text,
                passages=passages,
                metadata=json.loads(metadata),
                flags=_flags(flags),
            )

    def stored(self, row: int) -> Stored | None:
        """The passage of that row, or None where it is in another part."""
        found = self._rows(f"{_PASSAGES} WHERE passages.row = ?", (row,))
        return self._stored(found[0]) if found else None

    def passages_of(self, number: int) -> list[Stored]:
        """The passages of a document in reading order."""
        found = self._rows(f"{_PASSAGES} {_OF_DOCUMENT}", self._extent(number))
        return [self._stored(one) for one in found]

    def documents(self, without: AbstractSet[int]) -> Iterator[Document]:
        """All documents with their texts, one after another, except those whose numbers are in ``without``."""
        for number, name, title, titled, metadata, sha256, encoding, flags, at, size in self._rows(
            "SELECT number, name, title, titled, metadata, sha256, encoding, flags, text_at, text_bytes "
            "FROM documents ORDER BY number"
        ):
            if number not in without:
                yield Document(
                    name,
                    title,
                    self._text(at, size),
                    sha256.hex(),
                    json.loads(metadata),
                    bool(titled),
                    encoding,
                    flags=_flags(flags),
                )

    def text_of(self, number: int) -> str:
        """The whole text of a document."""
        (place,) = self._rows("SELECT text_at, text_bytes FROM documents WHERE number = ?", (number,))
        return self._text(*place)

    def bytes_at(self, at: int, size: int) -> bytes:
        """The ``size`` bytes of the texts that begin at ``at``."""
        try:
            return self._texts.read(at, size)
        except ValueError as error:
            raise self._damaged(error) from error

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
        from nrqa.index.catalog.selecting import matching

        where, values = matching(key, condition)
        found = self._rows(f"SELECT document FROM metadata WHERE {where}", values)  # noqa: S608 - constant terms
        return {number for (number,) in found}

    def facets(self) -> Iterator[tuple[int, str, str]]:
        """Document, key and value (case-folded) of all metadata."""
        rows = self._rows("SELECT document, key, value FROM metadata ORDER BY key, value, document")
        return ((number, key, value) for number, key, value in rows)

    def written(self, without: AbstractSet[int]) -> Iterator[Written]:
        """All passages as the encoder and the lexical signal need them, except those of documents in ``without``."""
        for number, title, titled, at in self._rows("SELECT number, title, titled, text_at FROM documents"):
            if number in without:
                continue
            for one in self._rows(f"{_PASSAGES} {_OF_DOCUMENT}", self._extent(number)):
                text = self._text(at + one["start"] + one["byte_shift"], one["extent"] + one["byte_growth"])
                sentences = unpacked(one["sentences"], 0)
                file_title = "" if titled else title
                yield Written(one["row"], number, text, one["context"], bool(one["markup"]), file_title, sentences)

    def row_with_key(self, key: bytes) -> int | None:
        """A row whose vector was made from the text with that key, or None."""
        found = self._rows("SELECT row FROM keys WHERE key = ? LIMIT 1", (key,))
        return int(found[0][0]) if found else None

    def page_counts(self) -> Iterator[tuple[int, int]]:
        """Each document for which the positions of words on pages are known, and how many pages it has."""
        return (
            (number, pages) for number, pages in self._rows("SELECT document, count(*) FROM pages GROUP BY document")
        )

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
        found = self._rows("SELECT flags FROM documents WHERE number = ?", (number,))
        return list(_flags(found[0][0]))

    def close(self) -> None:
        """Close the files."""
        self._database.close()
        self._texts.close()

    def _stored(self, found: sqlite3.Row) -> Stored:
        (document,) = self._rows(
            "SELECT name, title, metadata, sha256, text_at FROM documents WHERE number = ?", (found["document"],)
        )
        start, end = found["start"], found["start"] + found["extent"]
        text = self._text(document["text_at"] + start + found["byte_shift"], found["extent"] + found["byte_growth"])
        try:
            metadata: Metadata = json.loads(document["metadata"])
            heading = tuple(json.loads(found["heading"] or "[]"))
            sentences = unpacked(found["sentences"], start)
            locators = tuple(Locator(*one) for one in json.loads(found["locators"] or "[]"))
            flags = _flags(found["flags"])
            page = next((int(one.first) for one in locators if one.kind == PAGE), None)
            boxes = () if page is None else _rectangles(self._pages(found["document"], start, end), start, end)
        except (ValueError, TypeError, zlib.error) as error:
            raise self._damaged(error) from error
        citation = Citation(
            document=document["name"],
            title=document["title"],
            heading=heading,
            start=start,
            end=end,
            line_start=found["line_start"],
            line_end=found["line_start"] + found["lines"],
            page=page,
            sha256=document["sha256"].hex(),
            metadata=metadata,
            locators=locators,
            flags=flags,
            rectangles=boxes,
        )
        passage = Passage(text, citation)
        return Stored(found["row"], found["document"], passage, sentences, found["context"], bool(found["markup"]))

    def _extent(self, number: int) -> tuple[int, int]:
        """The rows of a document: the first, and the one after the last."""
        (found,) = self._rows("SELECT first_row, first_row + passages FROM documents WHERE number = ?", (number,))
        return found[0], found[1]

    def _text(self, at: int, size: int) -> str:
        try:
            return self._texts.read(at, size).decode("utf-8")
        except ValueError as error:
            raise self._damaged(error) from error

    def _find(self, wanted: bytes, begin: int) -> int:
        try:
            return self._texts.find(wanted, begin)
        except ValueError as error:
            raise self._damaged(error) from error

    def _pages(self, number: int, start: int, end: int) -> Iterator[PageWords]:
        query = (
            'SELECT page, start, "end", words FROM pages WHERE document = ? AND start < ? AND "end" > ? ORDER BY page'
        )
        for page, first, last, words in self._rows(query, (number, end, start)):
            yield PageWords(page, first, last, zlib.decompress(words))

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        found: list[sqlite3.Row] = self._made(sqlite3.Row, query, values)
        return found

    def _made(self, make: Callable[[sqlite3.Cursor, tuple[Any, ...]], Any], query: str, values: tuple[Any, ...]) -> Any:
        try:
            cursor = self._database.cursor()
            cursor.row_factory = make
            return cursor.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> IndexDamagedError:
        return IndexDamagedError(
            f"The index is damaged: '{self._folder}' cannot be read ({error}). `nrqa status --verify` names the "
            "damaged file; `nrqa index --rebuild` builds it again."
        )


def _flags(written: str | None) -> tuple[Flag, ...]:
    return tuple(Flag(*one) for one in json.loads(written or "[]"))


def _rectangles(pages: Iterable[PageWords], start: int, end: int) -> tuple[Rectangle, ...]:
    from nrqa.corpus.passages.word_boxes import rectangles

    return rectangles(pages, start, end)
