"""Joins lines to paragraphs, also across the ends of columns and pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nrqa.corpus.readers.pdf.lines import Line
from nrqa.corpus.readers.shared.paragraphs import ends_sentence

_OTHER_SIZE = 1.07
"""Ratio between two font sizes from which a reader sees the difference."""
_WIDER = 1.3
"""If the distance between two lines is larger than the usual one by this ratio, a new paragraph begins."""
_INDENT = 0.7
"""Least indent of a line, in multiples of the font size."""
_SLACK = 0.8
"""In multiples of the font size: the next word would have fitted on a line if more than this were left after it."""
_NOTE_SIZE = 0.94
"""The font size of footnotes is at most this share of the text's font size."""
_CELL = 1.4
"""Least space between the cells of a row, in multiples of the font size."""
_ROWS = 3
"""Least number of consecutive lines with cells that form a table."""
_MOST_ASIDE = 12
"""Most lines at one edge of a page that are set aside: three rows of several cells."""
_NOTE = re.compile(r"(?:\d{1,3}|[⁰¹²³⁴-⁹]{1,3}|[*†‡§¶∗]{1,3}|[a-z]\b)\s*\S")
_ITEM = re.compile(r"(?:[•◦▪‣·∙●○■□–—*\-‐]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+\S")
_REFERENCE = re.compile(
    r"(?<=[.!?…\"'”’)\]])(?::?\d{1,3}(?:[-–,]\d{1,3})*|[⁰¹²³⁴-⁹,–⁻]{1,12}|\[[\w ]{1,20}\]|[*†‡§])+$"
)
"""What may follow the end of a sentence: the number of a footnote, a reference."""
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\S{0,8}$|(?:\s\.){4,}")


@dataclass(eq=False, slots=True)
class Paragraph:
    """Lines that belong together and are read as one text; each row of a table is a paragraph of its own.

    ``kind`` is text, item, row, note (a footnote), contents (a line of a table of contents), field (the value of a form
    field) or remark (a typed note).
    """

    lines: list[Line]
    kind: str = "text"

    @property
    def text(self) -> str:
        """The words, line by line."""
        return " ".join(line.text for line in self.lines)


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The font size that most characters have; 0 if there is no text."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 4) / 4] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def paragraphs_of(pages: Sequence[Sequence[Line]], size: float, aside: frozenset[int] = frozenset()) -> list[Paragraph]:
    """The paragraphs of a document in reading order; the footnotes of each page come after its text.

    ``size`` is the font size of the text. ``aside`` are the ids of lines at the edges of pages that are not part of a
    sentence that runs on over the end of a page: there, they come after its paragraph, as footnotes do.
    """
    pages, between = _uninterrupted(pages, aside) if aside else (pages, [[] for _ in pages])
    bodies: list[list[Line]] = []
    notes: list[list[Line]] = []
    for lines in pages:
        open_note = bool(notes) and bool(notes[-1]) and not _is_closed(notes[-1][-1])
        body, note = _without_notes(lines, size, continued=open_note)
        bodies.append(body)
        notes.append(note)
    found = list(_grouped(bodies, "text", aside))
    after = [
        [*_grouped([note], "note", aside), *_grouped([lines], "text", aside)]
        for note, lines in zip(notes, between, strict=True)
    ]
    return list(_with_notes(found, after, bodies))


def _uninterrupted(pages: Sequence[Sequence[Line]], aside: frozenset[int]) -> tuple[list[list[Line]], list[list[Line]]]:
    """The lines of each page, without those that interrupt a sentence between two pages, and those that do."""
    bodies = [list(lines) for lines in pages]
    between: list[list[Line]] = [[] for _ in pages]
    for page, following in pairwise(range(len(pages))):
        before, after = bodies[page], bodies[following]
        ends = [len(before) - count for count in range(_leading(before[::-1], aside) + 1)]
        starts = range(_leading(after, aside) + 1)
        places = sorted(((end, start) for end in ends for start in starts), key=lambda one: one[1] - one[0])
        found = (
            (end, start)
            for end, start in places
            if end and start < len(after) and _is_inside_sentence(before[end - 1], after[start])
        )
        end, start = next(found, (len(before), 0))
        between[page] += before[end:]
        between[following] += after[:start]
        del before[end:], after[:start]
    return bodies, between


def _leading(lines: Sequence[Line], aside: frozenset[int]) -> int:
    """How many lines at the start are among those that may be set aside."""
    return next((at for at, line in enumerate(lines[:_MOST_ASIDE]) if id(line) not in aside), len(lines[:_MOST_ASIDE]))


