"""A citation as people write it (``file:line``, "page 7"), and how it is read back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nrqa.errors import QuestionError
from nrqa.records import PAGE, Citation, cited_places
from nrqa.rendering.plain_text import harmless, one_line

if TYPE_CHECKING:
    from nrqa.answering.inspecting import Place

_PLACE_TEXT = r"(?P<document>.+?):(?P<first>\d+)(?:[-–](?P<last>\d+))?(?:\s+[§#].*)?"
_SPAN_TEXT = r"(?P<document>.+?)@(?P<start>\d+)[-–](?P<end>\d+)(?:\s+[§#].*)?"

_BROKEN = re.compile(r"[:@](?:\d+[-–]?)?$|^[:@]|:\d+[-–]\w*$")
"""How a citation ends, or begins, that was begun and not finished."""


def place_of(citation: Citation) -> str:
    """``file:line`` or ``file:first-last``; without lines ``file p. 7``, ``file rows 12–14``, ``file ¶23``.

    It is short enough to read aloud, and ``nrqa show`` takes it back.
    """
    if citation.line_end > citation.line_start and not cited_places(citation.locators):
        return f"{citation.place}-{citation.line_end}"
    return citation.place


def located_in(citation: Citation) -> str:
    """What the source's own format calls the place: "page 7", "sheet Budget, rows 2–3"; "" for lines of text."""
    return ", ".join(
        f"{one.kind} {one_line(one.first)}"
        if one.first == one.last
        else f"{one.kind}{'s' if not one.kind.endswith('s') else ''} {one_line(one.first)}–{one_line(one.last)}"
        for one in citation.locators
    )


def page_in_file(citation: Citation) -> str:
    """The page as viewers count it, where the citation has the number that is printed on it; else ""."""
    if citation.page_label is None:
        return ""
    return ", ".join(
        f"page {one.first}" if one.first == one.last else f"pages {one.first}–{one.last}"
        for one in citation.locators
        if one.kind == PAGE
    )


def parse_place(text: str) -> Place:
    """The place that ``file:line``, ``file p. 7`` and the like, or ``file@start-end`` (code points) means.

    A file alone means its beginning, and a file with a fingerprint the passage that has it.
    """
    from nrqa.answering.inspecting import Place
    from nrqa.citations.line import parse_id, parse_line

    stripped = text.strip()
    cited = parse_line(stripped)
    if cited and cited.lines:
        return Place(cited.document, lines=cited.lines, digits=cited.digits)
    if cited:
        return Place(cited.document, units=cited.places, digits=cited.digits)
    span = re.fullmatch(_SPAN_TEXT, stripped, re.DOTALL)
    if span:
        return Place(span["document"], span=(int(span["start"]), int(span["end"])))
    lines = re.fullmatch(_PLACE_TEXT, stripped, re.DOTALL)
    if lines:
        first = int(lines["first"])
        return Place(lines["document"], lines=(first, int(lines["last"] or first)))
    if named := parse_id(stripped):
        return Place(named[0], digits=named[1])
    if stripped and not _BROKEN.search(stripped):
        return Place(stripped)
    raise QuestionError(
        f"'{harmless(text)}' is no citation. Write FILE:LINE, such as nato-russia.txt:29, or what the format counts: "
        "report.pdf p. 7, page.html ¶23 (or par. 23), data.csv row 12, talk.pptx slide 4"
    )
