"""What one token of a text says: a word, a number, an identifier, a code; as a whole and in its parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from nrqa.text.letters import INVISIBLE, LETTERS, PLAIN_LETTERS, UNSPACED, fold, is_unusual, without_umlauts

LEAST = 7
"""Digits of a code: a telephone number has seven at least. Fewer are a number."""
UNSPACED_RUN = f"[{UNSPACED}][{UNSPACED}{INVISIBLE}]*"
"""A run of a script without spaces between words, as a pattern."""
_HYPHENS = "\\-\u2010\u2011\uff0d"
_CLOSE = f"{_HYPHENS}.'’\u02bc_&·^\uff0e\uff3f"
"""Signs that join what is one word or one identifier."""
_LOOSE = ",:/@"
"""Signs that join an identifier or a number, but also stand between words: and/or."""


@cache
def pattern_for(*, unusual: bool) -> re.Pattern[str]:
    """The pattern of the tokens of a text: words, and compounds of runs of letters and digits joined by single signs.

    C++ and C# are words. A run of a script without spaces is the group ``unspaced``.
    """
    if not unusual:
        return re.compile(f"(?P<unspaced>(?!))|{_compound(PLAIN_LETTERS, _CLOSE + _LOOSE)}")
    return re.compile(f"(?P<unspaced>{UNSPACED_RUN})|{_compound(LETTERS, _CLOSE + _LOOSE)}")


@cache
def _narrow(*, unusual: bool) -> re.Pattern[str]:
    return re.compile(_compound(LETTERS if unusual else PLAIN_LETTERS, _CLOSE))


def _compound(letters: str, signs: str) -> str:
    return rf"{letters}(?:[{signs}]{letters})*(?:\+\+|#)?"


_SPLIT = re.compile(f"[{_CLOSE}{_LOOSE}]")
_SEGMENTS = re.compile(f"[{_HYPHENS}'’\u02bc_&·^\uff3f:/@]")
_FIGURE = re.compile(r"\d")
_NUMBER = re.compile(r"\d{1,15}(?:[.,'’]\d{1,15}){1,6}")
_EITHER = re.compile(r"[1-9]\d{0,2}\.\d{3}")
"""In German 1.250 is 1250, in English 1.25."""
_EXACT = 1e15
"""Larger whole numbers are no longer all different as floating-point numbers."""
_VERSION = re.compile(r"v?(\d+(?:\.\d+){2,})|v(\d+(?:\.\d+)*)")
_DATE = re.compile(r"(\d{4})([-./])\d{1,2}\2\d{1,2}|\d{1,2}([-./])\d{1,2}\3(\d{4})")
_RANGE = re.compile(rf"\d{{4}}[{_HYPHENS}/]\d{{4}}")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|s|e|er|eme|ers)")
_ONE_CHANGE = re.compile(r"([^\W\d_]+)(\d{1,})|(\d{1,})([^\W\d_]+)")
_HUMPS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|\d+")
_CAMEL = re.compile(r"[a-z][A-Z]")
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
_IS_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_FRACTION = re.compile("[¼-¾⅐-⅞]")
# English endings (NATO's, don't) and French and Italian elision (l'OTAN, qu'elle, dell'Europa).
_ENDING = re.compile(r"(?<=\w)['’\u02bc](?:s|t|re|ll|ve|d|m)$")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|dell|all|nell|sull|un)['’\u02bc](?=\w)")
_JOINED = re.compile(f"[^{_HYPHENS}'’\u02bc_&·\uff3f\\w]")
_LONGEST = 48
_NOTED = 3
"""A raised figure after so many letters is the mark of a note; m² is a unit."""


@dataclass(frozen=True, slots=True)
class Token:
    """``parts`` are the terms of a token's parts, ``whole`` that of the whole ("" where it has none).

    ``exact`` says that the whole is an identifier, a number or a code: another one is another thing. ``inner`` are
    other terms by which the text is found: the humps of ``camelCase``, the number of ``F16``. ``pieces`` are those of a
    word in another script than the Latin one: what other forms of the word have in common with it.
    """

    parts: tuple[str, ...]
    whole: str = ""
    exact: bool = False
    inner: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()


@lru_cache(maxsize=100_000)
def read_tokens(written: str) -> tuple[tuple[int, int, Token], ...]:
    """The tokens that a compound (see ``pattern_for``) consists of, with start and end: one, or more (and/or)."""
    token = _read(written)
    if token is not None:
        return ((0, len(written), token),)
    found = [
        (one.start(), one.end(), _read(one.group(), narrow=True))
        for one in _narrow(unusual=is_unusual(written)).finditer(written)
    ]
    return tuple((start, end, token) for start, end, token in found if token is not None)


def _read(written: str, *, narrow: bool = False) -> Token | None:
    """The token; None where it is several words (or none)."""
    folded, raised = fold(_without_raised(written)), _raised(written)
    if not folded.strip("+#"):
        return None if not narrow else Token(())
    if folded[-1] in "+#":
        return Token((), _SPLIT.split(folded)[-1], exact=True)
    if not folded.isascii() and _FRACTION.search(written):
        return _with_fraction(written)
    if raised:
        return Token((folded,), f"{folded}^{raised}", exact=True)
    if not _FIGURE.search(folded):
        return _word(folded, written, narrow=narrow)
    return _with_figures(folded, narrow=narrow)


def _word(folded: str, written: str, *, narrow: bool) -> Token | None:
    """A token without figures."""
    bare = _ELISION.sub("", _ENDING.sub("", folded))
    pieces = [one for one in _SPLIT.split(bare) if one]
    if len(pieces) == 1:
        inner = tuple(stem(fold(one)) for one in _humps(written)) if _CAMEL.search(written) else ()
        return Token((stem(pieces[0]),), inner=inner, pieces=_pieces(pieces[0]))
    if not narrow and any(sign in bare for sign in _LOOSE):
        return None
    parts = tuple(map(stem, pieces))
    short = all(len(one) == 1 for one in pieces)
    whole = "".join(pieces)
    threes = tuple(one for piece in pieces for one in _pieces(piece))
    if (_JOINED.search(bare) and not short) or len(whole) > _LONGEST:
        return Token(parts, pieces=threes)
    return Token(parts, stem(whole), exact="_" in bare, pieces=threes)


def _with_figures(folded: str, *, narrow: bool) -> Token | None:
    folded = _ENDING.sub("", folded)
    whole = _number_or_version(folded)
    if whole:
        other = (folded.replace(".", ""),) if _EITHER.fullmatch(folded) else ()
        return Token((), whole, exact=True, inner=other)
    date = _DATE.fullmatch(folded)
    pieces = [one for one in _SPLIT.split(folded) if one]
    if date:
        return Token((date[1] or date[4],), "".join(pieces), exact=True)
    if len(pieces) == 1:
        return Token((stem(folded),)) if _ORDINAL.fullmatch(folded) else Token((), folded, True, _halves(folded))  # noqa: FBT003
    if not narrow and "," in folded:
        return None
    return _of_pieces(folded, pieces)


def _of_pieces(folded: str, pieces: list[str]) -> Token:
    parts = tuple(one for segment in _SEGMENTS.split(folded) for one in _segment(segment))
    whole = "".join(pieces)
    if "^" in folded:
        return Token(parts[:1], folded, exact=True)
    if len(whole) > _LONGEST or (whole.isdigit() and (len(whole) < LEAST or _RANGE.fullmatch(folded))):
        return Token(parts, exact=True)
    return Token(() if whole.isdigit() else parts, _plain(whole), exact=True)


def _number_or_version(folded: str) -> str:
    if folded.isdigit():
        return _plain(folded)
    if _NUMBER.fullmatch(folded) and (value := _value(folded)):
        return value
    version = None if _DATE.fullmatch(folded) else _VERSION.fullmatch(folded)
    return (version[1] or version[2]) if version else ""


def _segment(folded: str) -> tuple[str, ...]:
    if _NUMBER.fullmatch(folded) and (value := _value(folded)):
        return (value,)
    return tuple(one if _FIGURE.search(one) else stem(one) for one in _SPLIT.split(folded) if one)


def _with_fraction(written: str) -> Token:
    """12½: the number, and the fraction."""
    rest = fold(_FRACTION.sub("", written))
    fractions = [unicodedata.normalize("NFKD", one) for one in _FRACTION.findall(written)]
    return Token(tuple(one for one in (rest, *fractions) if one), exact=True)


def _halves(folded: str) -> tuple[str, ...]:
    """Letters and number of ``F16`` or ``10km``."""
    found = _ONE_CHANGE.fullmatch(folded)
    return tuple(stem(one) for one in found.groups() if one) if found else ()


def _humps(written: str) -> list[str]:
    found = _HUMPS.findall(written)
    return found if all(len(one) > 1 for one in found) else []


def _without_raised(written: str) -> str:
    return _IS_RAISED.sub(_small, written) if _IS_RAISED.search(written) else written


def _small(found: re.Match[str]) -> str:
    before = found.string[: found.start()]
    if before[-_NOTED:].isalpha() and len(before) >= _NOTED:
        return ""  # a note's mark
    return "" if before[-1:].isdigit() else "".join(_RAISED[char] for char in found.group())


def _raised(written: str) -> str:
    """The exponent of a number: 10⁶."""
    found = _IS_RAISED.search(written)
    if not found or not written[: found.start()].isdigit():
        return ""
    return "".join(_RAISED[char] for char in found.group())


def _value(folded: str) -> str:
    """The value of a number that has points or commas, as one term; "" where it is none."""
    from nrqa.text.numbers import read_number  # most questions have no number

    value = read_number(folded)
    if value is None:
        return ""
    return str(int(value)) if value.is_integer() and value < _EXACT else repr(value)


def _plain(figures: str) -> str:
    return figures if figures.isascii() else "".join(str(unicodedata.digit(char, char)) for char in figures)


def _pieces(word: str) -> tuple[str, ...]:
    """The pieces of three letters that a folded word of another script than the Latin one has; its ends count."""
    if word[0] < _OTHER_SCRIPTS:
        return ()
    word = f"_{word[:_LONGEST]}_"
    return tuple(f"~{word[at : at + _PIECE]}" for at in range(len(word) - _PIECE + 1))


_PIECE = 3
_OTHER_SCRIPTS = "\u0370"
"""The first letter after the Latin ones."""
_STEMMERS = (
    ("\u0370", "\u03ff", "greek"),
    ("\u0400", "\u04ff", "russian"),
    ("\u0600", "\u06ff", "arabic"),
    ("\u0900", "\u097f", "hindi"),
)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word, by the stemmer for its script."""
    script = next((name for first, last, name in _STEMMERS if first <= word[0] <= last), "english")
    if script == "english":
        word = without_umlauts(word)
    return _stemmer(script)(word) or word


@lru_cache(maxsize=len(_STEMMERS) + 1)
def _stemmer(language: str) -> Callable[[str], str]:
    from Stemmer import Stemmer

    made: Callable[[str], str] = Stemmer(language).stemWord
    return made
