"""An index of dictionaries, the smallest that keeps the contract. docs/another-engine.md goes through it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from nrqa.errors import IndexMissingError
from nrqa.index.filters import Filters
from nrqa.index.local import builder, generation
from nrqa.index.local.failures import writing
from nrqa.index.local.snapshot import open_part
from nrqa.index.manifest import Manifest, Part
from nrqa.index.rows import Known, Listed, Stored
from nrqa.index.snapshot import Filtered, Snapshot, Where
from nrqa.records import Document, PageWords, Span
from nrqa.signals import bm25
from nrqa.signals.late.coding import Codebook, Coded, counts_of, ids_of
from nrqa.signals.lexical import EACH, HEAD, Wanted, idf, with_documents
from nrqa.text.near_spelling import is_near

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Row:
    """A passage, and what the signals need of it."""

    stored: Stored
    terms: list[str]
    key: bytes
    vector: Scores
    codes: NDArray[np.uint8]


@dataclass(frozen=True)
class Held:
    """A document, the distinct terms of it if it is long, and its rows."""

    listed: Listed
    known: Known
    document: Document
    terms: frozenset[str]
    rows: list[int]


@dataclass(frozen=True)
class State:
    """One generation."""

    rows: dict[int, Row] = field(default_factory=dict)
    documents: dict[int, Held] = field(default_factory=dict)
    codebook: Codebook | None = None


class MemoryIndex:
    """A place of generations: see ``Generations``. Nothing outlives the process but what users keep beside it."""

    def __init__(self, name: str, beside: Path) -> None:
        self.name, self._beside = name, beside
        self.published: dict[int, tuple[Manifest, State]] = {}

    def __str__(self) -> str:
        return f"memory://{self.name}"

    @property
    def beside(self) -> Path:
        return self._beside

    @property
    def encoder(self) -> None:
        return None

    def newest_number(self) -> int | None:
        return max(self.published, default=None)

    def identity(self, number: int | None = None) -> Hashable | None:
        its = self.newest_number() if number is None else number
        return its if its in self.published else None

    def newest(self) -> MemorySnapshot:
        number = self.newest_number()
        if number is None:
            raise IndexMissingError(f"There is no index '{self}'. Build it first: nrqa index CORPUS --index '{self}'")
        return self.at(number)

    def at(self, number: int) -> MemorySnapshot:
        return MemorySnapshot(*self.published[number], self._beside)

    def asking(self) -> AbstractContextManager[None]:
        return nullcontext()

    def newest_content(self) -> Any:
        return self.newest().manifest.to_dict() if self.published else None

    def damage(self) -> Iterator[tuple[str, str]]:
        return iter(())

    @contextmanager
    def writing(self) -> Iterator[None]:
        with writing(self._beside), generation.writing(self._beside):
            yield

    def builder(self, previous: Snapshot | None, vectors: Snapshot | None, *, dimensions: int) -> MemoryBuilder:
        return MemoryBuilder(self, cast("MemorySnapshot | None", previous), vectors, dimensions=dimensions)


class MemoryBuilder(builder.Builder):
    """Writes what is new to a part on this machine, as a folder's builder does, and then takes the rows out of it."""

    def __init__(
        self, at: MemoryIndex, before: MemorySnapshot | None, vectors: Snapshot | None, *, dimensions: int
    ) -> None:
        begins = (before.manifest.next_row, before.manifest.next_document) if before else (0, 0)
        super().__init__(at.beside, None, vectors, dimensions=dimensions, begins=begins)
        self._at, self._dimensions, self._gone = at, dimensions, set[int]()
        self._state = before.state if before else State()

    def remove(self, number: int) -> None:
        self._gone.add(number)

    def finish(self) -> tuple[tuple[Part, ...], int]:
        rows = {at: one for at, one in self._state.rows.items() if one.stored.document not in self._gone}
        documents = {at: one for at, one in self._state.documents.items() if at not in self._gone}
        part = self.finish_part()
        if part is not None:
            size = self.codebook.size if self.codebook else 1
            opened = open_part(self.part_folder, part, self._dimensions, size, coded=self.codebook is not None)
            catalog, keys, wholes, owned = opened.catalog, opened.catalog.keys(), dict[int, list[str]](), Owned()
            entries = with_documents(builder.entry_of(one) for one in catalog.written(frozenset()))
            for entry, terms, whole in entries:
                at, stored = int(np.searchsorted(opened.vectors.rows, entry.row)), catalog.stored(entry.row)
                assert stored is not None
                vector = opened.vectors.restored(np.array([at]))[0]
                rows[entry.row] = Row(stored, terms, keys[entry.row], vector, opened.tokens.of(at))
                owned.setdefault(entry.document, []).append(entry.row)
                wholes[entry.document] = whole
            known, encodings = {one.number: one for one in catalog.known()}, dict(catalog.encodings())
            for listed, document in zip(catalog.listed(), catalog.documents(frozenset()), strict=True):
                number = listed.number
                pages = tuple(catalog.page_words(number, [page for page, _, _ in catalog.page_spans(number)]))
                whole_document = replace(
                    document, encoding=encodings.get(number, ""), pages=pages, seams=tuple(catalog.seams_of(number))
                )
                terms_of = frozenset(wholes.get(number, ()))
                documents[number] = Held(listed, known[number], whole_document, terms_of, owned.get(number, []))
        self._state = State(rows, documents, self.codebook)
        return (), 0

    def passages_alive(self) -> int:
        return len(self._state.rows)

    def publish(self, manifest: Manifest) -> int:
        number = (self._at.newest_number() or 0) + 1
        self._at.published[number] = (replace(manifest, generation=number), self._state)
        for old in [*self._at.published][:-2]:
            del self._at.published[old]
        return number


