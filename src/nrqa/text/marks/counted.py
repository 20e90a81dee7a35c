"""Marks that only their order shows: line numbers, verses, and plain figures behind words (held1 … stop,2 …).

A figure in a text may be anything. But where one comes after the other, each one more than the one before, somebody
counts: the lines of a transcript, the verses of a chapter, the notes of a text whose raised figures were lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nrqa.records import Span

_LETTER = r"[^\W\d_]"
_LINE = re.compile(rf"(?:(?<=\n)|(?<=\r)|\A)[ \t]*(?P<number>\d{{1,3}})[ \t]+(?=[“‘«„‹(\"'\[—–-]*{_LETTER})")
_PAGE_LINE = re.compile(r"(?<=[\n\r\f])[ \t]*(?:[Pp]age )?\d{1,4}[ \t]*(?=[\n\r])")
_CHAPTER_AND_VERSE = re.compile(
    r"(?:(?<=\n)|(?<=\r)|\A)[ \t]*\[?(?P<chapter>\d{1,3}):(?P<number>\d{1,3})\]?[ \t]+(?=[“‘«„‹(\"']*[^\W\d_])"
)
_WITHIN = re.compile(rf"(?<=\S)\s(?P<number>[1-9]\d{{0,2}})[ \t]+(?=[“‘«„‹\"'\[]*{_LETTER})")
_GLUED = re.compile(r"(?<![\d\s_])[1-9]\d{0,2}(?=[.,;:!?)”’\"']{0,3}(?:[\s—–]|\Z))")
_BEHIND_WORD = re.compile(rf"(?<!\w){_LETTER}[^\W\d_A-Z]{{2,30}}\Z")
_BEHIND_SIGN = re.compile(rf"(?:{_LETTER}{{4}}[.,;!?]|{_LETTER}{{3}}[.,;!?)]?[”’\"'»)])\Z")
_WORD_BEFORE = re.compile(rf"({_LETTER}+)\W{{0,3}}\Z")
_WITH_FIGURE = re.compile(rf"(?<!\w){_LETTER}+(?=\d)")
_NOTE_TEXT = re.compile(r"(?:(?<=\n)|(?<=\r)|\A)[ \t]*(?P<number>\d{1,3})(?P<sign>[.)]?)[ \t]*[“‘«„(\"']?[A-ZÀ-Þ]")
_LEAST_LINES = 4
"""Lines, at least, that count on before their numbers are marks: three may be a list."""
_LEAST_VERSES = 3
"""The same for chapter and verse (3:16), which mean more than a number alone."""
_LEAST_SENTENCES = 4
"""The same for numbers within a paragraph that stand behind the ends of sentences, for the most part."""
_LEAST_WITHIN = 8
_LONGEST_LINE = 100
"""Within sentences only line numbers are believed: many of them, never more than a line apart."""
_FURTHEST = 700
"""Characters, at most, from one number to the next: verses have fewer."""
_SHORTEST = 8
_MOST_LINES = 28
"""Lines of a page of a transcript, at most; after the last one the numbers begin again."""
_FAR = 60
_NEXT_NOTE = 5_000
"""Characters, at most, from one note to the next."""


@dataclass(frozen=True, slots=True)
class _Counted:
    number: int
    span: Span
    word: str = ""
    """The word before it."""
    ends: bool = False
    """Whether a sentence, or a part of one, ends before it."""


def counted_marks(text: str) -> Iterator[Span]:
    """The marks of a text that its order shows, in no order."""
    if not any(digit in text for digit in "0123456789"):
        return
    lines = [_Counted(int(found["number"]), Span(*found.span())) for found in _LINE.finditer(text)]
    for run in _runs(lines, 4 * _FURTHEST):
        if len(run) >= _LEAST_LINES:
            yield from (one.span for one in run)
            yield from _page_numbers(text, run)
    verses = [_Counted(int(found["number"]), Span(*found.span())) for found in _CHAPTER_AND_VERSE.finditer(text)]
    for run in _runs(verses, 4 * _FURTHEST):
        if len(run) >= _LEAST_VERSES:
            yield from (one.span for one in run)
    yield from _within(text)
    yield from _notes(text)


def _runs(found: Sequence[_Counted], furthest: int) -> Iterator[list[_Counted]]:
    """The stretches in which each number is one more than the one before, or begins a page again."""
    run: list[_Counted] = []
    for one in found:
        before = run[-1] if run else None
        goes_on = before is not None and (
            one.number == before.number + 1 or (one.number == 1 and _LEAST_LINES < before.number <= _MOST_LINES)
        )
        if before is not None and not (goes_on and one.span.start - before.span.end <= furthest):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _page_numbers(text: str, run: Sequence[_Counted]) -> Iterator[Span]:
    """The numbers of pages, alone on a line where the numbers of lines begin again."""
    for one, other in pairwise(run):
        if other.number < one.number:
            yield from (Span(*found.span()) for found in _PAGE_LINE.finditer(text, one.span.end, other.span.start))


def _within(text: str) -> Iterator[Span]:
    """Line numbers and verses within paragraphs, where the lines were joined."""
    found = []
    for one in _WITHIN.finditer(text):
        sign = text[one.start() - 1]
        ends = sign in ".;:!?…”’\"'»" or (sign == "," and text[one.end()].isupper())
        span = Span(one.start("number"), one.end())
        found.append(_Counted(int(one["number"]), span, _last_word(text, one.start()), ends=ends))
    for run in _chains(found):
        words = [one.word for one in run]
        if max(map(words.count, words)) > len(words) // 2:
            continue  # round 1 … round 2 … round 3
        ending = sum(one.ends for one in run) > len(run) // 2
        close = all(other.span.start - one.span.end <= _LONGEST_LINE for one, other in pairwise(run))
        if (len(run) >= _LEAST_SENTENCES and ending) or (len(run) >= _LEAST_WITHIN and close):
            yield from (one.span for one in run)


def _chains(found: Iterable[_Counted]) -> Iterator[list[_Counted]]:
    """Chains of numbers, each one more than the last; other numbers may stand between them."""
    waiting: dict[int, list[_Counted]] = {}  # chains by the number that would lengthen them
    for one in found:
        chain = waiting.pop(one.number, [])
        if chain and not _SHORTEST <= one.span.start - chain[-1].span.end <= _FURTHEST:
            yield chain
            chain = []
        chain.append(one)
        if one.number + 1 in waiting:
            yield waiting[one.number + 1]
        waiting[one.number + 1] = chain
    yield from waiting.values()


def _notes(text: str) -> Iterator[Span]:
    """Plain figures that touch words and count notes: the next one has the next number, behind another word."""
    found = []
    for glued in _GLUED.finditer(text):
        before = text[max(0, glued.start() - _FAR) : glued.start()]
        ends = _BEHIND_SIGN.search(before) is not None
        if ends or _BEHIND_WORD.search(before):
            word = _last_word(text, glued.start())
            found.append(_Counted(int(glued.group()), Span(*glued.span()), word, ends=ends))
    if not found:
        return
    listed = {(int(one["number"]), bool(one["sign"])) for one in _NOTE_TEXT.finditer(text)}
    # A name of a thing (sqlite3) has its figure more than once, or another one.
    named = Counter(word.group() for word in _WITH_FIGURE.finditer(text))
    notes = [one for one in found if one.ends or (named[one.word] == 1 and text[one.span.start - 1].islower())]
    for at, one in enumerate(notes):
        counts = any(_counts_on(*pair) for pair in pairwise(notes[max(0, at - 1) : at + 2]) if one in pair)
        if counts or (one.number, False) in listed or (one.ends and (one.number, True) in listed):
            yield one.span


def _counts_on(one: _Counted, other: _Counted) -> bool:
    near = other.span.start - one.span.end <= _NEXT_NOTE
    return near and other.number == one.number + 1 and one.word != other.word


def _last_word(text: str, end: int) -> str:
    word = _WORD_BEFORE.search(text[max(0, end - _FAR) : end])
    return word[1] if word else ""
