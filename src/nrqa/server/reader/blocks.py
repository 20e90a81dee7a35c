"""The blocks of a document's text: what empty lines divide, laid out by what the passages and headings say of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from nrqa.index.rows import Stored
from nrqa.records import Flag, Span, cited_places, written_places
from nrqa.server.reader.marking import pieces
from nrqa.server.reader.model import Block, Heading, Kind, Pieces

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_VALUE = re.compile(r"(?P<name>[^:\n]{1,80}): ")
_ITEM = re.compile(r"\s*(?:[-*+•–·]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_SIGNS = re.compile(r"[\s#=*_~`^\"'.+-]+")
_RULER = re.compile(r"\|[\s|:-]+\|?\s*")
_WRAPPED = 50
"""A line of running text that was wrapped is at least so long, but for the last one of its block."""
_DATA = ("row", "cell")
"""Kinds of places that a table of data counts: its rows are shown as named values."""


def blocks_of(
    text: str,
    passages: Sequence[Stored],
    *,
    marks: Sequence[Span] = (),
    answers: Sequence[Span] = (),
    flags: Sequence[Flag] = (),
    window: Span | None = None,
) -> list[Block]:
    """The blocks of a document that begin within ``window`` (its whole text where there is none), in order."""
    starts = [one.passage.citation.start for one in passages]
    reach = window or Span(0, len(text))
    edges = [at for one in passages for at in (one.passage.citation.start, one.passage.citation.end)]
    shown: list[Block] = []
    label = ""
    for start, end in _divided(text, reach, edges):
        at = bisect_right(starts, start) - 1
        inside = passages[at] if at >= 0 and start < passages[at].passage.citation.end else None
        following = passages[at + 1] if at + 1 < len(passages) else None
        if inside is None and following is not None and following.passage.citation.start < end:
            inside = following
        own = _label(inside) if inside else label
        level = 0 if inside else _level(text[start:end], following)
        kind = _kind(text, start, end, inside, level)
        shown.append(
            Block(
                kind=kind,
                start=start,
                end=end,
                cells=tuple(_cells(text, start, end, kind, marks, answers)),
                level=level,
                label=own if own != label else "",
                searched=inside is not None or level > 0,
                warnings=tuple(_warning(one) for one in flags if start <= one.start < end + 1),
            )
        )
        label = own
    return shown


def outline_of(passages: Sequence[Stored]) -> list[Heading]:
    """The headings of a document as the headings of its passages tell them, each where its first passage begins."""
    found: list[Heading] = []
    before: tuple[str, ...] = ()
    for one in passages:
        path = one.passage.citation.heading
        same = 0
        while same < min(len(path), len(before)) and path[same] == before[same]:
            same += 1
        found += [Heading(level + 1, path[level], one.passage.citation.start) for level in range(same, len(path))]
        before = path
    return found


def _divided(text: str, reach: Span, edges: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where the blocks within a stretch begin and end, without the line end behind them.

    Empty lines divide them, and so do lines at which a passage begins, or the text after one: many texts have no empty
    lines between paragraphs. What is in no passage is divided at every line, since headings stand there.
    """
    begin, end, at, region = -1, -1, reach.start, 0
    while at < len(text):
        found = _LINE.match(text, at)
        assert found is not None
        line = found.group()
        if line.strip():
            own = bisect_right(edges, at + len(line) - len(line.lstrip()))
            outside = own % 2 == 0 and any(map(str.isalnum, line))
            if begin >= 0 and (own != region or outside):
                yield begin, end
                begin = -1
            if begin < 0:
                if at >= reach.end:
                    return
                begin, region = at, own
            end = at + len(line.rstrip())
        elif begin >= 0:
            yield begin, end
            begin = -1
        at = found.end()
    if begin >= 0:
        yield begin, end


def _label(inside: Stored) -> str:
    return written_places(cited_places(inside.passage.citation.locators))


def _level(written: str, following: Stored | None) -> int:
    """The level of a block that stands before a passage and is one of its headings; 0 where it is none."""
    if following is None:
        return 0
    words = _SIGNS.sub(" ", written).strip().casefold()
    for level, one in enumerate(following.passage.citation.heading, 1):
        if words == _SIGNS.sub(" ", one).strip().casefold():
            return level
    return 0


def _kind(text: str, start: int, end: int, inside: Stored | None, level: int) -> Kind:
    if level:
        return "heading"
    lines = [line for line in text[start:end].splitlines() if line.strip()]
    if inside and any(one.kind in _DATA for one in inside.passage.citation.locators):
        return "record"
    if all("\t" in line for line in lines) or (len(lines) > 1 and all(line.startswith("|") for line in lines)):
        return "table"
    if lines[0].lstrip().startswith(("```", "~~~")):
        return "code"
    wrapped = all(len(line) >= _WRAPPED for line in lines[:-1])
    return "text" if wrapped and not any(map(_ITEM.match, lines)) else "lines"


def _cells(
    text: str, start: int, end: int, kind: Kind, marks: Sequence[Span], answers: Sequence[Span]
) -> Iterator[tuple[Pieces, ...]]:
    if kind not in ("table", "record"):
        yield (pieces(text, start, end, marks, answers),)
        return
    for first, last in _lines(text, start, end):
        if kind == "record":
            spans = _named_value(text, first, last)
        elif text[first] == "|":
            if _RULER.fullmatch(text, first, last):
                continue
            spans = _between(text, first, last, "|")
        else:
            spans = _between(text, first, last, "\t")
        yield tuple(pieces(text, one.start, one.end, marks, answers) for one in spans)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        found = _LINE.match(text, at, end)
        assert found is not None
        if found.group().strip():
            yield at, at + len(found.group().rstrip("\r\n"))
        at = max(found.end(), at + 1)


def _named_value(text: str, first: int, last: int) -> list[Span]:
    """The name and the value on a line; a line without a name goes on with the value before it."""
    found = _VALUE.match(text, first, last)
    return [Span(first, found.end() - 2), Span(found.end(), last)] if found else [Span(first, first), Span(first, last)]


def _between(text: str, first: int, last: int, sign: str) -> list[Span]:
    """The cells of a line, between its signs; a sign at its very beginning or end divides nothing where it is a |."""
    if sign == "|":
        first, last = first + 1, last - 1 if text[last - 1] == "|" and last - 1 > first else last
    found, at = [], first
    while (next_at := text.find(sign, at, last)) >= 0:
        if sign == "|" and text[next_at - 1] == "\\":
            following = text.find(sign, next_at + 1, last)
            if following < 0:
                break
            next_at = following
        found.append(Span(at, next_at))
        at = next_at + 1
    return [*found, Span(at, last)]


def _warning(flag: Flag) -> str:
    return f"{flag.kind}: {flag.detail}" if flag.detail else flag.kind
