"""The lines of a page in the order they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from statistics import median

from nrqa.corpus.readers.pdf.glyphs import Glyphs

_SAME_LINE = 0.5
"""Two boxes are on one line if at least this share of the lower box's height is beside the other box."""
_CELL = 0.9
"""In multiples of the font size: a wider space within a line may be the gap between two columns."""
_FAR = 30.0
"""In multiples of the font size: words farther apart are not on one line, even at the same height."""
_COLUMN_LINES = 4
"""Lines that a column has at least."""
_COLUMN_TEXT = 16
"""Least median of the characters per line of a column; with fewer, it is a table, or numbers in the margin."""
_CROSSING = 0.35
"""Largest share of lines that may cross the gap between two columns, such as titles and figures."""


@dataclass(eq=False)
class Line:
    """The words on one line of a page (counted from 0), and its box with the page turned so that lines run right."""

    page: int
    words: list[Glyphs]
    x0: float = field(init=False)
    y0: float = field(init=False)
    x1: float = field(init=False)
    y1: float = field(init=False)
    size: float = field(init=False)
    bold: bool = field(init=False)

    @property
    def turn(self) -> int:
        """How often its words were turned by 90 degrees."""
        return self.words[0].turn

    def __post_init__(self) -> None:
        words = self.words
        self.x0 = min([one.x0 for one in words])
        self.x1 = max([one.x1 for one in words])
        lengths = [len(one.text) for one in words]
        main = words[lengths.index(max(lengths))]
        # The height is that of the longest word: a raised number or a large bracket must not shift the line.
        self.y0, self.y1, self.size = main.y0, main.y1, main.size
        self.bold = words[0].bold and words[-1].bold and main.bold

    @cached_property
    def text(self) -> str:
        """The words with spaces between them."""
        return joined_text(self.words)

    @property
    def hyphen(self) -> bool:
        """Whether PDFium left out a hyphen at the end of the line."""
        return self.words[-1].hyphen


def joined_text(words: Iterable[Glyphs]) -> str:
    """The words as one text, with spaces where they belong."""
    return "".join(one.text if one.glued or not at else f" {one.text}" for at, one in enumerate(words))


def lines_of(page: int, words: Sequence[Glyphs]) -> list[Line]:
    """The lines of a page in reading order, column by column; lines that run in another direction than most come last.

    The order in the file comes from the program that made it, and is nearly always the reading order. Only if it jumps
    back and forth between columns, or upwards, are the lines sorted by their positions.
    """
    turns = Counter([one.turn for one in words])
    if len(turns) > 1:
        return [
            line
            for turn, _ in turns.most_common()
            for line in lines_of(page, [one for one in words if one.turn == turn])
        ]
    runs = list(_runs(words))
    runs = _divided(runs)
    lines = [Line(page, run) for run in runs]
    if _is_in_order(lines):
        return lines
    return list(_by_place(lines))


def _runs(words: Sequence[Glyphs]) -> Iterator[list[Glyphs]]:
    """Runs of words that follow each other in the file and on the page; this joins lines that PDFium broke in two."""
    run: list[Glyphs] = []
    for word in words:
        if run and not _follows(run[-1], word):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _follows(before: Glyphs, word: Glyphs) -> bool:
    if before.hyphen:
        return False
    if word.mixed and before.mixed and not before.ends:
        return True
    gap = word.x0 - before.x1
    size = max(word.size, before.size)
    if not before.ends and before.y0 == word.y0 and 0 <= gap < size:
        return True  # by far the most common case
    height = min(before.y1 - before.y0, word.y1 - word.y0)
    shared = min(before.y1, word.y1) - max(before.y0, word.y0)
    size = max(size, 1.0)
    if before.ends and gap > 2.5 * size:
        return _level(before, word) and gap <= _FAR * size
    return shared >= _SAME_LINE * height and -0.6 * size <= gap <= _FAR * size


def _level(before: Glyphs, word: Glyphs) -> bool:
    """Whether they stand on one baseline, as the cells of a row do."""
    return abs(before.y0 - word.y0) <= 0.15 * max(before.size, word.size)


# Dividing lines that continue across the gap between two columns.


