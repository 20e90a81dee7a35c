"""The structure of Markdown, by markdown-it-py (CommonMark with tables), as positions in the file's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.boilerplate import is_boilerplate, is_notice
from nrqa.corpus.readers.shared.heading_lines import is_usual
from nrqa.corpus.readers.shared.metadata import front_matter
from nrqa.corpus.readers.shared.outline import Outline, Section, blocks_of, introduced
from nrqa.records import Span
from nrqa.text.decoding import decode
from nrqa.text.lines import line_starts, narrowed

if TYPE_CHECKING:
    from markdown_it.token import Token

_MOST_HEADING = 200
"""A longer heading is a paragraph that someone underlined by accident (a rule right below it)."""
_STRONG_LINE = re.compile(r"(\*\*|__)(?P<words>[^*_\n]{2,100})\1")
_PSEUDO_LEVEL = 7
_EDGE = 4
_ITEM_TOKENS = ("list_item_open", "tr_open")


def read(_: str, data: bytes) -> Reading:
    """Reads a Markdown file."""
    text, encoding = decode(data)
    return Reading(text, read_markdown(text), encoding)


def read_markdown(text: str) -> Outline:
    """The outline of a Markdown text; its blocks are spans of exactly this text, markup included."""
    metadata, offset = front_matter(text)
    found = sections_of(text, offset)
    notices = _notices(found, text)
    # What looks like a leftover of a web page is the text where nothing else is.
    sections = [one for one in found if not _is_left_out(one, text, notices)] or [
        one for one in found if _has_letters(one, text)
    ]
    if not sections and offset:
        sections = _of_front_matter(text, offset)
    title = None
    levels = [one.level for one in sections if one.level]
    # The heading at the top is the title if no other heading has the same or a higher level.
    alone = bool(levels) and levels[0] == min(levels) and levels.count(levels[0]) == 1
    if len(sections) > 1 and sections[0].level and alone and not is_usual(sections[0].title):
        title, sections = sections[0].title, sections[1:]
    return Outline(
        title=title or None,
        metadata=metadata,
        notices=tuple(notices),
        blocks=blocks_of(list(introduced(list(_with_strong_headings(sections, text)), text)), markup=True),
    )


def sections_of(text: str, offset: int = 0) -> list[Section]:
    """The headings and blocks of a text from this position on, in order."""
    from markdown_it import MarkdownIt

    # Parse blocks only: inline markup matters only in headings, and for some texts the time to parse it grows with the
    # square of their length.
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    references: dict[str, Any] = {}
    starts = line_starts(text)
    # Blank lines replace the front matter, so that the parser's line numbers stay correct.
    body = "\n" * sum(start <= offset for start in starts[1:]) + text[offset:] if offset else text
    places = _Places(text, starts)
    return list(_sections(parser.parse(body, references), references, places))


class _Places:
    """Turns the parser's line ranges into spans of the text."""

    def __init__(self, text: str, starts: list[int]) -> None:
        self._text = text
        self._starts = [*starts, len(text)]

    def span(self, lines: Sequence[int]) -> Span:
        last = min(lines[1], len(self._starts) - 1)
        line = narrowed(self._text, self._starts[lines[0]], self._starts[last])
        return Span(line.start, line.end)

    def line_spans(self, lines: Sequence[int]) -> Iterator[Span]:
        for line in range(lines[0], lines[1]):
            span = self.span((line, line + 1))
            if span.end > span.start:
                yield span


def _sections(tokens: list[Token], references: MutableMapping[str, Any], places: _Places) -> Iterator[Section]:
    for at, token in enumerate(tokens):
        if token.level or token.map is None or token.nesting < 0 or token.type in ("inline", "hr"):
            continue
        span = places.span(token.map)
        if span.end == span.start:
            continue
        if token.type == "heading_open":
            words = _words(tokens[at + 1].content, references)
            yield Section(span, int(token.tag[1:]) if words else 0, title=words)
        elif token.type in ("fence", "code_block"):
            yield Section(span, 0, items=tuple(places.line_spans(token.map)))
        else:
            yield Section(span, 0, items=_items(tokens, at, places))


def _items(tokens: list[Token], at: int, places: _Places) -> tuple[Span, ...]:
    """The list items or table rows directly inside the block that opens at ``at``."""
    spans: list[Span] = []
    for number in range(at + 1, len(tokens)):
        token = tokens[number]
        if token.level <= tokens[at].level:
            break
        if token.type in _ITEM_TOKENS and token.level <= tokens[at].level + 2 and token.map:
            span = places.span(token.map)
            if not spans or span.start >= spans[-1].end:
                spans.append(span)
    return tuple(spans)


def _words(inline: str, references: MutableMapping[str, Any]) -> str:
    """The words of a heading without its markup; "" if it is too long or looks like a paragraph."""
    if len(inline) > _MOST_HEADING or ("\n" in inline and inline.rstrip().endswith((".", "!", ";", ","))):
        return ""
    from markdown_it import MarkdownIt

    breaks = ("softbreak", "hardbreak")
    children = MarkdownIt("commonmark").parseInline(inline, references)[0].children or []
    words = "".join(
        " " if child.type in breaks else child.content if child.type in ("text", "code_inline", "image") else ""
        for child in children
    )
    return " ".join(words.split()) or inline.strip()


def _has_letters(section: Section, text: str) -> bool:
    written = text[section.span.start : section.span.end]
    return not is_comment(written) and any(char.isalnum() for char in written)


def _of_front_matter(text: str, offset: int) -> list[Section]:
    """The lines of the front matter, without its marks, as the text of a note that has no other."""
    starts = [start for start in line_starts(text) if start < offset]
    line = narrowed(text, starts[1], starts[-1]) if len(starts) > 1 else narrowed(text, 0, 0)
    return [Section(Span(line.start, line.end), 0)] if line.end > line.start else []


def _notices(sections: list[Section], text: str) -> list[str]:
    edge = [*sections[:_EDGE], *sections[_EDGE:][-_EDGE:]]
    found = [text[one.span.start : one.span.end] for one in edge if one.level == 0]
    found = [words for words in found if is_notice(words)]
    return found if len(found) < len(sections) else []


def _is_left_out(section: Section, text: str, notices: list[str]) -> bool:
    if section.level:
        return False
    written = text[section.span.start : section.span.end]
    if is_comment(written) or written in notices:
        return True
    return "\n" not in written and is_boilerplate(written)


def is_comment(written: str) -> bool:
    """Whether it is nothing but HTML comments."""
    while written.startswith("<!--"):
        end = written.find("-->", len("<!--"))
        if end < 0:
            return False
        written = written[end + len("-->") :].lstrip()
    return not written


def _with_strong_headings(sections: Sequence[Section], text: str) -> Iterator[Section]:
    """The same sections, in which a line of only bold words above a paragraph has become a heading."""
    for one, following in zip_longest(sections, sections[1:]):
        strong = _STRONG_LINE.fullmatch(text[one.span.start : one.span.end])
        if one.level == 0 and strong and following and following.level == 0 and not strong["words"].endswith("."):
            yield Section(one.span, _PSEUDO_LEVEL, title=strong["words"].strip(" :"))
        else:
            yield one
