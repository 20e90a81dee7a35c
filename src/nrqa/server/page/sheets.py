"""Pages of a PDF as the reader shows them: a picture, the marks, and the words above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from nrqa.errors import UnreadableError
from nrqa.records import Span
from nrqa.server.desk import ServerDesk
from nrqa.server.page import addresses
from nrqa.server.problems import Problem
from nrqa.server.reader.documents import Text
from nrqa.server.reader.originals import original
from nrqa.server.reader.pages import Box, lines, marked

_MOST = 4
"""Pages at once: a passage of more pages than that is shown by its first ones."""
_BASELINE = 0.78
"""Share of a word's height that stands above the line it is written on."""


def pages_touched(found: Text, marks: Sequence[Span]) -> list[int]:
    """The numbers of the pages that the stretches are on, in order; none where no page has words there."""
    touched = {page for page, start, end in found.pages for one in marks if start < one.end and one.start < end}
    return sorted(touched)[:_MOST]


def sheets(
    desk: ServerDesk,
    found: Text,
    numbers: Sequence[int],
    marks: Sequence[Span],
    answers: Sequence[Span],
    asked: addresses.Parameters,
    *,
    words: bool,
) -> list[dict[str, Any]]:
    """What is shown of each page; ``answers`` of the marks answer best. Raises Problem where the file has changed."""
    snapshot = desk.snapshot
    sha256 = snapshot.known[found.name].sha256
    last = max(page for page, _, _ in found.pages)
    shown = []
    for number in numbers:
        try:
            sheet = desk.pages.sheet(sha256, number, partial(original, found.name, snapshot, desk.folder))
        except UnreadableError as error:
            raise Problem(409, f"The page cannot be drawn: {error}.", error=error) from error
        its = snapshot.page_words(found.name, [number])
        shown.append(
            {
                "number": number,
                "label": f"Page {number} of {last}",
                "width": round(sheet.width, 2),
                "height": round(sheet.height, 2),
                "address": addresses.page_picture(found.name, number, snapshot.manifest.generation),
                "rectangles": [one for page in its for one in marked(sheet, page, marks)],
                "answers": [one for page in its for one in marked(sheet, page, answers)],
                "lines": [_line(one) for page in its for one in lines(sheet, page, found.text)] if words else [],
                "before": _other(found.name, number - 1, last, asked) if number == numbers[0] else "",
                "after": _other(found.name, number + 1, last, asked) if number == numbers[-1] else "",
            }
        )
    return shown


def _line(words: Iterable[Box]) -> list[dict[str, Any]]:
    return [
        {
            "text": one.text,
            "x": one.x,
            "y": round(one.y + _BASELINE * one.height, 2),
            "size": max(one.height, 1.0),
            "width": max(one.width, 0.1),
        }
        for one in words
    ]


def _other(name: str, number: int, last: int, asked: addresses.Parameters) -> str:
    return addresses.reader(name, more=[("page", str(number)), *asked]) if 1 <= number <= last else ""
