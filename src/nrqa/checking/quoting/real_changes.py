"""The changes between a source's words and a quotation's that are none of typography."""

from __future__ import annotations

import re

from nrqa.checking.quoting.source import EDGE, Source
from nrqa.records import Span
from nrqa.text.typography import DOUBLE_QUOTES, fold
from nrqa.text.word_changes import Change, differing


def real_changes(source: Source, span: Span, written: str) -> tuple[Span, tuple[Change, ...]]:
    """The changes that turn the words of a span of the source into what is written, and the span with its outer signs.

    Other forms of the same sign, signs at the very ends that any quotation may have or lack, Markdown's marks, note
    references and the hyphens of line ends are no changes.
    """
    words = " ".join(written.split()).strip(_ENDS) or written
    whole = _with_signs(source, span, words)
    return whole, differing(source.readable(whole), words, alike=same_sign)


def same_sign(word: str) -> str:
    """A word or sign as it is compared: quotation marks, dashes, spaces and letters composed or not are the same."""
    return fold(word.strip()).text.replace('"', "'")


_ENDS = EDGE + DOUBLE_QUOTES + "‘’…。，、！？：；"
_LEADING = re.compile(r"[^\w\s]{1,8}")
_TRAILING = re.compile(r"[^\w\s]{1,8}$")


def _with_signs(source: Source, span: Span, words: str) -> Span:
    """The span with the signs right beside it that the quotation has, too: €, $, %, brackets."""
    start, end = span.start, span.end
    leading, trailing = _LEADING.match(words), _TRAILING.search(words)
    if leading:
        sign = leading.group()
        before = (
            start - len(source.text[max(0, start - 2) : start]) + len(source.text[max(0, start - 2) : start].rstrip())
        )
        if same_sign(source.text[max(0, before - len(sign)) : before]) == same_sign(sign):
            start = before - len(sign)
    if trailing:
        sign = trailing.group()
        behind = end + len(source.text[end : end + 2]) - len(source.text[end : end + 2].lstrip())
        if same_sign(source.text[behind : behind + len(sign)]) == same_sign(sign):
            end = behind + len(sign)
    return Span(start, end)
