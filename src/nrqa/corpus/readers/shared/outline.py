"""The outline of a document: title, metadata, notices, and blocks under their headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nrqa.records import Block, Span


@dataclass(frozen=True, slots=True)
class Outline:
    """What a reader of one format found; ``title`` is None where the text itself has none."""

    title: str | None
    metadata: Mapping[str, str | list[str]]
    notices: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (``level`` from 1, with its ``title``) or a block of text (``level`` 0), in reading order."""

    span: Span
    level: int
    title: str = ""
    items: tuple[Span, ...] = field(default=())


def blocks_of(sections: Sequence[Section], *, markup: bool = False) -> tuple[Block, ...]:
    """The blocks, each with its heading path from the top.

    A heading with nothing beneath it becomes a block itself: its words would be found nowhere else.
    """
    path: list[Section] = []
    blocks: list[Block] = []
    for at, section in enumerate(sections):
        if section.level == 0:
            heading = tuple(one.title for one in path)
            blocks.append(Block(section.span.start, section.span.end, heading, section.items, markup))
            continue
        while path and path[-1].level >= section.level:
            path.pop()
        following = sections[at + 1] if at + 1 < len(sections) else None
        if following is None or 0 < following.level <= section.level:
            heading = tuple(one.title for one in path)
            blocks.append(Block(section.span.start, section.span.end, heading, (), markup))
        path.append(section)
    return tuple(blocks)


def introduced(sections: Sequence[Section], text: str) -> Iterator[Section]:
    """The same sections, in which a paragraph that ends in a colon is joined with the list, table or code after it."""
    at = 0
    while at < len(sections):
        one, following = sections[at], sections[at + 1] if at + 1 < len(sections) else None
        if following and following.items and _introduces(one, following, text):
            yield Section(Span(one.span.start, following.span.end), 0, items=(one.span, *following.items))
            at += 1
        else:
            yield one
        at += 1


def _introduces(one: Section, following: Section, text: str) -> bool:
    if one.level or one.items or text[one.span.end : following.span.start].strip():
        return False
    return text[one.span.start : one.span.end].endswith((":", "："))
