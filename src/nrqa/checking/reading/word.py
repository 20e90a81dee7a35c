"""Reads a Word document as a draft: its paragraphs, its notes where their marks stand, its links and block quotes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nrqa.checking.prose import Kind, Prose
from nrqa.checking.reading.manuscript import Manuscript
from nrqa.corpus.readers.office.docx_styles import Styles, W, read_styles
from nrqa.corpus.readers.office.package import COMPATIBILITY, RELATIONS, Package, chosen, open_package
from nrqa.corpus.readers.office.symbols import sign
from nrqa.corpus.readers.shared.xml import Element, children, local, parse
from nrqa.errors import UnreadableError

QUOTING = re.compile(r"quot|zitat|\bcit(?:a|e|ation|azione|at|aat)s?\b|block ?text|引用", re.IGNORECASE)
"""Names of paragraph styles for block quotes in the languages of word processors."""


def read_word(data: bytes) -> tuple[str, list[Prose]]:
    """The text of the document, changes as accepted, and its paragraphs."""
    package = open_package(data, "word")
    root = package.part(package.main)
    body = None if root is None else root.find(W + "body")
    if body is None:
        raise UnreadableError("damaged: its main part is no document")
    styles = package.part(package.related(package.main, "styles"))
    walk = _Walk(read_styles(styles), _quoting_styles(styles), _notes(package), _addresses(package))
    walk.blocks(body)
    return walk.draft.text, walk.draft.proses()


_KEPT = frozenset(W + name for name in ("ins", "moveTo", "customXml", "smartTag", "dir", "bdo", "fldSimple"))
_LEAST_INDENT = 300
"""Twentieths of a point: about half a centimetre."""


@dataclass(slots=True)
class _Walk:
    """A walk through the body."""

    styles: Styles
    quoting: frozenset[str]
    notes: Mapping[tuple[str, str], Element]
    addresses: Mapping[str, str]
    draft: Manuscript = field(default_factory=Manuscript)
    rows: int = -1
    _boxes: list[Element] = field(default_factory=list)

    def blocks(self, container: Element, row: int = -1) -> None:
        """Read all paragraphs and tables of a body, a cell or a text box."""
        for child in _elements(container):
            if child.tag == W + "p":
                self._paragraph(child, row)
            elif child.tag == W + "tbl":
                for one in child.iter(W + "tr"):
                    self.rows += 1
                    for cell in one.iterfind(W + "tc"):
                        self.blocks(cell, self.rows)
            elif child.tag == W + "sdt":
                for content in child.iterfind(W + "sdtContent"):
                    self.blocks(content, row)
            elif child.tag in _KEPT:
                self.blocks(child, row)

    def _paragraph(self, paragraph: Element, row: int) -> None:
        properties = paragraph.find(W + "pPr")
        style = self.styles.of_paragraph(properties)
        self._inline(paragraph)
        kind: Kind = "text"
        named = None if properties is None else properties.find(W + "pStyle")
        if style.level or style.title:
            kind = "heading"
        elif row >= 0:
            kind = "cell"
        elif named is not None and named.get(W + "val", "") in self.quoting:
            kind = "quote"
        elif style.list_id in (None, "0") and _indent(properties) >= _LEAST_INDENT:
            kind = "indented"
        mark = None if properties is None else properties.find(W + "rPr")
        if mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None):
            return  # the mark between two paragraphs was deleted: they are one
        self.draft.end(kind, row)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.blocks(box)

    def _inline(self, container: Element) -> None:
        for child in _elements(container):
            if child.tag == W + "r":
                self._run(child)
            elif child.tag == W + "hyperlink":
                begins = self.draft.here.length
                self._inline(child)
                address = self.addresses.get(child.get(RELATIONS + "id", ""), "")
                if address:
                    self.draft.link(begins, address)
            elif child.tag == W + "sdt":
                for content in child.iterfind(W + "sdtContent"):
                    self._inline(content)
            elif child.tag in _KEPT:
                self._inline(child)
            elif local(child) in ("oMath", "oMathPara"):
                self.draft.say("".join(one.text or "" for one in child.iter() if local(one) == "t"))

    def _run(self, run: Element) -> None:
        if self.styles.of_run(run.find(W + "rPr"), self.styles.default).hidden:
            return
        for child in _elements(run):
            name = local(child)
            if name == "t":
                self.draft.say(child.text or "")
            elif name in ("tab", "br", "cr", "ptab"):
                self.draft.say(" ")
            elif name == "noBreakHyphen":
                self.draft.say("-")
            elif name == "sym" and re.fullmatch("[0-9A-Fa-f]{1,6}", child.get(W + "char", "")):
                self.draft.say(sign(child.get(W + "font", ""), int(child.get(W + "char", ""), 16)))
            elif name in ("footnoteReference", "endnoteReference"):
                note = self.notes.get((name.removesuffix("Reference"), child.get(W + "id", "")))
                if note is not None:
                    self.draft.note(self._note(note))
            elif name in ("drawing", "pict", "object"):
                self._boxes += child.iter(W + "txbxContent")

    def _note(self, note: Element) -> str:
        """The words of a note, with the addresses of its links."""
        outer, self.draft = self.draft, Manuscript()
        self.blocks(note)
        inner, self.draft = self.draft, outer
        links = [text for one in inner.found for mark in one.marks if mark.kind == "link" for text in mark.texts[:1]]
        return " ".join([*(one.text.strip() for one in inner.found), *links])


def _elements(parent: Element) -> Iterator[Element]:
    """The child elements; of content that the file offers in several forms, only one form."""
    for child in children(parent):
        if child.tag == COMPATIBILITY + "AlternateContent":
            yield from chosen(child)
        else:
            yield child


def _indent(properties: Element | None) -> int:
    """By how much a paragraph is indented as a whole."""
    indent = None if properties is None else properties.find(W + "ind")
    if indent is None:
        return 0
    written = [indent.get(W + name, "") for name in ("left", "start")]
    return max((int(one) for one in written if re.fullmatch(r"\d{1,6}", one)), default=0)


def _quoting_styles(root: Element | None) -> frozenset[str]:
    """The identifiers of the styles for block quotes."""
    found: set[str] = set()
    for style in [] if root is None else root.findall(W + "style"):
        name = style.find(W + "name")
        identity = style.get(W + "styleId", "")
        called = identity if name is None else name.get(W + "val", "")
        if style.get(W + "type", "paragraph") == "paragraph" and QUOTING.search(called):
            found.add(identity)
    return frozenset(found)


def _notes(package: Package) -> dict[tuple[str, str], Element]:
    found: dict[tuple[str, str], Element] = {}
    for kind in ("footnote", "endnote"):
        root = package.part(package.related(package.main, kind + "s"))
        for one in [] if root is None else root.findall(W + kind):
            found[kind, one.get(W + "id", "")] = one
    return found


def _addresses(package: Package) -> dict[str, str]:
    """The addresses of links, by their identifiers; nothing is fetched."""
    folder, base = posixpath.split(package.main)
    found: dict[str, str] = {}
    for part in (base, "footnotes.xml", "endnotes.xml"):
        data = package.archive.read(posixpath.join(folder, "_rels", f"{part}.rels"))
        for one in [] if data is None else children(parse(data, f"{part}.rels")):
            if one.get("TargetMode") == "External":
                found.setdefault(one.get("Id", ""), one.get("Target", ""))
    return found
