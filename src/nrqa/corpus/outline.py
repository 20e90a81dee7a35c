"""The outline of a document: title, metadata, notices, and blocks under their headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
