"""Makes near misses: questions in which a name or number is swapped for another one of the corpus."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from nrqa.text.terms import written_words

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n")
_NUMBER = re.compile(r"\b\d{1,4}(?:[.,]\d+)*\b")
_CAPITALS = 9
"""A name is written with a capital this many times as often as without, sentence beginnings aside."""
_MOST_CAPITALS = 0.25
"""Where more of the words begin with a capital, as in German, a capital does not make a name."""
_LEAST = 3
"""Letters, at least, of a name."""
_LONGEST = 3
"""Words, at most, of a name."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names and numbers of a corpus, each with the documents it was found in; ``words`` are the words of names."""

    words: frozenset[str]
    found: dict[str, frozenset[str]]


def vocabulary(documents: Iterable[tuple[str, str]]) -> Vocabulary:
    """The names and numbers in documents, given as pairs of name and text."""
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    found: defaultdict[str, set[str]] = defaultdict(set)
    for document, text in documents:
        for sentence in _SENTENCE_END.split(text):
            run: list[re.Match[str]] = []
            for word in written_words(sentence)[1:]:
                is_capital = word.group()[0].isupper()
                (capital if is_capital else small)[word.group().lower()] += 1
                together = run and sentence[run[-1].end() : word.start()] == " " and len(run) < _LONGEST
                if run and not (is_capital and together):
                    found[sentence[run[0].start() : run[-1].end()]].add(document)
                    run = []
                if is_capital:
                    run.append(word)
            if run:
                found[sentence[run[0].start() : run[-1].end()]].add(document)
            for number in _NUMBER.finditer(sentence):
                found[number.group()].add(document)
    written = capital.total() + small.total()
    words: set[str] = set()
    if capital.total() < _MOST_CAPITALS * max(1, written):
        words = {word for word, times in capital.items() if times >= max(1, _CAPITALS * small[word])}
    kept = {
        one: frozenset(documents)
        for one, documents in found.items()
        if one[0].isdigit() or all(word.group().lower() in words for word in written_words(one))
    }
    return Vocabulary(frozenset(word for word in words if len(word) >= _LEAST), kept)


def swapped(question: str, known: Vocabulary, right: AbstractSet[str], rng: random.Random) -> str | None:
    """The question with one name or number swapped; None where it has none, or there is none to swap it for.

    The new one comes from documents other than the ``right`` ones. A question in small letters keeps small letters.
    """
    places = _places(question, known)
    if not places:
        return None
    start, end = rng.choice(places)
    old = question[start:end]
    said = {word.group().lower() for word in written_words(question)}
    number = old[0].isdigit()
    pool = sorted(
        one
        for one, documents in known.found.items()
        if one[0].isdigit() == number
        and (len(one) == len(old) if number else True)
        and not documents & right
        and said.isdisjoint(word.group().lower() for word in written_words(one))
    )
    if not pool:
        return None
    new = rng.choice(pool)
    return question[:start] + (new.lower() if question == question.lower() else new) + question[end:]


def _places(question: str, known: Vocabulary) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    joins = False
    for at, word in enumerate(written_words(question)):
        written = word.group()
        if written[0].isdigit():
            places.append(word.span())
            joins = False
        elif written.lower() in known.words and (at > 0 or question == question.lower()):
            if joins and question[places[-1][1] : word.start()] == " ":
                places[-1] = (places[-1][0], word.end())
            else:
                places.append(word.span())
            joins = True
        else:
            joins = False
    return places
