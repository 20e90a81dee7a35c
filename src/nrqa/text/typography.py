"""Folds typography: words that differ only in quotation marks, dashes, spaces or line ends become the same text.

Case, accents, and every letter and digit stay, so that texts equal after folding say the same. Positions in the folded
text can be mapped back to the original text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from nrqa.records import Span

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
SINGLE_QUOTES = "'`\u00b4\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u275b\u275c\uff07"
DOUBLE_QUOTES = (
    '"\u201c\u201d\u201e\u201f\u2033\u300c\u300d\u300e\u300f\u275d\u275e\u301d\u301e\u301f'
    "\uff02\uff62\uff63\ufe41\ufe42\ufe43\ufe44"
)
UNSPACED = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
"""Scripts without spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese), for use in a character class."""
LETTER = rf"[^\W{UNSPACED}]"
"""A letter or digit of any other script: it forms a word together with the letters beside it."""
_SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_ALIKE = str.maketrans(
    dict.fromkeys(DASHES, "-")
    | dict.fromkeys(SINGLE_QUOTES, "'")
    | dict.fromkeys(DOUBLE_QUOTES, '"')
    | {"\u22ef": "\u2026"}
    # Carriage returns and no-break spaces count as spaces, too.
    | dict.fromkeys(_SPACES, " ")
)
# Chinese and Japanese have no spaces between words: one beside such a character is typography, and so is a line end.
CJK = "\u2e80-\u2fff\u3001-\u312f\u31c0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\U00020000-\U0003ffff"
# Full-width letters, digits and signs are variants of the narrow ones, as are the full stop and comma of East Asia.
_NARROW = str.maketrans(
    {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
    | {ord("。"): ".", ord("｡"): ".", ord("、"): ",", ord("､"): ",", ord("〜"): "~", ord("〔"): "[", ord("〕"): "]"}
    | {ord("【"): "[", ord("】"): "]"}
)
_IS_CJK = re.compile(f"[{CJK}]")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# Stretches whose length changes, once all spaces are " ". French puts spaces inside guillemets and before ; : ? and !
_STRETCHES = re.compile(
    rf" +(?=[{CJK}])|(?<=[{CJK}]) +(?![ -])"
    r"| {2,}(?:-[ -]*|(?=[;:?!»›]))?| (?:-[ -]*|(?=[;:?!»›]))|-[ -]+"
    rf"|[«‹] *|[»›]|[{_INVISIBLE}]+|[\u2026\ufb00-\ufb06][\u0300-\u036f]*|[^\W\d_][\u0300-\u036f]+"
)
_GUILLEMETS = {"«": '"', "»": '"', "‹": "'", "›": "'"}


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and what maps it back to the original: the stretches that became longer or shorter, in order.

    ``starts`` and ``ends`` are their positions in the folded text, ``origins`` their positions in the original.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    origins: tuple[tuple[int, int], ...]

    def original(self, start: int, end: int) -> Span:
        """The stretch of the original that became ``text[start:end]``."""
        first = self._origin(start)[0]
        return Span(first, max(first, self._origin(end - 1)[1])) if end > start else Span(first, first)

    def folded(self, position: int) -> int:
        """Where the folded text has the character at a position of the original."""
        stretch = bisect_right(self.origins, position, key=lambda origin: origin[0]) - 1
        if stretch < 0:
            return position
        if position < self.origins[stretch][1]:
            return self.starts[stretch]
        return self.ends[stretch] + position - self.origins[stretch][1]

    def _origin(self, at: int) -> tuple[int, int]:
        """Where the character at a position of the folded text was in the original: start and end."""
        stretch = bisect_right(self.starts, at) - 1
        if stretch < 0:
            return at, at + 1
        if at < self.ends[stretch]:
            return self.origins[stretch]
        place = self.origins[stretch][1] + at - self.ends[stretch]
        return place, place + 1


def fold(text: str) -> Folded:
    """The text with straight quotation marks, hyphens for dashes, single spaces, composed letters and three dots.

    Beside Chinese and Japanese characters there is no space at all; their full-width signs become narrow ones.
    """
    alike = text.translate(_ALIKE)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    origins: list[tuple[int, int]] = []
    at = length = 0
    for found in _STRETCHES.finditer(alike):
        start, end = found.span()
        new = _folded(found.group(), alike[start - 1 : start], alike[end : end + 1])
        length += start - at
        parts += [alike[at:start], new]
        starts.append(length)
        length += len(new)
        ends.append(length)
        origins.append((start, end))
        at = end
    parts.append(alike[at:])
    return Folded("".join(parts).translate(_NARROW), tuple(starts), tuple(ends), tuple(origins))


def _folded(stretch: str, preceding: str, following: str) -> str:
    if "-" in stretch:
        return "-"
    if stretch[0] == " ":
        nothing = (following and following in ";:?!»›") or _IS_CJK.match(preceding) or _IS_CJK.match(following)
        return "" if nothing else " "
    if stretch[0] in _GUILLEMETS:
        return _GUILLEMETS[stretch[0]]
    if stretch[0] in _INVISIBLE:
        return ""
    return unicodedata.normalize("NFKC", stretch)