def _divided(runs: list[list[Glyphs]]) -> list[list[Glyphs]]:
    """The lines, divided where a line in the file continues from one column straight into the next."""
    gaps = [(before.x1, word.x0) for run in runs for before, word in _wide(run)]
    if len(gaps) < _COLUMN_LINES:
        return runs
    place = _most_common_gap(gaps)
    cut = [(run, next((at for at, gap in _places(run) if gap[0] <= place <= gap[1]), 0)) for run in runs]
    lefts = [run[:at] for run, at in cut if at]
    rights = [run[at:] for run, at in cut if at]
    across = sum(not at and run[0].x0 < place < run[-1].x1 for run, at in cut)
    if len(lefts) < _COLUMN_LINES or across > _CROSSING * len(lefts):
        return runs
    if any(median(len(joined_text(one)) for one in side) < _COLUMN_TEXT for side in (lefts, rights)):
        return runs
    # Each side may be divided again: three columns.
    left = _divided([run[:at] if at else run for run, at in cut if at or run[0].x0 < place])
    right = _divided([run[at:] if at else run for run, at in cut if at or run[0].x0 >= place])
    return [*left, *right]


def _wide(run: list[Glyphs]) -> Iterator[tuple[Glyphs, Glyphs]]:
    for before, word in pairwise(run):
        if word.x0 - before.x1 > _CELL * max(before.size, word.size):
            yield before, word


def _places(run: list[Glyphs]) -> Iterator[tuple[int, tuple[float, float]]]:
    for at in range(1, len(run)):
        yield at, (run[at - 1].x1, run[at].x0)


def _most_common_gap(gaps: list[tuple[float, float]]) -> float:
    """The x position that lies in most of the gaps."""
    ends = sorted([(start, -1) for start, _ in gaps] + [(end, 1) for _, end in gaps])
    best, place, depth = 0, 0.0, 0
    for at, (x, kind) in enumerate(ends):
        depth -= kind
        if depth > best:
            best, place = depth, (x + ends[at + 1][0]) / 2
    return place


# Putting the lines in order.


def _is_in_order(lines: Sequence[Line]) -> bool:
    """Whether the order in the file goes down each column, and then to the next column on the right."""
    ups = 0
    flows: list[list[Line]] = [[]]
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None and line.y0 > before.y1 - 0.5 * before.size:
            flows.append([])
            ups += line.x0 < before.x1 and line.x1 > before.x0
        flows[-1].append(line)
    if ups > max(2, 0.1 * len(lines)) or 0 < ups == len(lines) - 1:
        return False
    texts = [one for one in flows if _is_column(one)]
    return not any(_is_left_of(later, one) for at, one in enumerate(texts) for later in texts[at + 1 :])


def _is_column(lines: Sequence[Line]) -> bool:
    return len(lines) >= _COLUMN_LINES and median(len(one.text) for one in lines) >= _COLUMN_TEXT


def _is_left_of(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether one column stands beside the other, on the left."""
    beside = min(one[0].y1, other[0].y1) - max(one[-1].y0, other[-1].y0)
    left = median(line.x1 for line in one) <= min(line.x0 for line in other)
    return left and beside > 3 * one[0].size and not _is_right_to_left(one)


def _is_right_to_left(lines: Sequence[Line]) -> bool:
    letters = "".join(one.text for one in lines[:3])
    return sum("\u0590" <= char <= "\u08ff" for char in letters) > len(letters) / 3


def _by_place(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines from top to bottom, column by column; a line across the gap separates what is above and below it."""
    gap = _gap_between(lines)
    if gap is None:
        yield from _downward(lines)
        return
    band: list[Line] = []
    for line in _downward(lines):
        if line.x0 < gap < line.x1:
            yield from _sides(band, gap)
            yield line
            band = []
        else:
            band.append(line)
    yield from _sides(band, gap)


def _sides(band: list[Line], gap: float) -> Iterator[Line]:
    for side in ([one for one in band if one.x1 <= gap], [one for one in band if one.x0 >= gap]):
        yield from _by_place(side)


def _gap_between(lines: Sequence[Line]) -> float | None:
    """An x position that has columns of text on both sides and that few lines cross; None if there is none."""
    if len(lines) < 2 * _COLUMN_LINES:
        return None
    starts = Counter(round(one.x0) for one in lines)
    for start, _ in sorted(starts.items(), key=lambda one: -one[1])[:12]:
        place = start - 1.5
        left = [one for one in lines if one.x1 <= place]
        right = [one for one in lines if one.x0 >= place]
        crossing = len(lines) - len(left) - len(right)
        if crossing <= _CROSSING * len(lines) and _is_column(left) and _is_column(right):
            return place
    return None


def _downward(lines: Sequence[Line]) -> list[Line]:
    """From top to bottom, and from left to right where they stand side by side."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: -one.y1):
        middle = (line.y0 + line.y1) / 2
        if rows and rows[-1][0].y0 <= middle <= rows[-1][0].y1:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda one: one.x0)]
