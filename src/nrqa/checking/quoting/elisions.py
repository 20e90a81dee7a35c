"""Finds a quotation with editorial signs in its source, and checks whether the signs leave out or add a negation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nrqa.checking.quoting.editorial_signs import Part
from nrqa.checking.quoting.likeness import Likeness
from nrqa.checking.quoting.source import EDGE, Source
from nrqa.records import Span
from nrqa.text.negations import negations_in
from nrqa.text.sentences import language_of, sentence_spans
from nrqa.text.typography import LETTER


def as_elided(parts: Sequence[Part], source: Source) -> Likeness | None:
    """The quotation with its editorial signs where the source has its pieces closest together.

    None where the source does not have all pieces in this way. The match is not right where a negation of a quoted
    sentence was left out, or where one was added.
    """
    reading = _reading(parts)
    chain = _closest(reading, source)
    if not chain:
        return None
    behind = [source.span(one.end, other.start) if one.end < other.start else None for one, other in pairwise(chain)]
    texts = ["" if one is None else source.text[one.start : one.end].strip() for one in behind]
    gaps = [any(part.kind == "gap" for part in joint) for joint in reading.joints]
    span = source.span(chain[0].start, chain[-1].end)
    note = next(_bends(reading, chain, behind, source), "")
    marks = [mark for one in chain for mark in source.marks_within(source.span(one.start, one.end))]
    return Likeness(
        "elided",
        right=not note,
        span=span,
        share=1.0,
        omitted=tuple(text for text, gap in zip(texts, gaps, strict=True) if gap),
        replaced=tuple(text for text, gap in zip(texts, gaps, strict=True) if not gap),
        note=note,
        marks=tuple(marks),
    )


FURTHEST = 3_000
"""Characters, at most, that a sign of omission may stand for."""
_MOST_REPLACED = 80
"""Characters of the source, at most, that a bracket may stand for."""
_NEGATING = frozenset("un in im il ir dis non a anti".split())
"""Prefixes that turn a word into its opposite."""


@dataclass(slots=True)
class _Reading:
    """A quotation's pieces, the signs between neighbouring pieces (``joints``), and the signs at its ends."""

    pieces: list[list[Part]] = field(default_factory=list)
    joints: list[list[Part]] = field(default_factory=list)
    before: list[Part] = field(default_factory=list)
    after: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a piece stands in the source's key, and where the chain of pieces that ends with it begins."""

    start: int
    end: int
    begins: int
    before: _Place | None = None


def _reading(parts: Sequence[Part]) -> _Reading:
    reading = _Reading()
    signs: list[Part] = []
    inside = False
    for one in parts:
        if one.kind in ("gap", "bracket"):
            signs.append(one)
            inside = False
            continue
        if not inside:
            if reading.pieces:
                reading.joints.append(signs)
            else:
                reading.before = signs
            reading.pieces.append([])
            signs = []
            inside = True
        reading.pieces[-1].append(one)
    reading.after = signs
    return reading


def _closest(reading: _Reading, source: Source) -> list[_Place]:
    """The places of the pieces, in order, with as little of the source as possible between the first and the last."""
    places = [_Place(start, end, start) for start, end in _occurrences(reading.pieces[0], source)]
    for joint, piece in zip(reading.joints, reading.pieces[1:], strict=True):
        most = sum(FURTHEST if one.kind == "gap" else _MOST_REPLACED for one in joint)
        following = []
        for start, end in _occurrences(piece, source):
            fitting = [one for one in places if one.end <= start <= one.end + most]
            if fitting:
                nearest = max(fitting, key=lambda one: (one.begins, one.end))
                following.append(_Place(start, end, nearest.begins, nearest))
        places = following
    if not places:
        return []
    at: _Place | None = min(places, key=lambda one: (one.end - one.begins, one.begins))
    chain: list[_Place] = []
    while at:
        chain.append(at)
        at = at.before
    return chain[::-1]


def _occurrences(piece: Sequence[Part], source: Source) -> Iterator[tuple[int, int]]:
    pattern = _pattern(piece)
    found = pattern.search(source.key)
    while found:
        if source.uncut(*found.span()) == source.span(*found.span()):
            yield found.span()
        found = pattern.search(source.key, found.start() + 1)


