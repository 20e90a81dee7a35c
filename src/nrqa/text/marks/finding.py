"""Finds the marks of a text.

Whoever quotes the text leaves them out, and quotes it word for word all the same. What could be a part of the words is
no mark: 10⁶, m², H2O, a year, "chapter 3", perceive[d]. The time grows with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from nrqa.records import Span
from nrqa.text.marks.bracketed import bracketed_marks
from nrqa.text.marks.counted import counted_marks
from nrqa.text.marks.raised import raised_marks
from nrqa.text.marks.signs import sign_marks

# A raised reference in Markdown: <sup>1</sup>, <sup>[1](#fn1)</sup>, or Pandoc's ^1^.
_TAGGED = re.compile(
    r"(?:(?<=[^\W\d_]{2})|(?<=[.,;:!?”’)\]\"']))(?:<sup\b[^<>]{0,200}>(?:<a\b[^<>]{0,300}>)?\[?[\d,; *†‡–a-z-]{1,12}\]?"
    r"(?:\([^()\s]{0,200}\))?(?:</a>)?</sup>|\^\d{1,3}\^)"
)


def marks_in(text: str, *, markup: bool = False) -> list[Span]:
    """The marks of a text in order, none overlapping another; ``markup`` says that it is Markdown."""
    tagged = (Span(*one.span()) for one in _TAGGED.finditer(text)) if markup else ()
    signs = sign_marks(text, markup=markup)
    found = chain(raised_marks(text), bracketed_marks(text), signs, counted_marks(text), tagged)
    return list(_apart(sorted(found, key=lambda one: (one.start, -one.end))))


def _apart(marks: Iterable[Span]) -> Iterator[Span]:
    end = 0
    for one in marks:
        if one.start >= end:
            yield one
            end = one.end
