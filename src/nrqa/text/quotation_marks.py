"""Where quotations begin and end in running text, by the quotation marks of European languages.

Apostrophes, feet and inches are distinguished from quotation marks. A quotation inside another belongs to the outer
one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nrqa.records import Span


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation between two marks: ``whole`` includes them, ``inner`` excludes them and the spaces beside them."""

    whole: Span
    inner: Span
    marks: str


def quoted_in(text: str) -> tuple[list[Quoted], list[int]]:
    """The outermost quotations in order, and the positions of opening marks that are never closed.

    Straight marks that are never closed are not included: they are apostrophes or inches.
    """
    found: list[Quoted] = []
    unclosed: list[int] = []
    furthest = {mark: max(text.rfind(one) for one in closings) for mark, closings in _CLOSINGS.items()}
    furthest |= {mark: max(_single_closings(text, mark), default=-1) for mark in _SINGLE}
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        mark, start = opening.group(), opening.start()
        at = opening.end()
        if not _opens(text, start, mark):
            continue
        end = _closing(text, start, mark) if start < furthest[mark] else None
        if end is None:
            if mark not in _STRAIGHT:
                unclosed.append(start)
            continue
        closing = _mark_before(text, end)
        first, last = start + len(mark), end - len(closing)
        inner = text[first:last]
        left = first + len(inner) - len(inner.lstrip())
        found.append(Quoted(Span(start, end), Span(left, max(left, first + len(inner.rstrip()))), f"{mark}{closing}"))
        at = end
    return found, unclosed


_CLOSINGS: Mapping[str, Sequence[str]] = {
    "“": '”"',  # English; “ closes in German
    "„": '“”"',  # German, Czech; Polish, Romanian, Dutch
    "”": "”",  # Swedish, Finnish
    "‟": "”",
    "«": "»",  # French, Spanish, Russian
    "»": "«»",  # German, Danish; Finnish
    "‹": "›",
    "›": "‹›",
    "‘": "’'",
    "‚": "‘’",
    "’": "’",  # Swedish
    "'": "'",
    '"': '"',
    "``": ("''",),  # TeX
    ",,": ("''", "“", "”", "‘‘", '"'),  # typewriters
}
_STRAIGHT = ("'", '"', "’", "‘", "‚", ",,", "``")
_SINGLE = "'’‘‚"
_OPENING = re.compile("``|,,|[“„”‟«»‹›‘‚’'\"]")
_BEFORE = re.compile(r"[\s(\[{<\-–—/:;,=“„«»‹›‘‚'\"¿¡.…]")
_NO_QUOTATION = re.compile(
    r"['’‘](?:\d0s\b|(?<!‘)\d0\b|tis\b|twas\b|em\b|til\b|cause\b|bout\b|n['’]|s\b)", re.IGNORECASE
)
"""Words that begin with an apostrophe: '90s, 'tis, 'em, rock 'n' roll."""


def _opens(text: str, at: int, mark: str) -> bool:
    after = text[at + len(mark) : at + len(mark) + 1]
    if not after:
        return False
    free = at == 0 or bool(_BEFORE.match(text[at - 1]))
    if mark in _SINGLE:
        return free and not after.isspace() and not _NO_QUOTATION.match(text, at)
    if mark in ("»", "”", "›"):
        # These are also closing marks: they open a quotation only before a word, and not after one.
        return free and not after.isspace()
    if mark in ("«", "‹"):
        return True
    return (free or mark != '"') and not after.isspace()


def _closing(text: str, start: int, mark: str) -> int | None:
    """Where the quotation that opens at ``start`` ends, its closing mark included; None where it does not end."""
    if mark in _SINGLE:
        return _single_closing(text, start, mark)
    if len(mark) > 1:
        places = [(place, len(one)) for one in _CLOSINGS[mark] if (place := text.find(one, start + len(mark))) >= 0]
        return sum(min(places)) if places else None
    closings, depth = _CLOSINGS[mark], 0
    at = start + len(mark)
    while at < len(text):
        char = text[at]
        if char == mark and mark not in closings:
            depth += 1  # the same mark again: a quotation inside
        elif char in closings and (char != '"' or _closes(text, at)):
            if not depth:
                return at + 1
            depth -= 1
        at += 1
    # A mark inside may have opened without ever being closed: then the first closing mark ends the quotation.
    return _first_closing(text, start, mark) if depth else None


def _first_closing(text: str, start: int, mark: str) -> int | None:
    places = [place for one in _CLOSINGS[mark] if (place := text.find(one, start + 1)) >= 0]
    return min(places) + 1 if places else None


def _closes(text: str, at: int) -> bool:
    """Whether a mark at that position can be a closing one: not after white space, and not before a letter or digit."""
    return not text[at - 1].isspace() and not text[at + 1 : at + 2].isalnum()


_POSSESSIVE = re.compile(r"s['’] [^\W\d_]")
_APOSTROPHE = re.compile(r"(?:\ds|\W['’‘]n)['’]")
"""Apostrophes that certainly close no quotation: the 1990s', rock 'n' roll."""
_SENTENCE_END = re.compile(r"[.!?…]\s+[^\W\da-z_]")


def _single_closing(text: str, start: int, mark: str) -> int | None:
    """The end of the quotation: after the first closing single mark that is not certainly an apostrophe.

    After "s" a mark is doubtful, since it may be an apostrophe. It ends the quotation only if no certain closing mark
    follows in the same sentence.
    """
    doubtful = None
    for at in _single_closings(text, mark, start + 2):
        if _APOSTROPHE.match(text, at - 2) or _APOSTROPHE.match(text, at - 3):
            continue
        if doubtful and _SENTENCE_END.search(text, doubtful, at):
            return doubtful
        if not _POSSESSIVE.match(text, at - 1):
            return at + 1
        doubtful = at + 1
    return doubtful


def _single_closings(text: str, mark: str, start: int = 1) -> Iterator[int]:
    return (at for at in range(start, len(text)) if text[at] in _CLOSINGS[mark] and _closes(text, at))


def _mark_before(text: str, end: int) -> str:
    return next((mark for mark in ("''", "‘‘") if text.endswith(mark, 0, end)), text[end - 1])