def _pattern(piece: Sequence[Part]) -> re.Pattern[str]:
    """The pattern that finds a piece in the source's key."""
    written = []
    for at, one in enumerate(piece):
        last = piece[at - 1].kind if at else ""
        following = piece[at + 1].kind if at + 1 < len(piece) else ""
        if one.kind == "letter":
            written.append(rf"(?<!{LETTER})[{re.escape(one.text.lower())}{re.escape(one.text.upper())}]")
        elif one.kind == "tail":
            written.append(rf"(?P<tail{at}>{LETTER}{{0,8}})(?!{LETTER})")
        elif one.kind == "inner":
            written.append(rf"{LETTER}{{0,8}}")
        else:
            words = one.text.strip(EDGE)
            if last == "tail":
                written.append(r"\W*")
            if last not in ("letter", "inner"):
                written.append(rf"(?<!{LETTER})" if _IS_LETTER.match(words) else "")
                written.append(
                    f"[{words[0].lower()}{words[0].upper()}]" if words[:1].isalpha() else re.escape(words[:1])
                )
                words = words[1:]
            written.append(re.escape(words))
            if following == "letter":
                written.append(r"\W*")
            elif following not in ("tail", "inner") and _IS_LETTER.match(one.text.strip(EDGE)[-1:]):
                written.append(rf"(?!{LETTER})")
    return re.compile("".join(written), re.DOTALL)


_IS_LETTER = re.compile(LETTER)


def _bends(reading: _Reading, chain: Sequence[_Place], behind: Sequence[Span | None], source: Source) -> Iterator[str]:
    """Notes on negations of the source that the signs leave out, and on negations that they add."""
    first, last = chain[0].start, chain[-1].end
    language = language_of(source.text)
    for joint, left in zip(reading.joints, behind, strict=True):
        gap = any(one.kind == "gap" for one in joint)
        yield from _said(_put_in(joint, language), negations_in(_kept(left, source, language, gap=gap), language))
    if reading.before:
        word = _WORD_BEFORE.search(source.key[max(0, first - _FAR) : first])
        yield from _said(_put_in(reading.before, language), negations_in(word.group() if word else "", language))
    if reading.after:
        word = _WORD_AFTER.match(source.key, last)
        yield from _said(_put_in(reading.after, language), negations_in(word.group() if word else "", language))
    for piece, place in zip(reading.pieces, chain, strict=True):
        found = _pattern(piece).match(source.key, place.start)
        for at, one in enumerate(piece):
            if one.kind == "tail" and found and at:
                stem = re.split(r"\W", piece[at - 1].text)[-1]
                put, lost = (negations_in(stem + end, language) for end in (one.text, found[f"tail{at}"]))
                less = [one.text] if one.text == "less" and found[f"tail{at}"] != "less" else []
                yield from _said([*put, *less], lost)


_FAR = 40
_WORD_BEFORE = re.compile(r"[\w']+[^\w.!?:;]*$")
_WORD_AFTER = re.compile(r"[^\w.!?:;]*[\w']+")


def _said(put: Sequence[str], lost: Sequence[str]) -> Iterator[str]:
    if len(lost) > len(put):
        yield f"leaves out a negation: “{' … '.join(lost)}”"
    elif len(put) > len(lost):
        yield f"puts in a negation: “{' … '.join(put)}”"


def _put_in(signs: Sequence[Part], language: str) -> list[str]:
    """The negations inside brackets."""
    brackets = [one for one in signs if one.kind == "bracket"]
    found = [one.text for one in brackets if one.glued and one.text.lower().strip("-") in _NEGATING]
    return found + [negation for one in brackets for negation in negations_in(one.text, language)]


def _kept(span: Span | None, source: Source, language: str, *, gap: bool) -> str:
    """The part of the text behind a sign that belongs to quoted sentences; other sentences may be left out whole."""
    if span is None or not gap:
        return "" if span is None else source.text[span.start : span.end]
    begin, end = max(0, span.start - _CONTEXT), min(len(source.text), span.end + _CONTEXT)
    sentences = sentence_spans(source.text, begin, end, language)
    following = end - len(source.text[span.end : end].lstrip())
    left = next((one.end for one in sentences if one.end >= span.start), span.end)
    right = next((one.start for one in reversed(sentences) if one.start <= following), span.start)
    if left >= right:
        return source.text[span.start : span.end]
    return f"{source.text[span.start : min(left, span.end)]} … {source.text[max(right, span.start) : span.end]}"


_CONTEXT = 300
"""Characters around a stretch that are read to find where its sentences begin and end."""
