"""What became of a passage on its way through a search, and its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nrqa.records import Citation, Passage, Verdict, citation_to_dict

Outcome = Literal[
    "hit",
    "copy",
    "unanswered",
    "behind",
    "outside",
    "filtered",
    "no passage",
    "no such words",
    "changed",
    "added",
    "unreadable",
    "excluded",
    "unknown",
]
"""Where the way of the passage ended.

* hit: it is one. copy: it is shown under the hit whose words it has.
* unanswered: it is among the nearest, and the verdict is that nothing answers
* behind: it was a candidate, and too many passages came before it
* outside: no signal had it among its candidates
* filtered: its document does not pass the filters
* no passage: the words are in the document, and in none of its passages
* no such words: they are not in the document
* changed: they are in the file as it is now, and were not when it was indexed
* added, unreadable, excluded: the file is in the corpus, but not in the index
* unknown: there is no such file
"""


@dataclass(frozen=True, slots=True)
class SignalPlace:
    """A passage's rank by one signal among ``of`` passages; None where the signal says nothing of it (no common term).

    ``lead`` is what the signal adds to the passage's score above what it adds to that of the last hit.
    """

    rank: int | None
    of: int
    score: float
    lead: float


@dataclass(frozen=True, slots=True)
class ExactRanks:
    """Where a passage stands: by each signal and by the blend, among ``of`` passages.

    ``whole`` says that these are all that the filters left; otherwise (in a very large index) late and blended ranks
    are among the candidates. ``place`` is its place among the hits, were the list longer, with copies put together;
    None where it is no candidate. ``candidates`` is how many of the best each search gives. ``common`` and ``missing``
    are words of the question that the passage has and lacks.
    """

    signals: Mapping[str, SignalPlace]
    rank: int
    of: int
    score: float
    whole: bool
    place: int | None
    candidates: int
    common: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was tried and brings the passage up: its rank then, and the verdict.

    * k: ask for so many hits. word: add this word to the question. without: leave these filters out.
      only: search this document only (its name, as ``--only`` takes it).
    * index: bring the index up to date (what then comes out is not known, so there is no rank)
    """

    kind: Literal["k", "word", "without", "only", "index"]
    value: str
    rank: int | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The whole way of one passage through the search for one question.

    ``passages`` counts those that were meant; ``passage`` is the best of them. ``verdict`` and ``confidence`` are those
    of the question as it was asked. ``detail`` is the reason listed for a
    file, the heading or metadata that words belong to, or another document that holds them. ``filters`` are those that
    keep the document out; the standing is then without them. ``changes`` come smallest first; ``tried`` words were
    tried for them.
    """

    question: str
    wanted: str
    document: str
    outcome: Outcome
    k: int
    generation: int
    detail: str = ""
    passages: int = 0
    passage: Passage | None = None
    stale: bool = False
    filters: tuple[str, ...] = ()
    rank: int | None = None
    copy_of: Citation | None = None
    standing: ExactRanks | None = None
    verdict: Verdict | None = None
    confidence: float = 0.0
    changes: tuple[Change, ...] = ()
    tried: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa why-not --json`` prints."""
        passage = self.passage
        return {
            "question": self.question,
            "wanted": self.wanted,
            "document": self.document,
            "outcome": self.outcome,
            "detail": self.detail,
            "k": self.k,
            "generation": self.generation,
            "passages": self.passages,
            "passage": passage and {"text": passage.text, "citation": citation_to_dict(passage.citation)},
            "stale": self.stale,
            "filters": list(self.filters),
            "rank": self.rank,
            "copy_of": self.copy_of and citation_to_dict(self.copy_of),
            "standing": self.standing and _standing_to_dict(self.standing),
            "verdict": self.verdict,
            "confidence": round(self.confidence, 4),
            "changes": [
                {"kind": one.kind, "value": one.value, "rank": one.rank, "verdict": one.verdict} for one in self.changes
            ],
            "tried": self.tried,
        }


def _standing_to_dict(standing: ExactRanks) -> dict[str, Any]:
    return {
        "rank": standing.rank,
        "of": standing.of,
        "score": round(standing.score, 6),
        "whole": standing.whole,
        "place": standing.place,
        "candidates": standing.candidates,
        "signals": {
            name: {"rank": one.rank, "of": one.of, "score": round(one.score, 6), "lead": round(one.lead, 6)}
            for name, one in standing.signals.items()
        },
        "common": list(standing.common),
        "missing": list(standing.missing),
    }
