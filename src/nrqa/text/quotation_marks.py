"""Where quotations begin and end in running text, by the quotation marks of Europe and East Asia.

Apostrophes, feet and inches are distinguished from quotation marks. A quotation inside another belongs to the outer
one. All work grows with the length of the text, however many marks are never closed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nrqa.records import Span
from nrqa.text.typography import CJK, UNSPACED


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation between two marks: ``whole`` includes them, ``inner`` excludes them and the spaces beside them."""

    whole: Span
    inner: Span
    marks: str


def quoted_in(text: str) -> tuple[list[Quoted], list[int]]:
    """The outermost quotations in order, and the positions of opening marks that are never closed.

    Single marks that are never closed are not included: they are apostrophes or feet.
    """
    found: list[Quoted] = []
    unclosed: list[int] = []
    known: dict[str, _Marks] = {}
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        mark, start = opening.group(), opening.start()
        at = opening.end()
        if not _opens(text, start, mark):
            continue
        if mark not in known:
            known[mark] = _Marks(text, mark)
        ends = known[mark].closing(start)
        if ends and mark == _CODE and text.find(_CODE, at, ends[0]) >= 0:
            continue  # the mark of code, which another one closes
        if ends is None:
            if mark not in _NEVER_MISSED:
                unclosed.append(start)
            continue
        last, end = ends
        first = start + len(mark)
        inner = text[first:last]
        left = first + len(inner) - len(inner.lstrip())
        right = max(left, first + len(inner.rstrip()))
        found.append(Quoted(Span(start, end), Span(left, right), f"{mark}{text[last:end]}"))
        at = end
    return found, unclosed


_CLOSINGS: Mapping[str, Sequence[str]] = {
    "“": ("”", '"'),  # English; “ closes in German
    "„": ("“", "”", '"'),  # German, Czech; Polish, Romanian, Dutch
    "”": ("”",),  # Swedish, Finnish
    "‟": ("”",),
    "«": ("»",),  # French, Spanish, Russian
    "»": ("«", "»"),  # German, Danish; Finnish
    "‹": ("›",),
    "›": ("‹", "›"),
    "‘": ("’", "'"),
    "‚": ("‘", "’"),
    "’": ("’",),  # Swedish
    "'": ("'",),
    '"': ('"',),
    "\uff02": ("\uff02",),  # full-width "
    "\uff07": ("\uff07",),
    "´": ("´", "'", "’"),  # typists
    "`": ("'", "´", "’"),
    "``": ("''", '"', "´´"),  # TeX
    "''": ("''", '"'),
    "´´": ("´´", "''"),
    "‘‘": ("’’", "''"),
    ",,": ("''", "“", "”", "‘‘", "’’", '"'),  # typewriters
    "「": ("」",),  # Japanese, Chinese
    "『": ("』",),
    "｢": ("｣",),
    "﹁": ("﹂",),
    "﹃": ("﹄",),
    "〝": ("〞", "〟"),
    "❝": ("❞",),
    "❛": ("❜",),
    "🙶": ("🙷",),
}
"""Titles in Chinese and Japanese stand between 《 》 and 〈 〉: these are no quotation marks."""
_CODE = "`"
_SINGLE = frozenset("'’‘‚´`\uff07")
_STRAIGHT = frozenset('"\uff02')
_NEVER_MISSED = frozenset(("'", "’", "‘", "‚", "´", "`", "\uff07", ",,", "``", "''", "´´", "‘‘"))
_OPENING = re.compile("|".join(map(re.escape, sorted(_CLOSINGS, key=len, reverse=True))))
_BEFORE = re.compile(
    rf"[\s(\[{{<\-–—/|:;,=+~*_“„«»‹›‘‚'\"¿¡.…「『｢﹁﹃❝❛{UNSPACED}{CJK}]"
)  # what may stand before an opening mark
_UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
_NO_QUOTATION = re.compile(
    r"['’‘´`\uff07](?:\d0s\b|(?<!‘)\d0\b|tis\b|twas\b|em\b|til\b|cause\b|bout\b|n['’´]|s\b)", re.IGNORECASE
)
"""Words that begin with an apostrophe: '90s, 'tis, 'em, rock 'n' roll."""


def _opens(text: str, at: int, mark: str) -> bool:
    after = text[at + len(mark) : at + len(mark) + 1]
    if not after:
        return False
    free = at == 0 or bool(_BEFORE.match(text[at - 1]))
    if mark in _SINGLE:
        return free and not after.isspace() and not _NO_QUOTATION.match(text, at)
    if mark in ("»", "”", "›", "''", "´´", "``", "‘‘"):
        # These are also closing marks: they open a quotation only before a word, and not after one.
        return free and not after.isspace()
    if mark in ("«", "‹"):
        return True
    return (free or mark not in _STRAIGHT) and not after.isspace()


def _closes(text: str, at: int, mark: str) -> bool:
    """Whether a mark there can be a closing one: not after white space, and not before a letter or digit.

    In scripts without spaces it may stand before a letter, and anywhere before a note's figure, raised or not.
    """
    if at == 0 or text[at - 1].isspace():
        return False
    end = at + len(mark)
    after = text[end : end + 1]
    return not after.isalnum() or bool(_UNSPACED_LETTER.match(after)) or _before_figure(text, at, end)


