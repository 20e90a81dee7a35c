"""What of a ranking speaks for and against its first hit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrqa.answering.grouping import Group
from nrqa.answering.ranking import Question, Ranked
from nrqa.answering.verdict import Evidence, Matched, mismatch
from nrqa.index.inputs import encoder_input
from nrqa.signals.late import matching
from nrqa.signals.late.words import tokens_a_word
from nrqa.text.terms import document_terms, question_terms, written_words

if TYPE_CHECKING:
    from nrqa.index.snapshot import Filtered, Snapshot

COMPARED = 11
"""The first hit, and ten that it is compared with; groups, since a document that is there twice says nothing new."""
_MOST_TOKENS_A_WORD = 2.0
_MOST_WORDS = 200
_SHORT = 4
"""Letters of words that are not told where they occur nowhere: most of them only ask."""


def evidence(snapshot: Snapshot, question: Question, ranked: Ranked, groups: Sequence[Group]) -> Evidence:
    """What speaks for and against the first hit of a ranking; ``groups`` are its best, as many as ``COMPARED``."""
    first = groups[0]
    others = [float(ranked.scores[one.at]) for one in groups[1:COMPARED]]
    best = float(ranked.scores[first.at])
    cut = tokens_a_word(question.text, question.tokens.spans) if question.tokens else 1.0
    return Evidence(
        mismatch=mismatch(*_matched(snapshot, question, ranked, first)),
        margin=best - (sum(others) / len(others) if others else 0.0),
        cosine=float(ranked.signals["dense"].max()),
        foreignness=min(cut, _MOST_TOKENS_A_WORD) - 1.0,
    )


def words_nowhere(snapshot: Snapshot, text: str, within: Filtered, found: Sequence[Group] = ()) -> tuple[str, ...]:
    """The words of a question, as they are written, of which a term occurs in none of the documents searched.

    Looked up are the first 200 words; an encoder reads no more of a question, either. What was ``found`` there has most
    of them: that saves looking each up within a filter, 3 ms in a large index.
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
    """Of the words that occur nowhere the names, numbers and dates: what begins with a capital or a digit.

    The question's first word is no name. In a question in small letters, every longer word is told.
    """
    written = [word.group() for word in written_words(question)]
    marked = any(word != word.lower() for word in written[1:])
    return [
        word
        for word in nowhere
        if word[0].isdigit() or (word != written[0] and (word != word.lower() if marked else len(word) > _SHORT))
    ]


def _matched(snapshot: Snapshot, question: Question, ranked: Ranked, first: Group) -> tuple[list[Matched], float]:
    """The question's tokens, and which share of its words look like names.

    Where the encoder has no vectors for tokens, its terms: each occurs, or does not match at all.
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
            # By its end: some tokenizers count the space before a word to its first token.
            if start < end and word.start() < end <= word.end()
        ]
    return found, names / max(1, len(words) - 1)
