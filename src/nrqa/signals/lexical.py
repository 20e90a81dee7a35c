"""The lexical signal: BM25 by tantivy over a passage's text, its title and headings, and the path of its file.

All of them are one field, so a term has one frequency and one idf, wherever it stands (BM25F: Robertson, Zaragoza and
Taylor, CIKM 2004). With a field for each, a word of every title that stands in one text counted as rare there.
tantivy's BM25 has k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) and
idf = ln(1 + (N - n + 0.5) / (n + 0.5)). Terms are made by module ``terms``; tantivy only splits at the spaces between
them. A second field says which terms a whole document holds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.text.readable_names import readable_name
from nrqa.text.terms import document_terms, name_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

    _Hit = tuple[float, Any]
    """A score, and tantivy's address of the passage."""

TermsOf = Callable[[str], Sequence[str]]
"""Gives the terms of a passage's text: ``document_terms``, or what finds those that it made before."""

Wanted = Sequence[Sequence[str]]
"""What a word may be found by: the terms of one of these groups, all of them."""

K1 = 1.2
_HEAP = 64_000_000
_META = "meta.json"
_FIELD = "terms"
_WHOLE = "whole"
"""The distinct terms of a whole document, kept with its last passage; only long documents have them."""
_LONG = 5
"""A document of so many passages is long. The passages of a shorter one have most of its words: with 2, squad_v1_dev
loses .03 of nDCG@10."""
EACH = "*"
"""A term that each such document has, and that no text gives."""
HEAD = "^"
"""Before the terms of a document's head: its path, its title, and its first passage, which usually says what it is."""
_CONTEXT = 2
"""How often a word of a title or heading counts: BM25F's weight of these fields. See docs/decisions."""
_ROUNDING = 0.001
"""More than the rounding error of any sum of float32 scores."""
_LOCKS = (".tantivy-meta.lock", ".tantivy-writer.lock")

_LARGE = 50_000
"""Above this many passages, a search begins without its most common terms: 7 ms instead of 12 at a million."""
_COMMON = 0.5
"""A term is common if more than this share of passages hold it. Of the postings of usual questions .83 are of such
terms."""
_TRIED = 500
"""How many of the best passages by the other terms a search looks at, before it uses all terms at once."""
_FEW = 2000
"""A search within up to this many documents scores all their passages. Within more documents, it goes through the best
passages of all until enough of them belong to these documents."""
_DEEPEST = 20_000
"""How many of the best passages of all such a search goes through, before tantivy searches these documents alone."""
_NESTED = 32
"""Up to this many clauses, queries are nested one inside the other (see ``_among``)."""
_COUNTED = 20_000
"""Up to this many occurrences, those in passages that were not removed are counted one by one; 0.2 ms."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the lexical signal sees it; ``document`` is the number by which it is removed later.

    ``context`` is its title and headings, ``path`` the name of its document with folders. ``names`` are what may be
    asked for as a whole: title, headings, the file's name.
    """

    row: int
    document: int
    text: str
    context: str
    path: str = ""
    names: tuple[str, ...] = ()


