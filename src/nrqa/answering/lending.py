"""What a document lends to its passages: the words of a question that name the document.

The passage that answers "the agreement between A and B: may the recipient keep copies?" says neither A nor B; its
document begins with them. A word that few documents hold tells documents apart. Where the head of a document (path,
title, first passage) has it, all passages of the document count as having it, in part; where a document lacks it
altogether, something like it counts for little there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrqa.text.terms import Word, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.index.snapshot import Filtered, Snapshot
    from nrqa.signals.lexical import Wanted

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

_OF_HEAD, _OF_REST = 0.7, 0.35
"""What a word that the document's head has, or only its rest, counts in its passages. With much more, passages that say
the word themselves lose to others of their document; with less, contracts that a question names are not found first."""
_TELLING = 0.5
"""A word tells documents apart if its idf over documents is at least this share of the highest there can be: as many
documents hold it as the square root of all, or fewer."""
_SURE = 4.0
"""The least that counts as the highest idf: where documents are few, a word that one of them holds says little."""
_MOST = 4
"""Documents, at most, whose passages become candidates since their heads have most of those words."""


@dataclass(frozen=True, slots=True)
class Naming:
    """The words of a question that tell documents apart.

    ``shares`` says how well each of them tells documents apart, from 0 to 1.
    """

    words: tuple[Word, ...]
    wanted: tuple[Wanted, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Lent:
    """What rows get from their documents for each word of a ``Naming``.

    ``own`` says which rows have the word themselves, ``lacking`` which lack it with all their document. All have the
    shape (rows, words).
    """

    counts: Scores
    own: NDArray[np.bool_]
    lacking: NDArray[np.bool_]

    def at(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Lent:
        """The same for these rows alone, in their order."""
        return Lent(self.counts[rows], self.own[rows], self.lacking[rows])


def naming(snapshot: Snapshot, question: str) -> Naming | None:
    """The words of the question that tell documents apart; None where there is none.

    Only long documents count: of a short one, its passages have most words.
    """
    if snapshot.lexical is None:
        return None
    documents = snapshot.lexical.long_documents()
    found: list[tuple[Word, Wanted, float]] = []
    for word in words_of(question) if documents > 1 else ():
        wanted = _wanted(word)
        holding = snapshot.lexical.documents_with(wanted)
        share = telling(holding, documents) if holding else 0.0
        if share >= _TELLING:
            found.append((word, wanted, share))
    return Naming(*zip(*found, strict=True)) if found else None


def telling(holding: int, documents: int) -> float:
    """How well a word tells documents apart: its idf over documents, as a share of the highest there can be."""
    highest = math.log((documents + 1) / 1.5)
    return min(max(math.log((documents + 1) / (holding + 0.5)), 0.0) / max(highest, _SURE), 1.0)


def named_documents(snapshot: Snapshot, named: Naming, within: Filtered) -> list[int]:
    """The few documents whose heads have most of those words; none where too many have as much."""
    assert snapshot.lexical is not None
    return snapshot.lexical.best_documents(
        list(zip(named.wanted, named.shares, strict=True)), _MOST, documents=within.documents
    )


def lent(snapshot: Snapshot, named: Naming, rows: Rows) -> Lent:
    """What documents lend to the rows."""
    import numpy as np

    assert snapshot.lexical is not None
    owners = snapshot.documents_of(rows)
    distinct, at = np.unique(owners, return_inverse=True)
    numbers = distinct.tolist()
    counts = np.zeros((len(rows), len(named.words)), np.float32)
    own, lacking = np.zeros(counts.shape, bool), np.zeros(counts.shape, bool)
    for place, (word, wanted, share) in enumerate(zip(named.words, named.wanted, named.shares, strict=True)):
        begins = snapshot.lexical.holding_documents(wanted, head=True)
        holds = snapshot.lexical.holding_documents(wanted)
        had = [_OF_HEAD if one in begins else _OF_REST if one in holds else 0.0 for one in numbers]
        counts[:, place] = share * np.array(had, np.float32)[at]
        own[:, place] = having(snapshot, word, rows)
        lacking[:, place] = ~(np.array([one in holds for one in numbers])[at] | own[:, place])
    return Lent(counts, own, lacking)


def having(snapshot: Snapshot, word: Word, rows: Rows) -> NDArray[np.bool_]:
    """Which rows have the word themselves: as ``Word.occurs_in`` says of the terms of a text."""
    import numpy as np

    assert snapshot.lexical is not None
    holding = snapshot.lexical.holding
    found = np.zeros(len(rows), bool)
    for terms in _wanted(word):
        found |= np.all([holding(term, rows) for term in terms], axis=0)
    return found


def _wanted(word: Word) -> Wanted:
    """The terms by which a document has a word: as ``Word.occurs_in`` says of a set of terms."""
    groups: list[tuple[str, ...]] = [(term,) for term in (word.whole, word.beside) if term]
    if word.parts and not (word.exact and word.whole):
        groups.append(word.parts)
    return groups
