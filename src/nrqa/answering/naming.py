"""Which words of a question are names: those with a capital, where capitals tell something."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nrqa.answering.missing_words import OPENING
from nrqa.text.terms import Word

_MOST_CAPITALS = 0.25
"""Where more of a passage's words begin with a capital, capitals make no name: of German passages 5 in 100 have fewer,
of English ones 5 to 25 in 100 have more."""
_ENDS = ".!?…:;"
_AFTER_AN_END = re.compile(rf"[{_ENDS}]\W*$")
_WORD = re.compile(r"[^\W\d_]+")


def names_among(question: str, words: Sequence[Word], passage: str) -> frozenset[Word]:
    """The names among the words of a question, judged by how the ``passage`` that it found uses capitals.

    The first word of a sentence is none, nor is a single letter (I). In a question in which every word has a capital,
    none is told from the others.
    """
    capitals = [one for one in words[1:] if one.text[0].isupper()]
    if not capitals or (len(capitals) == len(words) - 1 and len(capitals) > 1) or _share(passage) > _MOST_CAPITALS:
        return frozenset()
    return frozenset(one for one in capitals if _may_be_name(question, one))


def is_number(word: Word) -> bool:
    """Whether a word is or has a number."""
    return word.exact or any(char.isdigit() for char in word.text)


def _may_be_name(question: str, word: Word) -> bool:
    if len(word.text) == 1 or is_number(word) or word.text.lower() in OPENING:
        return False
    return not _AFTER_AN_END.search(question[max(0, word.start - 4) : word.start])


def _share(passage: str) -> float:
    """The share of a passage's words that begin with a capital, beginnings of sentences and lines aside."""
    inside = capitals = 0
    last = None
    for found in _WORD.finditer(passage):
        between = passage[last : found.start()] if last is not None else "\n"
        last = found.end()
        if "\n" in between or not set(between).isdisjoint(_ENDS):
            continue
        inside += 1
        capitals += found.group()[0].isupper()
    return capitals / max(1, inside)
