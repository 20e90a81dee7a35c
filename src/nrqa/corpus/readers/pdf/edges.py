"""The outermost rows of a page, cell by cell: where running heads and page numbers stand, if there are any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from nrqa.corpus.readers.pdf.glyphs import Glyphs
from nrqa.corpus.readers.pdf.lines import Line, joined_text
from nrqa.corpus.readers.pdf.turning import Box, turned

_ROWS = 3
"""Most rows at the top and at the bottom of a page that may be a running head or foot."""
_APART = 1.25
"""Two rows stand apart if their distance is larger than the usual one by this ratio."""
_MARGIN = 0.2
"""Share of the page's height at its top and at its bottom in which running heads and feet stand."""
_GAP = 1.4
"""In multiples of the font size: words farther apart are two cells of a row."""
_LONGEST = 200
"""Letters of the longest running head."""
_UNDER = 2.0
"""Points by which the cells of a table may stand to the side of the cell above."""


@dataclass(eq=False, slots=True)
class Cell:
    """Words at an edge of a page that stand together: a page number, a title, the date of a print.

    ``away`` is their distance from that edge of the page, in points. ``apart`` says whether their row stands apart from
    the text, or another row between it and the text does.
    """

    page: int
    top: bool
    away: float
    apart: bool
    line: Line
    words: list[Glyphs]
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = joined_text(self.words)

    @property
    def left(self) -> float:
        """Where its first word begins."""
        return self.words[0].x0


@dataclass(eq=False, slots=True)
class Edge:
    """The rows at the top or at the bottom of a page that may be a running head or foot, the outermost first."""

    page: int
    top: bool
    rows: list[list[Cell]]


def edges_of(page: int, lines: Sequence[Line], box: Box, view: int) -> list[Edge]:
    """The two edges of a page with this box, which viewers turn ``view`` times; lines of other directions have none."""
    if not lines:
        return []
    turn = view if any(one.turn == view for one in lines) else lines[0].turn
    lines = [one for one in lines if one.turn == turn]
    _, bottom, _, top = turned(box, turn)
    downward = sorted(lines, key=lambda one: -one.y0)
    pitches = [before.y0 - line.y0 for before, line in pairwise(lines) if before.y0 > line.y0]
    apart = _APART * (median(pitches) if pitches else 0.0)
    band = _MARGIN * (top - bottom)
    above = Edge(page, True, [])  # noqa: FBT003 - the field says which edge it is
    below = Edge(page, False, [])  # noqa: FBT003
    for edge, ordered in ((above, downward), (below, downward[::-1])):
        for row, is_apart in _outermost(ordered, apart):
            away = top - row[0].y0 if edge.top else row[0].y0 - bottom
            if away > band or any(len(line.text) > _LONGEST for line in row):
                break
            edge.rows.append([Cell(page, edge.top, away, is_apart, line, run) for line in row for run in _runs(line)])
    return [above, below]


def _outermost(lines: Sequence[Line], apart: float) -> Iterator[tuple[list[Line], bool]]:
    """The outermost rows, and for each whether a wide gap is between it and the text."""
    rows: list[list[Line]] = []
    for line in lines:
        if not rows or abs(rows[-1][0].y0 - line.y0) > 0.5 * line.size:
            if len(rows) > _ROWS:
                break
            rows.append([])
        rows[-1].append(line)
    gaps = [abs(before[0].y0 - row[0].y0) > apart for before, row in pairwise(rows)]
    last = max((at for at, gap in enumerate(gaps[:_ROWS]) if gap), default=-1)
    for at, row in enumerate(rows[: max(last + 1, 1)]):
        heads = at + 1 < len(rows) and _is_head_of_table(row, rows[at + 1])
        yield row, at <= last and not heads


def _is_head_of_table(row: Sequence[Line], following: Sequence[Line]) -> bool:
    """Whether the cells of a row stand over those of the next one, as the names of columns do."""
    above = [run[0].x0 for line in row for run in _runs(line)]
    below = [run[0].x0 for line in following for run in _runs(line)]
    if len(above) < 2 or len(below) < 2:
        return False
    over = sum(any(abs(one - other) <= _UNDER for other in below) for one in above)
    return over >= max(2, len(above) - 1)


def _runs(line: Line) -> Iterator[list[Glyphs]]:
    run: list[Glyphs] = []
    for word in line.words:
        if run and word.x0 - run[-1].x1 > _GAP * max(line.size, 1.0):
            yield run
            run = []
        run.append(word)
    yield run
