"""What a reader of an OpenDocument file sees: its paragraphs, lists, tables, notes and text boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nrqa.corpus.readers.office.numbering import Numbering
from nrqa.corpus.readers.office.opendocument import CHART, DRAW, MATH, OFFICE, TABLE, TEXT, OpenDocument
from nrqa.corpus.readers.office.opendocument_styles import OUTLINE, Styles
from nrqa.corpus.readers.office.pieces import Line, Note, Paragraph, Piece, Role, Words, joined, surrounded
from nrqa.corpus.readers.office.style import Style
from nrqa.corpus.readers.office.tables import Cell, all_words, table_pieces
from nrqa.corpus.readers.shared.mathml import linear
from nrqa.corpus.readers.shared.xml import Element, children

# Tables of contents and similar parts are only navigation; the element for tracked changes holds deleted text.
_LEFT_OUT = frozenset(
    [TEXT + name for name in ("tracked-changes", "placeholder", "script", "number", "ruby-text", "alphabetical-index")]
    + [TEXT + name for name in ("table-of-content", "illustration-index", "table-index", "object-index", "user-index")]
    + [OFFICE + name for name in ("annotation", "annotation-end", "forms", "event-listeners")]
)
_WITH_TEXT = frozenset([TEXT + "note", TEXT + "hidden-text", DRAW + "frame", DRAW + "custom-shape"])
_SPACES = frozenset(TEXT + name for name in ("s", "tab"))
_MOST_REPEATED = 100
"""Most times that a repeat count repeats a cell or row; a larger count stands for the empty rest of a sheet."""
_MOST_LEVELS = 9


@dataclass(slots=True)
class Walk:
    """A walk through a document's body; ``colored`` says whether the background of words may be darker than paper."""

    document: OpenDocument
    styles: Styles
    numbering: Numbering
    colored: bool = False
    _deleting: set[str] = field(default_factory=set)
    """The deletions that have begun, but not ended: most programs store deleted text apart, some leave it in place."""
    _found: list[Piece] = field(default_factory=list)
    _boxes: list[Piece] = field(default_factory=list)
    _notes: list[Piece] = field(default_factory=list)
    """Text boxes and notes that belong to the current paragraph."""
    _lists: dict[str, str] = field(default_factory=dict)
    """The last list of each style, for lists that continue after a paragraph in between."""

    def pieces(self, container: Element) -> list[Piece]:
        """The pieces in a body, a cell, a note or a text box."""
        outer, self._found = self._found, []
        outer_boxes, self._boxes, outer_notes, self._notes = self._boxes, [], self._notes, []
        self._blocks(container)
        found, self._found, self._boxes, self._notes = self._found, outer, outer_boxes, outer_notes
        return found

    def shape(self, shape: Element) -> list[Piece]:
        """The pieces in a shape of a page."""
        outer, self._found = self._found, []
        self._block(shape)
        found, self._found = self._found, outer
        return found

    def _blocks(self, container: Element) -> None:
        for child in children(container):
            self._block(child)

    def _block(self, child: Element) -> None:
        if child.tag in _LEFT_OUT:
            return
        if child.tag in (TEXT + "p", TEXT + "h"):
            self._paragraph(child, None)
        elif child.tag == TEXT + "list":
            self._list(child, self._list_id(child), 0)
        elif child.tag == TABLE + "table":
            self._table(child)
        elif child.tag.startswith(DRAW):
            self._drawn(child, Line())
            self._found += self._boxes
            self._boxes = []
        elif child.tag == TEXT + "section" and child.get(TEXT + "display") in ("none", "condition"):
            self._hidden(child)
        elif child.tag.startswith(TEXT):
            self._blocks(child)

    def _paragraph(self, paragraph: Element, number: str | None) -> None:
        """Reads a paragraph or heading; ``number`` is given if it is the first in a list item, and "" for a bullet."""
        style = self.styles.of("paragraph", paragraph.get(TEXT + "style-name"))
        line = Line()
        self._inline(paragraph, line, style)
        role: Role = "text" if number is None else "item"
        level = 0
        if paragraph.tag == TEXT + "h":
            role, level = "heading", _level(paragraph)
            if number is None and paragraph.get(TEXT + "is-list-header") != "true":
                number = self.numbering.next(OUTLINE, level - 1)
        elif style.title:
            role = "title"
        elif style.level:
            role, level = "heading", style.level
        words = line.words()
        if number and words.text:
            words = joined([Words(number, bold=words.bold), words], " ")
        paragraph = Paragraph(Words() if style.contents else words, role, level)
        self._found += surrounded(paragraph, self._boxes, self._notes)
        self._boxes, self._notes = [], []

    def _inline(self, parent: Element, line: Line, style: Style) -> None:
        self._say(parent.text, line, style)
        for child in parent:
            if isinstance(child.tag, str):
                self._within(child, line, style)
            self._say(child.tail, line, style)

    def _within(self, child: Element, line: Line, style: Style) -> None:
        if child.tag in _LEFT_OUT or (self._deleting and child.tag in _WITH_TEXT):
            return
        if child.tag in (TEXT + "change-start", TEXT + "change-end"):
            self._change(child)
        elif child.tag in _SPACES:
            line.add(" ")
        elif child.tag == TEXT + "line-break":
            line.end_line()
        elif child.tag == TEXT + "span":
            self._inline(child, line, self.styles.of_span(child.get(TEXT + "style-name"), style))
        elif child.tag == TEXT + "note":
            self._note(child)
        elif child.tag in (TEXT + "hidden-text", TEXT + "hidden-paragraph"):
            if child.get(TEXT + "is-hidden") == "true":
                line.hide(child.get(TEXT + "string-value") or "".join(child.itertext()))
            else:
                self._inline(child, line, style)
        elif child.tag.startswith(DRAW):
            self._drawn(child, line)
        else:
            self._inline(child, line, style)

    def _change(self, mark: Element) -> None:
        name = mark.get(TEXT + "change-id", "")
        if mark.tag == TEXT + "change-end":
            self._deleting.discard(name)
        elif name in self.document.deletions:
            self._deleting.add(name)

    def _say(self, text: str | None, line: Line, style: Style) -> None:
        if self._deleting:
            return
        if text and style.is_unseen(colored=self.colored):
            line.hide(text)
        elif text:
            line.add(text, bold=bool(style.bold), height=style.height)

    def _note(self, note: Element) -> None:
        body = note.find(TEXT + "note-body")
        citation = note.find(TEXT + "note-citation")
        mark = "" if citation is None else " ".join((citation.get(TEXT + "label") or citation.text or "").split())
        if body is not None:
            self._notes.append(Note(mark, all_words(self.pieces(body))))

    def _drawn(self, shape: Element, line: Line) -> None:
        """Reads a drawing: text in a frame or shape and a chart's titles become boxes, a formula goes into the line."""
        if shape.tag == DRAW + "object":
            held = self.document.object(shape)
            if held is not None and held.tag == MATH + "math":
                line.add_formula(linear(held))
            for title in [] if held is None else held.iter(CHART + "title"):
                self._boxes += self.pieces(title)
            return
        colored, self.colored = self.colored, True
        if any(child.tag.startswith(TEXT) for child in children(shape)):
            self._boxes += self.pieces(shape)
        else:
            for child in children(shape):
                if child.tag.startswith(DRAW):
                    self._drawn(child, line)
                elif child.tag == TABLE + "table":
                    self._boxes += self.pieces(shape)
        self.colored = colored

    def _hidden(self, section: Element) -> None:
        line = Line()
        line.hide(" ".join(text for text in section.itertext() if text.strip()))
        self._found.append(Paragraph(line.words()))

    def _list_id(self, one: Element) -> str:
        """The name under which a list is counted: its own, or that of the list it continues."""
        style = one.get(TEXT + "style-name", "")
        goes_on = one.get(TEXT + "continue-numbering") == "true" or one.get(TEXT + "continue-list") is not None
        name = self._lists.get(style) if goes_on else None
        if name is None:
            name = f"{style}\0{len(self.numbering.levels)}"
            self.numbering.levels[name] = self.styles.lists.get(style, {})
        self._lists[style] = name
        return name

    def _list(self, one: Element, list_id: str, level: int) -> None:
        style = one.get(TEXT + "style-name")
        if level and style in self.styles.lists and self.styles.lists[style] is not self.numbering.levels[list_id]:
            list_id = self._list_id(one)  # a list of another style inside an item has its own numbers
        for item in children(one):
            if item.tag not in (TEXT + "list-item", TEXT + "list-header"):
                continue
            is_first = item.tag == TEXT + "list-item"
            start = item.get(TEXT + "start-value", "")
            if start.isdecimal() and len(start) < 6:
                self.numbering.restarts.setdefault(list_id, {})[level] = int(start)
            for child in children(item):
                if child.tag == TEXT + "list":
                    self._list(child, list_id, min(level + 1, _MOST_LEVELS))
                elif child.tag in (TEXT + "p", TEXT + "h"):
                    self._paragraph(child, self.numbering.next(list_id, level) if is_first else None)
                    is_first = False
                else:
                    self._block(child)

    def _table(self, table: Element) -> None:
        rows: list[list[Cell]] = []
        down: dict[int, int] = {}
        """For each column, over how many more rows the cell above extends."""
        marked = 0
        colored, self.colored = self.colored, True
        for row, is_header in _rows(table):
            cells = self._cells(row, down)
            for _ in range(_repeated(row, "number-rows-repeated")):
                rows.append(cells)
                marked += is_header and marked == len(rows) - 1
        self.colored = colored
        self._found += table_pieces(rows, marked=marked, first_row=False) if rows else []

    def _cells(self, row: Element, down: dict[int, int]) -> list[Cell]:
        found = []
        column = 0
        for cell in children(row):
            if cell.tag == TABLE + "covered-table-cell":
                for _ in range(_repeated(cell, "number-columns-repeated")):
                    if down.get(column, 0) > 0:
                        down[column] -= 1
                        found.append(Cell(column, (), merged=True))
                    column += 1
            elif cell.tag == TABLE + "table-cell":
                content = tuple(self.pieces(cell))
                for _ in range(_repeated(cell, "number-columns-repeated")):
                    down[column] = _number(cell, "number-rows-spanned") - 1
                    found.append(Cell(column, content))
                    column += 1
        return found


def _rows(parent: Element, *, is_header: bool = False) -> Iterator[tuple[Element, bool]]:
    for child in children(parent):
        if child.tag == TABLE + "table-row":
            if child.get(TABLE + "visibility", "visible") == "visible":
                yield child, is_header
        elif child.tag == TABLE + "table-header-rows":
            yield from _rows(child, is_header=True)
        elif child.tag in (TABLE + "table-rows", TABLE + "table-row-group"):
            yield from _rows(child, is_header=is_header)


def _repeated(element: Element, name: str) -> int:
    return min(_number(element, name), _MOST_REPEATED)


def _number(element: Element, name: str) -> int:
    written = element.get(TABLE + name, "1")
    return int(written) if written.isdecimal() and 0 < len(written) < 7 else 1


def _level(heading: Element) -> int:
    written = heading.get(TEXT + "outline-level", "1")
    return int(written) if written.isdecimal() and 0 < int(written) < 11 else 1
