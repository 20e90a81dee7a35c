"""An answer, and a hit alone, in a notebook: the verdict first, then the passages, then what was searched."""

from __future__ import annotations

from collections.abc import Iterator

from nrqa.answering.missing_words import mostly_nowhere, words_to_report
from nrqa.records import Answer, Hit
from nrqa.rendering.notebook.pieces import framed, inline, passed_over, place, quoted, small, together, warnings
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import counted, stale_told

_VERDICTS = {"answered": "good", "weak": "doubt", "absent": "bad", "unknown": "bad"}
_NEAREST = 3
"""How many passages are shown when none of them answers."""


def answer_html(answer: Answer) -> str:
    """The answer as a piece of a page."""
    return framed(_answer(answer))


def hit_html(hit: Hit) -> str:
    """One hit as a piece of a page."""
    return framed(_hit(hit, set()))


def _answer(answer: Answer) -> Iterator[str]:
    searched = answer.searched
    yield f"<p><strong>{inline(answer.question)}</strong></p>"
    confidence = small(f"confidence {answer.confidence:.2f}")
    yield f'<p class="{_VERDICTS[answer.verdict]}"><strong>{answer.verdict}</strong> {confidence}{_refusal(answer)}</p>'
    notices: set[str] = set()
    hits = answer.hits if answer.answers else answer.hits[:_NEAREST]
    if hits:
        rows = together(
            f'<li value="{hit.rank}">{together(_hit(hit, notices, faint=not answer.answers))}</li>' for hit in hits
        )
        yield f"<ol>{rows}</ol>" if answer.answers else f'<ol class="near">{rows}</ol>'
    counts = f"{counted(searched.documents, 'document')}, {counted(searched.passages, 'passage')}"
    yield f"<p>{small(f'searched {counts} · generation {answer.generation}')}</p>"
    yield from _nowhere(answer)
    yield from (f'<p class="doubt">{inline(notice)}</p>' for notice in answer.notices)
    # As on a terminal: which they are matters where they could change the verdict.
    lister = "" if answer.verdict == "unknown" else "nrqa.status()"
    yield from passed_over("Not searchable", searched.unreadable, lister=lister)
    yield from passed_over(stale_told(searched.stale), searched.stale)


def _refusal(answer: Answer) -> str:
    if answer.answers:
        return ""
    if not answer.searched.documents:
        said = "There is no document to search."
    elif answer.verdict == "absent":
        said = "Nothing in the corpus answers this."
    else:
        said = "Nothing found, but not everything could be searched."
    return f" · {said}{' The nearest passages, which are not answers:' if answer.hits else ''}"


def _hit(hit: Hit, notices: set[str], *, faint: bool = False) -> Iterator[str]:
    """A hit; ``notices`` were told already, and in what answers nothing no words are marked as if they did."""
    citation = hit.passage.citation
    yield place(citation)
    yield quoted(hit.passage, () if faint else hit.highlights)
    yield from warnings(citation, notices)
    if hit.also:
        yield f"<p>{small('also in ' + ', '.join(f'<code>{inline(place_of(one))}</code>' for one in hit.also))}</p>"


def _nowhere(answer: Answer) -> Iterator[str]:
    searched = answer.searched
    if mostly_nowhere(answer.question, searched.nowhere) or not searched.documents:
        return
    if words := words_to_report(answer.question, searched.nowhere):
        listed = ", ".join(f"<i>{inline(word)}</i>" for word in words)
        yield f'<p class="doubt">Occurs in no document searched: {listed}</p>'
