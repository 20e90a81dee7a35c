"""Judges what has become of a cited passage: intact, moved, edited, gone, ambiguous, or unchecked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nrqa.citations.cited import Cited, folded_words
from nrqa.citations.relocating.occurrences import BOTH, Occurrence, context_of, stands_there
from nrqa.citations.relocating.resemblance import between, in_other_letters, resembling
from nrqa.citations.relocating.source import Source
from nrqa.records import Passage, Span
from nrqa.text.marks.blanking import without
from nrqa.text.typography import fold
from nrqa.text.word_changes import Change, differing

Status = Literal["intact", "moved", "edited", "gone", "ambiguous", "unchecked"]
STATUSES: tuple[Status, ...] = ("intact", "moved", "edited", "gone", "ambiguous", "unchecked")

_STILL_THERE = 0.6
"""From this share of the words on, a stretch of the document is the edited passage, even if a copy is elsewhere."""
_MUCH_NEARER = 4
_NOTHING = "\0"
_LEFT_OUT = re.compile(r"\.\.\.|[\[\]]")


@dataclass(frozen=True, slots=True)
class Likeness:
    """The stretch of a document that is most like the cited words, and the share of these words that it has.

    ``context`` is how many of prefix and suffix are around it.
    """

    passage: Passage
    share: float
    context: int = 0


@dataclass(frozen=True, slots=True)
class Judgment:
    """What has become of a cited passage.

    ``passage`` is where it is now, or for *edited* what is there now; None where that cannot be said. ``others`` are
    further places with the words as cited; for *ambiguous* all of them. ``changes`` turn the cited words into the
    passage's.
    """

    status: Status
    passage: Passage | None = None
    others: tuple[Passage, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


def in_place(cited: Cited, found: Iterable[Occurrence]) -> Occurrence | None:
    """The occurrence at the place that the citation names; None where there is none."""
    there = [one for one in found if stands_there(cited, one.passage.citation) and not one.doubtful]
    start = cited.span.start if cited.span else 0
    return max(there, key=lambda one: (one.context, -abs(one.passage.citation.start - start)), default=None)


def likeness(cited: Cited, source: Source, apart: Iterable[Span] = ()) -> Likeness | None:
    """The stretch of a document that is most like the words of the citation.

    None where the citation has no words, or nothing is like them. Text that overlaps the spans in ``apart`` is not
    considered.
    """
    words, text = folded_words(cited), source.folded.text
    for span in apart:
        first, last = source.in_folded(span.start), source.in_folded(span.end)
        text = f"{text[:first]}{_NOTHING * (last - first)}{text[last:]}"
    if not words:
        return None
    line = source.line(cited.lines[0], cited.lines[0]) if cited.lines and _is_of(cited, source) else None
    near = source.in_folded(line.start) if line else None
    around = (fold(cited.prefix).text, fold(cited.suffix).text) if _is_of(cited, source) else ("", "")
    found = between(words, text, *around) or in_other_letters(words, text, near) or resembling(words, text, near)
    if found is None:
        return None
    span, kept = source.folded.original(found.start, found.end), source.folded.original(found.first, found.last)
    # Text outside the paragraphs of the words that stayed does not belong to the passage.
    start = min(max(span.start, source.block_at(kept.start).start), kept.start)
    end = min(span.end, max(kept.end, source.block_at(kept.end - 1).end))
    span = Span(start, end)
    return Likeness(source.passage(span), found.share, context_of(cited, source.document.text, span))


def judged(cited: Cited, found: Sequence[Occurrence], like: Likeness | None) -> Judgment:
    """What has become of the passage; ``found`` are all places with its words, ``like`` is what is most like them."""
    there = in_place(cited, found)
    if there:
        others = tuple(one.passage for one in found if one is not there)
        return Judgment("intact", there.passage, others, notes=tuple(_notes(cited, there)))
    sure = [one for one in found if not one.doubtful]
    if not sure:
        return _changed(cited, found, like)
    places = tuple(one.passage for one in sure)
    if like and _stays_edited(cited, like, sure):
        return _edited(cited, like, places, "the words as cited stand elsewhere")
    chosen = settled(cited, sure)
    if chosen is None:
        return Judgment("ambiguous", None, places, notes=(f"its words stand in {len(places)} places",))
    others = tuple(one for one in places if one is not chosen.passage)
    notes = (*_notes(cited, chosen), *_left_behind(cited, like))
    return Judgment("moved", chosen.passage, others, notes=notes)


def settled(cited: Cited, found: Sequence[Occurrence]) -> Occurrence | None:
    """The one of several places that fits the rest of the citation best; None where this does not decide."""
    line = cited.lines[0] if cited.lines else 0
    fitting = list(found)
    tests: tuple[Callable[[Occurrence], bool], ...] = (
        lambda one: one.passage.citation.sha256 == cited.sha256,
        lambda one: one.context == max(other.context for other in found),
        lambda one: one.passage.citation.document == cited.document,
        lambda one: bool(cited.heading) and one.passage.citation.heading == cited.heading,
    )
    for fits in tests:
        fitting = [one for one in fitting if fits(one)] or fitting
    if len(fitting) == 1:
        return fitting[0]
    if not line or any(one.passage.citation.document != cited.document for one in fitting):
        return None
    first, second = sorted(fitting, key=lambda one: abs(one.passage.citation.line_start - line))[:2]
    near, far = (abs(one.passage.citation.line_start - line) for one in (first, second))
    return first if near * _MUCH_NEARER <= far else None


def _changed(cited: Cited, doubtful: Sequence[Occurrence], like: Likeness | None) -> Judgment:
    """The judgment where, as far as is known, no place has the words as cited."""
    if like:
        return _edited(cited, like)
    if doubtful:
        note = "the fingerprint is too short: by chance other passages agree with it"
        return Judgment("ambiguous", None, tuple(one.passage for one in doubtful), notes=(note,))
    if cited.exact:
        return Judgment("gone")
    if cited.digits:
        return Judgment("gone", notes=("edited or removed: with no quotation beside it, a citation cannot tell which",))
    if cited.sha256:
        return Judgment("unchecked", notes=("the document has changed, and no quotation tells what was cited",))
    return Judgment("unchecked", notes=("it has neither a quotation nor a fingerprint to be checked by",))


def _edited(cited: Cited, like: Likeness, others: tuple[Passage, ...] = (), note: str = "") -> Judgment:
    notes = [note] if note else []
    # A copy has the words as they were cited.
    words = cited.exact or (others[0].text if others else "")
    if not words:
        notes.append("the passage is not as it was; compared is what is quoted of it")
    return Judgment("edited", like.passage, others, differing(words or cited.part, like.passage.text), tuple(notes))


def _stays_edited(cited: Cited, like: Likeness, found: Sequence[Occurrence]) -> bool:
    """Whether the stretch that is like the words is the edited passage, and the places with all words are only copies.

    That is so where the cited document does not have the words any more, or where the copies are between other words
    than the cited ones, and this stretch is not.
    """
    if like.passage.citation.document != cited.document or like.share < _STILL_THERE:
        return False
    if any(one.context == BOTH for one in found):
        return False
    return like.context == BOTH or all(one.passage.citation.document != cited.document for one in found)


def _left_behind(cited: Cited, like: Likeness | None) -> Iterator[str]:
    """A note on a passage that seems to have moved, while something like it is where it was cited."""
    if like and like.share >= _STILL_THERE and stands_there(cited, like.passage.citation):
        yield "but its like, with other words, stands where it was cited: was it edited there, and copied?"


def _is_of(cited: Cited, source: Source) -> bool:
    return source.document.name == cited.document


def _notes(cited: Cited, found: Occurrence) -> Iterator[str]:
    """Notes for the user on words that were found."""
    passage, start = found.passage, found.passage.citation.start
    kept = [one for one in found.marks if passage.text[one.start - start : one.end - start] not in cited.exact]
    if kept:
        yield "marks of the source: " + " ".join(
            passage.text[one.start - start : one.end - start].strip() for one in kept
        )
    if cited.exact and " ".join(cited.exact.split()) != " ".join(without(passage.text, kept, start).split()):
        yield "typography changed"
    if not cited.exact and cited.part and _misquotes(folded_words(cited), fold(passage.text).text):
        yield "the quotation beside it has other words: see nrqa check"


def _misquotes(part: str, passage: str) -> bool:
    """Whether a quotation is of this passage, but has other words; one with signs of omission is never called so."""
    if part in passage or passage in part or _LEFT_OUT.search(part):
        return False
    found = resembling(part, passage, None)
    return found is not None and found.share >= _STILL_THERE
