"""Finds the quotation beside a citation in a text: in a block quote, or between quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from nrqa.citations.line import unescaped

_QUOTED_LINE = re.compile(r"[ \t]*>")
_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+")
# Characters that may be between a quotation and its citation.
_BEFORE = " \t\r\n([{—–-,;:*_~（［【〔，；："
_AFTER = " \t\r\n)]}*_）］】〕"
_CLOSING = {
    "”": "“",
    "“": "„",
    "‟": "“",
    '"': '"',
    "»": "«",
    "«": "»",
    "’": "‘",
    "‘": "‚",
    "›": "‹",
    "‹": "›",
    "」": "「",
    "』": "『",
}
_OPENING = {
    "“": "”‟",
    "„": "“”",
    '"': '"',
    "«": "»",
    "»": "«",
    "‘": "’",
    "‚": "‘’",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
}
_LONGEST = 20_000
"""Characters, at most, of a quotation."""
_NESTED = 12
_EMPHASIS = re.compile(r"(?<![\\*])\*{1,3}(?!\*)|(?<![\\_])_{1,3}(?!_)")
_SHORTEST = 12
"""Characters, at least, of a quotation: fewer between quotation marks are a name or a manner of speaking."""
_ATTRIBUTION = re.compile(r"[\s—–\-(\[{*_~]*\Z")


def quotations_beside(text: str, start: int, end: int) -> list[str]:
    """The possible quotations of the citation at ``text[start:end]``, the likeliest first."""
    found = [*_around(text, start, end)]
    stripped = [one.strip() for one in found]
    bare = [one[1:-1].strip() for one in stripped if one[:1] in _OPENING and one[-1:] in _OPENING[one[:1]]]
    written = [*stripped, *bare]
    # In Markdown a backslash may stand before any mark, and a writer may emphasise words of the source.
    every = [*written, *(unescaped(one) for one in written), *(unescaped(without_emphasis(one)) for one in written)]
    return [one for one in dict.fromkeys(every) if len(one) >= _SHORTEST]


def without_emphasis(text: str) -> str:
    """The text without the stars or underscores that stand around words in pairs, as Markdown has them."""
    opened: dict[str, re.Match[str]] = {}
    paired: list[re.Match[str]] = []
    for run in _EMPHASIS.finditer(text):
        before, after = text[max(0, run.start() - 1) : run.start()], text[run.end() : run.end() + 1]
        inside_word = run[0][0] == "_" and before.isalnum() and after.isalnum()
        if before.strip() and run[0] in opened and not inside_word:
            paired += [opened.pop(run[0]), run]
        elif after.strip() and not inside_word:
            opened[run[0]] = run
    kept, at = [], 0
    for run in sorted(paired, key=re.Match.start):
        kept.append(text[at : run.start()])
        at = run.end()
    return "".join([*kept, text[at:]])


def _around(text: str, start: int, end: int) -> Iterator[str]:
    first, last = _paragraph(text, start, end)
    if _QUOTED_LINE.match(text, first):
        yield from _within_block(text, first, last, start, end)
        return
    closed = first + len(text[first:start].rstrip(_BEFORE))
    if closed > first and text[closed - 1] in _CLOSING:
        # The nearest first; a quotation may hold another one in the same marks.
        opened = closed - 1
        for _ in range(_NESTED):
            opened = text.rfind(_CLOSING[text[closed - 1]], max(first, closed - _LONGEST), opened)
            if opened < 0:
                break
            yield text[opened + 1 : closed - 1]
    announced = text[end:last].lstrip(_AFTER).startswith((":", "—", "–")) or not text[end:last].strip(_AFTER)
    above, below = _block_above(text, first), _block_below(text, last)
    if announced and text[first:start].strip() and ":" in text[end:last]:
        yield from (one for one in (below, above) if one)
    else:
        yield from (one for one in (above, below) if one)
    rest = text[end:last]
    opened = end + len(rest) - len(rest.lstrip(_AFTER + ":—–-"))
    if opened < last and text[opened] in _OPENING:
        closings = [at for at in range(opened + 1, min(last, opened + _LONGEST)) if text[at] in _OPENING[text[opened]]]
        if closings:
            yield text[opened + 1 : min(closings)]
            yield text[opened + 1 : max(closings)]


def _within_block(text: str, first: int, last: int, start: int, end: int) -> Iterator[str]:
    """The quotation of a citation inside a block quote: all of the block before the citation, or else after it."""
    before = _unmarked(text[first:start])
    yield _ATTRIBUTION.sub("", before)
    yield _unmarked(text[end:last]).lstrip(_AFTER + ":")


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the paragraph around a citation begins and ends: at blank lines, or with its block quote."""
    paragraphs = _paragraphs(text)
    first = paragraphs[bisect_right(paragraphs, start, key=lambda one: one[0]) - 1][0]
    last = paragraphs[bisect_right(paragraphs, end - 1, key=lambda one: one[0]) - 1][1]
    return first, last


@lru_cache(maxsize=4)
def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Where each paragraph begins and ends; a block quote is a paragraph of its own, and so is each blank line."""
    # Cached for each text: a log may be one paragraph with thousands of places in it.
    found: list[tuple[int, int]] = []
    before = None
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        kind = bool(_QUOTED_LINE.match(line)) if line.strip() else None
        if kind is None or kind != before:
            found.append((at, end))
        else:
            found[-1] = (found[-1][0], end)
        before, at = kind, end + 1
    return found


def _block_above(text: str, first: int) -> str:
    """The block quote that ends right above a paragraph; blank lines between them do not count."""
    lines = text[max(0, first - _LONGEST) : first].rstrip().split("\n")
    kept: list[str] = []
    while lines and _QUOTED_LINE.match(lines[-1]):
        kept.append(lines.pop())
    return _unmarked("\n".join(reversed(kept)))


def _block_below(text: str, last: int) -> str:
    lines = text[last : last + _LONGEST].lstrip("\r\n \t").split("\n")
    kept: list[str] = []
    for line in lines:
        if not _QUOTED_LINE.match(line):
            break
        kept.append(line)
    return _unmarked("\n".join(kept))


def _unmarked(block: str) -> str:
    return "\n".join(_MARKS.sub("", line) for line in block.split("\n"))
