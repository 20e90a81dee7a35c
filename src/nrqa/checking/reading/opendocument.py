"""Reads an OpenDocument text as a draft: paragraphs, notes where their marks stand, links, block quotes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nrqa.checking.prose import Kind, Prose
from nrqa.checking.reading.manuscript import Manuscript
from nrqa.checking.reading.word import QUOTING
from nrqa.corpus.readers.office.opendocument import FORMAT, LINK, OFFICE, STYLE, TABLE, TEXT, open_document
from nrqa.corpus.readers.shared.xml import Element, children


def read_opendocument(data: bytes) -> tuple[str, list[Prose]]:
    """The text of the document without deleted parts, and its paragraphs."""
    document = open_document(data, "text")
    walk = _Walk(_kinds(document.roots))
    walk.blocks(document.body, None)
    return walk.draft.text, walk.draft.proses()


_LEFT_OUT = frozenset(
    [TEXT + name for name in ("tracked-changes", "script", "table-of-content", "ruby-text", "alphabetical-index")]
    + [OFFICE + name for name in ("annotation", "annotation-end", "forms")]
)
_MOST_ANCESTORS = 40
_LEAST_INDENT = 0.5
"""Centimetres."""


@dataclass(slots=True)
class _Walk:
    """A walk through the body."""

    kinds: Mapping[str, Kind]
    draft: Manuscript = field(default_factory=Manuscript)
    rows: int = -1

    def blocks(self, container: Element, within: Kind | None) -> None:
        """Read all paragraphs of a body, a list, a cell or a note."""
        for child in children(container):
            if child.tag in _LEFT_OUT:
                continue
            if child.tag in (TEXT + "p", TEXT + "h"):
                self._inline(child)
                kind: Kind = self.kinds.get(child.get(TEXT + "style-name", ""), "text")
                if child.tag == TEXT + "h":
                    kind = "heading"
                elif within == "cell" or (within == "text" and kind == "indented"):
                    kind = within
                self.draft.end(kind, self.rows if kind == "cell" else -1)
            elif child.tag == TABLE + "table-row":
                self.rows += 1
                self.blocks(child, "cell")
            else:
                self.blocks(child, "text" if child.tag == TEXT + "list" else within)

    def _inline(self, parent: Element) -> None:
        self.draft.say(parent.text or "")
        for child in children(parent):
            if child.tag == TEXT + "note":
                self._note(child)
            elif child.tag == TEXT + "a":
                begins = self.draft.here.length
                self._inline(child)
                self.draft.link(begins, child.get(LINK + "href", ""))
            elif child.tag in (TEXT + "s", TEXT + "tab", TEXT + "line-break"):
                self.draft.say(" ")
            elif child.tag not in _LEFT_OUT:
                self._inline(child)
            self.draft.say(child.tail or "")

    def _note(self, note: Element) -> None:
        outer, self.draft = self.draft, Manuscript()
        for body in note.iterfind(TEXT + "note-body"):
            self.blocks(body, None)
        inner, self.draft = self.draft, outer
        links = [text for one in inner.found for mark in one.marks if mark.kind == "link" for text in mark.texts[:1]]
        self.draft.note(" ".join([*(one.text.strip() for one in inner.found), *links]))


def _kinds(roots: tuple[Element, ...]) -> dict[str, Kind]:
    """The paragraph styles that make block quotes, or that indent."""
    styles = {one.get(STYLE + "name", ""): one for root in roots for one in root.iter(STYLE + "style")}
    found: dict[str, Kind] = {}
    for name in styles:
        at, seen = name, 0
        while at in styles and seen < _MOST_ANCESTORS and name not in found:
            if QUOTING.search(styles[at].get(STYLE + "display-name", at)):
                found[name] = "quote"
            elif _indent(styles[at]) >= _LEAST_INDENT:
                found[name] = "indented"
            at, seen = styles[at].get(STYLE + "parent-style-name", ""), seen + 1
    return found


_LENGTH = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,6})?)(?P<unit>cm|mm|in|pt)")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 0.0353}


def _indent(style: Element) -> float:
    for properties in style.iterfind(STYLE + "paragraph-properties"):
        length = _LENGTH.fullmatch(properties.get(FORMAT + "margin-left", ""))
        if length:
            return float(length["number"]) * _CENTIMETRES[length["unit"]]
    return 0.0