def _is_inside_sentence(before: Line, line: Line) -> bool:
    return line.text[:1].islower() and (before.hyphen or not _is_closed(before))


def _with_notes(
    paragraphs: Sequence[Paragraph], notes: Sequence[Sequence[Paragraph]], bodies: Sequence[Sequence[Line]]
) -> Iterator[Paragraph]:
    """The paragraphs with the footnotes inserted: those of a page after the paragraph with which the page ends."""
    waiting = [page for page, its in enumerate(notes) if its]
    lasts = {id(lines[-1]): page for page, lines in enumerate(bodies) if lines}
    for paragraph in paragraphs:
        yield paragraph
        for line in paragraph.lines:
            page = lasts.get(id(line))
            while page is not None and waiting and waiting[0] <= page:
                yield from notes[waiting.pop(0)]
    for page in waiting:
        yield from notes[page]


def _without_notes(lines: Sequence[Line], size: float, *, continued: bool) -> tuple[list[Line], list[Line]]:
    """The lines of a page's text, and those of its footnotes: lines in small type, at the end of a column, with a mark.

    If the last footnote of the page before is ``continued``, the first line may have no mark.
    """
    body: list[Line] = []
    notes: list[Line] = []
    for flow in _flows(lines):
        first = len(flow)
        while first and flow[first - 1].size <= _NOTE_SIZE * size:
            first -= 1
        while first < len(flow) and not continued and not _NOTE.match(flow[first].text):
            first += 1
        continued = continued and first == len(flow)
        if not first or (first < len(flow) and flow[first].y0 > flow[0].y0 - 4 * size):
            first = len(flow)
        body += flow[:first]
        notes += flow[first:]
    return body, notes


