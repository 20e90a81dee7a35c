"""What happened to a passage in a search, and its JSON."""

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
"""What happened to the passage.

* hit: it is a hit
* copy: it is listed under a hit that has the same words
* unanswered: it is among the nearest, but the verdict is that nothing answers
* behind: it was a candidate, but too many passages came before it
* outside: no signal had it among its candidates
* filtered: its document does not pass the filters
* no passage: the words are in the document, but in none of its passages
* no such words: the words are not in the document
* changed: the words are in the file now, but were not when it was indexed
* added, unreadable, excluded: the file is in the corpus, but not in the index
* unknown: there is no such file
"""


@dataclass(frozen=True, slots=True)
class SignalPlace:
    """A passage's rank by one signal among ``of`` passages; None where the signal does not score it (no common term).

    ``lead`` is what the signal adds to the passage's score, less what it adds to the score of the last hit.
    """

    rank: int | None
    of: int
    score: float
    lead: float


@dataclass(frozen=True, slots=True)
class ExactRanks:
    """The ranks of a passage by each signal and by the blend, among ``of`` passages.

    ``whole`` says that these are all passages that the filters left; otherwise (in a very large index) late and blended
    ranks are among the candidates only. ``place`` is the passage's place in a longer list of hits, with copies grouped;
    None where it is no candidate. ``candidates`` is how many rows each search returns. ``common`` and ``missing`` are
    the words of the question that the passage has and lacks.
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
    """A change that was tried and makes the passage a hit, with its rank and the verdict then.

    * k: ask for so many hits
    * word: add this word to the question
    * without: leave these filters out
    * only: search only this document (its name, as ``--only`` takes it)
    * index: bring the index up to date (the result is not known yet, so there is no rank)
    """

    kind: Literal["k", "word", "without", "only", "index"]
    value: str
    rank: int | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """All that happened to one passage in the search for one question.

    ``passages`` counts those that were meant; ``passage`` is the best of them. ``verdict`` and ``confidence`` are those
    of the question as it was asked. ``detail`` is the reason that is listed for a file, the heading or metadata that
    the words belong to, or another document that holds them. ``filters`` are those that keep the document out;
    ``standing`` is then computed without them. ``changes`` come smallest first; ``tried`` counts the words that were
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
