"""The words of an index that a server keeps: it finds the passages that hold them, and their scores are made here.

The engine's BM25 counts each shard by itself, and its scores differ between servers. So it only gives candidates, more
than are wanted. They are scored with statistics of the whole index, as an index in a folder scores them (signals.bm25):
the answer is the same wherever an index is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from nrqa.index.milvus.connection import Connection
from nrqa.index.milvus.facts import COUNTED, Facts
from nrqa.index.milvus.owners import owners_in
from nrqa.index.milvus.schema import PASSAGES, TERMS, Collections, alive, read_term, spelled
from nrqa.signals import bm25
from nrqa.signals.lexical import EACH, HEAD, idf
from nrqa.text.near_spelling import is_near

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.signals.lexical import Wanted

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

_MORE, _LEAST = 4, 200
"""The engine is asked for so many times as many candidates, and for so many at least."""
_MOST = 16_384
"""Results of one search at most: servers refuse more."""
_REMEMBERED = 50_000
_ALIKE = 3
"""Letters with which a term begins that two changes make of another: the server lists those that do."""
_BLOCK = 128
"""Letters of one script stand together in Unicode, in blocks of so many or of half as many."""
_ROUNDING = 0.001
"""More than the rounding error of a sum of weights, as in signals.lexical."""


class EngineWords:
    """See ``Words``, which it implements, for one generation."""

    def __init__(
        self, connection: Connection, its: Collections, generation: int, facts: Facts, totals: tuple[int, int]
    ) -> None:
        """``totals`` are the number of passages, and the sum of their lengths in terms."""
        self._connection, self._its, self._generation = connection, its, generation
        self._facts = facts
        self._passages = totals[0]
        self._average = totals[1] / max(1, totals[0])
        self._frequencies: dict[str, tuple[int, int]] = {}
        self._owners: dict[str, frozenset[int]] = {}
        self._lock = Lock()

    def search(self, terms: list[str], k: int, *, documents: Iterable[int] | None = None) -> tuple[Rows, Scores]:
        """The ``k`` best rows of the engine's candidates, by our scores."""
        import numpy as np

        wanted = self.known(terms)
        within = alive(self._generation)
        if documents is not None:
            numbers = sorted(documents)
            within = f"{within} and document in {numbers}"
            if not numbers:
                wanted = []
        if not wanted or not k:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        (found,) = self._connection.call(
            "search", self._its.named(PASSAGES), data=[" ".join(map(spelled, wanted))], anns_field="words",
            limit=min(_MOST, max(_LEAST, _MORE * k)), filter=within, output_fields=["row", *COUNTED],
            search_params={"metric_type": "BM25"}, consistency_level="Strong",
        )  # fmt: skip
        rows = np.array(sorted(self._facts.learn(one["entity"] for one in found)), np.int64)
        scores = self.score(terms, rows)
        order = np.lexsort((rows, -scores))[:k]
        order = order[scores[order] > 0]
        return rows[order], scores[order]

    def score(self, terms: list[str], rows: Rows) -> Scores:
        """As tantivy scores."""
        weights = self.weights(terms)
        known = {*self.known(terms)}
        idfs = {term: weight for term, weight in weights.items() if term in known}
        facts = self._facts.counted(rows.tolist())
        return bm25.scores(idfs, [(one.counts, one.length) for one in facts], self._average)

    def holding(self, term: str, rows: Rows) -> NDArray[np.bool_]:
        """By the counts that came with the rows."""
        import numpy as np

        return np.array([term in one.counts for one in self._facts.counted(rows.tolist())], bool)

    def known(self, terms: Iterable[str]) -> list[str]:
        """By the collection of terms."""
        asked = [*terms]
        counts = self._counts(asked)
        return [term for term in asked if counts[term][0]]

    def weights(self, terms: list[str]) -> dict[str, float]:
        """By the collection of terms, and the number of passages."""
        counts = self._counts(terms)
        return {term: idf(min(counts[term][0], self._passages), self._passages) for term in terms}

    def occurs(self, term: str, *, documents: Iterable[int] | None = None) -> bool:
        """By the collection of terms, or of some documents by a search."""
        if not self._counts([term])[term][0]:
            return False
        return documents is None or bool(len(self.search([term], 1, documents=documents)[0]))

    def like(self, term: str, changes: int, most: int, *, documents: Iterable[int] | None = None) -> Rows:
        """Terms that one change makes are looked up; of those that two make, the ones that begin alike."""
        import numpy as np

        near = self._near(term, changes)
        rows = {row for one in near for row in self.search([one], most, documents=documents)[0].tolist()}
        return np.array(sorted(rows)[:most], np.int64)

    def long_documents(self) -> int:
        """Those that have the term that each has."""
        return self._counts([EACH])[EACH][1]

    def documents_with(self, wanted: Wanted) -> int:
        """By the collection of terms."""
        counts = self._counts([term for terms in wanted for term in terms])
        return max((min(counts[term][1] for term in terms) for terms in wanted if terms), default=0)

    def holding_documents(self, wanted: Wanted, *, head: bool = False) -> frozenset[int]:
        """By the collection of terms, which has the documents of those that few hold."""
        groups = [[f"{HEAD}{one}" if head else one for one in terms] for terms in wanted if terms]
        owners = self._having(term for terms in groups for term in terms)
        return frozenset().union(*(frozenset.intersection(*(owners[one] for one in terms)) for terms in groups))

    def best_documents(
        self, words: Sequence[tuple[Wanted, float]], most: int, *, documents: Iterable[int] | None = None
    ) -> list[int]:
        """By the sums of the weights of the words that their heads hold."""
        terms = {term for wanted, _ in words for some in wanted for term in some}
        self._having([*terms, *(f"{HEAD}{one}" for one in terms)])  # all that is asked of them later, in one request
        sums: dict[int, float] = {}
        for wanted, weight in words:
            for number in self.holding_documents(wanted, head=True):
                sums[number] = sums.get(number, 0.0) + weight
        among = None if documents is None else {*documents}
        best = sorted((-value, number) for number, value in sums.items() if among is None or number in among)
        least = -best[most][0] + _ROUNDING if len(best) > most else 0.0
        return [number for value, number in best[: most + 1] if -value >= least]

    def _counts(self, terms: Sequence[str]) -> dict[str, tuple[int, int]]:
        """In how many passages, and in how many long documents, each term stands."""
        asked = dict.fromkeys([*terms, EACH])
        with self._lock:
            known = {one: self._frequencies[one] for one in asked if one in self._frequencies}
        missing = {spelled(one): one for one in asked if one not in known}
        if missing:
            new = dict.fromkeys(missing.values(), (0, 0))
            for one in self._connection.by_key(self._its.named(TERMS), "key", [*missing], FREQUENCIES):
                new[missing[one["key"]]] = counted(one, self._generation)
            with self._lock:
                if len(self._frequencies) > _REMEMBERED:
                    self._frequencies = {}
                self._frequencies |= new
            known |= new
        return known

    def _having(self, terms: Iterable[str]) -> dict[str, frozenset[int]]:
        """For each of these terms, which few documents hold, the long documents that do."""
        wanted = {*terms}
        with self._lock:
            known = {one: self._owners[one] for one in wanted if one in self._owners}
        missing = {spelled(one): one for one in sorted(wanted - known.keys())}
        if missing:
            found = self._connection.by_key(self._its.named(TERMS), "key", [*missing], ("since", *OWNERS))
            new = dict.fromkeys(missing.values(), frozenset[int]())
            for one in found:
                term = missing[one["key"]]
                new[term] = frozenset(owners_in(owned(one, self._generation), term) or ())
            with self._lock:
                if len(self._owners) > _REMEMBERED:
                    self._owners = {}
                self._owners |= new
            known |= new
        return known

    def _near(self, term: str, changes: int) -> list[str]:
        """Terms of the index that so many changes make of this one; of several changes, those that begin alike."""
        if changes == 1:
            return self.known(sorted({term, *_changed(term)}))
        begin = spelled(term[:_ALIKE])
        keys = [one["key"] for one in self._connection.rows(self._its.named(TERMS), f'key like "{begin}%"', ["key"])]
        return self.known(sorted(one for one in map(read_term, keys) if is_near(one, term, changes)))


