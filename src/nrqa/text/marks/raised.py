"""Raised figures and letters that refer to a note, or number a verse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nrqa.records import Span
from nrqa.text.raised_figures import FIGURES, LETTERS, on_the_line

_RUN = re.compile(
    rf"[{FIGURES}]{{1,3}}[{LETTERS}]?(?:[,;–⁻-] ?[{FIGURES}]{{1,3}}){{0,20}}(?![{FIGURES}⁺⁻⁼⁾])"
    rf"|[{LETTERS}]{{1,4}}(?!\w)"
)
_FAR = 40
_DIGITS = 3
_OPENING = "“‘«„‹(\"'["
# Units with their prefixes, and functions: behind them a raised 2 or 3 makes an area, a volume or a power.
_TAKES_POWER = re.compile(
    r"(?:[kcdmnµμpGMT]?(?:m|s|g|l|mol|bar|Pa|Hz|eV|J|N|W|V|K)|rad|sec|min|ha|in|ft|yd|mi|px|acres?|inch(?:es)?|feet"
    r"|foot|yards?|miles?|(?:kilo|centi|deci|milli)?met(?:er|re)s?|(?:Kilo|Zenti|Dezi|Milli)?[Mm]eter|mètres?|metros?"
    r"|a?(?:sin|cos|tan|cot)h?|sec|csc|log|ln|exp|det|max|chi)"
)
_POWERS = ("²", "³", "⁴")
_LEAST_LETTERS = 3
_WORD_BEFORE = re.compile(r"[^\W\d_]+\Z")
_YEAR_BEFORE = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d\Z")
_SIGN_BEFORE = re.compile(r"(?:[^\W\d_]{2}|\d{2}|[.!?%)\]\"”’])[.,;:!?…%)\]\"'”’»›]+\Z")
_POWER_BEFORE = re.compile(r"(?:\d|(?<![^\W\d_])[^\W\d_]|[=+*/×·])[ \t]\Z")
_WORD_AFTER = re.compile(r"[^\W\d_]+")
_WORDS_AFTER = re.compile(r" ?[“‘«„‹(\"']*[^\W\d_]")
_SYMBOL = re.compile(r"[A-Z][a-z]?")
"""What looks like a chemical element: ¹⁴C is no verse, unless it stands between the verses 13 and 15."""
_NEAR = 2_000
"""Characters, at most, from a verse to the next one."""


def raised_marks(text: str) -> Iterator[Span]:
    """The raised figures and letters of a text that refer to a note or number a verse."""
    if text.isascii():
        return
    verses: list[tuple[int, Span, bool]] = []
    for found in _RUN.finditer(text):
        start, end = found.span()
        before = text[max(0, start - _FAR) : start]
        if before and not before[-1].isspace() and before[-1] not in _OPENING:
            if _refers(before, found.group()) and not text[end : end + 1].isdigit():
                yield Span(start, end)
        elif found.group()[0] in FIGURES and not _POWER_BEFORE.search(before):
            word = _WORD_AFTER.match(text, end)
            is_symbol = word is not None and _SYMBOL.fullmatch(word.group()) is not None
            if word or _WORDS_AFTER.match(text, end):
                number = int(on_the_line(found.group())) if len(found.group()) <= _DIGITS else -1
                verses.append((number, Span(start, end), not is_symbol))
    for at, (number, span, sure) in enumerate(verses):
        near = [one for one in verses[max(0, at - 1) : at + 2] if abs(one[1].start - span.start) <= _NEAR]
        if sure or any(abs(one[0] - number) == 1 for one in near):
            yield span


def _refers(before: str, run: str) -> bool:
    """Whether a run of raised characters refers to a note, judged by what it touches."""
    word = _WORD_BEFORE.search(before)
    if not word:
        return bool(_YEAR_BEFORE.search(before) or _SIGN_BEFORE.search(before))
    if run[0] in LETTERS:
        return len(word.group()) >= _LEAST_LETTERS
    if len(word.group()) == 1:
        return False  # a variable, or the sign of a unit
    return not (run in _POWERS and _TAKES_POWER.fullmatch(word.group()))
