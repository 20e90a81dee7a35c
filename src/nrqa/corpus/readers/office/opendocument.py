"""OpenDocument files: a zip archive of a few XML files, or all in one flat file."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from nrqa.corpus.readers.office.containers import refuse_binary
from nrqa.corpus.readers.office.properties import believable_title, described
from nrqa.corpus.readers.shared.archive import Archive, open_archive
from nrqa.corpus.readers.shared.xml import Element, parse
from nrqa.errors import UnreadableError

_BASE = "{urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = _BASE + "office:1.0}"
TEXT = _BASE + "text:1.0}"
TABLE = _BASE + "table:1.0}"
DRAW = _BASE + "drawing:1.0}"
STYLE = _BASE + "style:1.0}"
FORMAT = _BASE + "xsl-fo-compatible:1.0}"
PRESENTATION = _BASE + "presentation:1.0}"
DRAWN = _BASE + "svg-compatible:1.0}"
CHART = _BASE + "chart:1.0}"
META = _BASE + "meta:1.0}"
LINK = "{http://www.w3.org/1999/xlink}"
MATH = "{http://www.w3.org/1998/Math/MathML}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_KINDS = {"text": "an OpenDocument text", "presentation": "an OpenDocument presentation"}


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """The parts of an OpenDocument file: ``body`` contains the text, ``roots`` are elements that may contain styles.

    ``deletions`` are the names of the tracked changes that deleted something.
    """

    body: Element
    roots: tuple[Element, ...]
    meta: Element | None
    deletions: frozenset[str]
    _archive: Archive | None

    def object(self, frame: Element) -> Element | None:
        """The root of an object that stands in a frame, such as a formula."""
        target = frame.get(LINK + "href", "")
        name = posixpath.normpath(posixpath.join(target, "content.xml"))
        data = self._archive.read(name) if self._archive is not None and target else None
        if data is not None:
            return parse(data, name)
        return next((child for child in frame if isinstance(child.tag, str)), None)


def open_document(data: bytes, kind: str) -> OpenDocument:
    """Opens the document. Raises UnreadableError if the bytes are not a document of this kind, such as "text"."""
    refuse_binary(data)
    archive = None
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        content = styles = meta = parse(data, "the XML")
    else:
        archive = open_archive(data)
        if b"encryption-data" in (archive.read("META-INF/manifest.xml") or b""):
            raise UnreadableError("encrypted; save it without a password")
        parts = {name: archive.read(f"{name}.xml") for name in ("content", "styles", "meta")}
        if parts["content"] is None:
            raise UnreadableError(f"a zip archive, but not {_KINDS[kind]}")
        content, styles, meta = (None if part is None else parse(part, f"{name}.xml") for name, part in parts.items())
    body = content.find(f"{OFFICE}body/{OFFICE}{kind}") if content is not None else None
    if body is None or content is None:
        raise UnreadableError(f"not {_KINDS[kind]}, as its name says")
    deletions = frozenset(
        region.get(TEXT + "id") or region.get("{http://www.w3.org/XML/1998/namespace}id", "")
        for region in body.iter(TEXT + "changed-region")
        if region.find(TEXT + "deletion") is not None
    )
    roots = tuple(root for root in (styles, content) if root is not None)
    return OpenDocument(body, roots, meta, deletions, archive)


def document_properties(document: OpenDocument) -> tuple[dict[str, str | list[str]], str | None]:
    """The metadata of a document, and its title if somebody gave it one."""

    def texts(name: str) -> Iterator[str]:
        if document.meta is not None:
            for properties in document.meta.iter(OFFICE + "meta"):
                yield from ("".join(one.itertext()).strip() for one in properties.findall(name))

    def text(name: str) -> str:
        return next(texts(name), "")

    metadata = described(
        authors=list(texts(META + "initial-creator")) or list(texts(_DC + "creator")),
        keywords=texts(META + "keyword"),
        created=text(META + "creation-date"),
        modified=text(_DC + "date"),
        others={"language": text(_DC + "language"), "subject": text(_DC + "subject")},
    )
    templates = (
        [] if document.meta is None else [one.get(LINK + "title") for one in document.meta.iter(META + "template")]
    )
    return metadata, believable_title(text(_DC + "title"), next(iter(templates), None))
