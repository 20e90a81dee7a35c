"""Office Open XML packages (DOCX, PPTX): parts in a zip archive that refer to each other by relationships."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from nrqa.corpus.readers.office.containers import refuse_binary
from nrqa.corpus.readers.shared.archive import Archive, open_archive
from nrqa.corpus.readers.shared.xml import Element, children, parse
from nrqa.errors import UnreadableError

RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Files saved as "Strict Open XML" use other namespaces for the same elements.
_STRICT = tuple(
    (f"http://purl.oclc.org/ooxml/{strict}".encode(), f"http://schemas.openxmlformats.org/{usual}".encode())
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("presentationml/main", "presentationml/2006/main"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/chart", "drawingml/2006/chart"),
        ("drawingml/diagram", "drawingml/2006/diagram"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("officeDocument/extendedProperties", "officeDocument/2006/extended-properties"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
    )
)
_UNITS = {"word": "a Word document", "ppt": "a PowerPoint presentation", "xl": "an Excel workbook"}


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference from one part to another: its kind (the last word of its type), and the name of the other part.

    ``target`` is None if it is outside the package; nothing outside is ever fetched.
    """

    kind: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Package:
    """A package; ``main`` is the name of its main part."""

    archive: Archive
    main: str

    def part(self, name: str | None) -> Element | None:
        """The root of a part; None where there is no such part."""
        data = None if name is None else self.archive.read(name)
        if name is None or data is None:
            return None
        if b"purl.oclc.org/ooxml" in data[:20_000]:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return parse(data, name)

    def relations(self, name: str) -> Mapping[str, Relation]:
        """The references from a part to others, by their identifiers; the name "" means the package itself."""
        return _relations(self.archive, name)

    def related(self, name: str, kind: str) -> str | None:
        """The name of the first part of a kind that a part refers to."""
        return next((one.target for one in self.relations(name).values() if one.kind == kind and one.target), None)


def open_package(data: bytes, folder: str) -> Package:
    """Opens a package. Raises UnreadableError if the bytes are not a package, or one of another kind.

    ``folder`` is the folder in which programs put the main part, such as "word".
    """
    refuse_binary(data)
    archive = open_archive(data)
    names = set(archive.names)
    main = next((one.target for one in _relations(archive, "").values() if one.kind == "officeDocument"), None)
    if main is None or main not in names:
        kind = next((unit for top, unit in _UNITS.items() if any(name.startswith(f"{top}/") for name in names)), None)
        if kind is None or kind != _UNITS[folder]:
            raise UnreadableError(f"a zip archive, but not {_UNITS[folder]}")
        raise UnreadableError("damaged: its main part is missing")
    other = _UNITS.get(posixpath.dirname(main))
    if other is not None and other != _UNITS[folder]:
        raise UnreadableError(f"{other}, not {_UNITS[folder]} as its name says; rename it")
    return Package(archive, main)


def chosen(alternate: Element) -> list[Element]:
    """The elements to read from an ``mc:AlternateContent``, which has the same content in several forms."""
    for choice in children(alternate):
        if choice.tag in (COMPATIBILITY + "Choice", COMPATIBILITY + "Fallback") and len(choice):
            return children(choice)
    return []


def _relations(archive: Archive, name: str) -> dict[str, Relation]:
    folder, base = posixpath.split(name)
    data = archive.read(posixpath.join(folder, "_rels", base + ".rels"))
    if data is None:
        return {}
    found: dict[str, Relation] = {}
    for one in children(parse(data, base + ".rels")):
        kind = one.get("Type", "").rpartition("/")[2]
        target = None if one.get("TargetMode") == "External" else _resolved(folder, one.get("Target", ""))
        found[one.get("Id", "")] = Relation(kind, target)
    return found


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
