"""Counts the paragraphs of a document whose format counts nothing itself, so that a passage of it can be cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nrqa.records import Block, Place

_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?![ \t]*\n))*")


def paragraph_places(text: str, blocks: Sequence[Block]) -> Iterator[Place]:
    """The paragraphs, counted from 1 as in a word processor.

    Each heading, paragraph, list item, row of a table and line of code counts.
    """
    for number, (start, end) in enumerate(_paragraphs(text, blocks), 1):
        yield Place("paragraph", str(number), start, end)


def _paragraphs(text: str, blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    at = 0
    for block in blocks:
        if block.start < at:
            continue
        yield from _between(text, at, block.start)
        for one in block.items or (block,):
            yield one.start, one.end
        at = block.end
    yield from _between(text, at, len(text))


def _between(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What stands between two blocks, such as a heading or words that were left out."""
    return (found.span() for found in _PARAGRAPH.finditer(text, start, end))
