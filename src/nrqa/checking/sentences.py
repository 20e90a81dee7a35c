"""The sentences of a draft that carry no citation, each with the passage that supports it best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrqa.checking.draft_places import Places
from nrqa.checking.drafts import Draft, Sentence
from nrqa.checking.results import CheckedQuotation, CheckedSentence, Progress
from nrqa.records import Answer, Searched
from nrqa.text.names_and_numbers import lacking, names_and_numbers_of, names_in
from nrqa.text.terms import question_terms

if TYPE_CHECKING:
    from nrqa.answering.asking import Index


def support(
    read: Draft, quotations: Sequence[CheckedQuotation], asked: Index, places: Places, progress: Progress
) -> tuple[list[CheckedSentence], Searched, set[int]]:
    """The sentences without citation, each with its best passage; what was searched; and the generations that answered.

    Sentences that are mostly quotations which were found are left out.
    """
    names = names_in([one.text for one in read.sentences])
    open_ones = [one for one in read.sentences if not one.citations and not _is_quoted(one, quotations)]
    open_ones = [one for one in open_ones if question_terms(one.text)]
    texts = list(dict.fromkeys(one.text for one in open_ones))
    answers: list[Answer] = []
    for at in range(0, len(texts), _BATCH):
        answers += asked.ask_many(texts[at : at + _BATCH], k=1)
        progress("sentences", len(answers), len(texts))
    # Where there is no sentence to ask, any other question shows what was searched.
    answers = answers or asked.ask_many([_ANY_PROBE], k=1)
    found = dict(zip(texts, answers, strict=False))
    checked = []
    for sentence in open_ones:
        answer = found[sentence.text]
        hit = answer.hits[0] if answer.hits else None
        supported = hit is not None and answer.answers
        lacks: Sequence[str] = ()
        if hit and supported:
            citation = hit.passage.citation
            around = " ".join([hit.passage.text, citation.title, *citation.heading])
            lacks = lacking(names_and_numbers_of(sentence.text, names, read.language), around)
        checked.append(
            CheckedSentence(
                place=places.of(sentence.span),
                note_at=sentence.end,
                text=sentence.text,
                confidence=answer.confidence,
                passage=hit.passage if hit and supported else None,
                highlights=hit.highlights if hit and supported else (),
                lacking=tuple(lacks),
                nearest=hit.passage.citation if hit and not supported else None,
            )
        )
    return checked, answers[0].searched, {one.generation for one in answers}


_BATCH = 64
"""Sentences that the index is asked together."""
_ANY_PROBE = "support"


def _is_quoted(sentence: Sentence, quotations: Sequence[CheckedQuotation]) -> bool:
    """Whether at least half of the sentence's words are quotations, and all of these were found."""
    inside = [quotations[number] for number in sentence.quotations]
    if not inside or any(one.finding == "absent" for one in inside):
        return False
    return 2 * sentence.own <= len(sentence.text.split())
