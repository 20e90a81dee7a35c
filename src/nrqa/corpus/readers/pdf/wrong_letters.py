"""Recognises pages whose fonts say wrong letters: what is read there is not what a reader of the page sees."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import correlation

from nrqa.text.sentences import detected_language

_LETTER = re.compile(r"[a-z]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ROMAN = re.compile(r"[ivxlcdm]+")
_WESTERN = re.compile(r"[\u00c0-\u00ff]")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
# Letters of Latin script in percent: the mean of English, German, French, Spanish, Italian, Portuguese, Dutch, Polish,
# Swedish and Turkish.
_USUAL = {
    "a": 9.6, "b": 1.5, "c": 3.0, "d": 4.7, "e": 12.8, "f": 1.2, "g": 2.0, "h": 2.0, "i": 7.4, "j": 0.7, "k": 1.7,
    "l": 4.4, "m": 3.0, "n": 7.4, "o": 6.5, "p": 2.0, "q": 0.5, "r": 6.7, "s": 6.0, "t": 5.9, "u": 3.3, "v": 1.5,
    "w": 1.1, "x": 0.2, "y": 1.1, "z": 1.2,
}  # fmt: skip
_ENOUGH, _MANY = 300, 500
"""Letters from which their frequencies tell whether they are those of a language."""
_UNLIKE, _UNLIKE_MANY = 0.25, 0.35
"""Correlations with the usual frequencies below which no language is: the lowest of 197 languages is .46, that of
indexes of a program's names .28 with few letters and .38 with many."""
_SUSPECT = 0.5
"""Correlation below which it is worth to look whether the letters are those of an alphabet that is shifted."""
_SIGNS = "\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\uffff"
_SIGN = re.compile(f"[{_SIGNS}]")
_LOST = re.compile(rf"(?<=[^\W\d_])[{_SIGNS}]+|[{_SIGNS}]+(?=[^\W\d_])")
"""Signs without a meaning beside letters."""
_FEW = 60
"""Least letters for that, and for a page of accents."""
_ACCENTED = 0.5
"""More letters than this share have no accents in any language of Latin script."""
_LIKE = 0.7
"""Correlation from which moved letters may be those of a language."""
_COMMONEST = 6
"""The letter e is among so many commonest letters in all languages of Latin script."""
_LONG = 3
"""Letters of the shortest words that are looked at for that."""
_FAR = 64
"""Most places by which the letters of a shifted alphabet stand away from their own."""
_SAMPLED = 400
"""Words of a page that are looked at."""


def lost_letters(text: str) -> int:
    """How many signs inside words the fonts of a page give no meaning."""
    return len(_LOST.findall(text)) if _SIGN.search(text) else 0


def has_wrong_letters(words: Sequence[str]) -> bool:
    """Whether the letters on a page are not those of any text: shifted, exchanged, or of another encoding."""
    text = " ".join(words[:_SAMPLED])
    lower = text.lower()
    if not lower.isascii():
        letters = sum(map(str.isalpha, lower))
        if letters >= _FEW and len(_WESTERN.findall(lower)) > _ACCENTED * letters:
            return True
    return _alike(lower) < _SUSPECT and (_is_shifted(text) or _is_unlike_words(lower))


def _is_unlike_words(lower: str) -> bool:
    """Whether the letters of many different words are as frequent as in no language."""
    words = " ".join(sorted({one for one in _WORD.findall(lower) if not _ROMAN.fullmatch(one)}))
    letters = len(words) - words.count(" ")
    return letters >= _ENOUGH and _alike(words) < (_UNLIKE if letters < _MANY else _UNLIKE_MANY)


def _is_shifted(text: str) -> bool:
    """Whether the words are those of a language if each sign is moved by the same number of places in its table."""
    words = [one for one in text.split() if len(one) >= _LONG]
    text = " ".join(words)
    tables = [*((places, _moved(text, places)) for places in _likely(text)), *_rotations(text)]
    return any(_alike(moved.lower()) > _LIKE and detected_language(moved) is not None for _, moved in tables)


def _likely(text: str) -> list[int]:
    """By how many places the commonest signs may have been moved: one of them is the letter e."""
    counts = Counter(text.replace(" ", ""))
    return [ord("e") - ord(sign) for sign, _ in counts.most_common(_COMMONEST) if 0 < abs(ord("e") - ord(sign)) <= _FAR]


def _moved(text: str, places: int) -> str:
    return "".join(one if one == " " else chr(max(0x21, ord(one) + places)) for one in text)


def _rotations(text: str) -> Iterator[tuple[int, str]]:
    """The text with its alphabet rotated, for the rotations that make one of the commonest letters an e."""
    lower = text.lower()
    for sign, _ in Counter(_LETTER.findall(lower)).most_common(_COMMONEST):
        places = (ord("e") - ord(sign)) % 26
        if places:
            letters = _ALPHABET[places:] + _ALPHABET[:places]
            yield places, lower.translate(str.maketrans(_ALPHABET, letters))


def _alike(lower: str) -> float:
    """How the frequencies of the letters a to z agree with the usual ones; 1 if there are hardly any."""
    counts = [lower.count(one) for one in _ALPHABET]
    plain = sum(counts)
    if plain < _FEW or (not lower.isascii() and plain < 0.8 * sum(map(str.isalpha, lower))):
        return 1.0
    return correlation(list(_USUAL.values()), counts)
