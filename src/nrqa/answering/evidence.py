"""The evidence in a ranking for and against its first hit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrqa.answering.grouping import Group
from nrqa.answering.ranking import Question, Ranked, tokens_of
from nrqa.answering.verdict import Evidence, Matched, mismatch
from nrqa.index.encoder_input import encoder_input
from nrqa.signals.late import matching
from nrqa.signals.late.token_weights import tokens_per_word
from nrqa.signals.lexical import around
from nrqa.text.letters import fold
from nrqa.text.terms import Word, document_terms, names_in_question, words_of

if TYPE_CHECKING:
    from nrqa.index.catalog import Stored
    from nrqa.index.snapshot import Snapshot

COMPARED = 11
"""The first hit, and the ten that it is compared with. Copies are grouped, since a second copy says nothing new."""
_MOST_TOKENS_A_WORD = 2.0


def evidence(snapshot: Snapshot, question: Question, ranked: Ranked, groups: Sequence[Group]) -> Evidence:
    """The evidence for and against the first hit of a ranking; ``groups`` are its best ``COMPARED`` groups."""
    first = groups[0]
    others = [float(ranked.scores[one.at]) for one in groups[1:COMPARED]]
    best = float(ranked.scores[first.at])
    cut = tokens_per_word(question.text, question.tokens.spans) if question.tokens else 1.0
    words = words_of(question.text)
    its = _Its(first.stored, days=any(word.is_date for word in words))
    by_words = question.tokens is None or ranked.tokens is None or ranked.tokens.alone
    matched, names = (
        (_terms_matched(ranked, its), 0.0) if by_words else _matched(snapshot, question, ranked, words, its)
    )
    return Evidence(
        mismatch=mismatch(matched, names),
        margin=best - (sum(others) / len(others) if others else 0.0),
        # To an encoder without the letters, all questions mean the same.
        cosine=0.0 if ranked.tokens is not None and ranked.tokens.alone else float(ranked.signals["dense"].max()),
        foreignness=min(cut, _MOST_TOKENS_A_WORD) - 1.0,
        other=any(word.exact and not its.has(word) for word in words),
    )


class _Its:
    """What a hit has: the terms of its text, title and headings, and of its path and names, which no encoder reads."""

    def __init__(self, stored: Stored, *, days: bool) -> None:
        citation = stored.passage.citation
        read = encoder_input(stored.context, stored.passage.text, markup=stored.markup)
        self.row = stored.row
        self.around = set(around(citation.document, (citation.title, *citation.heading)))
        self.terms = {*document_terms(read, days=days), *self.around}
        self._folded = fold(read)
        self._letters = _letters(self._folded)

    def has(self, word: Word) -> bool:
        """Whether the hit has the word."""
        return word.occurs_in(self.terms)

    def has_unread(self, word: Word) -> bool:
        """Whether the hit has the word where or as the encoder does not read it: in its path, or by other signs."""
        if word.exact or word.occurs_in(self.around):
            return True
        folded = fold(word.text)
        return folded not in self._folded and _letters(folded) in self._letters


def _letters(folded: str) -> str:
    return "".join(filter(str.isalnum, folded))


def _terms_matched(ranked: Ranked, its: _Its) -> list[Matched]:
    """The question's terms as the first hit has them, where the encoder has no vectors for tokens."""
    return [Matched(weight, float(term in its.terms), term in its.terms) for term, weight in ranked.idf.items()]


def _matched(
    snapshot: Snapshot, question: Question, ranked: Ranked, words: Sequence[Word], its: _Its
) -> tuple[list[Matched], float]:
    """The question's tokens as the first hit matches them, and the share of its words that look like names."""
    assert question.tokens is not None
    assert ranked.tokens is not None
    cosines = matching.best_matches(ranked.tokens.tables, snapshot.coded([its.row])[0])
    weights = ranked.tokens.weights
    named = not its.around.isdisjoint(names_in_question(question.text)[:1])
    found: list[Matched] = []
    names = 0
    for at, word in enumerate(words):
        number = word.exact or any(char.isdigit() for char in word.text)
        name = at > 0 and not number and word.text[0].isupper()
        names += name
        occurs = its.has(word)
        met = named or (occurs and its.has_unread(word))
        found += [
            Matched(float(weights[token]), 1.0 if met else float(cosines[token]), occurs or named, number, name)
            for token in tokens_of(word, question.tokens).nonzero()[0].tolist()
        ]
    return found, names / max(1, len(words) - 1)
