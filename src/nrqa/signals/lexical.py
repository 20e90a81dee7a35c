"""The lexical signal: BM25 by tantivy over a passage's text and over its title and headings.

tantivy's BM25 has k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, "The Probabilistic Relevance Framework",
2009) and idf = ln(1 + (N - n + 0.5) / (n + 0.5)). Terms are made by module ``terms``; tantivy only splits
at the spaces between them.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.text.terms import document_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

    _Hit = tuple[float, Any]
    """A score, and tantivy's own address of the passage."""

K1 = 1.2
CONTEXT_WEIGHT = 0.5
"""A term in the title or a heading counts half as much as one in the text (nDCG@10 on clapnq_dev: BM25 alone
.874 without, .920 with; no set lost)."""
_HEAP = 64_000_000
_META = "meta.json"
_FIELDS = {"text": 1.0, "context": CONTEXT_WEIGHT}
_ROUNDING = 0.001
"""More than sums of float32 may be off."""
_LOCKS = (".tantivy-meta.lock", ".tantivy-writer.lock")

_LARGE = 50_000
"""Passages from which on a search begins without its commonest terms: 7 ms instead of 12 at a million."""
_COMMON = 0.5
"""Share of passages above which a term is common. Of the postings of usual questions .83 are of such terms."""
_TRIED = 500
"""Best passages by the other terms that a search looks at before it takes all terms at once."""
_FEW = 2000
"""Documents up to which a search within them looks at each, instead of at the best until enough are among them."""
_DEEPEST = 20_000
"""Best passages among which a search within documents looks for them, before it has tantivy look at theirs alone."""
_NESTED = 32
"""Terms up to which one query is put into the next."""
_COUNTED = 20_000
"""Occurrences up to which those are counted one by one that were not taken out; 0.2 ms."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the lexical signal sees it; ``document`` is the number that deletes go by."""

    row: int
    document: int
    text: str
    context: str


