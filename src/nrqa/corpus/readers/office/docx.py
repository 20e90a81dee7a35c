"""Reads DOCX and related formats: what a reader of the document sees on its pages, from the XML of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nrqa.corpus.readers.office.composing import composed
from nrqa.corpus.readers.office.diagrams import diagram_lines
from nrqa.corpus.readers.office.docx_controls import content_of, is_left_out
from nrqa.corpus.readers.office.docx_empty import why_empty
from nrqa.corpus.readers.office.docx_styles import Styles, W, is_on, read_styles
from nrqa.corpus.readers.office.inserted import inserted_pieces
from nrqa.corpus.readers.office.numbering import Numbering, counted, read_numbering
from nrqa.corpus.readers.office.omml import MATH, linear
from nrqa.corpus.readers.office.package import COMPATIBILITY, RELATIONS, Package, chosen, open_package
from nrqa.corpus.readers.office.pieces import Line, Lost, Note, Paragraph, Piece, Role, Words, joined, surrounded
from nrqa.corpus.readers.office.properties import believable_title, core_properties
from nrqa.corpus.readers.office.style import Style
from nrqa.corpus.readers.office.symbols import sign
from nrqa.corpus.readers.office.tables import Cell, all_words, table_pieces
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.xml import Element, children, local
from nrqa.errors import UnreadableError

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_ALTERNATE = COMPATIBILITY + "AlternateContent"
# Elements whose content is read: tracked insertions, as if accepted, and wrappers that change nothing.
_KEPT = frozenset(W + name for name in ("ins", "moveTo", "customXml", "smartTag", "hyperlink", "dir", "bdo"))
_GENERATED = re.compile(r"\s*(?:TOC|TOA|INDEX)\b", re.IGNORECASE)
"""Fields whose result is only navigation: tables of contents, tables of authorities, and indexes."""
_MOST_INSERTED = 3
"""How deeply documents may be inserted into each other."""


def read(_: str, data: bytes) -> Reading:
    """Reads a Word document."""
    package = open_package(data, "word")
    root = package.part(package.main)
    body = None if root is None else root.find(W + "body")
    if root is None or body is None:
        raise UnreadableError("damaged: its main part is no document")
    metadata, title, template = core_properties(package)
    pieces = _walk(package, root, 0).pieces(body)
    reading = composed(pieces, title=believable_title(title, template), metadata=metadata)
    if not reading.outline.blocks and not reading.flags:
        raise UnreadableError(why_empty(package, body))
    return reading


def _walk(package: Package, root: Element, depth: int) -> _Walk:
    return _Walk(
        package=package,
        styles=read_styles(package.part(package.related(package.main, "styles"))),
        numbering=read_numbering(package.part(package.related(package.main, "numbering"))),
        notes=_read_notes(package, root),
        colored=root.find(W + "background") is not None,
        depth=depth,
    )


@dataclass(slots=True)
class _Notes:
    """The notes of one kind; ``count`` is their number format, None if their numbers cannot be determined."""

    by_id: Mapping[str, Element]
    count: str | None
    used: int = 0


@dataclass(slots=True)
class _Field:
    """A field that is open: its instruction, and whether its result has begun."""

    instruction: str = ""
    begun: bool = False


@dataclass(slots=True)
class _Walk:
    """A walk through the body; its state lasts longer than one paragraph.

    This is because fields may extend over several paragraphs, and a deleted paragraph mark joins two of them.
    """

    package: Package
    styles: Styles
    numbering: Numbering
    notes: Mapping[str, _Notes]
    colored: bool
    """Whether the page, or what surrounds the words, is coloured: then white words may be visible."""
    depth: int = 0
    """How many documents this one is inserted in."""
    _found: list[Piece] = field(default_factory=list)
    _boxes: list[Piece] = field(default_factory=list)
    _notes: list[Piece] = field(default_factory=list)
    """Text boxes and notes that belong to the current paragraph."""
    _fields: list[_Field] = field(default_factory=list)
    _line: Line | None = None

    def pieces(self, container: Element) -> list[Piece]:
        """The pieces in a body, a cell, a note or a text box."""
        outer, self._found = self._found, []
        outer_boxes, self._boxes, outer_notes, self._notes = self._boxes, [], self._notes, []
        outer_line, self._line = self._line, None
        self._blocks(container)
        if self._line is not None:  # the last paragraph mark was deleted, and no paragraph follows
            self._put(Paragraph(self._line.words()))
        found, self._found, self._line = self._found, outer, outer_line
        self._boxes, self._notes = outer_boxes, outer_notes
        return found

    def _blocks(self, container: Element) -> None:
        for child in _elements(container):
            if child.tag == W + "p":
                self._paragraph(child)
            elif child.tag == W + "tbl":
                self._table(child)
            elif child.tag == W + "sdt":
                if not is_left_out(child, self.styles, self.package):
                    self._blocks(content_of(child))
            elif child.tag in _KEPT:
                self._blocks(child)
            elif child.tag == W + "altChunk":
                self._found += self._inserted(child)

    def _inserted(self, chunk: Element) -> list[Piece]:
        """The pieces of a document of another format that is inserted here."""
        relation = self.package.relations(self.package.main).get(chunk.get(RELATIONS + "id", ""))
        if relation is None or relation.target is None:
            return [Lost("an inserted document that is not in the file")]
        return inserted_pieces(relation.target, self.package.archive.read(relation.target), self._inserted_word)

    def _inserted_word(self, data: bytes) -> list[Piece]:
        if self.depth == _MOST_INSERTED:
            raise UnreadableError("inserted too deeply")
        package = open_package(data, "word")
        root = package.part(package.main)
        body = None if root is None else root.find(W + "body")
        return [] if root is None or body is None else _walk(package, root, self.depth + 1).pieces(body)

    def _paragraph(self, paragraph: Element) -> None:
        properties = paragraph.find(W + "pPr")
        style = self.styles.of_paragraph(properties)
        line = self._line or Line()
        self._line = None
        self._inline(paragraph, line, style)
        mark = None if properties is None else properties.find(W + "rPr")
        if mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None):
            # The paragraph mark is deleted: the next paragraph continues this one.
            self._line = line
            return
        number = self._number(style)
        words = line.words()
        if number is not None and words.text:
            words = joined([Words(number, bold=words.bold), words], " ") if number else words
        if style.contents:
            words = Words()
        role: Role = "text"
        if style.level:
            role = "heading"
        elif style.title:
            role = "title"
        elif number is not None:
            role = "item"
        self._put(Paragraph(words, role, style.level or 0))

    def _put(self, paragraph: Paragraph) -> None:
        self._found += surrounded(paragraph, self._boxes, self._notes)
        self._boxes, self._notes = [], []

    def _number(self, style: Style) -> str | None:
        """The number before a paragraph: "" for a bullet, None where it is in no list."""
        if style.list_id in (None, "0") or not self.numbering.has(style.list_id or ""):
            return None
        return self.numbering.next(style.list_id or "", style.list_level or 0)

    def _inline(self, container: Element, line: Line, style: Style) -> None:
        for child in _elements(container):
            if child.tag == W + "r":
                self._run(child, line, style)
            elif child.tag in _KEPT:
                self._inline(child, line, style)
            elif child.tag == W + "fldSimple":
                if not _GENERATED.match(child.get(W + "instr", "")):
                    self._inline(child, line, style)
            elif child.tag == W + "sdt":
                if not is_left_out(child, self.styles, self.package):
                    self._inline(content_of(child), line, style)
            elif child.tag in (MATH + "oMath", MATH + "oMathPara"):
                line.add_formula(linear(child))

    def _run(self, run: Element, line: Line, paragraph: Style) -> None:
        style = self.styles.of_run(run.find(W + "rPr"), paragraph)
        unseen = style.is_unseen(colored=self.colored)
        for child in _elements(run):
            name = local(child)
            if name in ("fldChar", "instrText"):
                self._field(child)
            elif self._generated():
                continue
            elif name in ("drawing", "pict", "object"):
                self._drawn(child)
            elif unseen:
                line.hide(_text(child))
            elif name in ("footnoteReference", "endnoteReference"):
                self._note(name.removesuffix("Reference"), child)
            elif name == "ruby":
                for base in child.iterfind(f"{W}rubyBase"):
                    self._inline(base, line, paragraph)
            elif _ends_line(child):
                line.end_line()
            else:
                line.add(_text(child), bold=bool(style.bold), height=style.height)

    def _field(self, mark: Element) -> None:
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
        elif not self._fields:
            return
        elif kind == "separate":
            self._fields[-1].begun = True
        elif kind == "end":
            self._fields.pop()
        elif mark.tag == W + "instrText" and not self._fields[-1].begun:
            self._fields[-1].instruction += mark.text or ""

    def _generated(self) -> bool:
        """Whether this is a field's instruction, or navigation that a field made."""
        return any(not one.begun or _GENERATED.match(one.instruction) for one in self._fields)

    def _drawn(self, drawing: Element) -> None:
        """The text boxes and diagrams of a drawing."""
        colored, self.colored = self.colored, True
        for child in _elements(drawing):
            if child.tag == W + "txbxContent":
                self._boxes += self.pieces(child)
            elif child.tag == _DIAGRAM + "relIds":
                related = self.package.relations(self.package.main).get(child.get(RELATIONS + "dm", ""))
                data = self.package.part(related.target) if related else None
                self._boxes += [Paragraph(Words(text), "item") for text in diagram_lines(data)]
            elif local(child) == "OLEObject" and child.get("Type") == "Embed":
                self._boxes.append(Lost(f"an embedded document is not read ({child.get('ProgID') or 'unknown'})"))
            else:
                self._drawn(child)
        self.colored = colored

    def _note(self, kind: str, reference: Element) -> None:
        its = self.notes[kind]
        content = its.by_id.get(reference.get(W + "id", ""))
        own_mark = reference.get(W + "customMarkFollows") in ("1", "true", "on")
        its.used += not own_mark
        if content is None:
            return
        mark = "" if own_mark or its.count is None else counted(its.used, its.count) or ""
        fields, self._fields = self._fields, []
        found = self.pieces(content)
        self._fields = fields
        self._notes.append(Note(mark, all_words(found)))

    def _table(self, table: Element) -> None:
        if self._line is not None:
            self._put(Paragraph(self._line.words()))
            self._line = None
        rows = [row for row in _rows(table) if not _is_deleted(row)]
        read = [self._cells(row) for row in rows]
        self._found += table_pieces(read, marked=_marked_headers(rows), first_row=_has_first_row(table))

    def _cells(self, row: Element) -> list[Cell]:
        found = []
        column = 0
        for cell in _wrapped(row, "tc"):
            properties = cell.find(W + "tcPr")
            span, merged, shaded = 1, False, False
            if properties is not None:
                if properties.find(W + "cellDel") is not None:
                    continue
                across, down = properties.find(W + "gridSpan"), properties.find(W + "vMerge")
                written = "" if across is None else across.get(W + "val", "")
                span = min(int(written), 1000) if written.isdecimal() else 1
                merged = down is not None and down.get(W + "val", "continue") == "continue"
                shaded = properties.find(W + "shd") is not None
            colored, self.colored = self.colored, self.colored or shaded or _has_style(row.getparent())
            found.append(Cell(column, tuple(self.pieces(cell)), merged))
            self.colored = colored
            column += span
        return found


