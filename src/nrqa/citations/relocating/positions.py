"""Positions as other tools count them: in units of UTF-16, without carriage returns, or in a text of their own."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace

from nrqa.citations.cited import Cited, folded_words
from nrqa.citations.relocating.source import Source
from nrqa.corpus.readers.kinds import has_lines
from nrqa.records import Span
from nrqa.text.typography import fold


def placed(cited: Cited, source: Source) -> Cited:
    """The citation with its position in code points of the document's text.

    JavaScript counts an emoji as two, and browsers a line end as one. Tools that annotate a web page or a PDF count in
    a text of their own: their position says nothing, unless the words stand there.
    """
    own = bool(cited.sha256 or cited.lines or cited.places)  # an annotation that nrqa made says more than a position
    if not cited.span or not cited.exact or own:
        return cited
    words = folded_words(cited)
    text = source.document.text
    for count in _ways_to_count(text):
        span = Span(count(cited.span.start), count(cited.span.end))
        if fold(text[span.start : span.end].strip()).text == words:
            return replace(cited, span=span)
    return cited if has_lines(source.document.name) else replace(cited, span=None)


def _ways_to_count(text: str) -> Iterator[Callable[[int], int]]:
    """Functions that turn a position into one in code points of the text."""
    ends = [found.start() for found in re.finditer("\r\n", text)]
    # Where each line end stands if those before it count as one character.
    single = [at - number for number, at in enumerate(ends)]
    for flat in dict.fromkeys((text, text.replace("\r\n", "\n"))):
        passed = single if flat is not text else []
        yield lambda at, passed=passed: at + bisect_left(passed, at)  # type: ignore[misc]
        if not flat.isascii() and max(flat) > "\uffff":
            units = flat.encode("utf-16-le", "surrogatepass")

            def of_units(at: int, units: bytes = units, passed: list[int] = passed) -> int:
                characters = len(units[: 2 * at].decode("utf-16-le", "ignore"))
                return characters + bisect_left(passed, characters)

            yield of_units
