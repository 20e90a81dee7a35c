"""Writes the next generation to a server: a part is finished on this machine, its rows are sent, and one row commits.

Until the record names the new generation, readers see the old one whole: new rows are born later than they look, and
what is taken out is marked to die later. A writer that dies leaves such rows behind; the next one clears them away.
"""

from __future__ import annotations

import io
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.corpus.passages.splitter import Draft
from nrqa.index.local.builder import Builder, entry_of
from nrqa.index.local.snapshot import open_part
from nrqa.index.local.token_counts import TokenCounts
from nrqa.index.manifest import Manifest, Part
from nrqa.index.milvus.facts import Counted
from nrqa.index.milvus.owners import owners_field, owners_in
from nrqa.index.milvus.record import PUBLISHED, Record
from nrqa.index.milvus.schema import (
    DOCUMENTS,
    LAYOUT,
    NEVER,
    OF_EPOCH,
    TERMS,
    UNUSED,
    VERSIONED,
    Collections,
    drop,
    make,
    spelled,
)
from nrqa.index.milvus.sending import Sent, part_rows
from nrqa.index.milvus.snapshot import EngineSnapshot, counts_key, manifest_key
from nrqa.index.milvus.words import FREQUENCIES, OWNERS, counted, owned
from nrqa.index.rows import Written
from nrqa.records import Document, Stamp
from nrqa.signals.late.coding import ids_of
from nrqa.signals.lexical import OfDocument, TermsOf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.signals.late.coding import Codebook

    Rows = NDArray[np.int64]
    Codes = NDArray[np.uint8]

_AT_ONCE = 400
"""Rows that are sent at once: 10 kB each."""
_TERMS_AT_ONCE = 2000
_BYTES = 16_000_000
"""Bytes that are sent at once at most: servers take 64 MB."""


