"""Writes the parts of a formula on one line, as mathematicians type them: 10⁶, x_i, (a+b)/2, √(x+1), ∑_(i=1)^n i."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nrqa.text.raised_figures import above, below

_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_CLOSED = re.compile(r"[^\W_]+(?:[.,][0-9]+)*|\S")
"""What needs no brackets: a name, a number, a single sign."""
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\|[^|]*\|")
_NUMBER = re.compile("[0-9.,]+")
_UNSEEN = re.compile("[\u2061\u2063\u2064\u200b]")
_TIMES = "\u2062"


def in_row(parts: Iterable[str]) -> str:
    """Parts beside each other; a space stays between two that would become another word or number (sin x, 3 1/2)."""
    row: list[str] = []
    for part in parts:
        if part:
            row += [" ", part] if row and _would_join(row[-1], part) else [part]
    return "".join(row)


def said(written: str | None) -> str:
    """The characters of a name, number or sign, without those that are not seen."""
    return " ".join(_UNSEEN.sub("", written or "").replace(_TIMES, "").split())


def with_scripts(base: str, low: str = "", high: str = "") -> str:
    """A base with an index and an exponent."""
    base = base if not (low or high) or not base or _is_closed(base) else f"({base})"
    return base + _script("_", low, below(low)) + _script("^", high, above(high))


def fraction(upper: str, lower: str) -> str:
    """A fraction: 1/2, (a+b)/c."""
    return f"{_closed(upper)}/{_closed(lower)}"


def stacked(upper: str, lower: str) -> str:
    """Two things above each other without a line, as in a binomial coefficient."""
    return f"({upper} over {lower})"


def root(inner: str, degree: str = "") -> str:
    """A root: √2, ∛(x+1)."""
    high = above(degree)
    return f"{_ROOTS.get(degree, f'{high or degree}√')}{_closed(inner)}"


def fenced(opening: str, parts: Sequence[str], between: str, closing: str) -> str:
    """Parts in brackets."""
    return f"{opening}{between.join(parts)}{closing}"


def in_rows(rows: Iterable[Sequence[str]]) -> str:
    """A matrix, or formulas below each other: cells with commas between them, rows with semicolons."""
    return "; ".join(", ".join(row) for row in rows)


def marked(base: str, mark: str) -> str:
    """A base with an accent above it; a longer one in brackets with the sign after it."""
    if not mark:
        return base
    if "\u0300" <= mark <= "\u036f" or "\u20d0" <= mark <= "\u20ff":
        return base[:1] + mark + base[1:] if len(base) <= 1 else base
    return with_scripts(base, high=mark)


def _script(sign: str, written: str, known: str | None) -> str:
    if not written:
        return ""
    return known if known is not None else f"{sign}{_closed(written)}"


def _closed(written: str) -> str:
    return written if _is_closed(written) else f"({written})"


def _is_closed(written: str) -> bool:
    return bool(_CLOSED.fullmatch(written) or _BRACKETED.fullmatch(written))


def _would_join(before: str, after: str) -> bool:
    if before[-1].isdecimal() and after[0].isdecimal():
        # Programs may divide a number into several parts.
        return not (_NUMBER.fullmatch(before) and _NUMBER.fullmatch(after))
    if not (before[-1].isalpha() and after[0].isalpha()):
        return False
    return before[-2:-1].isalpha() or after[1:2].isalpha()