class Lexical:
    """One published state of the lexical index, read only."""

    def __init__(self, folder: Path) -> None:
        """Open the folder; OSError or ValueError where tantivy cannot open it."""
        import tantivy

        try:
            self._schema, self._searcher = _open(folder)
        except ValueError as error:
            if "Lockfile" not in str(error):
                raise
            # The folder is read-only, but tantivy locks even to read. So it opens a temporary folder of links to the
            # files, and locks there. The files stay mapped after the links are deleted.
            from tempfile import TemporaryDirectory

            with TemporaryDirectory(prefix="nrqa-") as place:
                for file in folder.iterdir():
                    if not is_lock(file.name):
                        (Path(place) / file.name).symlink_to(file.resolve())
                self._schema, self._searcher = _open(Path(place))
        self._ever = _ever(folder)
        self._query = tantivy.Query
        self._occur = tantivy.Occur

    def search(self, terms: list[str], k: int, *, documents: Iterable[int] | None = None) -> tuple[Rows, Scores]:
        """The ``k`` best rows that hold any of the terms, and their BM25 scores, best first.

        ``documents``, where given, are the only ones searched.
        """
        if documents is None:
            return self._rows(self._best(terms, k))
        wanted = frozenset(documents)
        if len(wanted) <= _FEW:
            return self._rows(self._among("document", wanted, terms, k))
        return self._rows(self._within(wanted, terms, k))

    def score(self, terms: list[str], rows: Rows) -> Scores:
        """The BM25 score of each of ``rows``, in their order; 0 where none of the terms occurs."""
        import numpy as np

        found, found_scores = self._rows(self._among("row", rows.tolist(), terms, len(rows)))
        known = dict(zip(found.tolist(), found_scores.tolist(), strict=True))
        return np.array([known.get(row, 0.0) for row in rows.tolist()], np.float32)

    def holding(self, term: str, rows: Rows) -> NDArray[np.bool_]:
        """Which of ``rows`` hold the term."""
        import numpy as np

        if not self._searcher.doc_freq(_FIELD, term):
            return np.zeros(len(rows), bool)
        return self.score([term], rows) > 0

    def known(self, terms: Iterable[str]) -> list[str]:
        """Those of the terms that occur, be it in a removed passage."""
        return [term for term in terms if self._searcher.doc_freq(_FIELD, term)]

    def weights(self, terms: list[str]) -> dict[str, float]:
        """The idf of each term; a term that occurs nowhere has the highest."""
        passages = self._searcher.num_docs
        return {term: idf(min(self._occurrences(term), passages), passages) for term in terms}

    def occurs(self, term: str, *, documents: Iterable[int] | None = None) -> bool:
        """Whether the term occurs in a passage, its title, headings or path; of ``documents`` only, if given."""
        met = self._frequency(term)
        if not met:
            return False
        if documents is None and met > self._ever - int(self._searcher.num_docs):
            return True  # not all of its passages were removed
        rows, _ = self.search([term], 1, documents=documents)
        return bool(len(rows))

    def like(self, term: str, changes: int, most: int, *, documents: Iterable[int] | None = None) -> Rows:
        """Some rows that hold a term which so many changes of a letter make of this one; of ``documents``, if given."""
        query, must = self._query, self._occur.Must
        asked = query.fuzzy_term_query(self._schema, _FIELD, term, changes)
        if documents is not None:
            among = query.term_set_query(self._schema, "document", list(documents))
            asked = query.boolean_query([(must, asked), (must, among)])
        rows, _ = self._rows(self._hits(asked, most))
        return rows

    def long_documents(self) -> int:
        """How many long documents there are, removed ones included."""
        return int(self._searcher.doc_freq(_WHOLE, EACH))

    def documents_with(self, wanted: Wanted) -> int:
        """At most how many of these documents hold a word, removed ones included."""
        frequency = self._searcher.doc_freq
        return max((min(int(frequency(_WHOLE, term)) for term in terms) for terms in wanted if terms), default=0)

    def holding_documents(self, wanted: Wanted, *, head: bool = False) -> frozenset[int]:
        """The long documents that hold a word, be it in their heads only: for words that few documents hold."""
        most = len(wanted) * self.documents_with(wanted)
        return frozenset(self._owners(self._hits(self._whole(wanted, head=head), max(1, most))))

    def best_documents(
        self, words: Sequence[tuple[Wanted, float]], most: int, *, documents: Iterable[int] | None = None
    ) -> list[int]:
        """Up to ``most`` long documents with the highest sum of the weights of the words in their heads.

        Those that have the same sum as one that would be too many are left out: nothing tells them apart.
        """
        query, must, should = self._query, self._occur.Must, self._occur.Should
        asked = query.boolean_query(
            [(should, query.const_score_query(self._whole(wanted, head=True), weight)) for wanted, weight in words]
        )
        if documents is not None:
            among = query.term_set_query(self._schema, "document", list(documents))
            asked = query.boolean_query([(must, query.const_score_query(among, 0.0)), (must, asked)])
        hits = self._hits(asked, most + 1)
        least = hits[-1][0] + _ROUNDING if len(hits) > most else 0.0
        return self._owners([hit for hit in hits if hit[0] >= least])

    def _whole(self, wanted: Wanted, *, head: bool) -> Any:
        """The documents that hold all terms of one of the groups, be it in their heads only."""
        query, must, should = self._query, self._occur.Must, self._occur.Should

        def term(one: str) -> Any:
            return query.term_query(self._schema, _WHOLE, HEAD + one if head else one, "basic")

        groups = [
            query.boolean_query([(must, term(one)) for one in terms]) if len(terms) > 1 else term(terms[0])
            for terms in wanted
            if terms
        ]
        return query.boolean_query([(should, one) for one in groups]) if len(groups) > 1 else groups[0]

    def _owners(self, hits: list[_Hit]) -> list[int]:
        return list(map(int, self._searcher.fast_field_values("document", [place for _, place in hits])))

    def _in(self, field: str, values: Iterable[int]) -> Any:
        """The passages that have one of the values in a field."""
        query, should = self._query, self._occur.Should
        either = [(should, query.term_query(self._schema, field, value, "basic")) for value in values]
        return query.const_score_query(query.boolean_query(either), 0.0)

    def _occurrences(self, term: str) -> int:
        """In how many passages the term occurs.

        tantivy's own figure counts removed passages, too. For a term in very many passages it is multiplied by the
        share of passages that were not removed, because counting would take as long as the search.
        """
        known = self._frequency(term)
        alive = int(self._searcher.num_docs)
        if alive == self._ever:
            return known
        if known > _COUNTED:
            return known * alive // self._ever
        return int(self._searcher.search(self._term(term), limit=1, count=True).count)

    def _best(self, terms: list[str], k: int) -> list[_Hit]:
        """The ``k`` best of all passages.

        Most of the time would go into the few common terms, which half of the passages hold and which hardly count. So
        the first search uses only the other terms. A passage whose score is there below the k-th best by more than the
        common terms could ever add cannot be among the best. The others are scored by all terms. The result is the
        same.
        """
        common = [one for one in terms if self._frequency(one) > _COMMON * self._ever]
        others = [one for one in terms if one not in common]
        if not (common and others and 0 < k < _TRIED and self._ever > _LARGE):
            return self._hits(self._any_of(terms), k)
        hits = self._hits(self._any_of(others), _TRIED)
        could_add = sum(idf(self._frequency(one), self._ever) * (K1 + 1) for one in common)
        least = hits[k - 1][0] - could_add - _ROUNDING if len(hits) >= k else 0.0
        near = [place for score, place in hits if score >= least]
        if least <= 0 or len(near) == _TRIED:
            return self._hits(self._any_of(terms), k)
        rows = self._searcher.fast_field_values("row", near)
        return self._among("row", rows, terms, k)

    def _within(self, documents: frozenset[int], terms: list[str], k: int) -> list[_Hit]:
        """The ``k`` best of those documents: searches all, deeper and deeper, until ``k`` hits belong to them."""
        depth = 8 * k
        while depth <= _DEEPEST:
            depth = max(1, min(depth, self._ever))
            hits = self._hits(self._any_of(terms), depth)
            owners = self._searcher.fast_field_values("document", [place for _, place in hits])
            found = [hit for hit, owner in zip(hits, owners, strict=True) if owner in documents]
            if len(found) >= k or len(hits) < depth or depth == self._ever:
                return found[:k]
            depth = max(2 * depth, 2 * k * depth // max(1, len(found)))
        query, must = self._query, self._occur.Must
        among = query.const_score_query(query.term_set_query(self._schema, "document", list(documents)), 0.0)
        return self._hits(query.boolean_query([(must, among), (must, self._any_of(terms))]), k)

    def _among(self, field: str, values: Iterable[int], terms: list[str], k: int) -> list[_Hit]:
        """The ``k`` best of the passages that have one of ``values`` in ``field`` and hold any of the terms.

        Each term is looked up only in those passages: one query of all terms would go through all passages that hold
        any of them.
        """
        query, must, should = self._query, self._occur.Must, self._occur.Should
        asked = self._in(field, values)
        if len(terms) > _NESTED:
            asked = query.boolean_query([(must, asked), (should, self._any_of(terms))])
        else:
            for one in terms:
                asked = query.boolean_query([(must, asked), (should, self._term(one))])
        return [hit for hit in self._hits(asked, k) if hit[0] > 0]

    def _frequency(self, term: str) -> int:
        """In how many passages the term occurs, removed ones included; tantivy scores with this number."""
        return int(self._searcher.doc_freq(_FIELD, term))

    def _any_of(self, terms: list[str]) -> Any:
        return self._query.boolean_query([(self._occur.Should, self._term(one)) for one in terms])

    def _term(self, term: str) -> Any:
        return self._query.term_query(self._schema, _FIELD, term, "freq")

    def _hits(self, query: Any, k: int) -> list[_Hit]:
        return list(self._searcher.search(query, limit=k, count=False).hits) if k else []

    def _rows(self, hits: list[_Hit]) -> tuple[Rows, Scores]:
        import numpy as np

        rows = np.array(self._searcher.fast_field_values("row", [place for _, place in hits]), np.int64)
        scores = np.array([score for score, _ in hits], np.float32)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]


