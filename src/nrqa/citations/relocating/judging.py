"""What has become of a cited passage: intact, moved, edited, gone, ambiguous, or not to be told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nrqa.citations.cited import Cited, folded_words
from nrqa.citations.relocating.occurrences import BOTH, Occurrence, context_of, stands_there
from nrqa.citations.relocating.resemblance import resembling
from nrqa.citations.relocating.source import Source
from nrqa.records import Passage, Span
from nrqa.text.typography import fold
from nrqa.text.word_changes import Change, differing

Status = Literal["intact", "moved", "edited", "gone", "ambiguous", "unchecked"]
STATUSES: tuple[Status, ...] = ("intact", "moved", "edited", "gone", "ambiguous", "unchecked")

_STILL_THERE = 0.6
"""Share of the words from which a stretch of the document is the passage, edited, though a copy stands elsewhere."""
_MUCH_NEARER = 4
_NOTHING = "\0"
_LEFT_OUT = re.compile(r"\.\.\.|[\[\]]")


@dataclass(frozen=True, slots=True)
class Likeness:
    """The stretch of a document that is most like the cited words, and the share of them that it has.

    ``context`` is how many of prefix and suffix stand around it.
    """

    passage: Passage
    share: float
    context: int = 0


@dataclass(frozen=True, slots=True)
class Judgment:
    """What has become of a cited passage.

    ``passage`` is where it stands now, or for *edited* what stands there; None where that cannot be said. ``others``
    are further places with the words as cited; for *ambiguous* all of them. ``changes`` lead from these words to the
    passage's.
    """

    status: Status
    passage: Passage | None = None
    others: tuple[Passage, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


def in_place(cited: Cited, found: Iterable[Occurrence]) -> Occurrence | None:
    """The one of them that stands where the citation says."""
    there = [one for one in found if stands_there(cited, one.passage.citation) and not one.doubtful]
    start = cited.span.start if cited.span else 0
    return max(there, key=lambda one: (one.context, -abs(one.passage.citation.start - start)), default=None)


def likeness(cited: Cited, source: Source, apart: Iterable[Span] = ()) -> Likeness | None:
    """What of a document is most like the words of the citation; None where it has none, or nothing is like them.

    What overlaps the stretches that are set ``apart`` is not considered.
    """
    words, text = folded_words(cited), source.folded.text
    for span in apart:
        first, last = source.in_folded(span.start), source.in_folded(span.end)
        text = f"{text[:first]}{_NOTHING * (last - first)}{text[last:]}"
    line = source.line(cited.lines[0], cited.lines[0]) if cited.lines and _is_of(cited, source) else None
    found = resembling(words, text, source.in_folded(line.start) if line else None) if words else None
    if found is None:
        return None
    span, kept = source.folded.original(found.start, found.end), source.folded.original(found.first, found.last)
    # What stands in another paragraph than all that stayed is none of it.
    start = min(max(span.start, source.block_at(kept.start).start), kept.start)
    end = min(span.end, max(kept.end, source.block_at(kept.end - 1).end))
    span = Span(start, end)
    return Likeness(source.passage(span), found.share, context_of(cited, source.document.text, span))


def judged(cited: Cited, found: Sequence[Occurrence], like: Likeness | None) -> Judgment:
    """What has become of the passage, from all places that have its words, and the one that has most of them."""
    there = in_place(cited, found)
    if there:
        others = tuple(one.passage for one in found if one is not there)
        return Judgment("intact", there.passage, others, notes=tuple(_notes(cited, there.passage)))
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
    notes = (*_notes(cited, chosen.passage), *_left_behind(cited, like))
    return Judgment("moved", chosen.passage, others, notes=notes)


def settled(cited: Cited, found: Sequence[Occurrence]) -> Occurrence | None:
    """The one of several places that the rest of the citation speaks for; None where it speaks for none."""
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
    """The words as cited stand nowhere, as far as can be told."""
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
    """Whether what is like the words is what became of them, and what has them all is but a copy.

    So it is where their document has them no more, or where the copy stands between other words and this does not.
    """
    if like.passage.citation.document != cited.document or like.share < _STILL_THERE:
        return False
    if any(one.context == BOTH for one in found):
        return False
    return like.context == BOTH or all(one.passage.citation.document != cited.document for one in found)


def _left_behind(cited: Cited, like: Likeness | None) -> Iterator[str]:
    """What must be known of a passage that seems to have moved, while its like stands where it was cited."""
    if like and like.share >= _STILL_THERE and stands_there(cited, like.passage.citation):
        yield "but its like, with other words, stands where it was cited: was it edited there, and copied?"


def _is_of(cited: Cited, source: Source) -> bool:
    return source.document.name == cited.document


def _notes(cited: Cited, passage: Passage) -> Iterator[str]:
    """What a person should know of words that were found."""
    if cited.exact and " ".join(cited.exact.split()) != " ".join(passage.text.split()):
        yield "typography changed"
    if not cited.exact and cited.part and _misquotes(folded_words(cited), fold(passage.text).text):
        yield "the quotation beside it has other words: see nrqa check"


def _misquotes(part: str, passage: str) -> bool:
    """Whether a quotation is of this passage, and has other words; what is left out on purpose is none of them."""
    if part in passage or passage in part or _LEFT_OUT.search(part):
        return False
    found = resembling(part, passage, None)
    return found is not None and found.share >= _STILL_THERE