class EngineBuilder:
    """See the protocol ``Builder``, which it implements."""

    def __init__(
        self,
        record: Record,
        beside: Path,
        previous: EngineSnapshot | None,
        vectors: EngineSnapshot | None,
        *,
        dimensions: int,
        still: Callable[[], None],
    ) -> None:
        """``still`` raises IndexBusyError where this process is not the writer any more."""
        self._record, self._connection = record, record.connection
        self._previous, self._still = previous, still
        published = record.newest()
        self._number = 1 + (published.generation if published else 0)
        epoch = 0 if published is None else published.epoch
        self._its = previous.collections if previous else Collections(record.address, epoch + 1)
        begins = (previous.manifest.next_row, previous.manifest.next_document) if previous else (0, 0)
        self._local = Builder(beside, None, vectors, dimensions=dimensions, begins=begins)
        self._dimensions = dimensions
        self._removed: set[int] = set()
        self._sent = Sent()
        self._totals = (0, 0)
        self._taken: Counter[str] = Counter()
        """In how many of the long documents that are removed each term stands."""
        self._bytes = 0

    @property
    def codebook(self) -> Codebook | None:
        """What makes token codes."""
        return self._local.codebook

    @codebook.setter
    def codebook(self, codebook: Codebook | None) -> None:
        self._local.codebook = codebook

    @property
    def terms(self) -> TermsOf:
        """What gives the terms of a passage's text."""
        return self._local.terms

    @terms.setter
    def terms(self, terms: TermsOf) -> None:
        self._local.terms = terms

    @property
    def next_row(self) -> int:
        """The first row that no passage has yet."""
        return self._local.next_row

    @property
    def next_document(self) -> int:
        """The first number that no document has yet."""
        return self._local.next_document

    def add(
        self, document: Document, stamp: Stamp, drafts: Sequence[Draft], lines: Sequence[int], unread: str = ""
    ) -> None:
        """Write a document to the part on this machine."""
        self._local.add(document, stamp, drafts, lines, unread)

    def remove(self, number: int) -> None:
        """Remove a document of the previous generation."""
        self._removed.add(number)

    def seal(self) -> Rows:
        """Fix the rows of the part."""
        return self._local.seal()

    def written(self, rows: Iterable[int]) -> Iterator[Written]:
        """The passages of new rows."""
        return self._local.written(rows)

    def key(self, row: int) -> bytes:
        """The key of a new row."""
        return self._local.key(row)

    def copies(self, row: int) -> int:
        """How many new passages have the same text as the row, itself included."""
        return self._local.copies(row)

    def put(self, row: int, vector: NDArray[np.float16], codes: Codes) -> None:
        """Store a vector and token codes for the row and all new rows with the same text."""
        self._local.put(row, vector, codes)

    def finish(self) -> tuple[tuple[Part, ...], int]:
        """Send all rows. The manifest has no parts: those are files."""
        make(self._connection, self._its, OF_EPOCH, self._dimensions)
        self._clear_away()
        part = self._local.finish_part()
        tokens = TokenCounts(self._previous.counted_tokens if self._previous and self._previous.codebook else None)
        if part is not None:
            self._send(part, tokens)
        before = self._previous.totals if self._previous else (0, 0)
        gone = self._take_off(tokens)
        self._totals = (before[0] + self._sent.rows - gone[0], before[1] + self._sent.length - gone[1])
        self._take_out()
        self._write_terms()
        if self.codebook is not None:
            self._write_codebook(tokens)
        return (), 0

    def passages_alive(self) -> int:
        """How many passages the finished generation answers with."""
        return self._totals[0]

    def publish(self, manifest: Manifest) -> int:
        """Write the manifest, make sure that all is kept, and name the generation: that is the commit."""
        size = self._bytes + (self._previous.size if self._previous else 0)
        totals = {
            "passages": self._totals[0],
            "terms": self._totals[1],
            "epoch": self._its.epoch,
            "bytes": size,
            "layout": LAYOUT,
        }
        content = {**manifest.to_dict(), "generation": self._number, "totals": totals}
        self._record.put_bytes(manifest_key(self._number), json.dumps(content).encode())
        for name in OF_EPOCH:
            self._connection.call("flush", self._its.named(name))
        self._still()
        mark = uuid.uuid4().hex
        self._record.put(PUBLISHED, {"generation": self._number, "epoch": self._its.epoch, "mark": mark})
        self._sweep()
        return self._number

    def abandon(self) -> None:
        """Delete the part on this machine: what was sent of it and not published, the next writer clears away."""
        self._local.abandon()

    def _clear_away(self) -> None:
        """Undo what a writer left that died before it published."""
        last = self._number - 1
        for name, key in VERSIONED.items():
            place = self._its.named(name)
            self._connection.call("delete", place, filter=f"born > {last}")
            marked = self._connection.rows(place, f"died > {last} and died < {NEVER}", [key])
            self._upsert(name, ({key: one[key], "died": NEVER} for one in marked), partial=True)

    def _take_off(self, tokens: TokenCounts) -> tuple[int, int]:
        """Take the passages of removed documents off the counts; gives how many they are, and their terms."""
        if self._previous is None or not self._removed:
            return 0, 0
        rows = self._previous.rows_of(self._removed).tolist()
        length = 0
        for _, those in groupby(self._facts_of(rows, tokens), key=attrgetter("document")):
            whole = OfDocument()
            for one in those:
                length += one.length
                self._sent.passages.subtract(one.counts.keys())
                whole.add(one.counts.keys())
            self._taken.update(whole.terms())
        return len(rows), length

    def _facts_of(self, rows: list[int], tokens: TokenCounts) -> Iterator[Counted]:
        """The terms of rows, whose tokens are taken off."""
        assert self._previous is not None
        for first in range(0, len(rows), _AT_ONCE):
            some = rows[first : first + _AT_ONCE]
            yield from self._previous.facts.counted(some)
            if self.codebook is not None:
                for coded in self._previous.facts.coded(some):
                    tokens.add(ids_of(coded.codes, self.codebook.id_bytes), -1)

    def _send(self, part: Part, tokens: TokenCounts) -> None:
        """Send the rows of the finished part."""
        size = self.codebook.size if self.codebook else 1
        opened = open_part(self._local.part_folder, part, self._dimensions, size, coded=self.codebook is not None)
        try:
            for name, rows in part_rows(opened, self._sent, entry_of, self._number, self.terms):
                self._upsert(name, rows)
            if self.codebook is not None:
                for at in range(part.rows):
                    tokens.add(ids_of(opened.tokens.of(at), self.codebook.id_bytes), 1)
        finally:
            opened.catalog.close()
            opened.tokens.close()

    def _take_out(self) -> None:
        """Mark the rows of removed documents to die with this generation."""
        numbers = sorted(self._removed) if self._previous else []
        for first in range(0, len(numbers), _AT_ONCE):
            some = numbers[first : first + _AT_ONCE]
            for name, key in VERSIONED.items():
                place = self._its.named(name)
                own = "number" if name == DOCUMENTS else "document"
                found = [*self._connection.rows(place, f"{own} in {some} and died == {NEVER}", [key])]
                self._upsert(name, ({key: one[key], "died": self._number} for one in found), partial=True)

    def _write_terms(self) -> None:
        """Bring up to date in how many passages and in which long documents each term stands.

        What readers of the last generation need stays beside.
        """
        sent = self._sent
        terms = {spelled(one): one for some in (sent.passages, sent.documents, self._taken) for one in some}
        keys = iter(sorted(terms))
        place, last = self._its.named(TERMS), self._number - 1
        while some := [*islice(keys, _TERMS_AT_ONCE)]:
            known = {one["key"]: one for one in self._connection.by_key(place, "key", some, (*FREQUENCIES, *OWNERS))}
            self._upsert(TERMS, (self._term(key, terms[key], known.get(key), last) for key in some))

    def _term(self, key: str, term: str, old: dict[str, Any] | None, last: int) -> dict[str, Any]:
        """The row of a term; ``old`` is the one that is there."""
        passages, documents = counted(old, last) if old else (0, 0)
        owners = owned(old, last) if old else owners_field(())
        sent, before = self._sent, owners_in(owners, term)
        new, more = sent.documents.get(term, ()), sent.more[term]
        after = None if before is None or more else [*(one for one in before if one not in self._removed), *new]
        return {
            "key": key, "since": self._number, "passages": passages + sent.passages[term],
            "documents": documents + len(new) + more - self._taken[term], "passages_before": passages,
            "documents_before": documents, "owners": owners_field(after), "owners_before": owners, "unused": UNUSED,
        }  # fmt: skip

    def _write_codebook(self, tokens: TokenCounts) -> None:
        from nrqa.signals.codebook import codebook_to

        assert self.codebook is not None
        stream = io.BytesIO()
        codebook_to(stream, self.codebook)
        if self._previous is None or self._previous.codebook is None:
            self._record.put_bytes(f"codebook/{self._its.epoch}", stream.getvalue())
        self._record.put_bytes(counts_key(self._number), tokens.counted().astype("<i8").tobytes())

    def _upsert(self, name: str, rows: Iterable[dict[str, Any]], *, partial: bool = False) -> None:
        """Send rows, some at a time."""
        place, some, size = self._its.named(name), [], 0
        options = {"partial_update": True} if partial else {}
        for one in rows:
            some.append(one)
            size += sum(len(value) for value in one.values() if isinstance(value, str)) + 2 * self._dimensions
            if len(some) == _AT_ONCE or size > _BYTES:
                self._connection.call("upsert", place, some, **options)
                self._bytes, some, size = self._bytes + size, [], 0
        if some:
            self._connection.call("upsert", place, some, **options)
            self._bytes += size

    def _sweep(self) -> None:
        """Delete what no generation has any more but this one and the one before; what fails, the next sweep does."""
        last = self._number - 1
        for name in VERSIONED:
            self._connection.call("delete", self._its.named(name), filter=f"died <= {last}")
        for old in range(max(1, last - 3), last):
            self._record.drop(f"generation/{old}/")
        for epoch in range(max(1, self._its.epoch - 3), self._its.epoch - (0 if self._previous else 1)):
            drop(self._connection, Collections(self._record.address, epoch))