def best_possible(weights: dict[str, float]) -> float:
    """The highest BM25 score that a text can have for terms of these weights: the sum of idf times (k1 + 1)."""
    return sum(weights.values()) * (K1 + 1)


def terms_of(entry: Entry, terms: TermsOf = document_terms) -> list[str]:
    """The terms under which a passage is found, repeated as often as they occur; ``terms`` gives those of its text."""
    return [*terms(entry.text), *(_of_context(entry.context) * _CONTEXT), *around(entry.path, entry.names)]


@lru_cache(maxsize=64)
def _of_context(context: str) -> tuple[str, ...]:
    """The terms of title and headings, which neighbouring passages have in common."""
    return tuple(document_terms(context))


@lru_cache(maxsize=64)
def around(path: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The terms of a path, each once, and the names as wholes. The encoder reads neither."""
    stem, dot, ending = path.rpartition(".")
    bare = stem if dot and "/" not in ending else path
    file = path.rpartition("/")[2]
    bare_file = bare.rpartition("/")[2]
    places = [one for part in (bare, readable_name(bare), file) for one in document_terms(part)]
    wholes = [one for name in (*names, file, bare_file, readable_name(bare_file)) for one in name_terms(name)]
    return (*dict.fromkeys(places), *dict.fromkeys(wholes))


def write(
    folder: Path, entries: Iterable[Entry], *, removed: Iterable[int] = (), terms: TermsOf = document_terms
) -> None:
    """Add the entries to the lexical index in ``folder`` and delete the removed documents from it.

    An index that does not exist is created. One thread writes, so that the same entries give the same index. ``terms``
    gives those of a passage's text.
    """
    import tantivy

    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(_HEAP, 1)
    gone = list(removed)
    if gone:
        # By query: tantivy-py's delete by term makes a signed term, which matches nothing in an unsigned field.
        writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "document", gone))
    for entry, own, of_document in with_documents(entries, terms):
        record = tantivy.Document()
        record.add_unsigned("row", entry.row)
        record.add_unsigned("document", entry.document)
        record.add_text(_FIELD, " ".join(own))
        if of_document:
            record.add_text(_WHOLE, " ".join(of_document))
        writer.add_document(record)
    writer.commit()
    writer.garbage_collect_files()
    writer.wait_merging_threads()
    touch_locks(folder)


def with_documents(
    entries: Iterable[Entry], terms: TermsOf = document_terms
) -> Iterator[tuple[Entry, list[str], list[str]]]:
    """Each entry with its terms; the last one of a long document also with the distinct terms of all of it.

    The entries of a document follow one another.
    """
    for _, those in groupby(entries, key=attrgetter("document")):
        whole = OfDocument()
        last: tuple[Entry, list[str]] | None = None
        for entry in those:
            if last is not None:
                yield *last, []
            last = entry, terms_of(entry, terms)
            whole.add(last[1])
        if last is not None:
            yield *last, whole.terms()


class OfDocument:
    """Gathers the terms of a document."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._passages = 0

    def add(self, terms: Iterable[str]) -> None:
        """Take the terms of its next passage."""
        held = [*terms]
        self._held.update(held if self._passages else [*held, *(HEAD + term for term in held)])
        self._passages += 1

    def terms(self) -> list[str]:
        """The distinct terms of a long document; none of a short one."""
        return [EACH, *sorted(self._held)] if self._passages >= _LONG else []


def touch_locks(folder: Path) -> None:
    """Create the lock files: opening for reading needs one of them, and a question must not create it."""
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
    """How many passages have been added since tantivy last rewrote the index, those removed since included."""
    segments = json.loads((folder / _META).read_bytes())["segments"]
    return sum(int(one["max_doc"]) for one in segments)


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_FIELD, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(_WHOLE, tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_unsigned_field("document", indexed=True, fast=True)
    return builder.build()


def idf(occurrences: int, passages: int) -> float:
    """The weight of a term that so many of so many passages hold."""
    return math.log(1 + (passages - occurrences + 0.5) / (occurrences + 0.5))
