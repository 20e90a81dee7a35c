"""The smallest changes that make a passage a hit, each found by asking again."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrqa.auditing.whynot.results import Change
from nrqa.records import Answer, Verdict
from nrqa.text.markup import readable
from nrqa.text.terms import document_terms, question_terms

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.index.rows import Stored
    from nrqa.index.snapshot import Snapshot, Where

WORDS = 40
"""Words of the passage that are tried, the rarest first."""
_SHOWN = 3
"""Words that are reported."""
_MOST_HITS = 1000
"""For more hits than this, the question is not asked again to confirm the change."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, so that it can be asked again with one thing changed."""

    index: Index
    question: str
    k: int
    where: Where
    only: Sequence[str]

    def again(self, *, question: str | None = None, k: int | None = None, only: Sequence[str] | None = None) -> Answer:
        """The answer to the same question, with the given things changed."""
        text = self.question if question is None else question
        return self.index.ask(text, k=k or self.k, where=self.where, only=self.only if only is None else only)


def rank_in(answer: Answer, stored: Stored) -> int | None:
    """The rank of the hit that is this passage."""
    citation = stored.passage.citation
    return next((hit.rank for hit in answer.hits if hit.passage.citation == citation), None)


def answers(verdict: Verdict | None) -> bool:
    """Whether a verdict says that something answers."""
    return verdict in ("answered", "weak")


def more_hits(asked: Asked, stored: Stored, least: int | None) -> Iterator[Change]:
    """The least number of hits that includes the passage; ``least`` is enough (see ``exact_ranks.least_k``)."""
    if least is None or least <= asked.k:
        return
    if least > _MOST_HITS:
        yield Change("k", str(least))
        return
    answer = asked.again(k=least)
    rank = rank_in(answer, stored)
    if rank is None:
        return
    if rank < least:  # copies were put together
        fewer = asked.again(k=rank)
        answer, least = (fewer, rank) if rank_in(fewer, stored) else (answer, least)
    yield Change("k", str(least), rank_in(answer, stored), answer.verdict)


def one_word_more(asked: Asked, stored: Stored, snapshot: Snapshot, *, must_answer: bool) -> tuple[list[Change], int]:
    """Words of the passage, each of which makes it a hit if added to the question; and how many were tried.

    Words with which something answers come first (with ``must_answer`` the others are left out), then those with which
    the passage ranks highest, then the commonest.
    """
    words = _words_of(stored, asked.question, snapshot)
    if not words:
        return [], 0
    found = asked.index.ask_many(
        [f"{asked.question} {word}" for word in words], k=asked.k, where=asked.where, only=asked.only
    )
    changes = []
    for at, (word, answer) in enumerate(zip(words, found, strict=True)):
        rank = rank_in(answer, stored)
        if rank is not None and (answers(answer.verdict) or not must_answer):
            changes.append((not answers(answer.verdict), rank, -at, Change("word", word, rank, answer.verdict)))
    changes.sort(key=lambda one: one[:3])
    return [change for *_, change in changes[:_SHOWN]], len(words)


def only_there(asked: Asked, stored: Stored, *, must_answer: bool) -> Iterator[Change]:
    """The change to search only the passage's document, if that makes it a hit."""
    name = glob.escape(stored.passage.citation.document)
    answer = asked.again(only=[name])
    rank = rank_in(answer, stored)
    if rank is not None and (answers(answer.verdict) or not must_answer):
        yield Change("only", name, rank, answer.verdict)


def _words_of(stored: Stored, question: str, snapshot: Snapshot) -> list[str]:
    """The words to try, the rarest in the index first; one for each term that the question lacks."""
    assert snapshot.lexical is not None
    text = readable(stored.passage.text) if stored.markup else stored.passage.text
    asked = set(question_terms(question))
    words: dict[str, str] = {}
    for match in _WORD.finditer(f"{stored.context} {text}"):
        terms = question_terms(match.group())
        # In a script without spaces, one match has many terms, and each is a word to try.
        for term in terms:
            words.setdefault(term, match.group() if len(terms) == 1 else term)
    known = set(document_terms(f"{stored.context} {text}"))
    weights = snapshot.lexical.weights([term for term in words if term not in asked and term in known])
    return [words[term] for term in sorted(weights, key=lambda term: -weights[term])[:WORDS]]
