"""Finds the best match of a quotation in a text: as written, with editorial signs, or with words changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from nrqa.checking.quoting.editorial_signs import Part, has_signs, parts_of, signs_are_the_sources, whole_pieces
from nrqa.checking.quoting.elisions import FURTHEST, as_elided
from nrqa.checking.quoting.likeness import Likeness
from nrqa.checking.quoting.nearest_words import nearest, nearest_with_gap
from nrqa.checking.quoting.real_changes import real_changes
from nrqa.checking.quoting.source import EDGE, WORD, Source, key_of
from nrqa.records import Span
from nrqa.text.typography import DOUBLE_QUOTES, LETTER, fold
from nrqa.text.word_changes import Change


def compare(quotation: str, source: Source) -> Likeness | None:
    """The best match of the quotation in the source; None where the source has too little of it.

    A soft hyphen in it is that of a line end, which may be the word's own.
    """
    if _SOFT in quotation:
        likeness = compare(_without_line_ends(quotation, source), source)
        return replace(likeness, finding="typography") if likeness and likeness.finding == "exact" else likeness
    likeness = _as_written(quotation, source)
    for otherwise in (source.joined, source.plain):
        if likeness is None or not likeness.right:
            other = otherwise()
            likeness = (_as_written(quotation, other) if other else None) or likeness
    likeness = likeness or _but_for_quotation_marks(quotation, source)
    if likeness:
        return likeness
    parts = parts_of(quotation)
    if not has_signs(quotation) or not any(one.kind == "words" for one in parts):
        return _changed(quotation, source)
    likeness = as_elided(parts, source)
    if likeness is None and signs_are_the_sources(quotation, source):
        likeness = _changed(quotation, source)
    return likeness or _signs_misplaced(quotation, parts, source)


LEAST_SHARE = 0.6
"""Share of a quotation's words that its source must have in the same order; with fewer, it comes from elsewhere. For
short quotations the share is higher (by one divided by the number of words): a short one is like many texts."""


_SOFT = "\u00ad"
_PARTED_WORD = re.compile(rf"(?P<before>\w+){_SOFT}(?P<after>\w+)")


def _without_line_ends(quotation: str, source: Source) -> str:
    """The quotation with each hyphen of a line end kept if the source has the word with it, and taken away if not."""
    folded = source.folded.casefold()

    def word(parted: re.Match[str]) -> str:
        joined, hyphened = (f"{parted['before']}{sign}{parted['after']}" for sign in ("", "-"))
        return hyphened if joined.casefold() not in folded and hyphened.casefold() in folded else joined

    return _PARTED_WORD.sub(word, quotation).replace(_SOFT, "")


def _but_for_quotation_marks(quotation: str, source: Source) -> Likeness | None:
    """The quotation found where it has other double quotation marks inside than the source, or none, or some more."""
    marked = '"' in fold(quotation).text
    bare = source.without_quotation_marks() or (source if marked else None)
    words = _QUOTATION_MARKS.sub("", quotation)
    likeness = _as_written(words, bare) if bare and any(char.isalnum() for char in words) else None
    if likeness is None or not likeness.right:
        return None
    note = "no word differs, but the quotation marks within these words do"
    return replace(likeness, finding="typography", note=note)


_QUOTATION_MARKS = re.compile(f"[{DOUBLE_QUOTES}«»]")


def _as_written(quotation: str, source: Source) -> Likeness | None:
    """The quotation found letter by letter, or with other typography, or with a word of the source cut short."""
    key = key_of(quotation).strip()
    bare = key.strip(EDGE)
    if not bare:
        return None
    exact: Likeness | None = None
    alike: Likeness | None = None
    cut: Likeness | None = None
    elided = key.startswith(_DOTS) or key.endswith(_DOTS)
    for wanted in dict.fromkeys((key,) if elided else (key, bare, bare[0].swapcase() + bare[1:])):
        for start in _occurrences(wanted, source.key):
            span, whole = (of(start, start + len(wanted)) for of in (source.span, source.uncut))
            written = _squeezed(source.text[span.start : span.end])
            marks = tuple(source.marks_within(span))
            if whole != span:
                _, changes = real_changes(source, whole, quotation)
                note = "a word or number is cut short"
                cut = cut or Likeness("misquoted", right=False, span=whole, share=_CUT, changes=changes, note=note)
            elif written == _squeezed(quotation):
                return Likeness("exact", right=True, span=span, share=1.0)
            elif marks and _squeezed(source.unmarked(span)) == _squeezed(quotation):
                exact = exact or Likeness("exact", right=True, span=span, share=1.0, marks=marks)
            else:
                alike = alike or Likeness("typography", right=True, span=span, share=1.0, marks=marks)
    return exact or alike or cut


_DOTS = (". .", "..")
_CUT = 0.99
"""The share of words that agree where all do, except that one is cut short."""


def _occurrences(wanted: str, key: str) -> list[int]:
    """Where the key has the words, without beginning or ending inside a word."""
    if not wanted:
        return []
    found: list[int] = []
    at = key.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not _inside_word(key, at) and not _inside_word(key, end):
            found.append(at)
        at = key.find(wanted, at + 1)
    return found


def _inside_word(key: str, at: int) -> bool:
    """Whether a word or number goes on at that place; in scripts without spaces, a word may end anywhere."""
    return 0 < at < len(key) and bool(_INSIDE.match(key, at))


_INSIDE = re.compile(rf"(?<=(?!_){LETTER})(?!_){LETTER}")


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _signs_misplaced(quotation: str, parts: Sequence[Part], source: Source) -> Likeness | None:
    """A quotation with signs that do not fit the source: other words, another order, or parts too far apart."""
    changed = _nearest_changes(whole_pieces(parts), quotation, source)
    if changed is None:
        return None
    spans, share, changes = changed
    note = ""
    if share == 1:
        note = _misplaced(spans)
    whole = Span(min(one.start for one in spans), max(one.end for one in spans))
    return Likeness("elided", right=False, span=whole, share=share, changes=changes, note=note)


def _misplaced(spans: Sequence[Span]) -> str:
    """Why the signs are wrong although the source has all parts of the quotation."""
    if any(one.start > other.start for one, other in pairwise(spans)):
        return "its parts stand in another order"
    if any(other.start - one.end > FURTHEST for one, other in pairwise(spans)):
        return f"its parts stand more than {FURTHEST:,} characters apart"
    return "a word or number is cut short, or a sign stands for nothing that is there"


def _changed(quotation: str, source: Source) -> Likeness | None:
    """The quotation with words changed, dropped or added."""
    changed = _nearest_changes([quotation], quotation, source)
    if changed is None:
        return None
    spans, share, changes = changed
    return Likeness("misquoted", right=False, span=spans[0], share=share, changes=changes)


_Changed = tuple[list[Span], float, tuple[Change, ...]]


def _nearest_changes(pieces: Sequence[str], quotation: str, source: Source) -> _Changed | None:
    """What ``_pieces_changed`` finds in the source as it is, or with words of line ends joined if more agree so."""
    plain = _pieces_changed(pieces, quotation, source)
    joined = source.joined()
    other = _pieces_changed(pieces, quotation, joined) if joined else None
    return other if other and (plain is None or other[1] > plain[1]) else plain


def _pieces_changed(pieces: Sequence[str], quotation: str, source: Source) -> _Changed | None:
    """The span of the source nearest to each piece, the share of words that agree, and the word changes of all."""
    spans: list[Span] = []
    changes: list[Change] = []
    agreeing = words = 0
    hay = [word for word, _, _ in source.words]
    for piece in pieces:
        needle = [word.group().casefold() for word in WORD.finditer(fold(piece).text)]
        if not needle or not hay:
            continue
        cost, first, last = nearest(needle, hay)
        size = max(len(needle), last - first)
        if len(pieces) == 1 and size - cost < LEAST_SHARE * size + 1:
            cost, first, last = nearest_with_gap(needle, hay)
            size = len(needle)
        words += size
        agreeing += max(0, size - cost)
        if first == last:
            continue
        written = piece if len(pieces) > 1 else quotation
        span, changed = real_changes(source, source.span_of_words(first, last), written)
        spans.append(span)
        changes += changed
    if not words or not spans or agreeing < LEAST_SHARE * words + 1:
        return None
    return spans, agreeing / words, tuple(changes)
