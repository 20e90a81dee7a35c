"""Slides become canonical text: each one a block under its title, its speaker notes a block of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nrqa.corpus.readers.office.composing import Writer, row_words
from nrqa.corpus.readers.office.pieces import Lost, Note, Paragraph, Piece, Table, Words, on_one_line
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.outline import Outline
from nrqa.errors import UnreadableError
from nrqa.records import Block, Flag, Place, Span

_MOST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide: its title, the contents of its shapes in reading order, and its speaker notes.

    ``opens`` says whether its title is the title of the presentation. ``pictures`` is the number of pictures on it,
    which are not read.
    """

    title: Words
    shapes: tuple[tuple[Piece, ...], ...]
    notes: tuple[Piece, ...] = ()
    hidden: bool = False
    opens: bool = False
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A shape and where its upper left corner stands, in any unit."""

    top: float
    left: float
    content: tuple[Piece, ...]


def reading_order(boxes: Sequence[Box], height: float) -> tuple[tuple[Piece, ...], ...]:
    """The contents of the shapes from top to bottom, and from left to right if they are at about the same height.

    ``height`` is the height of the slide.
    """
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda one: one.top):
        if rows and box.top - rows[-1][0].top <= height / 25:
            rows[-1].append(box)
        else:
            rows.append([box])
    return tuple(box.content for row in rows for box in sorted(row, key=lambda one: one.left) if box.content)


def slides_composed(slides: Sequence[Slide], *, title: str | None, metadata: Mapping[str, str | list[str]]) -> Reading:
    """The presentation from its slides; ``title`` is the title in its properties, used if none is visible.

    Raises UnreadableError if no slide has text.
    """
    if slides and not any(one.title.text or _lines(one.shapes) or one.notes for one in slides):
        held = "only pictures" if any(one.pictures for one in slides) else "nothing on them"
        counted = f"{len(slides)} slides" if len(slides) > 1 else "a slide"
        raise UnreadableError(f"{counted} without text, {held}")
    shown = " ".join(slides[0].title.text.split()) if slides and slides[0].opens else ""
    writer = Writer()
    blocks: list[Block] = []
    for number, slide in enumerate(slides, 1):
        blocks += _slide_blocks(writer, slide, str(number), shown)
    outline = Outline(title=shown or title, metadata=metadata, notices=(), blocks=tuple(blocks))
    return Reading(writer.text, outline, places=tuple(writer.places), flags=tuple(writer.flags))


def _slide_blocks(writer: Writer, slide: Slide, number: str, shown: str) -> list[Block]:
    heading = on_one_line(slide.title)
    if len(heading.text) > _MOST_TITLE:
        slide = replace(slide, shapes=((Paragraph(slide.title),), *slide.shapes))
        heading = Words()
    spans = writer.write([heading])
    body = [span for shape in slide.shapes for span in writer.write(_lines([shape]))]
    path = (heading.text,) if heading.text and heading.text != shown else ()
    found = [_block(body, path)] if body else [_block(spans, ())] if spans else []
    spans += body
    if spans:
        writer.places.append(Place("slide", number, spans[0].start, spans[-1].end))
    start, end = (spans[0].start, spans[-1].end) if spans else (writer.length, writer.length)
    if slide.hidden:
        writer.flags.append(Flag("hidden text", start, end, f"slide {number} is hidden"))
    if not body and slide.pictures:
        writer.flags.append(Flag("lost text", start, end, f"slide {number} has only pictures"))
    for one in (piece for shape in slide.shapes for piece in shape if isinstance(piece, Lost)):
        writer.flags.append(Flag("lost text", start, end, one.detail))
    notes = writer.write(_lines([slide.notes]))
    if notes:
        writer.places.append(Place("notes", number, notes[0].start, notes[-1].end))
        found.append(_block(notes, path))
    return found


def _block(spans: Sequence[Span], heading: tuple[str, ...]) -> Block:
    items = tuple(spans) if len(spans) > 1 else ()
    return Block(spans[0].start, spans[-1].end, heading, items, alone=True)


def _lines(shapes: Sequence[Sequence[Piece]]) -> list[Words]:
    """The paragraphs and table rows of shapes, each as one line."""
    found: list[Words] = []
    for piece in (piece for shape in shapes for piece in shape):
        if isinstance(piece, Table):
            found += [row_words(row) for row in piece.rows]
        elif isinstance(piece, Paragraph | Note):
            found.append(piece.words)
    return [words for words in found if words.text or words.hidden]
