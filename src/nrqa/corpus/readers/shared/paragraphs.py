"""Finds the paragraphs of a plain text: in a run of lines, each line is one, or all lines are wrapped at a margin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nrqa.text.lines import Line

_MARGIN = 120
"""Longer lines are paragraphs of their own: nobody wraps text that wide."""
_BULLET = re.compile(r"(?:[-*+•‣◦▪▫■□●○◆◇❖➢➤►▶→✓✔·–—\uf000-\uf0ff]|\(?\d{1,3}[.)]|\(?[a-z][)])\s+\S")
"""In front of an item; U+F000 to U+F0FF are the signs of Symbol and Wingdings, which word processors leave behind."""
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।:][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Consecutive lines that belong together; ``alone`` where it is one single line of the file."""

    start: int
    end: int
    text: str
    alone: bool

    @property
    def is_item(self) -> bool:
        """Whether it begins with a bullet or a number, as an item of a list does."""
        return bool(_BULLET.match(self.text))

    @property
    def is_closed(self) -> bool:
        """Whether it ends as a sentence does, or is an item of a list."""
        return ends_sentence(self.text) or self.is_item


def paragraphs_of(text: str, lines: list[Line]) -> Iterator[Paragraph]:
    """The paragraphs of these lines of the text, in order; a line of dashes that underlines another is left out."""
    for run in _runs(lines):
        if _UNDERLINE.fullmatch(text[run[-1].start : run[-1].end]) and len(run) == 2:
            yield _paragraph(text, run[:1])
            continue
        groups = _wrapped_groups(text, run)
        yield from (_paragraph(text, group) for group in groups)


def ends_sentence(text: str) -> bool:
    """Whether the text ends with a mark that ends a sentence, perhaps followed by closing quotes or brackets."""
    return bool(_SENTENCE_END.search(text[-40:]))


def _runs(lines: list[Line]) -> Iterator[list[Line]]:
    """Stretches of lines without an empty one between them."""
    run: list[Line] = []
    for line in [*lines, Line(0, 0)]:
        if line.end > line.start:
            run.append(line)
        elif run:
            yield run
            run = []


def _wrapped_groups(text: str, run: list[Line]) -> list[list[Line]]:
    """The paragraphs of a run: one with all its lines if they are wrapped at a margin, else one for each line.

    A line that begins with a bullet always begins a new paragraph.
    """
    widths = [line.end - line.start for line in run]
    pieces = [text[line.start : line.end] for line in run]
    inner = widths[:-1]
    widest = max(widths)
    open_ended = sum(not ends_sentence(piece) for piece in pieces[:-1])
    wrapped = (
        len(run) > 1
        and 40 <= widest <= _MARGIN
        and sum(width >= 0.6 * widest for width in inner) >= 0.8 * len(inner)
        and open_ended >= 0.5 * len(inner)
    )
    bullets = [bool(_BULLET.match(piece)) for piece in pieces]
    # A wrapped list item has lines without a bullet after its first line; they may have any width up to the margin.
    wrapped = wrapped or (bullets[0] and widest <= _MARGIN and not all(bullets) and open_ended > 0)
    groups: list[list[Line]] = []
    for line, bullet in zip(run, bullets, strict=True):
        if groups and wrapped and not bullet:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _paragraph(text: str, lines: list[Line]) -> Paragraph:
    start, end = lines[0].start, lines[-1].end
    return Paragraph(start, end, text[start:end], alone=len(lines) == 1)
