"""The letters of words, whatever their case, accents, width and spelling by other letters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
"""Signs that show nothing and divide no word, for a character class: soft hyphens, zero-width and direction marks."""
UNSPACED = (
    "\u0e00-\u0e4e\u0e80-\u0eff\u1000-\u1049\u1050-\u109f\u1100-\u11ff\u1780-\u17d3\u17dc-\u17ff"
    "\u3005\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
"""Scripts without spaces between words, and Hangul, where particles are attached to the word."""
# Python's \w leaves out marks and vowel signs, and would cut words there: those of Latin, Hebrew, Arabic, India, Tibet.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711"
    "\u0730-\u074a\u0900-\u0963\u0966-\u0dff\u0f18-\u0f19\u0f35-\u0f84\u0f90-\u0fbc\u20d0-\u20f0\u3099\u309a"
)
_SQUARED = "\u3371-\u33df"
"""Units of measurement in one square: ㎏."""
LETTERS = rf"[^\W_{UNSPACED}]+(?:[{MARKS}{_SQUARED}{INVISIBLE}]+[^\W_{UNSPACED}]*)*"
"""A run of letters and digits of scripts with spaces between words, as a pattern that takes linear time."""
PLAIN_LETTERS = r"[^\W_]+"
"""The same for a text in which nothing ``is_unusual``: this pattern is compiled in a twentieth of the time."""

_USUAL = (("\u0370", "\u0482"), ("\u2010", "\u2029"), ("\u202f", "\u205f"), ("\u20a0", "\u20cf"), ("\u2100", "\u2bff"))
"""Greek and Cyrillic letters, and signs that are no letters."""


def is_unusual(text: str) -> bool:
    """Whether a text has marks, invisible signs, or letters other than Latin, Greek and Cyrillic ones."""
    # Not by a pattern: it would take nine milliseconds to compile.
    return not text.isascii() and any(
        char == "\u00ad" or (char >= "\u0300" and not any(first <= char <= last for first, last in _USUAL))
        for char in set(text)
    )


# What Unicode takes for letters of their own, by how those write them who lack the key.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
# Japanese voicing marks change the word (か, が); NFKD splits them off and NFC puts them back.
_KEPT_MARKS = "\u3099\u309a"
_UMLAUT = re.compile(r"(?<![aeiouq])([aou])e(?!u)(?![sdr]?$)")
_LEAST = 5


def is_unspaced(text: str) -> bool:
    """Whether a word is of a script without spaces between words."""
    return is_unusual(text) and _class(UNSPACED).match(text) is not None


def without_invisible(text: str) -> str:
    """The text without signs that show nothing."""
    return _class(INVISIBLE).sub("", text) if is_unusual(text) else text


def fold(text: str) -> str:
    """Lower case, without accents and width, ø as o; what NFKD decomposed (Hangul) is composed again."""
    if text.isascii():
        return text.lower()
    # Two rounds, because casefold may give characters that NFKD would decompose, and the other way round.
    text = unicodedata.normalize("NFKD", without_invisible(text).casefold())
    marks = [char for char in set(text) if char > "\x7f" and unicodedata.combining(char) and char not in _KEPT_MARKS]
    if marks:
        text = text.translate(dict.fromkeys(map(ord, marks)))
    return unicodedata.normalize("NFC", text.casefold()).translate(_PLAIN)


@cache
def _class(characters: str) -> re.Pattern[str]:
    return re.compile(f"[{characters}]+")


def without_umlauts(word: str) -> str:
    """The folded word with ``u`` for ``ue``, as in ``müller`` without its accent; so for ``ae`` and ``oe``.

    Not where that is rarely an umlaut: after a vowel or q, before the end of English plurals (heroes, issued), in short
    words (poet, blue). Questions and texts are treated alike, so nothing is lost where it was none (Michael).
    """
    return _UMLAUT.sub(r"\1", word) if len(word.rstrip("s")) >= _LEAST and "e" in word else word