def _elements(parent: Element) -> Iterator[Element]:
    """The child elements; of content that the file offers in several forms, only one form."""
    for child in children(parent):
        if child.tag == _ALTERNATE:
            for one in chosen(child):
                yield from chosen(one) if one.tag == _ALTERNATE else (one,)
        else:
            yield child


def _ends_line(child: Element) -> bool:
    """Whether it is a line break, not a page or column break."""
    is_break = child.tag == W + "br" and child.get(W + "type", "textWrapping") == "textWrapping"
    return is_break or bool(child.tag == W + "cr")


def _text(child: Element) -> str:
    """The text that an element of a run stands for."""
    name = local(child)
    if name == "t":
        return child.text or ""
    if name in ("tab", "ptab", "br", "cr"):
        return " "
    if name == "noBreakHyphen":
        return "-"
    if name == "sym":
        code = child.get(W + "char", "")
        return sign(child.get(W + "font", ""), int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{1,6}", code) else ""
    return ""


def _rows(table: Element) -> Iterator[Element]:
    yield from _wrapped(table, "tr")


def _wrapped(parent: Element, name: str) -> Iterator[Element]:
    """The rows or cells of a parent, including those inside content controls and other wrappers."""
    for child in _elements(parent):
        if child.tag == W + name:
            yield child
        elif child.tag == W + "sdt":
            yield from _wrapped(content_of(child), name)
        elif child.tag in _KEPT:
            yield from _wrapped(child, name)


def _is_deleted(row: Element) -> bool:
    properties = row.find(W + "trPr")
    return properties is not None and (properties.find(W + "del") is not None or bool(is_on(properties, "hidden")))


def _has_style(row_parent: Element | None) -> bool:
    """Whether the table of this row has a table style, which may give it colours."""
    while row_parent is not None and row_parent.tag != W + "tbl":
        row_parent = row_parent.getparent()
    return row_parent is not None and row_parent.find(f"{W}tblPr/{W}tblStyle") is not None


def _marked_headers(rows: list[Element]) -> int:
    """How many rows at the top are to be repeated on every page."""
    for at, row in enumerate(rows):
        properties = row.find(W + "trPr")
        if properties is None or not is_on(properties, "tblHeader"):
            return at
    return len(rows)


def _has_first_row(table: Element) -> bool:
    """Whether the table's style makes its first row look special."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    if look is None:
        return False
    flags = look.get(W + "val", "0")
    return look.get(W + "firstRow") == "1" or bool(re.fullmatch("[0-9A-Fa-f]{1,8}", flags) and int(flags, 16) & 0x20)


def _read_notes(package: Package, document: Element) -> dict[str, _Notes]:
    settings = package.part(package.related(package.main, "settings"))
    found = {}
    for kind, usual in (("footnote", "decimal"), ("endnote", "lowerRoman")):
        root = package.part(package.related(package.main, kind + "s"))
        by_id = {} if root is None else {one.get(W + "id", ""): one for one in root.findall(W + kind)}
        said = [] if settings is None else settings.findall(f"{W}{kind}Pr")
        said += document.findall(f".//{W}sectPr/{W}{kind}Pr")
        found[kind] = _Notes(by_id, _way_of_counting(said, usual))
    return found


def _way_of_counting(properties: list[Element], usual: str) -> str | None:
    """The number format of notes; None if it differs between sections, or if numbers restart or do not start at 1."""
    ways = {usual} if not properties else set()
    for one in properties:
        restart, way, start = (one.find(W + name) for name in ("numRestart", "numFmt", "numStart"))
        if restart is not None and restart.get(W + "val") != "continuous":
            return None
        if start is not None and start.get(W + "val") != "1":
            return None
        if way is not None:
            ways.add(way.get(W + "val", usual))
    return ways.pop() if len(ways) == 1 else (None if ways else usual)
