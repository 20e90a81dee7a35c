"""The evidence in a ranking for and against its first hit."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from nrqa.answering.grouping import Group
from nrqa.answering.missing_words import mostly_nowhere, words_nowhere
from nrqa.answering.naming import is_number, names_among
from nrqa.answering.nearly import nearly_has
from nrqa.answering.ranking import Question, Ranked, tokens_of
from nrqa.answering.verdict import BY_WORDS, WITH_TOKENS, WITHOUT_TOKENS, Evidence, Matched, Weights, mismatch
from nrqa.index.encoder_input import encoder_input
from nrqa.signals.late import matching
from nrqa.signals.lexical import around
from nrqa.text.letters import fold
from nrqa.text.terms import Word, characters_in, document_terms, names_in_question, words_of

if TYPE_CHECKING:
    from nrqa.index.snapshot import Snapshot
    from nrqa.signals.late.coding import Coded

COMPARED = 11
"""The first hit, and the ten that it is compared with. Copies are grouped, since a second copy says nothing new."""
_LEAST = 0.1
"""A score below this is as good as this one: no passage matches anything."""
_RARE = math.log(4)
"""The idf of what stands in a quarter of the passages."""
_LENT = matching.OUTSIDE_SENTENCE_DISCOUNT


def evidence(snapshot: Snapshot, question: Question, ranked: Ranked, groups: Sequence[Group]) -> Evidence:
    """The evidence for and against the first hit of a ranking; ``groups`` are its best ``COMPARED`` groups."""
    words = words_of(question.text)
    its = _Its(snapshot, groups[0], days=any(word.is_date for word in words))
    by_words = question.tokens is None or ranked.tokens is None or ranked.tokens.alone
    translated = _is_translated(snapshot, question)
    names = [one for one in names_among(question.text, words, its.text) if not translated and _is_rare(one, ranked)]
    first = groups[0].at
    matched = (
        _terms_matched(snapshot, question, ranked, its)
        if by_words
        else _matched(question, ranked, words, names, its, first, translated=translated)
    )
    return Evidence(
        mismatch=mismatch(list(matched)),
        margin=_margin(ranked, groups),
        # To an encoder that does not read them, all questions mean the same.
        cosine=0.0 if ranked.tokens is not None and ranked.tokens.alone else float(ranked.signals["dense"].max()),
        lacks=not its.says or any(its.lacks(word, name=word in names) for word in words),
    )


def weights_for(ranked: Ranked) -> Weights:
    """The weights for the evidence in a ranking: by what the encoder could read of the question."""
    if ranked.tokens is None:
        return WITHOUT_TOKENS
    return BY_WORDS if ranked.tokens.alone else WITH_TOKENS


def _is_translated(snapshot: Snapshot, question: Question) -> bool:
    """Whether an encoder of many languages read the question in another language than the documents.

    That a word does not occur says nothing then, except for numbers: it was matched by its meaning, or not.
    """
    if not snapshot.manifest.multilingual:
        return False
    return mostly_nowhere(question.text, words_nowhere(snapshot, question.text, snapshot.filtered(None, None)))


def _margin(ranked: Ranked, groups: Sequence[Group]) -> float:
    """How far the first hit is above the next one, and above the best of other documents, as a share of its score.

    The geometric mean of both; 1 where there is nothing else. The next one may be the passage's own neighbour, and the
    best of other documents far off where there are few. With one of them alone, the loss is .005 higher.
    """
    first, *others = groups[:COMPARED]
    score = float(ranked.scores[first.at])
    if not others:
        return 1.0
    elsewhere = (one for one in others if one.stored.document != first.stored.document)
    compared = (others[0], next(elsewhere, others[-1]))
    leads = [min(max((score - float(ranked.scores[one.at])) / max(score, _LEAST), 0.0), 1.0) for one in compared]
    return math.sqrt(leads[0] * leads[1])


class _Its:
    """What a hit has: words of its own, of its title and headings, and of its path and names, which no encoder reads.

    What title, headings and path lend to a passage counts less by ``lent``: by little, unless the passage has hardly a
    word of its own. A heading alone answers nothing.
    """

    def __init__(self, snapshot: Snapshot, hit: Group, *, days: bool) -> None:
        stored = hit.stored
        citation = stored.passage.citation
        self._snapshot, self._stored, self._days = snapshot, stored, days
        self._read = encoder_input(stored.context, stored.passage.text, markup=stored.markup)
        self._own = set(document_terms(encoder_input("", stored.passage.text, markup=stored.markup), days=days))
        self.around = set(around(citation.document, (citation.title, *citation.heading)))
        self.terms = {*self._own, *document_terms(stored.context, days=days), *self.around}
        self._folded = fold(self._read)
        self._letters = _letters(self._folded)
        self.says = sum(len(set(term)) > 1 or term.isdigit() for term in self._own)  # XXXX says nothing
        self.lent = _LENT + (1 - _LENT) / (1 + self.says)

    @property
    def text(self) -> str:
        """What it says."""
        return self._stored.passage.text

    @property
    def coded(self) -> Coded:
        """Its token vectors."""
        return self._snapshot.coded([self._stored.row])[0]

    def has(self, word: Word) -> bool:
        """Whether the hit has the word, nearly as it is written at least."""
        return word.occurs_in(self.terms) or (not word.exact and nearly_has(self._read, word.text))

    def unread(self, word: Word) -> float:
        """How well the hit has the word where or as the encoder does not read it: in its path, or by other signs."""
        if word.exact and word.occurs_in(self._own):
            return 1.0
        if (word.exact and word.occurs_in(self.terms)) or word.occurs_in(self.around):
            return 1 - self.lent
        folded = fold(word.text)
        return float(folded not in self._folded and _letters(folded) in self._letters)

    def lacks(self, word: Word, *, name: bool) -> bool:
        """Whether the hit lacks a number, date or identifier, or a name that its document does not begin with."""
        if not (name or word.exact) or self.has(word):
            return False
        return word.exact or not word.occurs_in(self._begins)

    @cached_property
    def _begins(self) -> set[str]:
        """The terms of the first passage of its document, which says who and what the document is about."""
        row = int(self._snapshot.rows_of([self._stored.document])[0])
        return set(document_terms(self._snapshot.stored(row).passage.text, days=self._days))


def _is_rare(word: Word, ranked: Ranked) -> bool:
    """Whether a word stands in few passages; a name in most of them (the Parties) tells none from another."""
    return max((ranked.idf.get(part, 0.0) for part in word.parts), default=0.0) > _RARE


def _letters(folded: str) -> str:
    return "".join(filter(str.isalnum, folded))


def _terms_matched(snapshot: Snapshot, question: Question, ranked: Ranked, its: _Its) -> list[Matched]:
    """The question's terms as the first hit has them, where the encoder has no vectors for tokens.

    Single Chinese characters count, too: of their pairs, many belong to two words and are missing wherever these are.
    """
    assert snapshot.lexical is not None
    idf = {**ranked.idf, **snapshot.lexical.weights(characters_in(question.text))}
    return [Matched(weight, float(term in its.terms), term in its.terms) for term, weight in idf.items()]


def _matched(
    question: Question,
    ranked: Ranked,
    words: Sequence[Word],
    names: Collection[Word],
    its: _Its,
    at: int,
    *,
    translated: bool,
) -> Iterator[Matched]:
    """The question's tokens as the first hit, at that position of the ranking, and its document match them."""
    assert question.tokens is not None
    assert ranked.tokens is not None
    weights = ranked.tokens.weights
    cosines = matching.matches_nearby(ranked.tokens.tables, weights, its.coded, its.lent)
    named = not its.around.isdisjoint(names_in_question(question.text)[:1])
    of_document = ranked.lent_to_tokens(at, question)
    for word in words:
        least = 1 - its.lent if named else its.unread(word)
        occurs = named or (translated and not is_number(word)) or its.has(word)
        for token in tokens_of(word, question.tokens).nonzero()[0].tolist():
            lent = float(of_document[token]) if of_document is not None else 0.0
            cosine = max(float(cosines[token]), least, lent)
            occurs = occurs or lent > 0
            yield Matched(float(weights[token]), cosine, occurs, is_number(word), word in names)
