"""Whether a text nearly has a word: with a slip of the keyboard, or with another ending."""

from __future__ import annotations

import re
from functools import lru_cache

from nrqa.text.letters import fold

_LEAST = 5
"""Letters, at least: shorter words are one slip away from too many others."""
_STEM = 0.7
"""The share of its letters that a word of the text must begin with (Russian, Russia; Regelungen, Regelung)."""
_WORD = re.compile(r"[^\W\d_]{3,}")


def nearly_has(text: str, word: str) -> bool:
    """Whether the text has a word that begins like this one, or differs from it in one letter or two swapped ones."""
    folded = fold(word)
    if len(folded) < _LEAST or not folded.isalpha():
        return False
    stem = folded[: round(_STEM * len(folded) + 0.5)]
    return any(one.startswith(stem) or _is_slip(folded, one) for one in _words(text))


@lru_cache(maxsize=1)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text)))


def _is_slip(one: str, other: str) -> bool:
    """Whether one letter was left out, put in, put in place of another, or swapped with the next; not the first."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    if longer[0] != shorter[0] or len(longer) - len(shorter) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    if len(longer) > len(shorter):
        return longer[at + 1 :] == shorter[at:]
    swapped = longer[at : at + 2] == shorter[at : at + 2][::-1] and longer[at + 2 :] == shorter[at + 2 :]
    return swapped or longer[at + 1 :] == shorter[at + 1 :]
