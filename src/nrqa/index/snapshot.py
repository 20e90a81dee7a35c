"""What an index must give to answer questions, whatever keeps it: the seam between ranking and an engine.

An engine finds candidates and keeps rows. What ranks, cites and judges is above this seam, and asks only what stands
here; what writes an index asks what stands in module generations. docs/another-engine.md shows all of it with an index
of dictionaries and lists. The contract is tests/index/test_contract.py: it runs against each kind of index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from nrqa.index.manifest import Manifest
    from nrqa.index.rows import Known, Listed, Stored
    from nrqa.records import Document, PageWords, Span
    from nrqa.signals.late.coding import Codebook, Coded
    from nrqa.signals.lexical import Wanted

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]
    Codes = NDArray[np.uint8]

Where = Mapping[str, str | Sequence[str]]
"""Metadata that documents must have: for each key a value, several of which one suffices, or bounds."""
PACKED = "bundle.json"
"""The list of what was packed into one file (package packed), beside the index folder that was unpacked from it."""
OPENING = Lock()
"""Only one thread at a time opens an index or an encoder: numpy reads a file's header with Python's own parser, which
sometimes fails in CPython 3.11 when several threads use it ("AST constructor recursion depth mismatch",
python/cpython#106905)."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """The documents and rows that pass a filter; ``documents`` is None where there is no filter.

    ``kept`` is what the index that made it keeps with it, such as positions of rows; nobody else looks at it.
    """

    documents: frozenset[int] | None
    document_count: int
    passage_count: int
    kept: object = None


class Words(Protocol):
    """The words of an index: which passages hold them, and how rare they are. Terms are those of ``text.terms``."""

    def search(self, terms: list[str], k: int, *, documents: Iterable[int] | None = None) -> tuple[Rows, Scores]:
        """The ``k`` best rows that hold any of the terms, and their BM25 scores, best first; of ``documents`` only."""
        ...

    def score(self, terms: list[str], rows: Rows) -> Scores:
        """The BM25 score of each of ``rows``, in their order; 0 where none of the terms occurs."""
        ...

    def holding(self, term: str, rows: Rows) -> NDArray[np.bool_]:
        """Which of ``rows`` hold the term."""
        ...

    def known(self, terms: Iterable[str]) -> list[str]:
        """Those of the terms that occur, be it in a removed passage."""
        ...

    def weights(self, terms: list[str]) -> dict[str, float]:
        """The idf of each term; a term that occurs nowhere has the highest."""
        ...

    def occurs(self, term: str, *, documents: Iterable[int] | None = None) -> bool:
        """Whether the term occurs in a passage, its title, headings or path; of ``documents`` only, if given."""
        ...

    def like(self, term: str, changes: int, most: int, *, documents: Iterable[int] | None = None) -> Rows:
        """Some rows that hold a term which so many changes of a letter make of this one; of ``documents``, if given."""
        ...

    def long_documents(self) -> int:
        """How many long documents there are."""
        ...

    def documents_with(self, wanted: Wanted) -> int:
        """At most how many of these documents hold a word."""
        ...

    def holding_documents(self, wanted: Wanted, *, head: bool = False) -> frozenset[int]:
        """The long documents that hold a word, be it in their heads only: for words that few documents hold."""
        ...

    def best_documents(
        self, words: Sequence[tuple[Wanted, float]], most: int, *, documents: Iterable[int] | None = None
    ) -> list[int]:
        """Up to ``most`` long documents with the highest sum of the weights of the words in their heads.

        Those that have the same sum as one that would be too many are left out: nothing tells them apart.
        """
        ...


class Snapshot(Protocol):
    """Everything that is asked of one generation. It stays the same, whatever writers do meanwhile."""

    @property
    def manifest(self) -> Manifest:
        """What the generation records about itself."""
        ...

    @property
    def beside(self) -> Path:
        """The folder on this machine with what users keep with the index, as ``Generations.beside``."""
        ...

    @property
    def away(self) -> bool:
        """Whether searches wait for another machine, so that two of them should wait at the same time."""
        ...

    @property
    def size(self) -> int:
        """The bytes that the generation takes."""
        ...

    @property
    def known(self) -> Mapping[str, Known]:
        """The documents in the index, by name.

        Whoever shows one, or believes that a file has changed, asks ``vouch`` first.
        """
        ...

    @property
    def facets(self) -> dict[str, dict[str, int]]:
        """For each metadata key its values (case-folded), the most common first, and how many documents have each."""
        ...

    @property
    def lexical(self) -> Words | None:
        """The words; None where there is no passage."""
        ...

    @property
    def codebook(self) -> Codebook | None:
        """What decodes token codes; None where the encoder has no token vectors."""
        ...

    def vouch(self, numbers: Iterable[int]) -> None:
        """Raise IndexDamagedError where one of these documents is not as it was written."""
        ...

    def listed(self) -> Iterator[Listed]:
        """The documents in the index, with what is known about each."""
        ...

    def filtered(self, where: Where | None, only: Sequence[str] | None) -> Filtered:
        """What passes the filters. QuestionError where no document has metadata of that name."""
        ...

    def within_documents(self, numbers: Sequence[int]) -> Filtered:
        """A filter that only these few documents pass."""
        ...

    def open_vectors(self) -> None:
        """Open now what else the first search opens; what fails, fails again there."""
        ...

    def search_dense(self, question: Scores, k: int, within: Filtered) -> tuple[Rows, Scores]:
        """The ``k`` nearest rows and their cosines, best first."""
        ...

    def score_dense(self, question: Scores, rows: Rows) -> Scores:
        """The cosine of each of ``rows`` with the question, in their order."""
        ...

    def search_lexical(self, terms: list[str], k: int, within: Filtered) -> tuple[Rows, Scores]:
        """The ``k`` best rows by BM25 and their scores, best first."""
        ...

    def token_counts(self, ids: Rows) -> Rows:
        """In how many passages each of the tokens occurs."""
        ...

    def coded(self, rows: Iterable[int]) -> list[Coded]:
        """Token codes and vector of each row (see ``late.coding``)."""
        ...

    def rows(self, within: Filtered) -> Rows:
        """All rows that pass a filter, ascending."""
        ...

    def rows_of(self, numbers: Iterable[int]) -> Rows:
        """The rows of the documents with those numbers, ascending."""
        ...

    def documents_of(self, rows: Rows) -> Rows:
        """The number of the document of each of ``rows``, in their order; -1 for a row that is not there."""
        ...

    def stored(self, row: int) -> Stored:
        """The passage of a row that a search found."""
        ...

    def passages_of(self, numbers: Iterable[int]) -> Iterator[Stored]:
        """The passages of the documents with those numbers."""
        ...

    def passage_lengths(self) -> Iterator[tuple[int, list[int]]]:
        """Each document in the index, with the lengths of its passages in bytes."""
        ...

    def document_named(self, name: str) -> tuple[str, list[Stored]] | None:
        """Text and passages of the document of that name, or None."""
        ...

    def document_text(self, name: str) -> str:
        """The text of the document of that name; KeyError where there is none."""
        ...

    def documents(self) -> Iterator[Document]:
        """All documents with their texts, one after another."""
        ...

    def documents_holding(self, text: str) -> list[str]:
        """The names of the documents whose text contains ``text`` exactly, sorted."""
        ...

    def seams_of(self, name: str) -> list[Span]:
        """Where the web page of that name shows other than its text has, in order."""
        ...

    def page_spans(self, name: str) -> list[tuple[int, int, int]]:
        """The number of each page of the document of that name, and where its text begins and ends, in order."""
        ...

    def page_words(self, name: str, pages: Iterable[int]) -> list[PageWords]:
        """The positions of the words on some pages of the document of that name, in order."""
        ...

    def page_counts(self) -> dict[int, int]:
        """The number of pages of each document whose format has pages, by document number."""
        ...

    def encodings(self) -> dict[int, str]:
        """The encoding of the file of each document whose format is text, by document number."""
        ...

    def embedded(self, keys: Sequence[bytes]) -> dict[bytes, tuple[NDArray[np.float16], Codes]]:
        """Vector and token codes that were computed from the texts with those keys; those that are not there lack."""
        ...

    def close(self) -> None:
        """Give back what is held open."""
        ...
