"""Reads PPTX and related formats: the text on the slides and in the speaker notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nrqa.corpus.readers.office.diagrams import DRAWING, diagram_lines
from nrqa.corpus.readers.office.omml import linear
from nrqa.corpus.readers.office.package import COMPATIBILITY, RELATIONS, Package, chosen, open_package
from nrqa.corpus.readers.office.pieces import Height, Hidden, Line, Lost, Paragraph, Piece, Words, on_one_line
from nrqa.corpus.readers.office.properties import believable_title, core_properties
from nrqa.corpus.readers.office.slides import Box, Slide, reading_order, slides_composed
from nrqa.corpus.readers.office.tables import Cell, all_words, table_pieces
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.xml import Element, children
from nrqa.errors import UnreadableError

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = DRAWING
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_TITLES = ("title", "ctrTitle")
_LEFT_OUT = ("dt", "ftr", "hdr", "sldNum", "sldImg")
"""Placeholders that repeat on every slide, and the picture of the slide on its notes page."""
_TWO_POINTS = 200
_USUAL_SIZE = (12_192_000.0, 6_858_000.0)


def read(_: str, data: bytes) -> Reading:
    """Reads a presentation."""
    package = open_package(data, "ppt")
    root = package.part(package.main)
    if root is None or root.tag != P + "presentation":
        raise UnreadableError("damaged: its main part is no presentation")
    relations = package.relations(package.main)
    size = root.find(P + "sldSz")
    extent = _USUAL_SIZE if size is None else (_number(size, "cx"), _number(size, "cy"))
    slides = []
    for one in root.iterfind(f"{P}sldIdLst/{P}sldId"):
        relation = relations.get(one.get(RELATIONS + "id", ""))
        slides.append(_slide(package, relation.target if relation else None, extent))
    metadata, title, template = core_properties(package)
    return slides_composed(slides, title=believable_title(title, template), metadata=metadata)


@dataclass(frozen=True, slots=True)
class _Part:
    """A slide's part, and the positions that its placeholders inherit."""

    package: Package
    name: str
    inherited: Mapping[tuple[str, str], tuple[float, float, float, float]]
    """By kind of placeholder and its index: left, top, width, height."""


def _slide(package: Package, name: str | None, extent: tuple[float, float]) -> Slide:
    root = package.part(name)
    if root is None or name is None:
        return Slide(Words(), ((Lost("a slide that is missing in the file"),),))
    part = _Part(package, name, _inherited(package, name))
    title, opens, subtitled = Words(), False, False
    boxes: list[Box] = []
    pictures = 0
    for shape in _shapes(root.find(f"{P}cSld/{P}spTree")):
        kind, _ = _placeholder(shape)
        pictures += sum(True for _ in shape.iter(P + "pic"))
        if kind in _LEFT_OUT:
            continue
        left, top, width, height = _position(shape, part)
        content = _content(shape, part, extent[1])
        away = left >= extent[0] or top >= extent[1] or left + width < 0 or top + height < 0
        subtitled |= kind == "subTitle"
        if kind in _TITLES and not title.text:
            title, opens = all_words(content), kind == "ctrTitle"
        else:
            boxes.append(Box(top, left, _as_hidden(content) if away or _is_hidden(shape) else content))
    return Slide(
        title=title,
        shapes=reading_order(boxes, extent[1]),
        notes=_notes(package, name),
        hidden=root.get("show") in ("0", "false"),
        opens=opens or subtitled,
        pictures=pictures,
    )


def _notes(package: Package, slide: str) -> tuple[Piece, ...]:
    name = package.related(slide, "notesSlide")
    root = package.part(name)
    if root is None or name is None:
        return ()
    part = _Part(package, name, {})
    shapes = [one for one in _shapes(root.find(f"{P}cSld/{P}spTree")) if _placeholder(one)[0] not in _LEFT_OUT]
    return tuple(piece for shape in shapes for piece in _content(shape, part, 0))


def _content(shape: Element, part: _Part, height: float) -> tuple[Piece, ...]:
    """The content of a shape, a table, a diagram, or all shapes of a group."""
    if shape.tag == P + "grpSp":
        boxes = []
        for one in _shapes(shape):
            left, top, _, _ = _position(one, part)
            inner = _content(one, part, height)
            boxes.append(Box(top, left, _as_hidden(inner) if _is_hidden(one) else inner))
        return tuple(piece for content in reading_order(boxes, height) for piece in content)
    if shape.tag == P + "graphicFrame":
        return tuple(_graphic(shape, part))
    body = shape.find(P + "txBody")
    return () if body is None else tuple(Paragraph(words) for words in _paragraphs(body))