def _flows(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Runs of lines that go down one page."""
    flow: list[Line] = []
    for line in lines:
        if flow and not _goes_down(flow[-1], line):
            yield flow
            flow = []
        flow.append(line)
    if flow:
        yield flow


def _goes_down(before: Line, line: Line) -> bool:
    return before.page == line.page and line.y0 < before.y0 + 0.3 * before.size


@dataclass(frozen=True, slots=True)
class _Margins:
    left: float
    right: float


def _grouped(pages: Sequence[Sequence[Line]], kind: str, aside: frozenset[int]) -> Iterator[Paragraph]:
    flows = [flow for lines in pages for flow in _flows(lines)]
    pitches = _usual_pitches(flows)
    margins = {id(line): found for flow in flows for line, found in zip(flow, _margins(flow), strict=True)}
    lines = [line for flow in flows for line in flow]
    tabled = _tabled(lines)
    group: list[Line] = []
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if group and (
            id(line) in tabled
            or id(group[-1]) in tabled
            or (id(line) in aside) != (id(group[-1]) in aside)
            or _begins(group, line, following, margins, pitches)
            or _has_leaders(line)
            or _has_leaders(group[-1])
        ):
            yield _paragraph(group, kind, tabled)
            group = []
        group.append(line)
    if group:
        yield _paragraph(group, kind, tabled)


def _paragraph(lines: list[Line], kind: str, tabled: set[int]) -> Paragraph:
    if id(lines[0]) in tabled:
        kind = "row"
    elif _has_leaders(lines[-1]):
        kind = "contents"
    elif kind == "text" and _ITEM.match(lines[0].text):
        kind = "item"
    return Paragraph(lines, kind)


def _begins(
    group: list[Line],
    line: Line,
    following: Line | None,
    margins: dict[int, _Margins],
    pitches: dict[float, float],
) -> bool:
    """Whether a paragraph begins with the line, after those of the group."""
    before = group[-1]
    size = before.size
    if not size / _OTHER_SIZE <= line.size <= size * _OTHER_SIZE or before.bold != line.bold:
        # A bold line is inside a paragraph if the sentence before it runs on.
        return not (_runs_on(before, line) and before.bold != line.bold and abs(line.size - size) < 0.5)
    if not _goes_down(before, line) or line.x0 > before.x1 or line.x1 < before.x0:
        return _begins_after_break(before, line, margins)
    usual = pitches.get(_rounded(size), 1.2 * size)
    if len(group) > 1 and _goes_down(group[-2], before):
        usual = max(usual, group[-2].y0 - before.y0)
    return before.y0 - line.y0 > _WIDER * usual or _begins_by_margins(group, line, following, margins[id(before)])


def _begins_by_margins(group: list[Line], line: Line, following: Line | None, margins: _Margins) -> bool:
    """Whether a paragraph begins: the line before ended early, or this line is indented or begins further left."""
    before = group[-1]
    size = before.size
    left, right = margins.left, margins.right
    slack = right - before.x1
    fitted = slack - (line.words[0].x1 - line.words[0].x0) > _SLACK * size
    closed = _is_closed(before)
    listed = _ITEM.match(group[0].text) is not None and abs(line.x0 - group[0].x0) < 0.3 * size
    if _ITEM.match(line.text) and (closed or fitted or listed):
        return True
    if fitted and not before.hyphen and (closed or not line.text[:1].islower()):
        return True
    if line.x0 > before.x0 + _INDENT * size and (closed or fitted) and line.x0 > left + _INDENT * size:
        return following is None or not _goes_down(line, following) or following.x0 < line.x0 - 0.3 * size or closed
    alone = following is not None and _goes_down(line, following) and following.x0 < line.x0 - _INDENT * size
    if len(group) > 1 and alone and line.x0 > before.x0 + _INDENT * size and abs(before.x0 - left) < 0.3 * size:
        return True
    return len(group) > 1 and line.x0 < before.x0 - _INDENT * size and (closed or fitted)


def _runs_on(before: Line, line: Line) -> bool:
    return before.hyphen or (not _is_closed(before) and line.text[:1].islower())


def _has_leaders(line: Line) -> bool:
    text = line.text
    return (".." in text or ". ." in text) and _LEADERS.search(text) is not None


def _is_closed(line: Line) -> bool:
    return ends_sentence(_REFERENCE.sub("", line.text[-60:]))


def _begins_after_break(before: Line, line: Line, margins: dict[int, _Margins]) -> bool:
    """Whether a new paragraph begins with the first line of a column or page."""
    if before.hyphen or line.text[:1].islower():
        return False
    if _is_closed(before):
        # If the line before is full and this one is not indented, the paragraph most likely continues.
        full = margins[id(before)].right - before.x1 < 0.5 * before.size
        return not full or line.x0 > margins[id(line)].left + _INDENT * line.size or bool(_ITEM.match(line.text))
    # The line before ends inside a sentence. But if it ends far from the margin, it is a heading or part of an address.
    return margins[id(before)].right - before.x1 > 6 * before.size


def _usual_pitches(flows: Sequence[Sequence[Line]]) -> dict[float, float]:
    """The most frequent distance between two lines, for each font size."""
    found: dict[float, Counter[float]] = defaultdict(Counter)
    for flow in flows:
        for before, line in pairwise(flow):
            if _rounded(before.size) == _rounded(line.size) and before.y0 - line.y0 > 0.5 * line.size:
                found[_rounded(line.size)][round((before.y0 - line.y0) * 2) / 2] += 1
    return {size: counts.most_common(1)[0][0] for size, counts in found.items()}


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _margins(flow: Sequence[Line]) -> Iterator[_Margins]:
    """For each line, the margins of the column in which it stands."""
    lefts = Counter(round(line.x0) for line in flow)
    rights: dict[int, float] = {}
    for line in flow:
        near = [left for left in lefts if line.x0 - 3.5 * line.size <= left <= line.x0 + 0.6 * line.size]
        left = max(near, key=lambda one: lefts[one], default=round(line.x0))
        if left not in rights:
            rights[left] = _right_margin([one for one in flow if abs(one.x0 - left) <= 2 * one.size])
        yield _Margins(left, max(rights[left], line.x1))


def _right_margin(lines: Sequence[Line]) -> float:
    """The right margin of lines with one left margin: their common end if they are justified, else the farthest end."""
    ends = Counter(round(one.x1) for one in lines)
    end, count = max(ends.items(), key=lambda one: one[1], default=(0, 0))
    return end if count >= max(3, 0.3 * len(lines)) else max((one.x1 for one in lines), default=0.0)


def _tabled(lines: Sequence[Line]) -> set[int]:
    """The ids of the lines that are rows of a table: several consecutive lines with wide gaps inside."""
    found: set[int] = set()
    run: list[Line] = []
    for line in [*lines, None]:
        if line is not None and _has_cells(line):
            run.append(line)
            continue
        if len(run) >= _ROWS:
            found.update(map(id, run))
        run = []
    return found


def _has_cells(line: Line) -> bool:
    if len(line.words) < 2 or _has_leaders(line):
        return False
    first = 2 if _ITEM.match(line.text) and len(line.words) > 2 else 1
    return any(
        word.x0 - before.x1 > _CELL * max(line.size, 1.0)
        for before, word in zip(line.words[first - 1 :], line.words[first:], strict=False)
    )
