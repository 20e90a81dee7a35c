"""Counts the paragraphs of a document whose format counts nothing itself, so that a passage of it can be cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nrqa.records import Block, Place

_OUTER = ("message", "part", "chapter")
"""Kinds of places in which passages still have to be told apart; any other kind is as exact as a paragraph."""
_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?![ \t]*\n))*")


def with_paragraphs(text: str, blocks: Sequence[Block], places: Sequence[Place]) -> tuple[Place, ...]:
    """The places, and the paragraphs if none of them is exact enough to cite by.

    Paragraphs are counted from 1, as in a word processor: each heading, paragraph, list item, row of a table and line
    of code. In a file of several messages each message has its own count.
    """
    if any(one.kind not in _OUTER for one in places):
        return tuple(places)
    starts = sorted((one.start for one in places if one.kind == "message"), reverse=True)
    paragraphs: list[Place] = []
    number = 0
    for start, end in _paragraphs(text, blocks):
        while starts and starts[-1] <= start:
            number = 0
            starts.pop()
        number += 1
        paragraphs.append(Place("paragraph", str(number), start, end))
    return (*places, *paragraphs)


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
