"""Text for people: harmless, on one line or unwrapped; counts with their nouns; what rich draws, as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrqa.records import NOT_PACKED
from nrqa.text.control_characters import visible
from nrqa.text.letters import is_unspaced

if TYPE_CHECKING:
    from rich.console import RenderableType

    from nrqa.records import Skipped

_UNBROKEN = 1_000_000
"""A width that no paragraph reaches."""

_LEAST, _MOST = 55, 130
"""Columns at which people and programs wrap text; shorter lines are verse or code, longer ones paragraphs."""
_SLACK = 3
"""A wrapped line may have had room for a word so much longer: widths are counted a little differently everywhere."""
_OWN_LINE = re.compile(r"(?:[-*+•–—|>#]|\d{1,4}[.)]|\(?\w[.)])\s|[|>#:]")
"""What begins a line that is one of its own: a list item, a row, a quotation, a heading."""
_COLUMNS = re.compile(r"\S(?:\t|\s{3,})\S")
_LINE_END = re.compile(r"\n[^\S\n]*")
_EMPTY_LINES = re.compile(r"(\n(?:[^\S\n]*\n)+)")
_HYPHENS = "-\u00ad\u2010"


def harmless(text: str) -> str:
    """The text with every character that could steer a terminal replaced by a visible one."""
    return visible(text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Harmless, and on one line: a name or title cannot pose as a line of ours."""
    return " ".join(harmless(text).split())


def stale_told(stale: Sequence[Skipped], remedy: str = "") -> str:
    """What is said before files that are not as they are in the index, with the remedy where there is one."""
    if all(one.reason.startswith(NOT_PACKED) for one in stale):
        return "Not packed with the index"
    return f"Changed since the index was built{remedy}"


def counted(number: int, noun: str) -> str:
    """The number and the noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def text_of(renderable: RenderableType) -> str:
    """What is drawn, without colours, broken lines and blanks at their ends; each line ends with a line feed."""
    from rich.console import Console

    # In a notebook rich would show what it is to keep.
    console = Console(
        highlight=False, emoji=False, markup=False, width=_UNBROKEN, color_system=None, force_jupyter=False
    )
    with console.capture() as captured:
        console.print(renderable, soft_wrap=True)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def wrapped_ends(text: str) -> list[tuple[int, int, str]]:
    """Where the text goes to a new line only because the old one was full: from, to, and what to show instead.

    A line was full if the next word would have made it longer than the longest of its paragraph. A paragraph is wrapped
    if all its lines were full, but for those before a list item and the like; where one line alone tells, the next must
    begin with a small letter.
    """
    if "\n" not in text:
        return []
    found: list[tuple[int, int, str]] = []
    at = 0
    for paragraph in _EMPTY_LINES.split(text):
        joins = [(at + start, at + end, shown) for start, end, shown in _wrapped(paragraph)]
        indented = len(paragraph) - len(paragraph.lstrip(" \t"))
        if joins and indented:
            found.append((at, at + indented, ""))
        found += joins
        at += len(paragraph)
    return found


def unwrapped(text: str, wraps: Sequence[tuple[int, int, str]], start: int, end: int) -> str:
    """The stretch of the text without those line ends, harmless."""
    shown, at = [], start
    for first, last, instead in wraps:
        if first < end and last > at:
            shown += [text[at : max(at, first)], instead]
            at = min(last, end)
    return harmless("".join([*shown, text[at:end]]))


def _wrapped(paragraph: str) -> list[tuple[int, int, str]]:
    ends = list(_LINE_END.finditer(paragraph.rstrip()))
    if not ends:
        return []
    starts = [0, *(one.end() for one in ends)]
    lines = [paragraph[start : one.start()].rstrip() for start, one in zip(starts, ends, strict=False)]
    lines.append(paragraph[starts[-1] :].rstrip())
    from rich.cells import cell_len  # pages for notebooks need none

    columns = [cell_len(line) for line in lines]
    width = max(columns)
    if not _LEAST <= width <= _MOST or any(map(_COLUMNS.search, lines)):
        return []
    found = []
    for start, end, line, taken, following in zip(starts, ends, lines, columns, lines[1:], strict=False):
        word = following.split(maxsplit=1)[0] if following else ""
        word = word[:1] if is_unspaced(word) else word
        if not word or _OWN_LINE.match(following):
            continue
        if taken + 1 + cell_len(word) <= width - _SLACK:
            return []
        hyphen = line[-1:] in _HYPHENS and line[-2:-1].isalpha()
        found.append((start + len(line), end.end(), "" if hyphen or is_unspaced(line[-1:]) else " "))
    alone = len(found) == 1 and paragraph[found[0][1]]
    return [] if alone and not (alone.islower() or is_unspaced(alone)) else found
