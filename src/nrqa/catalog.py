"""Documents and passages of one part of the index: an SQLite file, and the texts beside it in one UTF-8 file.

Read by row and by name; nothing reads the whole. SQLite is opened immutable, so asking takes no lock and
leaves no file. Texts are memory-mapped and sliced by bytes.
"""

from __future__ import annotations

import json
import mmap
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nrqa.boxes import rectangles
from nrqa.conditions import Bound, Condition, Value, value_of
from nrqa.errors import IndexDamagedError
from nrqa.locators import PAGE
from nrqa.records import Citation, Document, Flag, Locator, Metadata, PageWords, Passage, Span

CATALOG = "catalog.sqlite"
TEXTS = "texts.utf8"

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, titled INTEGER NOT NULL,
    metadata TEXT NOT NULL, sha256 TEXT NOT NULL, encoding TEXT NOT NULL, flags TEXT NOT NULL,
    size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, changed_ns INTEGER NOT NULL,
    text_at INTEGER NOT NULL, text_bytes INTEGER NOT NULL);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, document INTEGER NOT NULL, key BLOB NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, byte_start INTEGER NOT NULL, byte_end INTEGER NOT NULL,
    line_start INTEGER NOT NULL, line_end INTEGER NOT NULL,
    heading TEXT NOT NULL, sentences TEXT NOT NULL, context TEXT NOT NULL, markup INTEGER NOT NULL,
    locators TEXT NOT NULL, flags TEXT NOT NULL);
CREATE TABLE pages (
    document INTEGER NOT NULL, page INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    words BLOB NOT NULL);
CREATE TABLE metadata (
    key TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL,
    first TEXT, last TEXT, number REAL);
