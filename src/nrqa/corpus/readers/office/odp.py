"""Reads ODP: the text on the slides and in the speaker notes."""

from __future__ import annotations

import re

from nrqa.corpus.readers.office.opendocument import (
    DRAW,
    DRAWN,
    FORMAT,
    PRESENTATION,
    STYLE,
    TABLE,
    OpenDocument,
    document_properties,
    open_document,
)
from nrqa.corpus.readers.office.opendocument_styles import numbering_of, read_styles
from nrqa.corpus.readers.office.opendocument_text import Walk
from nrqa.corpus.readers.office.pieces import Hidden, Paragraph, Piece, Words
from nrqa.corpus.readers.office.slides import Box, Slide, reading_order, slides_composed
from nrqa.corpus.readers.office.tables import all_words
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.xml import Element, children

_LEFT_OUT = ("page-number", "date-time", "footer", "header", "page", "handout")
_UNITS = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96, "m": 100.0}
_LENGTH = re.compile(r"(?P<number>-?\d{1,6}(?:\.\d{1,9})?)(?P<unit>[a-z]{1,2})")
_MOVED = re.compile(r"translate\s*\(\s*(?P<x>\S+?)[\s,]+(?P<y>\S+?)\s*\)")
_USUAL_SIZE = (28.0, 15.75)


def read(_: str, data: bytes) -> Reading:
    """Reads an OpenDocument presentation."""
    document = open_document(data, "presentation")
    styles = read_styles(document)
    walk = Walk(document, styles, numbering_of(styles), colored=True)
    hidden = {
        one.get(STYLE + "name")
        for root in document.roots
        for one in root.iter(STYLE + "style")
        for page in one.iterfind(STYLE + "drawing-page-properties")
        if page.get(PRESENTATION + "visibility") == "hidden"
    }
    extent = _extent(document)
    slides = [
        _slide(page, walk, extent, is_hidden=page.get(DRAW + "style-name") in hidden, is_first=at == 0)
        for at, page in enumerate(document.body.iterfind(DRAW + "page"))
    ]
    metadata, title = document_properties(document)
    return slides_composed(slides, title=title, metadata=metadata)


def _slide(page: Element, walk: Walk, extent: tuple[float, float], *, is_hidden: bool, is_first: bool) -> Slide:
    title, has_subtitle = Words(), False
    boxes: list[Box] = []
    notes: list[Piece] = []
    for shape in children(page):
        kind = shape.get(PRESENTATION + "class", "")
        if shape.tag == PRESENTATION + "notes":
            notes += [
                piece
                for one in children(shape)
                if one.get(PRESENTATION + "class", "notes") not in _LEFT_OUT
                for piece in _content(one, walk, extent[1])
            ]
        elif shape.tag.startswith((DRAW, TABLE)) and kind not in _LEFT_OUT:
            content = _content(shape, walk, extent[1])
            has_subtitle |= kind == "subtitle"
            if kind == "title" and not title.text:
                title = all_words(content)
                continue
            left, top, width, height = _position(shape)
            away = left >= extent[0] or top >= extent[1] or left + width < 0 or top + height < 0
            text = all_words(content).text
            unseen = (Paragraph(Words("", (Hidden(0, text),))),) if text else ()
            boxes.append(Box(top, left, unseen if away else content))
    return Slide(
        title=title,
        shapes=reading_order(boxes, extent[1]),
        notes=tuple(notes),
        hidden=is_hidden,
        opens=is_first and has_subtitle,
        pictures=sum(True for _ in page.iter(DRAW + "image")),
    )


def _content(shape: Element, walk: Walk, height: float) -> tuple[Piece, ...]:
    if shape.tag == DRAW + "g":
        boxes = [Box(*_position(one)[1::-1], _content(one, walk, height)) for one in children(shape)]
        return tuple(piece for content in reading_order(boxes, height) for piece in content)
    return tuple(walk.shape(shape)) if shape.tag.startswith((DRAW, TABLE)) else ()


def _position(shape: Element) -> tuple[float, float, float, float]:
    """Left, top, width and height in centimetres; for a group, those of the box around its shapes."""
    if shape.tag == DRAW + "g":
        inner = [_position(one) for one in children(shape) if one.tag.startswith(DRAW)]
        if inner:
            left, top = min(one[0] for one in inner), min(one[1] for one in inner)
            return left, top, max(one[0] + one[2] for one in inner) - left, max(one[1] + one[3] for one in inner) - top
    moved = _MOVED.search(shape.get(DRAW + "transform", ""))
    if moved:
        return _length(moved["x"]), _length(moved["y"]), _length(shape.get(DRAWN + "width")), 0.0
    left, top, width, height = (_length(shape.get(DRAWN + name)) for name in ("x", "y", "width", "height"))
    return left, top, width, height


def _extent(document: OpenDocument) -> tuple[float, float]:
    for root in document.roots:
        for one in root.iter(STYLE + "page-layout-properties"):
            width, height = _length(one.get(FORMAT + "page-width")), _length(one.get(FORMAT + "page-height"))
            if width > height > 0:  # pages for notes and handouts are higher than wide
                return width, height
    return _USUAL_SIZE


def _length(written: str | None) -> float:
    found = _LENGTH.fullmatch(written or "")
    return float(found["number"]) * _UNITS.get(found["unit"], 0.0) if found else 0.0
