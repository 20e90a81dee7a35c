"""The words of a question that occur in none of the searched documents, and which of them are worth telling."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from nrqa.answering.grouping import Group
from nrqa.index.encoder_input import encoder_input
from nrqa.signals.lexical import around
from nrqa.text.letters import is_unspaced, without_invisible
from nrqa.text.questions import plain
from nrqa.text.terms import Word, document_terms, pieces_in, words_of, written_words

if TYPE_CHECKING:
    from nrqa.index.snapshot import Filtered, Snapshot

_MOST_WORDS = 2000
"""More words than this are not looked up: each takes some microseconds."""
_SHORT = 4
"""Words of so few letters are not reported where they occur nowhere: most are question words."""
_FEW, _MOST_NOWHERE = 4, 0.6
"""From so many words on, and from such a share that occurs nowhere, it may be another language."""
OPENING = frozenset(
    # English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Danish, Polish, Russian
    (
        "who whom whose what which when where why how is are was were am be do does did has have had can could "
        "will would shall should may might must in on at by for from of to with the a an under during after before "
        "if as and or wer wen wem wessen welche welcher welches welchen welchem wann wo wohin woher warum weshalb "
        "wieso wie ist sind war waren hat haben hatte kann können darf dürfen muss müssen soll wird werden wurde "
        "wurden gibt auf mit von der die das ein eine nach seit unter qui que quoi quel quelle quels quelles quand "
        "où pourquoi comment combien est sont était ont peut doit dans en à de le la les un une des du au aux sur "
        "quién quiénes qué cuál cuáles cuándo dónde cómo cuánto cuántos cuánta cuántas por para es son era fue ha "
        "han hay puede el los las al del chi che cosa quale quali quando dove perché come quanto quanti è sono può "
        "il lo gli nel nella quem qual quais onde são foi pode o os no na wat welke wanneer waar waarom hoe kan "
        "het een vem vad vilken vilket vilka när var varför hur är hvem hvad hvilken hvornår hvor hvorfor hvordan "
        "er kto co który która które kiedy gdzie dlaczego jak czy jest są w z кто что какой какая какие когда где "
        "почему зачем как сколько есть был в на с по "
    ).split()
)
"""Words that begin a question and say nothing of what it is about: not reported where they occur in no document."""


def words_nowhere(snapshot: Snapshot, text: str, within: Filtered, found: Sequence[Group] = ()) -> tuple[str, ...]:
    """The words of a question, as written, that occur in none of the searched documents.

    Of scripts without spaces between words it is the longest stretches of which no two characters stand together there.
    Within a filter, terms that the ``found`` groups have (most of them) are not looked up: that saves 3 ms in a large
    index.
    """
    lexical = snapshot.lexical
    if lexical is None:
        return ()
    known: dict[str, bool] = {}
    if within.documents is not None:
        for one in found:
            its, citation = one.stored, one.stored.passage.citation
            read = encoder_input(its.context, its.passage.text, markup=its.markup)
            known |= dict.fromkeys(document_terms(read), True)
            known |= dict.fromkeys(around(citation.document, (citation.title, *citation.heading)), True)

    def occurs(term: str) -> bool:
        if term not in known:
            known[term] = lexical.occurs(term, documents=within.documents)
        return known[term]

    words = {word.text: word for word in words_of(text)[:_MOST_WORDS]}
    return tuple(dict.fromkeys(one for word in words.values() for one in _missing(word, occurs)))


def mostly_nowhere(question: str, nowhere: Sequence[str]) -> bool:
    """Whether so many of its words occur nowhere that the question may be in another language than the documents."""
    written = sum(_size(found.group()) for found in written_words(question))
    return written >= _FEW and sum(map(_size, nowhere)) >= _MOST_NOWHERE * written


def words_to_report(question: str, nowhere: Sequence[str]) -> list[str]:
    """The names, numbers and dates among the words that occur nowhere: words that begin with a capital or a digit.

    The word that opens a question (Why, Does) does not count. In a question in small letters, every other longer word
    is reported; so are all words of scripts without capitals.
    """
    written = [word.text for word in words_of(plain(question))]
    marked = any(word != word.lower() for word in written[1:])
    return [
        word
        for word in nowhere
        if word.lower() not in OPENING and _is_telling(word, marked=marked, first=bool(written) and word == written[0])
    ]


def words_perhaps_misspelled(question: str, nowhere: Sequence[str]) -> list[str]:
    """Those for which words like them may be offered: the ones to report; where most occur nowhere, all long ones."""
    if not mostly_nowhere(question, nowhere):
        return words_to_report(question, nowhere)
    return [word for word in nowhere if len(word) > _SHORT and word.lower() not in OPENING]


def _size(written: str) -> float:
    """As how many words it counts: in scripts without spaces, two characters are one."""
    return max(1.0, len(written) / 2) if is_unspaced(written) else 1.0


def _is_telling(word: str, *, marked: bool, first: bool) -> bool:
    if any(char.isdigit() for char in word):
        return True
    if not any(char.lower() != char.upper() for char in word):
        return True  # a script without capitals
    return word != word.lower() or ((first or not marked) and len(word) > _SHORT)


def _missing(word: Word, occurs: Callable[[str], bool]) -> Iterator[str]:
    """What of a word occurs nowhere: the word, or in a script without spaces some stretches of it."""
    if not is_unspaced(word.text):
        whole = [term for term in (word.whole, word.beside) if term]
        met = any(map(occurs, whole)) or (not (word.exact and word.whole) and all(map(occurs, word.parts)))
        if not met:
            yield without_invisible(word.text)
        return
    pieces = list(pieces_in(word.text))
    met_at = {at for start, end, term in pieces if occurs(term) for at in range(start, end)}
    missing_at = {at for start, end, term in pieces for at in range(start, end)} - met_at
    start = 0
    while start < len(word.text):
        end = start
        while end < len(word.text) and (end in missing_at or (end > start and _joins(word.text[end]))):
            end += 1
        if end > start:
            yield without_invisible(word.text[start:end])
        start = max(end, start) + 1


def _joins(char: str) -> bool:
    """Whether a character belongs to the one before it: a vowel sign or a tone mark."""
    return unicodedata.category(char) in ("Mn", "Mc")
