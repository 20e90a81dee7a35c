"""Finds the places of a document that have the cited words: by the quotation, or else by the fingerprint."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from nrqa.citations.cited import Cited, agreeing, folded_words
from nrqa.citations.relocating.loosely import loosely
from nrqa.citations.relocating.source import Source
from nrqa.corpus.passages.locators import beginning_in
from nrqa.records import Citation, Passage, Span
from nrqa.text.typography import LETTER, fold

_SURE = 1e-4
"""Chance, at most, that one of the tried stretches agrees with the fingerprint although it does not have the words."""
_IN_A_LINE = 300
"""Stretches that begin on one line: on the cited line, a short fingerprint proves more than elsewhere in the corpus."""
_MOST_SENTENCES = 30
"""Sentences, at most, of a passage whose length is not known."""
_HEX = 16
BOTH = 2
"""The context of a stretch that has both the cited prefix before it and the cited suffix after it."""
# A stretch that ends inside a word or number has other words than it seems: "force" of "forces", "1.5" of "1.54".
_JOINT = "['’\\-\\u2010\\u2011]"
_GOES_ON = re.compile(
    rf"{LETTER}\0{LETTER}|{LETTER}\0{_JOINT}{LETTER}|{LETTER}{_JOINT}\0{LETTER}|\d\0[.,]\d|\d[.,]\0\d|[-−]\0\d"
)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A stretch that has the cited words, and how well it fits the rest of the citation.

    ``context`` is how many of prefix and suffix are around it (0 to ``BOTH``). ``doubtful``: so many stretches were
    tried that this one may agree with a short fingerprint by chance. ``marks`` are the note references and the like
    that the source has among the cited words.
    """

    passage: Passage
    context: int = 0
    doubtful: bool = False
    marks: tuple[Span, ...] = ()


def occurrences_of(cited: Cited, source: Source) -> list[Occurrence]:
    """Where a document has the cited words, in order.

    For a citation with neither quotation nor fingerprint this is known only if the whole file is as it was.
    """
    if cited.exact:
        return list(_quoted(cited, source)) or list(_quoted_loosely(cited, source))
    if cited.digits:
        return list(_fingerprinted(cited, source))
    if cited.sha256 and cited.sha256 == source.document.sha256:
        span = cited.span or (source.line(*cited.lines) if cited.lines else None)
        return [Occurrence(source.passage(span))] if span and span.end <= len(source.document.text) else []
    return []


def stands_there(cited: Cited, now: Citation) -> bool:
    """Whether a place is the cited one: in the same document, and it begins on the line, page or paragraph cited."""
    if now.document != cited.document:
        return False
    if not cited.span and not cited.lines and not cited.places:
        return True
    if cited.span and (cited.sha256 == now.sha256 or not (cited.lines or cited.places)):
        return now.start == cited.span.start
    if cited.places:
        return beginning_in(now.locators, cited.places)
    return cited.lines is not None and now.line_start == cited.lines[0]


def context_of(cited: Cited, text: str, span: Span) -> int:
    """How many of prefix and suffix stand around a stretch of a text, 0 to ``BOTH``."""
    prefix, suffix = _bare(cited.prefix), _bare(cited.suffix)
    before = _bare(text[max(0, span.start - 2 * len(cited.prefix)) : span.start])
    after = _bare(text[span.end : span.end + 2 * len(cited.suffix)])
    return (bool(prefix) and before.endswith(prefix)) + (bool(suffix) and after.startswith(suffix))


def _quoted(cited: Cited, source: Source) -> Iterator[Occurrence]:
    words, text = folded_words(cited), source.folded.text
    at = text.find(words) if words else -1
    while at >= 0:
        span = source.folded.original(at, at + len(words))
        if _is_whole(cited, source.document.text, span):
            yield Occurrence(source.passage(span), context_of(cited, source.document.text, span))
        at = text.find(words, at + 1)


def _quoted_loosely(cited: Cited, source: Source) -> Iterator[Occurrence]:
    for span in dict.fromkeys(span for hay in source.bare for span in loosely(cited.exact, source.page, hay)):
        if _is_whole(cited, source.document.text, span):
            context = context_of(cited, source.document.text, span)
            yield Occurrence(source.passage(span), context, marks=tuple(source.page.marks_in(span)))


def _fingerprinted(cited: Cited, source: Source) -> Iterator[Occurrence]:
    tried = _of_length(cited.length, source) if cited.length else _of_sentences(source)
    found = agreeing(source.folded.text, tried, cited.digits)
    for span in dict.fromkeys(source.folded.original(start, end) for start, end in found):
        if not _is_whole(cited, source.document.text, span):
            continue
        passage = source.passage(span)
        chances = min(len(tried), _IN_A_LINE) if stands_there(cited, passage.citation) else len(tried)
        yield Occurrence(passage, doubtful=chances / _HEX ** len(cited.digits) > _SURE)


def _of_length(length: int, source: Source) -> list[tuple[int, int]]:
    """Every stretch of whole words that has the length of the passage."""
    ends, firsts = source.ends, source.firsts
    fitting = firsts[: bisect_right(firsts, len(source.folded.text) - length)]
    return [(start, start + length) for start in fitting if ends[start + length]]


def _of_sentences(source: Source) -> list[tuple[int, int]]:
    """Every run of sentences."""
    sentences = source.sentences
    return [(start, end) for at, (start, _) in enumerate(sentences) for _, end in sentences[at : at + _MOST_SENTENCES]]


def _is_whole(cited: Cited, text: str, span: Span) -> bool:
    """Whether the stretch begins and ends between words; or was already cited with a word cut at that end."""
    words = text[span.start : span.end]
    after, before = text[span.end : span.end + 2], text[max(0, span.start - 2) : span.start]
    ends = not _are_parted(words[-2:], after) or _are_parted(words[-2:], cited.suffix[:2])
    return ends and (not _are_parted(before, words[:2]) or _are_parted(cited.prefix[-2:], words[:2]))


def _are_parted(before: str, after: str) -> bool:
    """Whether a word or a number continues from the end of ``before`` into ``after``."""
    return bool(_GOES_ON.search(f"{before}\0{after}"))


def _bare(text: str) -> str:
    """The folded text without white space: the text around a passage may be wrapped differently by now."""
    return "".join(fold(text).text.split())
