"""Lines with letters of scripts that are written from right to left, put into the order in which they are read.

What a PDF has is the order in which signs stand on the page, from left to right or as its program drew them; PDFium
puts only some of them right. So the places of the signs decide, by the rules of Unicode's bidirectional algorithm (UAX
9) read backwards: letters from right to left, Latin words and numbers within them from left to right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nrqa.corpus.readers.pdf.turning import Box, around

LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
RIGHT_TO_LEFT = re.compile(f"[{LETTERS}]")
_SPACE = 0.17
"""In multiples of the line's height: a wider gap is a space, also where the file has none."""
_WRITTEN = 0.05
"""The same for a gap in which the file has a space."""
_OVER = 0.5
"""If two signs share more than this part of the narrower one, they are one glyph, or a mark stands on a letter."""
_LAM = "\u0644"
_ALEFS = "\u0627\u0622\u0623\u0625\u0671"
_PRESENTED = re.compile("[\ufb1d-\ufb4f\ufb50-\ufdef\ufdf2\ufe70-\ufefc]")
_BRACKETS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "<": ">"}
_MIRRORED = _BRACKETS | {close: start for start, close in _BRACKETS.items()}
_OPENING = frozenset(_BRACKETS)
_ARABIC = re.compile("[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_HYPHENS, _STOPS = frozenset("-־‐"), frozenset(".،؛:!?؟")
_DIGITS = frozenset("0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")
_IN_NUMBER = frozenset(".,:/٫٬")
"""What joins two numbers; without Arabic letters around, hyphens and plus signs do so too."""
_SIGNS, _UNITS = frozenset("-−+"), frozenset("%‰€$£¥°#")
"""What joins numbers only where the text around is not Arabic, and what belongs to the number beside it there."""


@dataclass(slots=True)
class Sign:
    """What one glyph shows: its characters in the order of reading, its box, and the box turned to run to the right.

    ``place`` is the address of the piece of text it belongs to.
    """

    text: str
    box: Box
    turned: Box
    place: int


def letters(text: str) -> str:
    """The text with letters in place of their forms at the beginning, middle and end of a word."""
    return _PRESENTED.sub(lambda one: unicodedata.normalize("NFKC", one[0]).replace(" ", ""), text)


def reads_right_to_left(text: str) -> bool:
    """Whether most letters of a text are of such a script."""
    right = len(RIGHT_TO_LEFT.findall(text))
    return right > sum(map(str.isalpha, text)) / 2


def words_of_line(signs: Sequence[Sign], *, within: bool) -> list[list[Sign]]:
    """The words of a line in the order of reading; ``within`` says whether the page is read from right to left."""
    if not signs:
        return []
    spaces = [one.turned for one in signs if one.text.isspace()]
    visual = list(_spaced(_placed([one for one in signs if not one.text.isspace()]), spaces))
    backwards = _is_backwards(visual, within=within)
    ordered = _logical(visual, backwards=backwards)
    words: list[list[Sign]] = [[]]
    for one in ordered:
        if one is None:
            words.append([])
        else:
            words[-1].append(one)
    return [_bracketed(word) if backwards or _has_letters(word) else word for word in words if word]


def _is_backwards(visual: Sequence[Sign | None], *, within: bool) -> bool:
    """Whether the line is read from right to left, with its Latin words as the exception."""
    kinds = [" " if one is None else _kind(one.text) for one in visual]
    right, left = kinds.count("R"), kinds.count("L")
    joined = [kind for kind, one in zip(kinds, visual, strict=True) if one is None or one.text not in _HYPHENS]
    if any(pair == ("L", "R") for pair in pairwise(joined)) or (visual[0] is not None and visual[0].text in _STOPS):
        # An article or a preposition is joined to a Latin word on its right; a stop ends the line on its left.
        return True
    return 3 * right >= left if within else right > 2 * left


def _placed(signs: Sequence[Sign]) -> list[Sign]:
    """The signs from left to right, marks after their letters, and the letters of one glyph as one sign."""
    joined = list(_glyphs(signs)) if signs else []
    bases = sorted((one for one in joined if not _is_mark(one)), key=lambda one: one.turned[0] + one.turned[2])
    marks = [one for one in joined if _is_mark(one)]
    if not marks or not bases:
        return bases or marks
    at = 0
    for mark in sorted(marks, key=lambda one: one.turned[0] + one.turned[2]):
        middle = mark.turned[0] + mark.turned[2]
        while at + 1 < len(bases) and _distance(bases[at + 1], middle) <= _distance(bases[at], middle):
            at += 1
        base = bases[at]
        base.text += mark.text
        base.box = around([base.box, mark.box])
    return bases


def _distance(sign: Sign, middle: float) -> float:
    return abs(sign.turned[0] + sign.turned[2] - middle)


def _is_mark(sign: Sign) -> bool:
    return all(unicodedata.category(char) in ("Mn", "Me") for char in sign.text)


def _glyphs(signs: Sequence[Sign]) -> Iterator[Sign]:
    """Joins the characters of one glyph (same place, same box), in the order of reading."""
    group: list[Sign] = []
    for one in signs:
        if group and one.turned != group[-1].turned:
            yield _glyph(group, one.turned[0] < group[-1].turned[0])
            group = []
        group.append(one)
    yield _glyph(group, len(signs) > len(group) and group[-1].turned[0] < signs[0].turned[0])


def _glyph(group: Sequence[Sign], reversed_: bool) -> Sign:  # noqa: FBT001 - of the two orders
    """One sign of the characters of a glyph; PDFium has reversed them where it has reversed the line."""
    first = group[0]
    text = "".join(letters(one.text) for one in (group[::-1] if reversed_ else group))
    if len(group) == 2 and text[0] in _ALEFS and text[1:] == _LAM:
        text = text[::-1]  # there is a ligature of lam and alef, and none of alef and lam
    return Sign(text, first.box, first.turned, first.place)


def _spaced(signs: Sequence[Sign], spaces: Sequence[Box]) -> Iterator[Sign | None]:
    """The signs from left to right, with None where there is a space."""
    height = max([one.turned[3] - one.turned[1] for one in signs], default=0.0)
    written = sorted((one[0] + one[2]) / 2 for one in spaces if one[2] - one[0] > _WRITTEN * height)
    at = 0
    before: Sign | None = None
    for one in signs:
        if before is not None:
            while at < len(written) and written[at] < before.turned[2]:
                at += 1
            has = at < len(written) and written[at] < one.turned[0]
            if one.turned[0] - before.turned[2] > (_WRITTEN if has else _SPACE) * height:
                yield None
        yield one
        before = one


def _logical(visual: Sequence[Sign | None], *, backwards: bool) -> list[Sign | None]:
    """The signs in the order of reading; those that run against it are turned round, run by run."""
    signs = list(visual)
    kinds = _kinds(signs)
    against = "L" if backwards else "R"
    runs = _runs(kinds, against)
    if backwards:
        ordered: list[Sign | None] = []
        end = len(signs)
        for start, stop in reversed(runs):
            ordered += [*reversed(signs[stop:end]), *signs[start:stop]]
            end = start
        return ordered + list(reversed(signs[:end]))
    for start, stop in runs:
        # Numbers inside run from left to right again.
        part = signs[start:stop]
        signs[start:stop] = _logical(part, backwards=True)
    return signs


def _kinds(signs: Sequence[Sign | None]) -> list[str]:
    """L or R for letters, N for parts of numbers, and a space for anything else."""
    kinds = [" " if one is None else _kind(one.text) for one in signs]
    arabic = any(one is not None and _ARABIC.search(one.text) for one in signs)
    joins = _IN_NUMBER if arabic else _IN_NUMBER | _SIGNS
    units: frozenset[str] = frozenset() if arabic else _UNITS
    for at in [at for at, kind in enumerate(kinds) if kind == "N"]:
        if at and kinds[at - 1] == " " and _holds(signs[at - 1], units):
            kinds[at - 1] = "N"
        if at + 1 < len(kinds) and kinds[at + 1] == " ":
            between = at + 2 < len(kinds) and kinds[at + 2] == "N" and _holds(signs[at + 1], joins)
            if between or _holds(signs[at + 1], units):
                kinds[at + 1] = "N"
    return kinds


def _holds(sign: Sign | None, those: frozenset[str]) -> bool:
    return sign is not None and sign.text in those


def _kind(text: str) -> str:
    if RIGHT_TO_LEFT.match(text) and text[0] not in _DIGITS and text[0].isalpha():
        return "R"
    if text[0] in _DIGITS:
        return "N"
    return "L" if text[0].isalpha() else " "


def _runs(kinds: Sequence[str], against: str) -> list[tuple[int, int]]:
    """The runs that are read against the line: letters of that kind with what stands between them, and numbers."""
    found: list[tuple[int, int]] = []
    with_numbers = against == "L"
    start: int | None = None
    last = 0
    for at, kind in enumerate([*kinds, "end"]):
        if kind == against or (with_numbers and kind == "N"):
            if start is None:
                start = at
            elif with_numbers and not _goes_on(kinds[start:at]):
                found.append((start, last))
                start = at
            last = at + 1
        elif start is not None and kind not in (" ", "N"):
            found.append((start, last))
            start = None
    return found


def _goes_on(kinds: Sequence[str]) -> bool:
    """Whether what follows belongs to the same run: Latin words with anything between, a number without a space."""
    return "L" in kinds or " " not in kinds


def _has_letters(word: Sequence[Sign]) -> bool:
    return any(RIGHT_TO_LEFT.match(one.text) for one in word)


def _bracketed(word: list[Sign]) -> list[Sign]:
    """The word with brackets that open before and close after it, whichever way its program or PDFium drew them."""
    for at, one in enumerate(word):
        if one.text in _MIRRORED:
            opens = all(other.text in _MIRRORED for other in word[:at])
            closes = all(not any(map(str.isalnum, other.text)) for other in word[at + 1 :])
            if opens != closes and (one.text in _OPENING) == closes:
                one.text = _MIRRORED[one.text]
    return word
