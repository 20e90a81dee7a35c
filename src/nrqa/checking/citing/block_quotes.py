"""What a block quote cites: in its last line or first, at its end, or in the paragraph after it or before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nrqa.checking.citing.finding import BRACKETED, NARROW_BRACKETS, blanked
from nrqa.checking.citing.meaning import Cited, Meant, Standing
from nrqa.checking.citing.names import Names
from nrqa.checking.prose import Prose
from nrqa.records import Span
from nrqa.text.written_words import word_count


@dataclass(frozen=True, slots=True)
class Body:
    """A paragraph of a block quote: the stretch of its text that is quoted."""

    prose: Prose
    span: Span


Read = Callable[[Prose], Sequence[Standing]]
"""Finds the citations of a paragraph."""


def read_block_quote(
    group: Sequence[Prose], read: Read, names: Names, draft: str
) -> tuple[list[Body], tuple[Cited, ...]]:
    """The quoted paragraphs, and the citations in the block quote itself, which all of them carry."""
    bodies: list[Body] = []
    citations: list[Cited] = []
    for prose in group:
        if prose.kind == "source":
            citations += _named_source(prose, read, names)
            continue
        source = source_line(prose, read, names) if bodies or prose is not group[-1] else None
        if source is not None:
            citations += source
            continue
        end, cited = _at_end(prose, read, names, draft)
        citations += cited
        first = len(prose.text) - len(prose.text.lstrip())
        bodies.append(Body(prose, Span(first, max(first, end))))
    return bodies, tuple(citations)


def _named_source(prose: Prose, read: Read, names: Names) -> Sequence[Cited]:
    """What the line cites that is there to name the source; something outside the corpus where it names nothing."""
    cited = [one.cited for one in read(prose) if not one.remark]
    place = prose.original(0, len(prose.text))
    return cited or [Cited(place, prose.text, one) for one in names.meanings(prose.text) or (Meant(()),)]


def source_line(prose: Prose, read: Read, names: Names) -> tuple[Cited, ...] | None:
    """What a line cites that names the source of the quotation beside it, like "— Title, page 3"; None if it does not.

    Such a line is short and begins with a dash or a word like "Source:", or there is nothing in it but citations.
    """
    text = prose.text
    if not text.strip() or len(text) > _LONGEST:
        return None
    standing = [one for one in read(prose) if not one.remark]
    cited = tuple(one.cited for one in standing)
    begin = _BEGIN.match(text)
    if begin and (cited or word_count(text) <= _MOST_WORDS):
        place = prose.original(0, len(text))
        return cited or tuple(Cited(place, text, one) for one in names.meanings(text[begin.end() :]))
    rest = blanked(text, _apart([Span(one.start, one.end) for one in standing]))
    return cited if cited and not _WORD.search(rest) else None


def first_cited(prose: Prose, read: Read, names: Names) -> tuple[Cited, ...]:
    """What a paragraph cites at its very beginning, if it is a source line or begins with brackets."""
    source = source_line(prose, read, names)
    begin = BRACKETED.match(prose.text.translate(NARROW_BRACKETS))
    if source is not None or not begin:
        return source or ()
    return tuple(one.cited for one in read(prose) if one.end <= begin.end())


_LONGEST = 600
"""Characters, at most, of a line that only names a source."""
_MOST_WORDS = 20
_BEGIN = re.compile(
    r"\s*(?:[-–—―]{1,3}\s*(?=\S)|(?:source|from|quelle|aus|fuente|fonte|źródło|источник|bron)\s*:\s*)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_TAIL = re.compile(r"[\s–—-]*(?P<bracket>[(\[][^()\[\]]{2,300}[)\]])[.。．\s]*$")
_DASH = re.compile(r"(?<=\S)\s+(?P<dash>[-–—―]{1,3})\s*(?=[^\W\d_a-zß-öø-ÿ]|[*_\[(]|\w+\.\w)")
_LONGEST_TAIL = 400


def _at_end(prose: Prose, read: Read, names: Names, draft: str) -> tuple[int, list[Cited]]:
    """Where the quoted words of a paragraph end, and the citations behind them."""
    text = prose.text.rstrip()
    standing = read(prose)
    last = _last_line(prose, draft)
    if last is not None:
        cited = [one.cited for one in standing if one.start >= last and not one.remark]
        place = prose.original(last, len(text))
        named = names.meanings(text[last:].lstrip("-–—― "))
        return len(text[:last].rstrip()), cited or [Cited(place, text[last:], one) for one in named]
    tail = _TAIL.search(text.translate(NARROW_BRACKETS), max(0, len(text) - _LONGEST_TAIL))
    if tail:
        bracketed = [one.cited for one in standing if one.shape == "bracket" and one.end == tail.end("bracket")]
        if bracketed:
            return len(text[: tail.start()].rstrip()), bracketed
    return len(text), [one.cited for one in standing if one.end >= len(text)]


def _last_line(prose: Prose, draft: str) -> int | None:
    """Where the last line of a paragraph begins, if it is a line like "— Title, page 3" under others."""
    text = prose.text.rstrip()
    for dash in _DASH.finditer(text, max(0, len(text) - _LONGEST_TAIL)):
        at = dash.start("dash")
        line = draft[draft.rfind("\n", 0, prose.starts[at]) + 1 : prose.starts[at]]
        if not line.strip("> \t") and word_count(text[at:]) <= _MOST_WORDS and "\n" not in _lines(prose, draft, at):
            return at
    return None


def _lines(prose: Prose, draft: str, at: int) -> str:
    """What the draft has from there to the end of the paragraph."""
    return draft[prose.starts[at] : prose.ends[len(prose.text.rstrip()) - 1]]


def _apart(spans: Sequence[Span]) -> list[Span]:
    """The spans that do not overlap one before them."""
    found: list[Span] = []
    for one in sorted(spans, key=lambda span: span.start):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found
