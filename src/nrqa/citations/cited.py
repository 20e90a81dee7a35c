"""What a citation says of its passage, however it was written down."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from nrqa.records import Span
from nrqa.text.typography import fold

DIGITS = 10
"""Hexadecimal digits of a fingerprint that are written: by chance, one stretch in 10^12 has the same."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it was read back: whatever its form does not say is empty, 0 or None.

    ``lines`` are first and last, from 1. ``digits`` are the first ones of the passage's fingerprint, ``length`` its
    length. ``exact`` is the passage's text as it was quoted, ``prefix`` and ``suffix`` what stood around it.
    ``sha256`` is of the source file. ``part`` is a quotation of a part of the passage.
    """

    document: str
    heading: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None
    span: Span | None = None
    sha256: str = ""
    digits: str = ""
    length: int = 0
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    part: str = ""


def fingerprint(text: str) -> tuple[str, int]:
    """What tells a passage from any other, whatever its typography: SHA-256 and length of its folded text.

    Anybody can check it: the hash is of the UTF-8 of the text with straight quotation marks, hyphens for dashes and
    single spaces, none beside Chinese and Japanese characters (``typography.fold``). The length (in code points) is
    what makes it possible to find the passage where it was moved to.
    """
    folded = fold(text.strip()).text
    return hash_of(folded), len(folded)


def agreeing(folded: str, stretches: Iterable[tuple[int, int]], digits: str) -> list[tuple[int, int]]:
    """The stretches of a folded text whose fingerprint begins with these digits."""
    # Whole bytes first: there are a hundred thousand stretches in a megabyte of text.
    whole = bytes.fromhex(digits[: len(digits) // 2 * 2])
    alike = [
        (start, end)
        for start, end in stretches
        if hashlib.sha256(folded[start:end].encode("utf-8", "surrogatepass")).digest().startswith(whole)
    ]
    return [(start, end) for start, end in alike if hash_of(folded[start:end]).startswith(digits)]


def folded_words(cited: Cited) -> str:
    """The words that the citation quotes, all of the passage's or a part of them, folded."""
    return _folded((cited.exact or cited.part).strip())


def hash_of(folded: str) -> str:
    """SHA-256, in hexadecimal, of a text that is folded already."""
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=10_000)
def _folded(text: str) -> str:
    # They are looked for in one document after the other.
    return fold(text).text