@dataclass(frozen=True, slots=True)
class _Clause:
    """A term in one of the fields, and how much it counts there."""

    field: str
    term: str
    weight: float


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
        self._ever = _ever(folder)
        self._query = tantivy.Query
        self._occur = tantivy.Occur

    def search(self, terms: list[str], k: int, *, documents: Iterable[int] | None = None) -> tuple[Rows, Scores]:
        """The ``k`` best rows that hold any of the terms, and their BM25 scores, best first.

        ``documents``, where given, are the only ones looked at.
        """
        clauses = self._clauses(terms)
        if documents is None:
            return self._rows(self._best(clauses, k))
        wanted = frozenset(documents)
        if len(wanted) <= _FEW:
            return self._rows(self._among("document", wanted, clauses, k))
        return self._rows(self._within(wanted, clauses, k))

    def score(self, terms: list[str], rows: Rows) -> Scores:
        """The BM25 score of each of ``rows``, in their order; 0 where none of the terms occurs."""
        import numpy as np

        found, found_scores = self._rows(self._among("row", rows.tolist(), self._clauses(terms), len(rows)))
        known = dict(zip(found.tolist(), found_scores.tolist(), strict=True))
        return np.array([known.get(row, 0.0) for row in rows.tolist()], np.float32)

    def weights(self, terms: list[str]) -> dict[str, float]:
        """The idf of each term; a term that occurs nowhere has the highest."""
        passages = self._searcher.num_docs
        return {term: _idf(min(self._occurrences(term), passages), passages) for term in terms}

    def occurs(self, term: str, *, documents: Iterable[int] | None = None) -> bool:
        """Whether the term stands in any passage, its title or headings; ``documents``, if given, are all there are."""
        met = max(int(self._searcher.doc_freq(field, term)) for field in _FIELDS)
        if not met:
            return False
        if documents is None and met > self._ever - int(self._searcher.num_docs):
            return True  # not all of them were taken out
        rows, _ = self.search([term], 1, documents=documents)
        return bool(len(rows))

    def _occurrences(self, term: str) -> int:
        """In how many passages the term occurs.

        tantivy's own figure counts passages that were taken out, too. Of a term in very many it is taken for the share
        of those: counting them would take as long as the search.
        """
        known = int(self._searcher.doc_freq("text", term))
        alive = int(self._searcher.num_docs)
        if alive == self._ever:
            return known
        if known > _COUNTED:
            return known * alive // self._ever
        return int(self._searcher.search(self._term("text", term), limit=1, count=True).count)

    def _best(self, clauses: list[_Clause], k: int) -> list[_Hit]:
        """The ``k`` best of all.

        Most of the time would go into the few terms that every other passage holds, and that hardly count. So the best
        are first looked for by the others alone. Whatever falls short there of the k-th best by more than the common
        terms could ever add is not among the best, and what does not is scored by all. The result is the same.
        """
        common = [one for one in clauses if self._frequency(one) > _COMMON * self._ever]
        others = [one for one in clauses if one not in common]
        if not (common and others and 0 < k < _TRIED and self._ever > _LARGE):
            return self._hits(self._any_of(clauses), k)
        hits = self._hits(self._any_of(others), _TRIED)
        could_add = sum(one.weight * _idf(self._frequency(one), self._ever) * (K1 + 1) for one in common)
        least = hits[k - 1][0] - could_add - _ROUNDING if len(hits) >= k else 0.0
        near = [place for score, place in hits if score >= least]
        if least <= 0 or len(near) == _TRIED:
            return self._hits(self._any_of(clauses), k)
        rows = self._searcher.fast_field_values("row", near)
        return self._among("row", rows, clauses, k)

    def _within(self, documents: frozenset[int], clauses: list[_Clause], k: int) -> list[_Hit]:
        """The ``k`` best of those documents: of the best of all, as many as it takes until enough are among them."""
        depth = 8 * k
        while depth <= _DEEPEST:
            depth = max(1, min(depth, self._ever))
            hits = self._hits(self._any_of(clauses), depth)
            owners = self._searcher.fast_field_values("document", [place for _, place in hits])
            found = [hit for hit, owner in zip(hits, owners, strict=True) if owner in documents]
            if len(found) >= k or len(hits) < depth or depth == self._ever:
                return found[:k]
            depth = max(2 * depth, 2 * k * depth // max(1, len(found)))
        query, must = self._query, self._occur.Must
        among = query.const_score_query(query.term_set_query(self._schema, "document", list(documents)), 0.0)
        return self._hits(query.boolean_query([(must, among), (must, self._any_of(clauses))]), k)

    def _among(self, field: str, values: Iterable[int], clauses: list[_Clause], k: int) -> list[_Hit]:
        """The ``k`` best of the passages with one of a few values that hold any of the terms.

        One term after another is looked up in each of those passages: a query of all terms at once would go through
        all passages that hold any of them.
        """
        query, must, should = self._query, self._occur.Must, self._occur.Should
        either = [(should, query.term_query(self._schema, field, value, "basic")) for value in values]
        asked = query.const_score_query(query.boolean_query(either), 0.0)
        if len(clauses) > _NESTED:
            asked = query.boolean_query([(must, asked), (should, self._any_of(clauses))])
        else:
            for one in clauses:
                asked = query.boolean_query([(must, asked), (should, self._scored(one))])
        return [hit for hit in self._hits(asked, k) if hit[0] > 0]

    def _clauses(self, terms: list[str]) -> list[_Clause]:
        return [_Clause(field, term, weight) for term in terms for field, weight in _FIELDS.items()]

    def _frequency(self, clause: _Clause) -> int:
        """In how many passages it was ever met; what tantivy scores by."""
        return int(self._searcher.doc_freq(clause.field, clause.term))

    def _any_of(self, clauses: list[_Clause]) -> Any:
        return self._query.boolean_query([(self._occur.Should, self._scored(one)) for one in clauses])

    def _scored(self, clause: _Clause) -> Any:
        found = self._term(clause.field, clause.term)
        return found if clause.weight == 1 else self._query.boost_query(found, clause.weight)

    def _term(self, field: str, term: str) -> Any:
        return self._query.term_query(self._schema, field, term, "freq")

    def _hits(self, query: Any, k: int) -> list[_Hit]:
        return list(self._searcher.search(query, limit=k, count=False).hits) if k else []

    def _rows(self, hits: list[_Hit]) -> tuple[Rows, Scores]:
        import numpy as np

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


def _ever(folder: Path) -> int:
    """How many passages have been put in since tantivy last wrote them anew, those that were taken out included."""
    segments = json.loads((folder / _META).read_bytes())["segments"]
    return sum(int(one["max_doc"]) for one in segments)


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    for field in _FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_unsigned_field("document", indexed=True, fast=True)
    return builder.build()


def _idf(occurrences: int, passages: int) -> float:
    return math.log(1 + (passages - occurrences + 0.5) / (occurrences + 0.5))
