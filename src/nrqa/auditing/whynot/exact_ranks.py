"""The exact rank of one passage among all that were searched, by every signal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrqa.answering.grouping import group
from nrqa.answering.ranking import CANDIDATES, Question, Ranked, rank, rank_rows
from nrqa.auditing.whynot.results import ExactRanks, SignalPlace
from nrqa.text.terms import document_terms, question_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.index.rows import Stored
    from nrqa.index.snapshot import Filtered, Snapshot
    from nrqa.records import Citation

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

EVERYTHING = 100_000
"""Up to this many passages, all are scored by all signals. Above it, only the candidates and the passage are."""
_BLOCK = 1024
"""Passages that are scored together: the token matches of a block take some 20 MB."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows with the score of the blend and of each signal, all aligned, and the signals' shares in the blend.

    ``comparable`` are the signals on the scales that are blended.
    """

    rows: Rows
    scores: Scores
    signals: dict[str, Scores]
    comparable: dict[str, Scores]
    weights: dict[str, float]
    whole: bool

    def ranks(self, scores: Scores) -> Rows:
        """The rank of each row by these scores, from 1; equal scores are ordered by row, as in the searches."""
        import numpy as np

        ranks = np.empty(len(self.rows), np.int64)
        ranks[np.lexsort((self.rows, -scores))] = np.arange(1, len(self.rows) + 1)
        return ranks

    def at(self, row: int) -> int:
        """The position of a row."""
        import numpy as np

        return int(np.flatnonzero(self.rows == row)[0])


def score_all(
    snapshot: Snapshot, question: Question, row: int, within: Filtered, k: int, *, most: int = EVERYTHING
) -> Scored:
    """Score all rows that the filters leave; if these are more than ``most``, score only the candidates and ``row``."""
    import numpy as np

    rows = snapshot.rows(within)
    whole = len(rows) <= most
    if not whole:
        rows = np.array(sorted({*rank(snapshot, question, k, within).rows.tolist(), row}), np.int64)
    blocks = [rank_rows(snapshot, question, rows[at : at + _BLOCK]) for at in range(0, len(rows), _BLOCK)]

    def joined(of: str) -> dict[str, Scores]:
        return {name: np.concatenate([getattr(one, of)[name] for one in blocks]) for name in blocks[0].signals}

    return Scored(
        np.concatenate([one.rows for one in blocks]),
        np.concatenate([one.scores for one in blocks]),
        joined("signals"),
        joined("comparable"),
        blocks[0].weights,
        whole,
    )


def exact_ranks(
    snapshot: Snapshot, question: Question, stored: Stored, scored: Scored, within: Filtered, k: int
) -> tuple[ExactRanks, Citation | None]:
    """The exact ranks of the passage, and the citation of the better passage that it is a copy of, if it is one."""
    at = scored.at(stored.row)
    ranked = rank(snapshot, question, k, within)
    place, copy_of, last = _among_hits(snapshot, ranked, stored.row, k)
    against = scored.at(last) if last is not None else at
    signals = {}
    for name, scores in scored.signals.items():
        share = scored.weights[name]
        lead = share * float(scored.comparable[name][at] - scored.comparable[name][against])
        said = name != "lexical" or float(scores[at]) > 0
        place_of_signal = int(scored.ranks(scores)[at]) if said else None
        signals[name] = SignalPlace(place_of_signal, len(scored.rows), float(scores[at]), lead)
    common, missing = _words(question.text, stored)
    found = ExactRanks(
        signals=signals,
        rank=int(scored.ranks(scored.scores)[at]),
        of=len(scored.rows),
        score=float(scored.scores[at]),
        whole=scored.whole,
        place=place,
        candidates=max(CANDIDATES, k),
        common=common,
        missing=missing,
    )
    return found, copy_of


def least_k(scored: Scored, row: int) -> int | None:
    """The least ``k`` for which the row is among the hits, with copies not grouped; None if that is not known.

    A ``k`` above 50 also adds candidates, which may come before the row.
    """
    import numpy as np

    if not scored.whole:
        return None
    at = scored.at(row)
    lexical = scored.signals["lexical"]
    nowhere = np.iinfo(np.int64).max
    enters = np.minimum(scored.ranks(scored.signals["dense"]), np.where(lexical > 0, scored.ranks(lexical), nowhere))
    better = np.sort(enters[scored.ranks(scored.scores) < scored.ranks(scored.scores)[at]])
    depths = np.arange(1, len(scored.rows) + 1)
    looked = np.maximum(CANDIDATES, depths)
    places = 1 + np.searchsorted(better, looked, side="right")
    enough = np.flatnonzero((looked >= enters[at]) & (places <= depths))
    return int(depths[enough[0]]) if len(enough) else None


def _among_hits(snapshot: Snapshot, ranked: Ranked, row: int, k: int) -> tuple[int | None, Citation | None, int | None]:
    """The row's place in the list with copies grouped, the better passage it is a copy of, and the k-th hit's row."""
    rows = ranked.rows.tolist()
    groups = group(snapshot, rows, len(rows))
    last = groups[min(k, len(groups)) - 1].stored.row if groups else None
    if row not in rows:
        return None, None, last
    own = snapshot.stored(row).passage.citation
    for place, one in enumerate(groups, 1):
        if one.stored.row == row:
            return place, None, last
        if own in one.also:
            return place, one.stored.passage.citation, last
    return None, None, last


def _words(question: str, stored: Stored) -> tuple[tuple[str, ...], tuple[str, ...]]:
    terms = set(document_terms(f"{stored.context} {stored.passage.text}"))
    words = dict.fromkeys(match.group() for match in _WORD.finditer(question))
    common = [word for word in words if terms.intersection(question_terms(word))]
    return tuple(common), tuple(word for word in words if word not in common)
