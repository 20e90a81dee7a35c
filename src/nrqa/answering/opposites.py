"""Whether a passage says the opposite of a question: dogs are allowed, dogs are not allowed."""

from __future__ import annotations

from nrqa.answering.missing_words import OPENING
from nrqa.text.negations import negated_in
from nrqa.text.terms import document_terms

_SHORT = 3
"""Words of so few letters say little: the, was, has."""


def says_opposite(question: str, passage: str) -> bool:
    """Whether some word of the question stands in the passage, but nowhere negated as in the question.

    A word is negated by a negation that stands one or two words before it. To the signals, "allowed" and "not allowed"
    are nearly the same.
    """
    asked_negated, asked = _by_negation(question)
    told_negated, told = _by_negation(passage)
    return bool((asked_negated & told) - told_negated or ((asked - asked_negated) & told_negated) - told)


def _by_negation(text: str) -> tuple[set[str], set[str]]:
    """The terms that a negation stands before, and the terms that stand without one."""
    negated: set[str] = set()
    kept, last = [], 0
    for start, end in negated_in(text):
        negated.update(_telling(text[start:end]))
        kept.append(text[last : max(last, start)])
        last = max(last, end)
    kept.append(text[last:])
    return negated, _telling(" ".join(kept))


def _telling(text: str) -> set[str]:
    """The terms of a text that are no words of questions or grammar."""
    return {term for term in document_terms(text, days=False) if len(term) > _SHORT and term not in OPENING}
