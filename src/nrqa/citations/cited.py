"""What a citation says about its passage, in whatever form it was written down."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from nrqa.records import Locator, Span
from nrqa.text.fingerprints import fingerprint, hash_of
from nrqa.text.typography import fold

__all__ = ["DIGITS", "Cited", "agreeing", "fingerprint", "folded_words", "hash_of"]

DIGITS = 10
"""Hexadecimal digits of a fingerprint that are written: by chance, one stretch in 10^12 has the same."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it was read back; what its form does not say is empty, 0 or None.

    ``lines`` are the first and the last line, from 1. ``places`` are what a format without lines counts; one of kind
    "page" may be a printed number or one of the file. ``digits`` are the first digits of the passage's fingerprint,
    ``length`` is its length. ``exact`` is the passage's text as it was quoted, ``prefix`` and ``suffix`` are the text
    around it. ``sha256`` is that of the source file. ``part`` is a quotation of a part of the passage.
    ``addresses`` are the URLs of the document, where it was cited by its address.
    """

    document: str
    heading: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None
    places: tuple[Locator, ...] = ()
    span: Span | None = None
    sha256: str = ""
    digits: str = ""
    length: int = 0
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    part: str = ""
    addresses: tuple[str, ...] = ()


def agreeing(folded: str, stretches: Iterable[tuple[int, int]], digits: str) -> list[tuple[int, int]]:
    """The stretches of a folded text whose fingerprint begins with these digits."""
    # Whole bytes are compared first, for speed: a megabyte of text has a hundred thousand stretches.
    whole = bytes.fromhex(digits[: len(digits) // 2 * 2])
    alike = [
        (start, end)
        for start, end in stretches
        if hashlib.sha256(folded[start:end].encode("utf-8", "surrogatepass")).digest().startswith(whole)
    ]
    return [(start, end) for start, end in alike if hash_of(folded[start:end]).startswith(digits)]


def folded_words(cited: Cited) -> str:
    """The words that the citation quotes, folded: all words of the passage, or a part of them."""
    return _folded((cited.exact or cited.part).strip())


@lru_cache(maxsize=10_000)
def _folded(text: str) -> str:
    # Cached, since the same words are looked for in one document after the other.
    return fold(text).text