"""
_INDEXES = """
CREATE INDEX documents_by_name ON documents (name);
CREATE INDEX passages_by_key ON passages (key);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX pages_by_document ON pages (document);
CREATE INDEX metadata_by_value ON metadata (key, value);
"""
_PASSAGE_COLUMNS = (
    'row, document, key, start, "end", byte_start, byte_end, line_start, line_end, '
    "heading, sentences, context, markup, locators, flags"
)
_DOCUMENT_COLUMNS = (
    "number, name, title, titled, metadata, sha256, encoding, flags, size, modified_ns, changed_ns, text_at, text_bytes"
)
_PAGE_COLUMNS = 'document, page, start, "end", words'


@dataclass(frozen=True, slots=True)
class Known:
    """A document as the last build saw it: enough to tell whether the file has changed."""

    number: int
    name: str
    sha256: str
    size: int
    modified_ns: int
    changed_ns: int

    @property
    def stamp(self) -> tuple[int, int, int]:
        """Size, modification time and change time of the file as it was read."""
        return self.size, self.modified_ns, self.changed_ns


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as a list of them tells it: ``bytes`` of its file, ``text_bytes`` of its text in UTF-8."""

    number: int
    name: str
    title: str
    titled: bool
    sha256: str
    bytes: int
    text_bytes: int
    passages: int
    metadata: Metadata
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage with what is kept beside it; ``context`` is what the encoder read before its text."""

    row: int
    document: int
    passage: Passage
    sentences: tuple[Span, ...]
    context: str
    markup: bool


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to be written; byte positions are inside its document's text in UTF-8."""

    row: int
    key: bytes
    start: int
    end: int
    byte_start: int
    byte_end: int
    line_start: int
    line_end: int
    heading: tuple[str, ...]
    sentences: tuple[Span, ...]
    context: str
    markup: bool
    locators: tuple[Locator, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A passage as encoder and lexical signal need it; ``file_title`` is the title where the name gave it.

    ``sentences`` are places in ``text``.
    """

    row: int
    document: int
    text: str
    context: str
    markup: bool
    file_title: str
    sentences: tuple[Span, ...]


class CatalogWriter:
    """Writes one part's catalog from beginning to end; ``close`` makes it complete."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / CATALOG, isolation_level=None)
        # Nobody reads the file before it is published, and a killed build is thrown away as a whole.
        self._database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        self._database.execute("BEGIN")
        self._texts = (folder / TEXTS).open("wb")

    def add(self, number: int, document: Document, stamp: tuple[int, int, int], passages: Iterable[NewPassage]) -> None:
        """Write a document and its passages."""
        text = document.text.encode("utf-8")
        row = (
            number,
            document.name,
            document.title,
            document.titled,
            _json(dict(document.metadata)),
            document.sha256,
            document.encoding,
            _json(_flags(document.flags)),
            *stamp,
        )
        self._add_document(row, text)
        self._add_pages((number, one.page, one.start, one.end, zlib.compress(one.words)) for one in document.pages)
        self._database.executemany(
            f"INSERT INTO passages ({_PASSAGE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608 - constant names
            (
                (
                    one.row,
                    number,
                    one.key,
                    one.start,
                    one.end,
                    one.byte_start,
                    one.byte_end,
                    one.line_start,
                    one.line_end,
                    _json(one.heading),
                    _json([(span.start, span.end) for span in one.sentences]),
                    one.context,
                    one.markup,
                    _json([(its.kind, its.first, its.last) for its in one.locators]),
                    _json(_flags(one.flags)),
                )
                for one in passages
            ),
        )

    def adopt(self, catalog: Catalog, numbers: Iterable[int]) -> None:
        """Copy documents and their passages, rows and all, from an older part."""
        for number in numbers:
            document, passages, pages, text = catalog.rows_of(number)
            self._add_document(document, text)
            self._add_pages(pages)
            self._database.executemany(
                f"INSERT INTO passages ({_PASSAGE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608 - constant names
                passages,
            )

    def _add_pages(self, pages: Iterable[tuple[Any, ...]]) -> None:
        self._database.executemany(
            f"INSERT INTO pages ({_PAGE_COLUMNS}) VALUES (?,?,?,?,?)",  # noqa: S608 - constant names
            pages,
        )

    def _add_document(self, row: tuple[Any, ...], text: bytes) -> None:
        self._database.execute(
            f"INSERT INTO documents ({_DOCUMENT_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608 - constant names
            (*row, self._texts.tell(), len(text)),
        )
        self._texts.write(text)
        values = {"title": row[2], **json.loads(row[4])}
        self._database.executemany(
            "INSERT INTO metadata VALUES (?,?,?,?,?,?)",
            (
                (key, one.text, row[0], *(one.period or (None, None)), one.number)
                for key, value in values.items()
                for one in map(value_of, value if isinstance(value, list) else [value])
            ),
        )

    def written(self, rows: Iterable[int]) -> Iterator[Written]:
        """The passages of rows just written, in the order asked for."""
        self._texts.flush()
        with Path(self._texts.name).open("rb") as texts:
            for row in rows:
                at, start, end, *facts = self._database.execute(
                    "SELECT text_at, byte_start, byte_end, document, context, markup, title, titled, start, sentences "
                    "FROM passages JOIN documents ON number = document WHERE row = ?",
                    (row,),
                ).fetchone()
                texts.seek(at + start)
                number, context, markup, title, titled, begins, sentences = facts
                text = texts.read(end - start).decode("utf-8")
                spans = _within(sentences, begins)
                yield Written(row, number, text, context, bool(markup), "" if titled else title, spans)

    def close(self) -> None:
        """Finish both files."""
        self._database.execute("COMMIT")
        self._database.executescript(_INDEXES)
        self._database.close()
        self._texts.close()

    def abandon(self) -> None:
        """Let go of both files as they are."""
        self._database.close()
        self._texts.close()


class Catalog:
    """Reads one part's catalog."""

    def __init__(self, folder: Path) -> None:
        # immutable: the file never changes under this name, so SQLite needs neither lock nor journal.
        # check_same_thread: SQLite is built serialized; a server may ask from several threads.
        self._folder = folder
        location = f"{(folder / CATALOG).resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(location, uri=True, check_same_thread=False)
        self._database.row_factory = sqlite3.Row
        with (folder / TEXTS).open("rb") as texts:
            self._texts = mmap.mmap(texts.fileno(), 0, access=mmap.ACCESS_READ)

    def known(self) -> Iterator[Known]:
        """All documents, in order of number."""
        query = "SELECT number, name, sha256, size, modified_ns, changed_ns FROM documents ORDER BY number"
        return (Known(*row) for row in self._rows(query))

    def listed(self) -> Iterator[Listed]:
        """All documents with what is known about them, in order of number."""
        columns = "number, name, title, titled, sha256, size, text_bytes, metadata, flags"
        count = "(SELECT count(*) FROM passages WHERE passages.document = number)"
        for number, name, title, titled, sha256, size, text, metadata, flags, passages in self._rows(
            f"SELECT {columns}, {count} FROM documents ORDER BY number"  # noqa: S608 - constant names
        ):
            yield Listed(
                number=number,
                name=name,
                title=title,
                titled=bool(titled),
                sha256=sha256,
                bytes=size,
                text_bytes=text,
                passages=passages,
                metadata=json.loads(metadata),
                flags=tuple(Flag(*one) for one in json.loads(flags)),
            )

    def stored(self, row: int) -> Stored | None:
        """The passage of that row, or None where it is in another part."""
        found = self._rows(
            f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE row = ?",  # noqa: S608 - constant names
            (row,),
        )
        return self._stored(found[0]) if found else None

    def passages_of(self, number: int) -> list[Stored]:
        """The passages of a document in reading order."""
        query = f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE document = ? ORDER BY row"  # noqa: S608 - constant names
        return [self._stored(found) for found in self._rows(query, (number,))]

    def documents(self, without: AbstractSet[int]) -> Iterator[Document]:
        """All documents with their texts, one after another, less some."""
        columns = "number, name, title, titled, metadata, sha256, encoding, flags, text_at, text_bytes"
        for number, name, title, titled, metadata, sha256, encoding, flags, at, size in self._rows(
            f"SELECT {columns} FROM documents ORDER BY number"  # noqa: S608 - constant names
        ):
            if number not in without:
                text = self._texts[at : at + size].decode("utf-8")
                yield Document(
                    name,
                    title,
                    text,
                    sha256,
                    json.loads(metadata),
                    bool(titled),
                    encoding,
                    flags=tuple(Flag(*one) for one in json.loads(flags)),
                )

    def text_of(self, number: int) -> str:
        """The whole text of a document."""
        at, size = self._rows("SELECT text_at, text_bytes FROM documents WHERE number = ?", (number,))[0]
        return self._texts[at : at + size].decode("utf-8")

    def numbers_named(self, name: str) -> list[int]:
        """The numbers of the documents of that name; more than one only where some have been removed since."""
        found = self._rows("SELECT number FROM documents WHERE name = ?", (name,))
        return [number for (number,) in found]

    def names(self) -> Iterator[tuple[int, str]]:
        """Number and name of every document."""
        return ((number, name) for number, name in self._rows("SELECT number, name FROM documents ORDER BY number"))

    def numbers_holding(self, text: str) -> Iterator[int]:
        """The documents whose text holds these words exactly (at least one character), in order of their place."""
        wanted = text.encode("utf-8")
        for number, at, size in self._rows("SELECT number, text_at, text_bytes FROM documents ORDER BY text_at"):
            if self._texts.find(wanted, at, at + size) >= 0:
                yield number

    def numbers_with(self, key: str, condition: Condition) -> set[int]:
        """The documents of whose metadata a value under that key is as the condition says."""
        terms, values = ["key = ?"], [key]
        if condition.alternatives:
            either = [_equality(one) for one in condition.alternatives]
            terms.append(" OR ".join(term for term, _ in either))
            values += [value for _, its in either for value in its]
        for bound in condition.bounds:
            term, its = _comparison(bound)
            terms.append(term)
            values += its
        where = " AND ".join(f"({term})" for term in terms)
        found = self._rows(f"SELECT document FROM metadata WHERE {where}", tuple(values))  # noqa: S608 - constant terms
        return {number for (number,) in found}

    def facets(self) -> Iterator[tuple[int, str, str]]:
        """Document, key and value (without letter case) of all metadata."""
        rows = self._rows("SELECT document, key, value FROM metadata ORDER BY key, value, document")
        return ((number, key, value) for number, key, value in rows)

    def written(self, without: AbstractSet[int]) -> Iterator[Written]:
        """All passages as encoder and lexical signal need them, less those of some documents."""
        for number, title, titled, at in self._rows("SELECT number, title, titled, text_at FROM documents"):
            if number in without:
                continue
            query = (
                "SELECT row, byte_start, byte_end, context, markup, start, sentences "
                "FROM passages WHERE document = ? ORDER BY row"
            )
            for row, start, end, context, markup, begins, sentences in self._rows(query, (number,)):
                text = self._texts[at + start : at + end].decode("utf-8")
                spans = _within(sentences, begins)
                yield Written(row, number, text, context, bool(markup), "" if titled else title, spans)

    def row_with_key(self, key: bytes) -> int | None:
        """A row whose vector was made from the text with that key."""
        found = self._rows("SELECT row FROM passages WHERE key = ? LIMIT 1", (key,))
        return int(found[0][0]) if found else None

    def page_counts(self) -> Iterator[tuple[int, int]]:
        """How many pages each document has whose words' places are known."""
        return (
            (number, pages) for number, pages in self._rows("SELECT document, count(*) FROM pages GROUP BY document")
        )

    def encodings(self) -> Iterator[tuple[int, str]]:
        """The encoding of each document that is text."""
        found = self._rows("SELECT number, encoding FROM documents WHERE encoding != ''")
        return ((number, encoding) for number, encoding in found)

    def passage_lengths(self) -> Iterator[tuple[int, int]]:
        """The document of each passage, and its length in bytes."""
        rows = self._rows("SELECT document, byte_end - byte_start FROM passages ORDER BY document")
        return ((number, length) for number, length in rows)

    def flags_of(self, number: int) -> list[Flag]:
        """What a reader should know of a document, in order."""
        found = self._rows("SELECT flags FROM documents WHERE number = ?", (number,))
        return [Flag(*one) for one in json.loads(found[0][0])]

    def rows_of(self, number: int) -> tuple[tuple[Any, ...], list[tuple[Any, ...]], list[tuple[Any, ...]], bytes]:
        """A document as it is stored (without its place in the texts), its passages, its pages, and its text."""
        *document, at, size = self._rows(
            f"SELECT {_DOCUMENT_COLUMNS} FROM documents WHERE number = ?",  # noqa: S608 - constant names
            (number,),
        )[0]
        passages = self._rows(
            f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE document = ?",  # noqa: S608 - constant names
            (number,),
        )
        pages = self._rows(
            f"SELECT {_PAGE_COLUMNS} FROM pages WHERE document = ? ORDER BY page",  # noqa: S608 - constant names
            (number,),
        )
        return (
            tuple(document),
            [tuple(one) for one in passages],
            [tuple(one) for one in pages],
            self._texts[at : at + size],
        )

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()
        self._texts.close()

    def _stored(self, found: sqlite3.Row) -> Stored:
        (document,) = self._rows(
            "SELECT name, title, metadata, sha256, text_at FROM documents WHERE number = ?", (found["document"],)
        )
        try:
            metadata: Metadata = json.loads(document["metadata"])
            heading = tuple(json.loads(found["heading"]))
            sentences = tuple(Span(first, last) for first, last in json.loads(found["sentences"]))
            at = document["text_at"]
            text = self._texts[at + found["byte_start"] : at + found["byte_end"]].decode("utf-8")
            locators = tuple(Locator(*one) for one in json.loads(found["locators"]))
            flags = tuple(Flag(*one) for one in json.loads(found["flags"]))
            page = next((int(one.first) for one in locators if one.kind == PAGE), None)
            pages = () if page is None else self._pages(found["document"], found["start"], found["end"])
        except (ValueError, TypeError, zlib.error) as error:
            raise self._damaged(error) from error
        citation = Citation(
            document=document["name"],
            title=document["title"],
            heading=heading,
            start=found["start"],
            end=found["end"],
            line_start=found["line_start"],
            line_end=found["line_end"],
            page=page,
            sha256=document["sha256"],
            metadata=metadata,
            locators=locators,
            flags=flags,
            rectangles=rectangles(pages, found["start"], found["end"]),
        )
        passage = Passage(text, citation)
        return Stored(found["row"], found["document"], passage, sentences, found["context"], bool(found["markup"]))

    def _pages(self, number: int, start: int, end: int) -> Iterator[PageWords]:
        query = f'SELECT {_PAGE_COLUMNS} FROM pages WHERE document = ? AND start < ? AND "end" > ? ORDER BY page'  # noqa: S608 - constant names
        for _, page, first, last, words in self._rows(query, (number, end, start)):
            yield PageWords(page, first, last, zlib.decompress(words))

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> IndexDamagedError:
        return IndexDamagedError(
            f"The index is damaged: '{self._folder}' cannot be read ({error}). `nrqa status --verify` names the "
            "damaged file; `nrqa index --rebuild` builds it again."
        )


def _within(sentences: str, begins: int) -> tuple[Span, ...]:
    """The stored sentences as places in a passage that begins there in its document."""
    return tuple(Span(start - begins, end - begins) for start, end in json.loads(sentences))


def _equality(wanted: Value) -> tuple[str, list[Any]]:
    """The same text; for a date, any that lies within it."""
    if wanted.period is None:
        return "value = ?", [wanted.text]
    return "value = ? OR (first >= ? AND last <= ?)", [wanted.text, *wanted.period]


def _comparison(bound: Bound) -> tuple[str, list[Any]]:
    """As dates where both are, else as numbers. Of a period all days must be within the bound."""
    terms: list[str] = []
    values: list[Any] = []
    if bound.value.period:
        column, end = {">=": ("first", 0), ">": ("first", 1), "<=": ("last", 1), "<": ("last", 0)}[bound.operator]
        terms.append(f"{column} {bound.operator} ?")
        values.append(bound.value.period[end])
    if bound.value.number is not None:
        number = f"number {bound.operator} ?"
        terms.append(f"first IS NULL AND {number}" if bound.value.period else number)
        values.append(bound.value.number)
    return " OR ".join(f"({term})" for term in terms), values


def _flags(flags: Iterable[Flag]) -> list[tuple[str, int, int, str]]:
    return [(one.kind, one.start, one.end, one.detail) for one in flags]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
