"""Numbers, dates and names of a sentence, and which of them another text lacks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from nrqa.text.terms import document_terms


def names_and_numbers_of(sentence: str, names: Collection[str], language: str) -> list[str]:
    """The numbers and names as they are written, in order, each once.

    A name is a word that begins with a capital letter. At the beginning of a sentence it counts only if ``names`` has
    it. In German, where all nouns have a capital letter, it counts only beside another such word, or if it has capital
    letters inside (NATO).
    """
    return list(dict.fromkeys(_found(sentence, names, language)))


def lacking(particulars: Collection[str], text: str) -> list[str]:
    """The numbers and names that do not occur in the text: numbers are compared by value, names by stem."""
    terms = set(document_terms(text))
    numbers = {_number(found.group()) for found in _NUMBER.finditer(text)}
    return [
        one
        for one in particulars
        if (_number(one) not in numbers if one[0].isdigit() else not terms.issuperset(document_terms(one)))
    ]


def names_in(sentences: Collection[str]) -> set[str]:
    """The words that begin with a capital letter in the middle of some sentence, and nowhere with a small one."""
    capital: set[str] = set()
    small: set[str] = set()
    for sentence in sentences:
        for found in _WORD.finditer(sentence):
            word = found.group()
            if word[0].islower():
                small.add(word.casefold())
            elif _is_inside(sentence, found.start()):
                capital.add(word)
    return {word for word in capital if word.casefold() not in small}


_WORD = re.compile(r"[^\W\d_][\w]*(?:[-‐‑][^\W\d_]\w*)*")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,\u202f\u00a0’']\d{3})*(?:[.,]\d+)?")
_INITIAL = re.compile(r"(?:^|[.!?:…]\s+)[\s\"'“„«»‹›‘‚(\[¿¡*-]*$")
_PRONOUNS = frozenset("I I'm I've Sie Ihr Ihre Ihnen Ihren".split())


def _found(sentence: str, names: Collection[str], language: str) -> Iterator[str]:
    words = list(_WORD.finditer(sentence))
    found = [(one.start(), one.group()) for one in _NUMBER.finditer(sentence)]
    for at, word in enumerate(words):
        written = word.group()
        if not written[0].isupper() or written in _PRONOUNS:
            continue
        shouted = any(char.isupper() for char in written[1:])
        beside = any(
            0 <= other < len(words)
            and words[other].group()[0].isupper()
            and abs(words[other].start() - word.start()) <= len(written) + len(words[other].group())
            and _is_inside(sentence, words[max(at, other)].start())
            for other in (at - 1, at + 1)
        )
        if shouted or (language == "de" and beside) or (language != "de" and _names(sentence, word, names)):
            found.append((word.start(), written))
    return (written for _, written in sorted(found))


def _names(sentence: str, word: re.Match[str], names: Collection[str]) -> bool:
    return _is_inside(sentence, word.start()) or word.group() in names


def _is_inside(sentence: str, at: int) -> bool:
    """Whether a word at that position is not the first one of a sentence, or of what follows a colon."""
    return not _INITIAL.search(sentence[:at])


def _number(written: str) -> str:
    """The value of a number: without separators of thousands, with a decimal point instead of a comma."""
    plain = re.sub(r"[.,\u202f\u00a0’'](?=\d{3}(?!\d))", "", written)
    return plain.replace(",", ".")
