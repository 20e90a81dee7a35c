"""Puts what people have typed onto a page beside what is printed there: never inside a printed sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nrqa.corpus.readers.pdf.annotations import BOX, CHECKED, FIELD, Annotation
from nrqa.corpus.readers.pdf.glyphs import Glyphs, PageGlyphs
from nrqa.corpus.readers.pdf.lines import Line
from nrqa.corpus.readers.pdf.paragraphs import Paragraph
from nrqa.corpus.readers.pdf.turning import Box

_BESIDE = 3.0
"""In multiples of its own height: how far from a box its words may stand."""
_NEAR = 60
"""Lines near an annotation that may be the one it belongs to."""
_SQUARES = frozenset("□☐▢◻❏❑○◯☑☒■✓✔✗✘oO")
"""What programs print where a box is."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the paragraphs of typed text are: the kind of place, and its label."""

    kind: str
    label: str


def with_boxes(page: PageGlyphs) -> None:
    """Puts the boxes of a form, checked or not, before the words that stand beside them.

    A box without such words is a value of its name if it is checked.
    """
    typed: list[Annotation] = []
    for one in page.typed:
        if one.kind != BOX:
            typed.append(one)
        elif not _put_box(page.words, one) and one.text == CHECKED:
            typed.append(replace(one, kind=FIELD, text=f"{one.text} {one.label}".strip()))
    page.typed = tuple(typed)


def _put_box(words: list[Glyphs], one: Annotation) -> bool:
    height = one.box[3] - one.box[1]
    best: tuple[float, int] | None = None
    for at, word in enumerate(words):
        if not _is_level(one.box, word.box):
            continue
        if word.text in _SQUARES and one.box[0] <= (word.box[0] + word.box[2]) / 2 <= one.box[2]:
            word.text = one.text
            return True
        gap = word.box[0] - one.box[2]
        # Words on the right are more likely to belong to the box than words on the left.
        distance = gap if gap > -0.3 * height else _BESIDE * height + one.box[0] - word.box[2]
        if -0.3 * height <= distance and (best is None or distance < best[0]):
            best = distance, at
    if best is None or best[0] > 2 * _BESIDE * height:
        return False
    word = words[best[1]]
    before = word.box[0] > one.box[0]
    x0, x1 = (one.box[0], one.box[2]) if word.turn == 0 else (word.x0 - height, word.x0)
    mark = Glyphs(one.text, one.box, x0, word.y0, x1, word.y1, glued=False, ends=False, hyphen=False,
                  size=word.size, bold=word.bold, turn=word.turn)  # fmt: skip
    if not before:
        mark.ends, word.ends = word.ends, False
    words.insert(best[1] + (not before), mark)
    return True


def _is_level(one: Box, other: Box) -> bool:
    middle = (other[1] + other[3]) / 2
    return one[1] <= middle <= one[3] or other[1] <= (one[1] + one[3]) / 2 <= other[3]


def with_typed(
    paragraphs: Sequence[Paragraph], pages: Sequence[PageGlyphs], size: float
) -> tuple[list[Paragraph], dict[int, Typed]]:
    """The paragraphs with the values of fields and the notes after those beside which they stand.

    The second result says which paragraphs were typed, by their ids. ``size`` is the font size of the text.
    """
    after: dict[int, list[Paragraph]] = {}
    typed: dict[int, Typed] = {}
    found = list(paragraphs)
    for number, page in enumerate(pages):
        if page.typed:
            found = _split(found, number, [one for one in page.typed if one.kind == FIELD], page)
            for anchor, added, told in _placed(found, number, page.typed, page, size):
                after.setdefault(anchor, []).extend(added)
                typed.update((id(one), told) for one in added)
    ordered = after.pop(0, [])
    for one in found:
        ordered.append(one)
        ordered += after.pop(id(one), [])
    return ordered, typed


def _placed(
    paragraphs: Sequence[Paragraph], number: int, annotations: Sequence[Annotation], page: PageGlyphs, size: float
) -> Iterator[tuple[int, list[Paragraph], Typed]]:
    """For each annotation the id of the paragraph that it follows (0: it is the first), and its own paragraphs."""
    anchors = _Anchors(paragraphs, number)
    before = [one for one in paragraphs if one.lines[0].page < number]
    last = id(before[-1]) if before else 0
    notes = 0
    places = sorted(
        ((page.placed(one.box), one) for one in annotations), key=lambda one: (-round(one[0][3]), one[0][0])
    )
    for box, one in places:
        found = anchors.line(box)
        notes += one.kind != FIELD
        told = Typed("form field", one.label) if one.kind == FIELD else Typed("note", one.label or str(notes))
        kind = "field" if one.kind == FIELD else "remark"
        added = [Paragraph([Line(number, _words(text, one.box, size))], kind) for text in one.text.split("\n")]
        yield id(found[1]) if found else last, added, told


def _words(text: str, box: Box, size: float) -> list[Glyphs]:
    return [Glyphs(word, box, *box, glued=False, ends=False, hyphen=False, size=size) for word in text.split()]


class _Anchors:
    """The lines of a page, and the paragraph of each, to find the one beside or below which something stands."""

    def __init__(self, paragraphs: Sequence[Paragraph], number: int) -> None:
        found = [
            (line, paragraph)
            for paragraph in paragraphs
            for line in paragraph.lines
            if line.page == number and line.turn == paragraph.lines[0].turn
        ]
        self._lines = sorted(found, key=lambda one: -one[0].y1)
        self._tops = [-line.y1 for line, _ in self._lines]

    def line(self, box: Box) -> tuple[Line, Paragraph] | None:
        """The line on the left at the same height, or else the nearest one above; None if there is no such line."""
        x0, _, _, y1 = box
        first = bisect_left(self._tops, -(y1 + 3 * (box[3] - box[1])))
        near = self._lines[max(0, first - _NEAR // 2) : first + _NEAR]
        level = [one for one in near if _is_level(box, (one[0].x0, one[0].y0, one[0].x1, one[0].y1)) and one[0].x0 < x0]
        if level:
            return max(level, key=lambda one: one[0].x0)
        above = [one for one in near if one[0].y0 >= box[1]]
        return min(above, key=lambda one: one[0].y0 - box[1], default=None)


def _split(paragraphs: list[Paragraph], number: int, fields: Sequence[Annotation], page: PageGlyphs) -> list[Paragraph]:
    """The paragraphs, divided after the lines that name a field: each has its value below it."""
    if not fields:
        return paragraphs
    anchors = _Anchors(paragraphs, number)
    named = {id(found[0]) for one in fields if (found := anchors.line(page.placed(one.box)))}
    return [part for one in paragraphs for part in _parts(one, named)]


def _parts(paragraph: Paragraph, named: set[int]) -> Iterator[Paragraph]:
    lines: list[Line] = []
    for at, line in enumerate(paragraph.lines):
        lines.append(line)
        following = paragraph.lines[at + 1] if at + 1 < len(paragraph.lines) else None
        if id(line) in named and following is not None and _names_a_field(line, following):
            yield Paragraph(lines, paragraph.kind)
            lines = []
    if lines:
        yield paragraph if len(lines) == len(paragraph.lines) else Paragraph(lines, paragraph.kind)


def _names_a_field(line: Line, following: Line) -> bool:
    """Whether the sentence ends with the line, so that a value may stand below it."""
    return line.text.rstrip()[-1:] in ":.?_…)*" or not following.text[:1].islower()