def _before_figure(text: str, at: int, end: int) -> bool:
    raised = text[end].isdigit() and not text[end].isdecimal()
    return raised or (not text[at - 1].isdigit() and bool(_FIGURE.match(text, end)))


_FIGURE = re.compile(r"\d{1,3}(?!\w)")


_POSSESSIVE = re.compile(r"s['’´] [^\W\d_]")
"""After "s" a single mark may be an apostrophe."""
_APOSTROPHE = re.compile(r"(?:\ds|\W['’‘]n)['’]")
"""Apostrophes that certainly close no quotation: the 1990s', rock 'n' roll."""
_SENTENCE_END = re.compile(r"[.!?…]\s+[^\W\da-z_]")
_MEASURE = re.compile(r"(?:^|[^\d.,])(?:\d{1,3}(?:[.,/]\d{1,3})?|\d{0,3}[¼½¾⅛⅜⅝⅞])$")
"""After a small number, a straight mark may stand for feet or inches."""
_LONGEST_MEASURE = 9


class _Marks:
    """The places of one kind of mark in a text, each found once."""

    def __init__(self, text: str, mark: str) -> None:
        self._text = text
        self._mark = mark

    def closing(self, start: int) -> tuple[int, int] | None:
        """Where the closing mark of the quotation that opens at ``start`` begins and ends; None if it does not end."""
        if self._mark in _SINGLE:
            return self._single(start)
        if self._mark in _STRAIGHT:
            return self._straight(start)
        if len(self._mark) == 1 and (end := self._paired.get(start)) is not None:
            return end, end + 1
        # A mark inside may have opened without ever being closed: then the first closing mark ends the quotation.
        return self._next(start)

    @cached_property
    def _closings(self) -> list[tuple[int, int]]:
        """The begin and end of each mark that may close, in order."""
        pattern = re.compile("|".join(map(re.escape, sorted(_CLOSINGS[self._mark], key=len, reverse=True))))
        checked = _SINGLE | _STRAIGHT
        return [
            found.span()
            for found in pattern.finditer(self._text)
            if found.group() not in checked or _closes(self._text, found.start(), found.group())
        ]

    @cached_property
    def _openings(self) -> list[int]:
        """Where the mark opens a quotation."""
        places = (found.start() for found in re.finditer(re.escape(self._mark), self._text))
        return [at for at in places if _opens(self._text, at, self._mark)]

    @cached_property
    def _paired(self) -> Mapping[int, int]:
        """The closing mark of each opening one, as nested quotations have them; straight marks are not among them."""
        closings = [one for one in _CLOSINGS[self._mark] if len(one) == 1 and one not in _STRAIGHT]
        nested = self._mark not in closings
        pairs: dict[int, int] = {}
        if nested:
            open_ones: list[int] = []
            for found in re.finditer(f"[{self._mark}{''.join(closings)}]", self._text):
                if found.group() == self._mark:
                    open_ones.append(found.start())
                elif open_ones:
                    pairs[open_ones.pop()] = found.start()
        return pairs

    def _next(self, start: int) -> tuple[int, int] | None:
        at = bisect_left(self._closings, (start + len(self._mark), 0))
        return self._closings[at] if at < len(self._closings) else None

    def _straight(self, start: int) -> tuple[int, int] | None:
        """The first closing mark, but no inch mark that another closing mark follows before a quotation begins."""
        for number in range(bisect_left(self._closings, (start + 1, 0)), len(self._closings)):
            place, end = self._closings[number]
            following = self._closings[number + 1][0] if number + 1 < len(self._closings) else None
            if following is None or not self._is_measure(place) or self._opens_between(end, following):
                return place, end
        return None

    def _opens_between(self, start: int, end: int) -> bool:
        """Whether a quotation opens there."""
        at = bisect_left(self._openings, start)
        return at < len(self._openings) and self._openings[at] < end

    def _single(self, start: int) -> tuple[int, int] | None:
        """The first closing mark that is not certainly an apostrophe.

        A doubtful one ends the quotation only if no certain one follows in its sentence, before the next opening mark.
        """
        doubtful: tuple[int, int] | None = None
        for number in range(bisect_left(self._single_closings, (start + 2, 0)), len(self._single_closings)):
            at, end = self._single_closings[number]
            if doubtful and (_SENTENCE_END.search(self._text, doubtful[1], at) or self._opens_between(doubtful[1], at)):
                return doubtful
            if not _POSSESSIVE.match(self._text, at - 1) and not self._is_measure(at):
                return at, end
            doubtful = (at, end)
        return doubtful

    @cached_property
    def _single_closings(self) -> list[tuple[int, int]]:
        """The single marks that may close a quotation."""
        apostrophes = (range(max(0, at - 3), max(0, at - 1)) for at, _ in self._closings)
        return [
            one
            for one, befores in zip(self._closings, apostrophes, strict=True)
            if not any(_APOSTROPHE.fullmatch(self._text, before, one[0] + 1) for before in befores)
        ]

    def _is_measure(self, at: int) -> bool:
        """Whether the mark there may stand for feet or inches."""
        before, after = self._text[max(0, at - _LONGEST_MEASURE) : at], self._text[at + 1 : at + 2]
        return bool(_MEASURE.search(before)) and (after.isspace() or after in tuple("-–×x"))