Owned = dict[int, list[int]]


class MemorySnapshot:
    """One generation, opened: see ``Snapshot``."""

    away = False

    def __init__(self, manifest: Manifest, state: State, beside: Path) -> None:
        self.manifest, self.state, self.beside = manifest, state, beside
        self.codebook, self.size = state.codebook, sum(len(one.document.text) for one in state.documents.values())
        self.lexical = MemoryWords(state) if state.rows else None
        stamps = manifest.stamps
        self.known = {
            one.known.name: one.known.under(stamps[str(at)]) if str(at) in stamps else one.known
            for at, one in state.documents.items()
        }
        self._filters = Filters((one.listed for one in state.documents.values()), manifest.own_folder)
        self.facets = self._filters.facets

    def vouch(self, numbers: Iterable[int]) -> None: ...

    def listed(self) -> Iterator[Listed]:
        return (one.listed for one in self.state.documents.values())

    def filtered(self, where: Where | None, only: Sequence[str] | None) -> Filtered:
        if not where and not only:
            return Filtered(None, len(self.state.documents), len(self.state.rows))
        return self.within_documents(sorted(self._filters.passing(where, only)))

    def within_documents(self, numbers: Sequence[int]) -> Filtered:
        return Filtered(frozenset(numbers), len(numbers), len(self.rows_of(numbers)))

    def open_vectors(self) -> None: ...

    def search_dense(self, question: Scores, k: int, within: Filtered) -> tuple[Rows, Scores]:
        rows = self.rows(within)
        return best(rows, self.score_dense(question, rows), k)

    def score_dense(self, question: Scores, rows: Rows) -> Scores:
        return np.array([float(self.state.rows[row].vector @ question) for row in rows.tolist()], np.float32)

    def search_lexical(self, terms: list[str], k: int, within: Filtered) -> tuple[Rows, Scores]:
        if self.lexical is None:
            return best(np.empty(0, np.int64), np.empty(0, np.float32), k)
        return self.lexical.search(terms, k, documents=within.documents)

    def token_counts(self, ids: Rows) -> Rows:
        return counts_of(ids, self._counted)

    def coded(self, rows: Iterable[int]) -> list[Coded]:
        return [Coded(self.state.rows[row].codes, self.state.rows[row].vector) for row in rows]

    def rows(self, within: Filtered) -> Rows:
        return self.rows_of(self.state.documents if within.documents is None else within.documents)

    def rows_of(self, numbers: Iterable[int]) -> Rows:
        owned = [row for one in {*numbers} & self.state.documents.keys() for row in self.state.documents[one].rows]
        return np.array(sorted(owned), np.int64)

    def documents_of(self, rows: Rows) -> Rows:
        known = self.state.rows
        return np.array([known[row].stored.document if row in known else -1 for row in rows.tolist()], np.int64)

    def stored(self, row: int) -> Stored:
        return self.state.rows[row].stored

    def passages_of(self, numbers: Iterable[int]) -> Iterator[Stored]:
        return (self.stored(row) for row in self.rows_of(numbers).tolist())

    def passage_lengths(self) -> Iterator[tuple[int, list[int]]]:
        for number, one in self.state.documents.items():
            yield number, [len(self.stored(row).passage.text.encode("utf-8")) for row in one.rows]

    def document_named(self, name: str) -> tuple[str, list[Stored]] | None:
        found = self._named.get(name)
        return (found.document.text, [self.stored(row) for row in found.rows]) if found else None

    def document_text(self, name: str) -> str:
        return self._named[name].document.text

    def documents(self) -> Iterator[Document]:
        return (one.document for one in self.state.documents.values())

    def documents_holding(self, text: str) -> list[str]:
        return sorted(one.name for one in self.documents() if text in one.text)

    def seams_of(self, name: str) -> list[Span]:
        return [*self._named[name].document.seams] if name in self._named else []

    def page_spans(self, name: str) -> list[tuple[int, int, int]]:
        return [(one.page, one.start, one.end) for one in self._pages(name)]

    def page_words(self, name: str, pages: Iterable[int]) -> list[PageWords]:
        wanted = {*pages}
        return [one for one in self._pages(name) if one.page in wanted]

    def page_counts(self) -> dict[int, int]:
        return {at: len(one.document.pages) for at, one in self.state.documents.items() if one.document.pages}

    def encodings(self) -> dict[int, str]:
        return {at: one.document.encoding for at, one in self.state.documents.items() if one.document.encoding}

    def embedded(self, keys: Sequence[bytes]) -> dict[bytes, tuple[NDArray[np.float16], NDArray[np.uint8]]]:
        by_key = {one.key: one for one in self.state.rows.values()}
        return {key: (by_key[key].vector.astype(np.float16), by_key[key].codes) for key in keys if key in by_key}

    def close(self) -> None: ...

    @cached_property
    def _named(self) -> dict[str, Held]:
        return {one.listed.name: one for one in self.state.documents.values()}

    def _pages(self, name: str) -> tuple[PageWords, ...]:
        return self._named[name].document.pages if name in self._named else ()

    @cached_property
    def _counted(self) -> tuple[Rows, Rows]:
        width = self.codebook.id_bytes if self.codebook else 2
        counts = Counter(int(at) for one in self.state.rows.values() for at in np.unique(ids_of(one.codes, width)))
        ids = np.array(sorted(counts), np.int64)
        return ids, np.array([counts[at] for at in ids.tolist()], np.int64)


