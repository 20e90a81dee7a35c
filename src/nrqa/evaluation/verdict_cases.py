"""Cases that the verdict is fitted to and tested on: the evidence for questions with and without an answer.

Near misses are made from questions with a known answer: by hiding the documents that hold it, and by swapping a name
or number of the question for another one of the corpus.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nrqa.answering.asking import Index
from nrqa.answering.evidence import COMPARED, evidence
from nrqa.answering.grouping import group
from nrqa.answering.ranking import Ranked, prepared, rank
from nrqa.answering.verdict import Evidence
from nrqa.evaluation.swapped_names import Vocabulary, swapped
from nrqa.index.snapshot import Snapshot
from nrqa.records import Passage

Kind = Literal["answerable", "untidy", "hidden", "elsewhere", "swapped", "outside", "gibberish", "unanswerable"]
"""``untidy``: an answerable question as it is typed in haste. ``elsewhere``: the documents known to answer are hidden,
but the first hit of the others seems to answer too."""
AT_ONCE = 64
"""Questions that the encoder reads together."""
_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and which passages answer it; if ``hidden``, these are left out as if they were not in the corpus."""

    text: str
    kind: Kind
    answers: Callable[[Passage], bool]
    documents: frozenset[str] = frozenset()
    """The documents that hold the answer."""
    elsewhere: Callable[[Passage], bool] = lambda _: False
    """Which of all other passages seem to answer as well."""

    @property
    def hidden(self) -> bool:
        """Whether the passages that answer are left out."""
        return self.kind == "hidden"


@dataclass(frozen=True, slots=True)
class Case:
    """The evidence for a question, and whether its first hit's passage answers."""

    kind: Kind
    right: bool
    evidence: Evidence


def near_misses(questions: Sequence[Asked], known: Vocabulary, rng: random.Random) -> Iterator[Asked]:
    """Each question with its answer hidden; and, where that is possible, with a name or number swapped."""
    for one in questions:
        yield replace(one, kind="hidden")
        other = swapped(one.text, known, one.documents, rng)
        if other is not None:
            yield Asked(other, "swapped", lambda _: False)


def cases(index: Index, questions: Sequence[Asked]) -> Iterator[Case]:
    """The case of each question, in order; questions that find nothing at all are left out."""
    snapshot = index.snapshot
    within = snapshot.filtered(None, None)
    for first in range(0, len(questions), AT_ONCE):
        asked = questions[first : first + AT_ONCE]
        encoded = prepared(snapshot, [one.text for one in asked], index.encode)
        for one, question in zip(asked, encoded, strict=True):
            ranked = rank(snapshot, question, _DEPTH, within)
            if one.hidden:
                ranked = _without(snapshot, ranked, one.answers)
            groups = group(snapshot, ranked.rows.tolist(), COMPARED)
            if groups:
                found = groups[0].stored.passage
                right = not one.hidden and one.answers(found)
                kind = "elsewhere" if one.hidden and one.elsewhere(found) else one.kind
                yield Case(kind, right, evidence(snapshot, question, ranked, groups))


def _without(snapshot: Snapshot, ranked: Ranked, answers: Callable[[Passage], bool]) -> Ranked:
    """The ranking as if the passages that answer were not there."""
    kept = np.array([not answers(snapshot.stored(row).passage) for row in ranked.rows.tolist()], bool)
    return ranked.only(kept)
