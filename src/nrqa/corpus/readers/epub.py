"""Books in EPUB (2 and 3): chapters in the order of the spine, under the titles of the table of contents."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from urllib.parse import unquote

from lxml import etree

from nrqa.corpus.readers.book_contents import around_text
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.archive import Archive, open_archive
from nrqa.corpus.readers.shared.outline import Outline, Section, blocks_of
from nrqa.corpus.readers.shared.xml import local
from nrqa.corpus.readers.web.charset import page_text
from nrqa.corpus.readers.web.hidden import hidden_elements
from nrqa.corpus.readers.web.page import said_already
from nrqa.corpus.readers.web.text_flow import Flow
from nrqa.corpus.readers.web.tree import attribute, name_of, parsed
from nrqa.errors import EMPTY_FILE, UnreadableError
from nrqa.records import Block, Flag, Place

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
# These algorithms only obfuscate fonts, so that nobody can copy them; the text stays readable.
_OF_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml")
_METADATA = {
    "creator": "author",
    "date": "date",
    "language": "language",
    "publisher": "publisher",
    "identifier": "identifier",
    "subject": "subject",
    "rights": "rights",
}
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
# A character reference to half a surrogate pair: libxml2 accepts it and fails on it later.
_HALF = re.compile(r"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*(?:55(?:29[6-9]|[3-9]\d\d)|56\d{3}|57[0-3]\d\d));")
_NO_PACKAGE = "not an EPUB, or cut off: its list of contents is missing"


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the book, as its package lists it."""

    name: str
    kind: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the table of contents: its title, the titles above it, and the file and fragment it links to."""

    title: str
    above: tuple[str, ...]
    name: str
    fragment: str


@dataclass(slots=True)
class _Book:
    """What was read of a book so far; ``chapters`` are the position where each chapter begins, and its entry."""

    flow: Flow = field(default_factory=Flow)
    blocks: list[Block] = field(default_factory=list)
    chapters: list[tuple[int, _Entry | None]] = field(default_factory=lambda: [(0, None)])
    lost: list[Flag] = field(default_factory=list)


def read(_: str, data: bytes) -> Reading:
    """Reads a book; its places are the chapters, and the paragraphs of each chapter, counted from 1."""
    archive = open_archive(data)
    package_name = _package_name(archive)
    package = _xml(archive, package_name)
    if package is None:
        raise UnreadableError(_NO_PACKAGE)
    folder = posixpath.dirname(package_name)
    items = _items(package, folder)
    spine = _spine(package, items)
    _refuse_protected(archive, spine)
    called = _called(package, folder)
    led: dict[str, list[_Entry]] = {}
    for entry in _entries(archive, items):
        led.setdefault(entry.name, []).append(entry)
    title, metadata = _facts(package)
    book = _Book()
    for item in spine:
        _add(book, archive, item, led.get(item.name, ()), called.get(item.name, ()))
    text = book.flow.text
    said = said_already(metadata) | {title}
    blocks = [
        one for one in book.blocks if (words := text[one.start : one.end]) not in said and words not in one.heading
    ]
    if not blocks:
        raise UnreadableError(_why_empty(book, spine))
    flags = tuple(sorted([*book.flow.flags, *book.lost], key=lambda flag: flag.start))
    return Reading(
        text, Outline(title, metadata, (), tuple(blocks)), places=_places(book.chapters, blocks), flags=flags
    )


def _why_empty(book: _Book, spine: Sequence[_Item]) -> str:
    if book.lost:
        return f"damaged: {book.lost[0].detail}"
    return "no text in it: its pages are pictures" if spine else "damaged: its list of contents names no page"


def _add(book: _Book, archive: Archive, item: _Item, here: Sequence[_Entry], called: Sequence[tuple[str, str]]) -> None:
    """Adds one file of the spine; ``here`` are the entries of the table of contents that link into this file.

    ``called`` is what the package calls it, or places in it (see ``book_contents``).
    """
    flow = book.flow
    start = flow.length
    try:
        root = parsed(page_text(_member(archive, item.name)))
    except UnreadableError as error:
        if str(error) not in ("no text in it", EMPTY_FILE):
            book.lost.append(Flag("lost text", start, start, f"{item.name}: {error}"))
        return
    body = root.find("body")
    body = root if body is None else body
    left_out = around_text(body, [*called, ("toc", "")] if "nav" in item.properties else called)
    if left_out is None:
        return
    first = len(flow.sections)
    flow.anchors.clear()
    flow.add(body, hidden_elements(root), left_out)
    # Entries below another entry of the same file are sections of a chapter; the headings in the text show these too.
    top = min((len(entry.above) for entry in here), default=0)
    begins: dict[int, _Entry | None] = {
        flow.anchors.get(entry.fragment, start): entry for entry in here if len(entry.above) == top
    }
    inside = [(start, book.chapters[-1][1]), *sorted(begins.items())]
    book.chapters += inside[1:]
    for (begin, chapter), (end, _) in pairwise([*inside, (flow.length + 1, None)]):
        sections = [one for one in flow.sections[first:] if begin <= one.span.start < end]
        _add_chapter(book, chapter, sections, starts=begin in begins)


def _member(archive: Archive, name: str) -> bytes:
    data = archive.read(name)
    if data is None:
        raise UnreadableError("it is missing")
    return data


def _add_chapter(book: _Book, chapter: _Entry | None, sections: Sequence[Section], *, starts: bool) -> None:
    """Adds the blocks of a chapter, or of a part of it, below the titles that the table of contents gives."""
    above: tuple[str, ...] = ()
    if chapter is not None:
        own = sections[0].title if starts and sections and sections[0].level else ""
        # The chapter's title must appear only once: from its own heading, or else from the table of contents.
        above = (
            chapter.above
            if own and (_same(own, chapter.title) or _same(chapter.title, own))
            else (*chapter.above, chapter.title)
        )
    for block in blocks_of(sections):
        book.blocks.append(Block(block.start, block.end, (*above, *block.heading), block.items))


def _places(chapters: Sequence[tuple[int, _Entry | None]], blocks: Sequence[Block]) -> tuple[Place, ...]:
    places: list[Place] = []
    starts = [begin for begin, _ in chapters]
    of_chapter = groupby(blocks, lambda block: bisect_right(starts, block.start) - 1)
    for numbered, (number, group) in enumerate(of_chapter, 1):
        chapter, inside = chapters[number][1], list(group)
        label = chapter.title if chapter else inside[0].heading[0] if inside[0].heading else str(numbered)
        places.append(Place("chapter", label, inside[0].start, inside[-1].end))
        places += [Place("paragraph", str(at), block.start, block.end) for at, block in enumerate(inside, 1)]
    return tuple(places)


def _same(one: str, other: str) -> bool:
    """Whether the first title ends with the words of the second: "1. The Sea" and "The Sea"."""
    words, others = one.lower().split(), other.lower().split()
    return bool(others) and words[-len(others) :] == others


def _package_name(archive: Archive) -> str:
    container = _xml(archive, _CONTAINER)
    if container is not None:
        for one in _named(container, "rootfile"):
            if path := one.get("full-path"):
                return unquote(path)
    found = next((name for name in archive.names if name.lower().endswith(".opf")), None)
    if found is None:
        raise UnreadableError(_NO_PACKAGE)
    return found


def _items(package: etree._Element, folder: str) -> dict[str, _Item]:
    return {
        one.get("id", ""): _Item(
            _resolved(folder, one.get("href", "")),
            one.get("media-type", ""),
            frozenset(one.get("properties", "").split()),
        )
        for one in _named(package, "item")
    }


def _spine(package: etree._Element, items: Mapping[str, _Item]) -> list[_Item]:
    """The text pages in the order of the spine, each once; pages outside the main order (notes) keep their place."""
    found = [items[one.get("idref", "")] for one in _named(package, "itemref") if one.get("idref") in items]
    return list(dict.fromkeys(item for item in found if item.kind in _PAGES or item.name.lower().endswith("html")))


def _refuse_protected(archive: Archive, spine: Sequence[_Item]) -> None:
    encryption = _xml(archive, _ENCRYPTION)
    if encryption is None:
        return
    names = {item.name for item in spine}
    for one in _named(encryption, "EncryptedData"):
        methods = [method.get("Algorithm") for method in _named(one, "EncryptionMethod")]
        locked = {unquote(reference.get("URI", "")) for reference in _named(one, "CipherReference")}
        if locked & names and not set(methods) <= set(_OF_FONTS):
            raise UnreadableError("protected by DRM: its text is encrypted")


def _entries(archive: Archive, items: Mapping[str, _Item]) -> list[_Entry]:
    """The table of contents: EPUB 3's, else EPUB 2's."""
    nav = next((item for item in items.values() if "nav" in item.properties), None)
    data = archive.read(nav.name) if nav else None
    if nav and data:
        try:
            found = list(_of_nav(parsed(page_text(data)), posixpath.dirname(nav.name)))
        except UnreadableError:
            found = []
        if found:
            return found
    ncx = next((item for item in items.values() if item.kind == "application/x-dtbncx+xml"), None)
    tree = _xml(archive, ncx.name) if ncx else None
    return [] if ncx is None or tree is None else list(_of_ncx(tree, posixpath.dirname(ncx.name)))


def _of_nav(root: etree._Element, folder: str) -> Iterator[_Entry]:
    contents = [one for one in root.iter("nav") if "toc" in attribute(one, "epub:type").split()]
    for nav in contents or list(root.iter("nav"))[:1]:
        for link in nav.iter("a"):
            title = _text(link)
            above = [_label(item) for item in link.iterancestors("li")][1:]
            name, _, fragment = attribute(link, "href").partition("#")
            if title and name:
                yield _Entry(title, tuple(one for one in reversed(above) if one), _resolved(folder, name), fragment)


def _label(item: etree._Element) -> str:
    return next((_text(one) for one in item if name_of(one) in ("a", "span")), "")


def _of_ncx(tree: etree._Element, folder: str) -> Iterator[_Entry]:
    for point in _named(tree, "navPoint"):
        name, _, fragment = next((one.get("src", "") for one in point if local(one) == "content"), "").partition("#")
        above = [_point_title(one) for one in point.iterancestors() if local(one) == "navPoint"]
        if (title := _point_title(point)) and name:
            yield _Entry(title, tuple(one for one in reversed(above) if one), _resolved(folder, name), fragment)


def _point_title(point: etree._Element) -> str:
    return next((_text(one) for one in point if local(one) == "navLabel"), "")


def _called(package: etree._Element, folder: str) -> dict[str, list[tuple[str, str]]]:
    """What the package itself calls files, or places in them: for each file, pairs of a type and a fragment."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in _named(package, "reference"):
        name, _, fragment = one.get("href", "").partition("#")
        found.setdefault(_resolved(folder, name), []).append((one.get("type", ""), unquote(fragment)))
    return found