class MemoryWords:
    """The words of a generation: see ``Words``."""

    def __init__(self, state: State) -> None:
        self._rows, self._documents = state.rows, state.documents
        self._counts = {row: Counter(one.terms) for row, one in state.rows.items()}
        self._occurs = Counter(term for counts in self._counts.values() for term in counts)
        self._average = sum(len(one.terms) for one in state.rows.values()) / max(1, len(state.rows))

    def search(self, terms: list[str], k: int, *, documents: Iterable[int] | None = None) -> tuple[Rows, Scores]:
        among = None if documents is None else {*documents}
        rows = [at for at, one in self._rows.items() if among is None or one.stored.document in among]
        found, scores = best(np.array(sorted(rows), np.int64), self.score(terms, np.array(sorted(rows), np.int64)), k)
        return found[scores > 0], scores[scores > 0]

    def score(self, terms: list[str], rows: Rows) -> Scores:
        idfs = self.weights(self.known(terms))
        return bm25.scores(
            idfs, [(self._counts[row], self._counts[row].total()) for row in rows.tolist()], self._average
        )

    def holding(self, term: str, rows: Rows) -> NDArray[np.bool_]:
        return np.array([term in self._counts[row] for row in rows.tolist()], bool)

    def known(self, terms: Iterable[str]) -> list[str]:
        return [term for term in terms if self._occurs[term]]

    def weights(self, terms: list[str]) -> dict[str, float]:
        return {term: idf(self._occurs[term], len(self._rows)) for term in terms}

    def occurs(self, term: str, *, documents: Iterable[int] | None = None) -> bool:
        return bool(len(self.search([term], 1, documents=documents)[0]))

    def like(self, term: str, changes: int, most: int, *, documents: Iterable[int] | None = None) -> Rows:
        near = [one for one in self._occurs if is_near(one, term, changes)]
        return np.sort(self.search(near, len(self._rows), documents=documents)[0])[:most]

    def long_documents(self) -> int:
        return len(self.holding_documents([[EACH]]))

    def documents_with(self, wanted: Wanted) -> int:
        return max(
            (min(len(self.holding_documents([[term]])) for term in terms) for terms in wanted if terms), default=0
        )

    def holding_documents(self, wanted: Wanted, *, head: bool = False) -> frozenset[int]:
        groups = [{f"{HEAD}{term}" if head else term for term in terms} for terms in wanted if terms]
        return frozenset(at for at, one in self._documents.items() if any(group <= one.terms for group in groups))

    def best_documents(
        self, words: Sequence[tuple[Wanted, float]], most: int, *, documents: Iterable[int] | None = None
    ) -> list[int]:
        sums = Counter[int]()
        for wanted, weight in words:
            for number in self.holding_documents(wanted, head=True):
                sums[number] += weight  # type: ignore[assignment]
        among = self._documents.keys() if documents is None else {*documents}
        found = sorted((-value, at) for at, value in sums.items() if at in among)
        least = -found[most][0] + 0.001 if len(found) > most else 0.0
        return [at for value, at in found[:most] if -value >= least]


def best(rows: Rows, scores: Scores, k: int) -> tuple[Rows, Scores]:
    """The ``k`` rows with the highest scores; of the same score, the lower row first."""
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]


def memory_indexes(folder: Path) -> Callable[[Path], MemoryIndex]:
    """What opens ``memory://NAME``: the same index each time."""
    made: dict[str, MemoryIndex] = {}
    return lambda place: made.setdefault(place.name, MemoryIndex(place.name, folder / place.name))
