"""The evidence in a ranking for and against its first hit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrqa.answering.grouping import Group
from nrqa.answering.ranking import Question, Ranked
from nrqa.answering.verdict import Evidence, Matched, mismatch
from nrqa.index.encoder_input import encoder_input
from nrqa.signals.late import matching
from nrqa.signals.late.token_weights import tokens_per_word
from nrqa.text.terms import document_terms, question_terms, written_words

if TYPE_CHECKING:
    from nrqa.index.snapshot import Filtered, Snapshot

COMPARED = 11
"""The first hit, and the ten that it is compared with. Copies are grouped, since a second copy says nothing new."""
_MOST_TOKENS_A_WORD = 2.0
_MOST_WORDS = 200
_SHORT = 4
"""Words of so few letters are not reported where they occur nowhere: most are question words."""


def evidence(snapshot: Snapshot, question: Question, ranked: Ranked, groups: Sequence[Group]) -> Evidence:
    """The evidence for and against the first hit of a ranking; ``groups`` are its best ``COMPARED`` groups."""
    first = groups[0]
    others = [float(ranked.scores[one.at]) for one in groups[1:COMPARED]]
    best = float(ranked.scores[first.at])
    cut = tokens_per_word(question.text, question.tokens.spans) if question.tokens else 1.0
    return Evidence(
        mismatch=mismatch(*_matched(snapshot, question, ranked, first)),
        margin=best - (sum(others) / len(others) if others else 0.0),
        cosine=float(ranked.signals["dense"].max()),
        foreignness=min(cut, _MOST_TOKENS_A_WORD) - 1.0,
    )


def words_nowhere(snapshot: Snapshot, text: str, within: Filtered, found: Sequence[Group] = ()) -> tuple[str, ...]:
    """The words of a question, as written, that have a term which occurs in none of the searched documents.

    Only the first 200 words are looked up; an encoder reads no more of a question either. Within a filter, terms that
    the ``found`` groups have (most of them) are not looked up: that saves 3 ms in a large index.
    """
    lexical = snapshot.lexical
    if lexical is None:
        return ()
    words = {word.group(): question_terms(word.group()) for word in written_words(text)[:_MOST_WORDS]}
    terms = {term for its_terms in words.values() for term in its_terms}
    if within.documents is not None:
        for one in found:
            its = one.stored
            terms.difference_update(document_terms(encoder_input(its.context, its.passage.text, markup=its.markup)))
    missing = {term for term in terms if not lexical.occurs(term, documents=within.documents)}
    return tuple(word for word, its_terms in words.items() if not missing.isdisjoint(its_terms))


def words_to_report(question: str, nowhere: Sequence[str]) -> list[str]:
    """The names, numbers and dates among the words that occur nowhere: words that begin with a capital or a digit.

    The question's first word never counts. In a question in small letters, every other longer word is reported.
    """
    written = [word.group() for word in written_words(question)]
    marked = any(word != word.lower() for word in written[1:])
    return [
        word
        for word in nowhere
        if word[0].isdigit() or (word != written[0] and (word != word.lower() if marked else len(word) > _SHORT))
    ]


def _matched(snapshot: Snapshot, question: Question, ranked: Ranked, first: Group) -> tuple[list[Matched], float]:
    """The question's tokens as the first hit matches them, and the share of its words that look like names.

    Where the encoder has no vectors for tokens, terms take their place: a term occurs, or does not match at all.
    """
    stored = first.stored
    occurring = set(document_terms(f"{stored.passage.text} {stored.context}"))
    if question.tokens is None or ranked.tokens is None:
        return [Matched(weight, float(term in occurring), term in occurring) for term, weight in ranked.idf.items()], 0
    cosines = matching.best_matches(ranked.tokens.tables, snapshot.coded([stored.row])[0]).tolist()
    tokens = list(zip(question.tokens.spans.tolist(), ranked.tokens.weights.tolist(), cosines, strict=True))
    found: list[Matched] = []
    names = 0
    words = written_words(question.text)[:_MOST_WORDS]
    for at, word in enumerate(words):
        number = any(char.isdigit() for char in word.group())
        name = at > 0 and not number and word.group()[0].isupper()
        names += name
        occurs = occurring.issuperset(question_terms(word.group()))
        found += [
            Matched(weight, cosine, occurs, number, name)
            for (start, end), weight, cosine in tokens
            # The token's end decides: some tokenizers include the space before a word in its first token.
            if start < end and word.start() < end <= word.end()
        ]
    return found, names / max(1, len(words) - 1)