def _graphic(frame: Element, part: _Part) -> Iterator[Piece]:
    for table in frame.iter(A + "tbl"):
        properties = table.find(A + "tblPr")
        first = properties is not None and properties.get("firstRow") in ("1", "true")
        yield from table_pieces([_cells(row) for row in table.iterfind(A + "tr")], marked=0, first_row=first)
    relations = part.package.relations(part.name)
    for one in frame.iter(_DIAGRAM + "relIds", _CHART + "chart"):
        key = "dm" if one.tag == _DIAGRAM + "relIds" else "id"
        relation = relations.get(one.get(RELATIONS + key, ""))
        data = part.package.part(relation.target) if relation else None
        if key == "dm":
            yield from (Paragraph(Words(text)) for text in diagram_lines(data))
        elif data is not None:
            for title in data.iter(_CHART + "title"):
                yield from (Paragraph(words) for rich in title.iter(_CHART + "rich") for words in _paragraphs(rich))


def _cells(row: Element) -> list[Cell]:
    found = []
    for column, cell in enumerate(row.iterfind(A + "tc")):
        if cell.get("hMerge") in ("1", "true"):
            continue
        body = cell.find(A + "txBody")
        content = () if body is None else tuple(Paragraph(on_one_line(words)) for words in _paragraphs(body))
        found.append(Cell(column, content, merged=cell.get("vMerge") in ("1", "true")))
    return found


def _paragraphs(body: Element) -> Iterator[Words]:
    for paragraph in body.iterfind(A + "p"):
        line = Line()
        for run in _elements(paragraph):
            if run.tag == A + "br":
                line.end_line()
            elif run.tag == A + "r" or (run.tag == A + "fld" and run.get("type") != "slidenum"):
                text = "".join(one.text or "" for one in run.iterfind(A + "t"))
                properties = run.find(A + "rPr")
                if properties is not None and 0 < _number(properties, "sz") < _TWO_POINTS:
                    line.hide(text)
                else:
                    line.add(text, height=_height(properties))
            elif run.tag not in (A + "pPr", A + "endParaRPr", A + "fld"):
                line.add_formula(linear(run))
        words = line.words()
        if words.text or words.hidden:
            yield words


def _height(properties: Element | None) -> Height | None:
    shift = 0.0 if properties is None else _number(properties, "baseline")
    return "above" if shift > 0 else "below" if shift < 0 else None


def _as_hidden(content: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The same content as hidden words."""
    text = all_words(content).text
    return (Paragraph(Words("", (Hidden(0, text),))),) if text else ()


def _shapes(tree: Element | None) -> Iterator[Element]:
    for child in [] if tree is None else _elements(tree):
        if child.tag in (P + "sp", P + "grpSp", P + "graphicFrame", P + "pic", P + "cxnSp"):
            yield child


def _elements(parent: Element) -> Iterator[Element]:
    for child in children(parent):
        if child.tag == COMPATIBILITY + "AlternateContent":
            yield from chosen(child)
        else:
            yield child


def _placeholder(shape: Element) -> tuple[str, str]:
    """The kind of placeholder that a shape is, and its index; ("", "") where it is none."""
    for own in children(shape)[:1]:
        found = own.find(f"{P}nvPr/{P}ph")
        if found is not None:
            return found.get("type", "obj"), found.get("idx", "0")
    return "", ""


def _is_hidden(shape: Element) -> bool:
    found = [own.find(P + "cNvPr") for own in children(shape)[:1]]
    return any(one is not None and one.get("hidden") in ("1", "true") for one in found)


def _position(shape: Element, part: _Part) -> tuple[float, float, float, float]:
    """Left, top, width and height of a shape; a placeholder without these inherits them."""
    for path in (f"{P}spPr/{A}xfrm", f"{P}grpSpPr/{A}xfrm", f"{P}xfrm"):
        found = shape.find(path)
        if found is not None and found.find(A + "off") is not None:
            at, size = found.find(A + "off"), found.find(A + "ext")
            extent = (0.0, 0.0) if size is None else (_number(size, "cx"), _number(size, "cy"))
            return _number(at, "x"), _number(at, "y"), *extent
    kind, index = _placeholder(shape)
    for key in ((kind, index), ("", index) if index != "0" else (kind, ""), (_ALIKE.get(kind, kind), "")):
        if key in part.inherited:
            return part.inherited[key]
    return 0.0, 0.0, 0.0, 0.0


_ALIKE = {"ctrTitle": "title", "subTitle": "body", "obj": "body", "tbl": "body", "chart": "body", "dgm": "body"}


def _inherited(package: Package, slide: str) -> dict[tuple[str, str], tuple[float, float, float, float]]:
    """The positions of the placeholders in the slide's layout and master; those in the layout come first."""
    found: dict[tuple[str, str], tuple[float, float, float, float]] = {}
    layout = package.related(slide, "slideLayout")
    for name in (layout, package.related(layout, "slideMaster") if layout else None):
        root = package.part(name)
        for shape in _shapes(None if root is None else root.find(f"{P}cSld/{P}spTree")):
            kind, index = _placeholder(shape)
            where = _position(shape, _Part(package, name or "", found)) if kind else None
            if where is not None and where[2:] != (0.0, 0.0):
                for key in ((kind, index), ("", index), (kind, "")):
                    found.setdefault(key, where)
    return found


def _number(element: Element, name: str) -> float:
    written = element.get(name, "0")
    return float(written) if len(written) < 16 and written.lstrip("-").isdecimal() else 0.0
