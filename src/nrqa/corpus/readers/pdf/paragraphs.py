"""Lines to paragraphs: over the ends of lines, columns and pages, and not over the end of a paragraph."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nrqa.corpus.readers.pdf.lines import Line
from nrqa.corpus.readers.shared.paragraphs import ends_sentence

_OTHER_SIZE = 1.07
"""Ratio of two sizes of type that a reader sees."""
_WIDER = 1.3
"""Ratio of a line's distance to the usual one from which a new paragraph begins."""
_INDENT = 0.7
"""Sizes of type by which a line is indented at least."""
_SLACK = 0.8
"""Sizes of type that are left at a line's end where the next word would have fitted."""
_NOTE_SIZE = 0.94
"""Share of the text's size that the type of footnotes has at most."""
_CELL = 1.4
"""Sizes of type between the cells of a row, at least."""
_ROWS = 3
"""Lines with cells that make a table."""
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§¶∗]{1,3}|[a-z]\b)\s*\S")
_ITEM = re.compile(r"(?:[•◦▪‣·∙●○■□–—*\-‐]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+\S")
_REFERENCE = re.compile(r"(?<=[.!?…\"'”’)\]])(?::?\d{1,3}(?:[-–,]\d{1,3})*|\[[\w ]{1,20}\]|[*†‡§])+$")
"""What may follow the end of a sentence: the number of a footnote, a reference."""
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\S{0,8}$|(?:\s\.){4,}")


@dataclass(eq=False, slots=True)
class Paragraph:
    """Lines that belong together; of a table its rows, else read on as one.

    ``kind`` is text, item, row, note (a footnote) or contents (a line of a table of contents).
    """

    lines: list[Line]
    kind: str = "text"

    @property
    def text(self) -> str:
        """The words, line by line."""
        return " ".join(line.text for line in self.lines)


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size of type that most characters have."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 4) / 4] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def paragraphs_of(pages: Sequence[Sequence[Line]], size: float) -> list[Paragraph]:
    """The paragraphs of a document whose text has this size, in reading order, each page's footnotes after its text."""
    bodies: list[list[Line]] = []
    notes: list[list[Line]] = []
    for lines in pages:
        open_note = bool(notes) and bool(notes[-1]) and not _is_closed(notes[-1][-1])
        body, note = _without_notes(lines, size, continued=open_note)
        bodies.append(body)
        notes.append(note)
    found = list(_grouped(bodies, "text"))
    return list(_with_notes(found, [list(_grouped([note], "note")) for note in notes], bodies))


def _with_notes(
    paragraphs: Sequence[Paragraph], notes: Sequence[Sequence[Paragraph]], bodies: Sequence[Sequence[Line]]
) -> Iterator[Paragraph]:
    """Each page's footnotes after the paragraph that the page ends in."""
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
    """The lines of a page, and those of its footnotes: in small type, at the end of a column, marked.

    The first may be ``continued`` from the page before and have no mark.
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
    """Stretches of lines that go down the page."""
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


def _grouped(pages: Sequence[Sequence[Line]], kind: str) -> Iterator[Paragraph]:
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
        # A line of another face within a paragraph is one whose neighbours run on.
        return not (_runs_on(before, line) and before.bold != line.bold and abs(line.size - size) < 0.5)
    if not _goes_down(before, line) or line.x0 > before.x1 or line.x1 < before.x0:
        return _begins_after_break(before, line, margins)
    usual = pitches.get(_rounded(size), 1.2 * size)
    if len(group) > 1 and _goes_down(group[-2], before):
        usual = max(usual, group[-2].y0 - before.y0)
    return before.y0 - line.y0 > _WIDER * usual or _begins_by_margins(group, line, following, margins[id(before)])


def _begins_by_margins(group: list[Line], line: Line, following: Line | None, margins: _Margins) -> bool:
    """Whether the line before ended early, or the line is indented, or stands out to the left."""
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
    """Whether a paragraph begins with the line after the end of a column or page."""
    if before.hyphen or line.text[:1].islower():
        return False
    if _is_closed(before):
        # A full line, and no indent: the paragraph most likely goes on.
        full = margins[id(before)].right - before.x1 < 0.5 * before.size
        return not full or line.x0 > margins[id(line)].left + _INDENT * line.size or bool(_ITEM.match(line.text))
    # It ended in the middle of a sentence; but a heading, or a line of an address, did not run to the margin.
    return margins[id(before)].right - before.x1 > 6 * before.size


def _usual_pitches(flows: Sequence[Sequence[Line]]) -> dict[float, float]:
    """For each size of type the distance between two lines that is the most frequent."""
    found: dict[float, Counter[float]] = defaultdict(Counter)
    for flow in flows:
        for before, line in pairwise(flow):
            if _rounded(before.size) == _rounded(line.size) and before.y0 - line.y0 > 0.5 * line.size:
                found[_rounded(line.size)][round((before.y0 - line.y0) * 2) / 2] += 1
    return {size: counts.most_common(1)[0][0] for size, counts in found.items()}


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _margins(flow: Sequence[Line]) -> Iterator[_Margins]:
    """For each line the margins of the text that it stands in."""
    lefts = Counter(round(line.x0) for line in flow)
    rights: dict[int, float] = {}
    for line in flow:
        near = [left for left in lefts if line.x0 - 3.5 * line.size <= left <= line.x0 + 0.6 * line.size]
        left = max(near, key=lambda one: lefts[one], default=round(line.x0))
        if left not in rights:
            rights[left] = _right_margin([one for one in flow if abs(one.x0 - left) <= 2 * one.size])
        yield _Margins(left, max(rights[left], line.x1))


def _right_margin(lines: Sequence[Line]) -> float:
    """Where lines that begin at one margin end: at the same place if they are justified, else the farthest."""
    ends = Counter(round(one.x1) for one in lines)
    end, count = max(ends.items(), key=lambda one: one[1], default=(0, 0))
    return end if count >= max(3, 0.3 * len(lines)) else max((one.x1 for one in lines), default=0.0)


def _tabled(lines: Sequence[Line]) -> set[int]:
    """The lines that are rows of a table: several one after the other with wide gaps inside."""
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