OWNERS = ("owners", "owners_before")
FREQUENCIES = ("since", "passages", "documents", "passages_before", "documents_before")


def counted(one: dict[str, Any], generation: int) -> tuple[int, int]:
    """What a row of the collection of terms says of a generation: the newest one, or the one before."""
    if int(one["since"]) <= generation:
        return int(one["passages"]), int(one["documents"])
    return int(one["passages_before"]), int(one["documents_before"])


def owned(one: dict[str, Any], generation: int) -> Any:
    """Likewise the field with the documents that hold it."""
    return one["owners"] if int(one["since"]) <= generation else one["owners_before"]


def _changed(term: str) -> set[str]:
    """What one change of a letter makes of a term: the letters are those of its own scripts."""
    blocks = {ord(one) // _BLOCK for one in term}
    letters = [one for block in blocks for one in map(chr, range(block * _BLOCK, (block + 1) * _BLOCK))]
    letters = [one for one in letters if one.isalnum() and not one.isupper()]
    cuts = [(term[:at], term[at:]) for at in range(len(term) + 1)]
    return {
        *(left + right[1:] for left, right in cuts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1),
        *(left + one + right[1:] for left, right in cuts if right for one in letters),
        *(left + one + right for left, right in cuts for one in letters),
    } - {""}
