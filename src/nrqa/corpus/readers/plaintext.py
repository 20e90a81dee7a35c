"""Finds the structure of plain text (header, notices, title, headings, blocks) by how its lines look."""

from __future__ import annotations

from collections.abc import Mapping

from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.boilerplate import is_boilerplate, is_notice
from nrqa.corpus.readers.shared.heading_lines import words_of
from nrqa.corpus.readers.shared.headings import heading_levels
from nrqa.corpus.readers.shared.metadata import header_lines, looks_like_header
from nrqa.corpus.readers.shared.outline import Outline, Section, blocks_of
from nrqa.corpus.readers.shared.paragraphs import Paragraph, paragraphs_of
from nrqa.corpus.readers.shared.titles import title_of
from nrqa.records import Span
from nrqa.text.decoding import decode
from nrqa.text.lines import Line, stripped_lines

_EDGE = 4
"""Number of paragraphs at the start and at the end of a document that may be a source notice."""
_MOST_HEADER = 20
"""Lines that a header may have."""


def read(_: str, data: bytes) -> Reading:
    """Reads a plain text file."""
    text, encoding = decode(data)
    return Reading(text, read_plaintext(text), encoding)


def read_plaintext(text: str, *, named: str | None = None) -> Outline:
    """The outline of a plain text; its blocks are spans of exactly this text.

    ``named`` is what the file's properties call it: its title, unless the text surely has one.
    """
    lines = stripped_lines(text)
    header_start, header_end, metadata = _find_header(text, lines)
    kept = [line for at, line in enumerate(lines) if not header_start <= at < header_end]
    paragraphs = list(paragraphs_of(text, kept))
    paragraphs, notices = _without_notices(paragraphs)
    # What looks like a leftover of a web page is the text where nothing else is.
    paragraphs = [one for one in paragraphs if not (one.alone and is_boilerplate(one.text))] or [
        one for one in paragraphs if any(char.isalnum() for char in one.text)
    ]
    levels = heading_levels(paragraphs, text)
    title = title_of(paragraphs, levels, text)
    if title and title.is_text:
        levels = {at: level for at, level in levels.items() if at}
    elif title:
        paragraphs, levels = paragraphs[1:], {at - 1: level for at, level in levels.items() if at}
    words = title.words if title and not (named and title.is_text) else named
    sections = _sections(paragraphs, levels, text)
    return Outline(title=words, metadata=metadata, notices=notices, blocks=blocks_of(sections))


def _find_header(text: str, lines: list[Line]) -> tuple[int, int, dict[str, str]]:
    """The lines [first, last) of a header at the very top or right below the title line, and its metadata."""
    filled = [at for at, line in enumerate(lines[:12]) if line.end > line.start]
    for first in filled[:2]:
        last = first
        while last < len(lines) and looks_like_header(text[lines[last].start : lines[last].end]):
            last += 1
        if last - first > _MOST_HEADER:
            continue
        metadata = header_lines([text[line.start : line.end] for line in lines[first:last]])
        rest = [line for line in lines[last:] if line.end > line.start]
        if metadata and rest and not _labels_again(text, rest, metadata):
            return first, last, metadata
    return 0, 0, {}


def _labels_again(text: str, rest: list[Line], metadata: Mapping[str, str]) -> bool:
    """Whether a key labels a later line too, as speakers (Anna:) and questions (Q:) do and no header does."""
    labels = (text[line.start : min(line.end, line.start + 40)].partition(":") for line in rest)
    return any(colon and label.strip().lower() in metadata for label, colon, _ in labels)


def _without_notices(paragraphs: list[Paragraph]) -> tuple[list[Paragraph], tuple[str, ...]]:
    edge = {*range(_EDGE), *range(len(paragraphs) - _EDGE, len(paragraphs))}
    noticed = {at for at, one in enumerate(paragraphs) if at in edge and is_notice(one.text)}
    if len(noticed) == len(paragraphs):
        return paragraphs, ()
    kept = [one for at, one in enumerate(paragraphs) if at not in noticed]
    return kept, tuple(paragraphs[at].text for at in sorted(noticed))


def _is_next_item(one: Paragraph, following: Paragraph, text: str) -> bool:
    """Whether the list continues: the next paragraph has a bullet, and no left-out text stands in between."""
    return following.is_item and not text[one.end : following.start].strip()


def _sections(paragraphs: list[Paragraph], levels: dict[int, int], text: str) -> list[Section]:
    """Headings and blocks in order; a list joins the line that introduces it."""
    sections: list[Section] = []
    at = 0
    while at < len(paragraphs):
        one = paragraphs[at]
        if at in levels:
            sections.append(Section(Span(one.start, one.end), levels[at], title=words_of(one.text)))
            at += 1
            continue
        last = at
        if one.is_item or one.text.endswith((":", "：")):
            while last + 1 < len(paragraphs) and _is_next_item(paragraphs[last], paragraphs[last + 1], text):
                last += 1
        if last > at:
            items = tuple(Span(item.start, item.end) for item in paragraphs[at : last + 1])
            sections.append(Section(Span(one.start, paragraphs[last].end), 0, items=items))
        else:
            sections.append(Section(Span(one.start, one.end), 0))
        at = last + 1
    return sections