def _facts(package: etree._Element) -> tuple[str | None, dict[str, str | list[str]]]:
    title = None
    found: dict[str, list[str]] = {}
    for one in package.iter(etree.Element):
        if not str(one.tag).startswith("{http://purl.org/dc/"):
            continue
        value = _text(one)
        key = _METADATA.get(local(one))
        if local(one) == "title":
            title = title or value or None
        elif key and value:
            event = next((value for name, value in one.attrib.items() if str(name).endswith("event")), "publication")
            if key != "date" or event in ("publication", "original-publication", "issued"):
                found.setdefault(key, []).append(value)
    single = {
        key: values[0] for key, values in found.items() if len(values) == 1 or key in ("date", "language", "identifier")
    }
    return title, {**found, **single}


def _xml(archive: Archive, name: str) -> etree._Element | None:
    """A file of the archive, parsed as XML without resolving its entities; None if it is missing or not XML."""
    data = archive.read(name)
    if not data:
        return None
    try:
        written = _HALF.sub(" ", _DECLARATION.sub("", page_text(data), count=1)).encode("utf-8", "replace")
    except UnreadableError:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        return etree.fromstring(written, parser)
    except etree.XMLSyntaxError:
        return None


def _named(tree: etree._Element, name: str) -> Iterator[etree._Element]:
    return (one for one in tree.iter(etree.Element) if local(one) == name)


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def _resolved(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href)))
