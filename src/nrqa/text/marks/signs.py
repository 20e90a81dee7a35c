"""Marks that are signs: † and * behind a word, star pages (*123), pilcrows, numbers of pages at a page's end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nrqa.records import Span

_DAGGER = re.compile(r"(?<=[\w.,;:!?…”’»›)\]%\"'])[†‡]{1,3}")
_STAR = re.compile(
    r"(?:(?<=[^\W\d_]{2})|(?<=[^\W\d_][.,;:!?”’)\]\"'])|(?<=[.,!?][”’)\"']))\*{1,3}(?=[\s.,;:!?)”’\"]|\Z)"
)
_STAR_PAGE = re.compile(r"(?<![^\s(“\"‘'])(?<!\d )(?<!\d)\*{1,4}\d{1,5}(?=[\s.,;:)]|\Z)")
_CLOSED = re.compile(r"[^*\n\r]{0,200}[^\s*]\*")
"""A star behind a word, after what seems a star page in Markdown: the two are marks of emphasis."""
_OPENED = re.compile(r"(?:^|[\s(“\"'])\*{1,3}[^\s*][^*\n\r]*\Z")
"""A star before a word, before what seems a note: emphasis as well."""
_FAR = 200
_PILCROW = re.compile(r"(?:(?<=\n)|(?<=\r)|\A)[ \t]*¶+[ \t]?\d{0,4}\.?(?![\w])|¶(?!\s?\d)")
_FORM_FEED = re.compile(r"(?<=[\n\r])[ \t]*(?:[-–—] ?)?\d{1,4}(?: ?[-–—])?[ \t]*[\r\n]*(?=\f)")
_PAGE_LINE = re.compile(r"(?<=[\n\r])[ \t]*(?:[-–—] ?\d{1,4} ?[-–—])[ \t]*(?=[\r\n])")


def sign_marks(text: str, *, markup: bool = False) -> Iterator[Span]:
    """The signs of a text that are marks, in no order; ``markup`` says that it is Markdown."""
    for pattern in dict.fromkeys(pattern for sign, pattern in _BY_SIGN if sign in text):
        for found in pattern.finditer(text):
            start, end = found.span()
            if pattern is _STAR and (markup or _OPENED.search(text[max(0, start - _FAR) : start])):
                continue
            if pattern is _STAR_PAGE and markup and _CLOSED.match(text, end):
                continue
            yield Span(start, end)


_BY_SIGN = (
    ("†", _DAGGER),
    ("‡", _DAGGER),
    ("*", _STAR),
    ("*", _STAR_PAGE),
    ("¶", _PILCROW),
    ("\f", _FORM_FEED),
    ("\n-", _PAGE_LINE),
    ("\n–", _PAGE_LINE),
    ("\n—", _PAGE_LINE),
)
