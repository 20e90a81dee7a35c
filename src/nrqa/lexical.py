"""The lexical signal: BM25 by tantivy over a passage's text and over its title and headings.

tantivy's BM25 has k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, "The Probabilistic Relevance Framework",
2009) and idf = ln(1 + (N - n + 0.5) / (n + 0.5)). Terms are made by module ``terms``; tantivy only splits
at the spaces between them.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.terms import document_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

K1 = 1.2
CONTEXT_WEIGHT = 0.5
"""A term in the title or a heading counts half as much as one in the text (nDCG@10 on clapnq_dev: BM25 alone
.874 without, .920 with; no set lost)."""
_HEAP = 64_000_000
_LOCKS = (".tantivy-meta.lock", ".tantivy-writer.lock")


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the lexical signal sees it; ``document`` is the number that deletes go by."""

    row: int
    document: int
    text: str
    context: str


class Lexical:
    """One published state of the lexical index, read only."""

    def __init__(self, folder: Path) -> None:
        """Open the folder; OSError or ValueError where tantivy cannot."""
        import tantivy

        try:
            self._schema, self._searcher = _open(folder)
        except ValueError as error:
            if "Lockfile" not in str(error):
                raise
            # A read-only place: tantivy wants to lock even to read, so let it lock beside links to the files.
            # What it has opened stays mapped when the links are gone.
            with tempfile.TemporaryDirectory(prefix="nrqa-") as place:
                for file in folder.iterdir():
                    if not is_lock(file.name):
                        (Path(place) / file.name).symlink_to(file.resolve())
                self._schema, self._searcher = _open(Path(place))
        self._query = tantivy.Query
        self._occur = tantivy.Occur

    def search(self, terms: list[str], k: int, *, documents: Iterable[int] | None = None) -> tuple[Rows, Scores]:
        """The ``k`` best rows that hold any of the terms, and their BM25 scores, best first.

        ``documents``, where given, are the only ones looked at.
        """
        if documents is None:
            return self._run(self._any_of(terms), k)
        return self._run(self._within("document", list(documents), terms), k)

    def score(self, terms: list[str], rows: Rows) -> Scores:
        """The BM25 score of each of ``rows``, in their order; 0 where none of the terms occurs."""
        import numpy as np

        found, found_scores = self._run(self._within("row", rows.tolist(), terms), len(rows))
        known = dict(zip(found.tolist(), found_scores.tolist(), strict=True))
        return np.array([known.get(row, 0.0) for row in rows.tolist()], np.float32)

    def weights(self, terms: list[str]) -> dict[str, float]:
        """The idf of each term; a term that occurs nowhere has the highest."""
        passages = self._searcher.num_docs
        return {term: _idf(min(self._occurrences(term), passages), passages) for term in terms}

    def occurs(self, term: str, *, documents: Iterable[int] | None = None) -> bool:
        """Whether the term stands in any passage, its title or headings; ``documents``, if given, are all there are."""
        rows, _ = self.search([term], 1, documents=documents)
        return bool(len(rows))

    def _occurrences(self, term: str) -> int:
        """In how many passages the term occurs. Not doc_freq: that one counts passages that were taken out, too."""
        query = self._query.term_query(self._schema, "text", term, "freq")
        return int(self._searcher.search(query, limit=1, count=True).count)

    def _any_of(self, terms: list[str]) -> Any:
        query, should = self._query, self._occur.Should
        clauses = []
        for term in terms:
            clauses.append((should, query.term_query(self._schema, "text", term, "freq")))
            in_context = query.term_query(self._schema, "context", term, "freq")
            clauses.append((should, query.boost_query(in_context, CONTEXT_WEIGHT)))
        return query.boolean_query(clauses)

    def _within(self, field: str, values: list[int], terms: list[str]) -> Any:
        """Passages with any of the terms, among those with one of the values; the values add no score."""
        query, must = self._query, self._occur.Must
        among = query.const_score_query(query.term_set_query(self._schema, field, values), 0.0)
        return query.boolean_query([(must, among), (must, self._any_of(terms))])

    def _run(self, query: Any, k: int) -> tuple[Rows, Scores]:
        import numpy as np

        hits = self._searcher.search(query, limit=k, count=False).hits if k else []
        rows = np.array(self._searcher.fast_field_values("row", [place for _, place in hits]), np.int64)
        scores = np.array([score for score, _ in hits], np.float32)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]


def best_possible(weights: dict[str, float]) -> float:
    """What BM25 can give at most for terms of these weights in a text: the sum of idf times (k1 + 1)."""
    return sum(weights.values()) * (K1 + 1)


def write(folder: Path, entries: Iterable[Entry], *, removed: Iterable[int] = ()) -> None:
    """Add the entries to the lexical index in ``folder`` and take out the removed documents.

    An index that is not there is begun. One thread writes, so that the same entries give the same index.
    """
    import tantivy

    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(_HEAP, 1)
    gone = list(removed)
    if gone:
        # By query: tantivy-py's delete by term makes a signed term, which matches nothing in an unsigned field.
        writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "document", gone))
    for entry in entries:
        record = tantivy.Document()
        record.add_unsigned("row", entry.row)
        record.add_unsigned("document", entry.document)
        record.add_text("text", " ".join(document_terms(entry.text)))
        record.add_text("context", " ".join(document_terms(entry.context)))
        writer.add_document(record)
    writer.commit()
    writer.garbage_collect_files()
    writer.wait_merging_threads()
    touch_locks(folder)


def touch_locks(folder: Path) -> None:
    """Make the lock files: opening for reading takes one of them, and a question must not create it."""
    for name in _LOCKS:
        (folder / name).touch()


def is_lock(name: str) -> bool:
    """Whether a file of the lexical index is a lock, which belongs to no generation."""
    return name in _LOCKS


def _open(folder: Path) -> tuple[Any, Any]:
    import tantivy

    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    return index.schema, index.searcher()


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    for field in ("text", "context"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_unsigned_field("document", indexed=True)
    return builder.build()


def _idf(occurrences: int, passages: int) -> float:
    return math.log(1 + (passages - occurrences + 0.5) / (occurrences + 0.5))
