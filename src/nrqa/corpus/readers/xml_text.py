"""Texts in XML: paragraphs and headings of DocBook, JATS and TEI, and the values of any other file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5

from lxml import etree

from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.mathml import linear
from nrqa.corpus.readers.shared.outline import Outline, Section, blocks_of
from nrqa.corpus.readers.shared.xml import Element, children, local
from nrqa.corpus.readers.web.tree import parsed, pieces
from nrqa.errors import UnreadableError
from nrqa.records import Span

_TITLES = frozenset("title head heading h1 h2 h3 h4 h5 h6 article-title booktitle subject".split())
# Elements that stand inside a line whatever they hold; all others begin a line of their own.
_INLINE = frozenset(
    "a abbr acronym b bold citation citetitle code command date emphasis em ex expan ext-link filename foreign hi i "
    "index inline-formula italic keyword link literal lb milestone monospace name named-content note num orig orgName "
    "originalDate persName phrase placeName q quote ref reg replaceable rs sc sic span strong styled-content sub "
    "subscript sup superscript term ulink underline unclear uri varname xref anchor app lem rdg choice corr del add "
    "supplied gap seg w c pc math mml".split()
)
# What tells of a document, but is not its text; and what is only drawn.
_ASIDE = frozenset("script style teiHeader journal-meta svg binary binaryobject mediaobject indexterm".split())
_ROWS = frozenset(("row", "tr"))
_CELLS = frozenset(("entry", "cell", "td", "th"))
_MARKUP = re.compile(
    r"</(?:p|div|a|b|i|em|strong|span|ul|ol|li|table|td|h[1-6]|blockquote)\s*>|<(?:br|img|p|hr)\b[^<>]*>", re.IGNORECASE
)
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_ENDS = re.compile(r"(?=<(?:br|/?(?:p|div|li|td|tr|h[1-6]|blockquote))\b)", re.IGNORECASE)
_MOST_HEADING = 300
_MOST_DEPTH = 400


def read(_: str, data: bytes) -> Reading:
    """Reads an XML file; its text is that of its elements, each on a line unless it stands inside a sentence."""
    root = _parsed(data)
    kind = local(root).lower()
    if kind == "html":
        from nrqa.corpus.readers.web.charset import page_text
        from nrqa.corpus.readers.web.page import read_page

        return read_page(page_text(data))
    if kind in ("worddocument", "package") and ("wordml" in str(root.tag) or "xmlPackage" in str(root.tag)):
        raise UnreadableError("Word's flat XML; save it as .docx")
    writing = _Writing()
    writing.element(root, 0)
    writing.end()
    if not writing.sections:
        raise UnreadableError("no text in it, only attributes" if _has_attributes(root) else "no text in it")
    sections, title = writing.without_title()
    return Reading(writing.text, Outline(title, {}, (), blocks_of(sections)))


def _parsed(data: bytes) -> Element:
    # Entities that the file itself defines are resolved, within the parser's limits; nothing is ever fetched.
    parser = etree.XMLParser(
        resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, LookupError) as error:
        # The letters that other files define (&eacute;) have the names that they have in HTML.
        named = _ENTITY.sub(_character, data)
        if named != data and "Entity" in str(error):
            return _parsed(named)
        raise UnreadableError(f"not XML, or damaged: {str(getattr(error, 'msg', error))[:160]}") from error


def _character(entity: re.Match[bytes]) -> bytes:
    known = html5.get(f"{entity[1].decode('ascii')};")
    return entity[0] if known is None else "".join(f"&#{ord(char)};" for char in known).encode("ascii")


@dataclass(slots=True)
class _Writing:
    """The text of a file as it grows."""

    sections: list[Section] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _line: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def element(self, element: Element, depth: int) -> None:
        """Writes an element; a title becomes the heading of the element that it stands in."""
        name = local(element)
        if depth > _MOST_DEPTH:
            raise UnreadableError("its elements are nested too deeply")
        if name in _ASIDE:
            return
        if name in _TITLES and depth:
            self._title(element, depth)
            return
        if name in _ROWS:
            self._row(element)
            return
        if name == "math":
            self._line.append(linear(element))
            return
        self._say(element.text)
        for child in children(element):
            is_inline = local(child) in _INLINE
            if not is_inline:
                self.end()
            self.element(child, depth + 1)
            if not is_inline:
                self.end()
            self._say(child.tail)

    def end(self) -> None:
        """Ends the line."""
        words = _plain("".join(self._line))
        self._line.clear()
        if any(map(str.isalnum, words)):
            self._write(words, 0)

    def _say(self, text: str | None) -> None:
        if text:
            self._line.append(text)

    def _title(self, element: Element, depth: int) -> None:
        self.end()
        words = _words(element)
        if words:
            self._write(words, depth if len(words) <= _MOST_HEADING else 0)

    def _row(self, row: Element) -> None:
        self.end()
        cells = [_words(cell) for cell in children(row) if local(cell) in _CELLS]
        line = "\t".join(cell for cell in cells if cell) or _words(row)
        if any(map(str.isalnum, line)):
            self._write(line, 0)

    def _write(self, words: str, level: int) -> None:
        self._parts += ["\n\n", words] if self._parts else [words]
        start = self._length + 2 if self._length else 0
        self._length = start + len(words)
        self.sections.append(Section(Span(start, self._length), level, title=words if level else ""))

    def without_title(self) -> tuple[list[Section], str | None]:
        """The sections without the title at the top, and that title."""
        first = self.sections[0]
        levels = [one.level for one in self.sections if one.level]
        if len(self.sections) > 1 and first.level and first.level == min(levels) and levels.count(first.level) == 1:
            return self.sections[1:], first.title
        return self.sections, None


def _words(element: Element) -> str:
    return _plain("".join(_texts(element)))


def _plain(written: str) -> str:
    """A text on one line; if it is HTML, as in feeds, its words."""
    if _MARKUP.search(written):
        written = "".join(text for text, _ in pieces(parsed(_ENDS.sub(" ", written))))
    return " ".join(written.split())


def _texts(element: Element) -> Iterator[str]:
    """The texts of an element in order; a block in it is set apart by spaces."""
    # A stack, not recursion: files nest more deeply than Python's calls.
    stack: list[Element | str] = [element]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            yield one
            continue
        if local(one) == "math":
            yield linear(one)
            continue
        apart = "" if one is element or local(one) in _INLINE else " "
        stack.append(apart)
        for child in reversed(children(one)):
            stack += [child.tail or "", child]
        stack.append(apart + (one.text or ""))


def _has_attributes(root: Element) -> bool:
    return any(len(one.attrib) for one in root.iter() if isinstance(one.tag, str))
