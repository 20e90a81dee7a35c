"""OpenDocument spreadsheets; a cell's text is stored as it is displayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nrqa.corpus.readers.office.containers import refuse_binary
from nrqa.corpus.readers.office.properties import believable_title, described
from nrqa.corpus.readers.reading import Columns, Reading
from nrqa.corpus.readers.shared.archive import Archive, open_archive
from nrqa.corpus.readers.shared.xml import local
from nrqa.corpus.readers.tables.merging import Area, merged
from nrqa.corpus.readers.tables.reading import read_sheets
from nrqa.corpus.readers.tables.sheet import Row, Sheet, column_name
from nrqa.corpus.readers.tables.streaming import Element, attribute, elements
from nrqa.errors import UnreadableError

_TYPES = ("application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet-template")
_MOST_COLUMNS = 16_384
_MOST_REPEATED = 2_000_000
"""Most cells for which one row may stand, with its repetitions."""


def read(_: str, data: bytes, columns: Columns) -> Reading:
    """Reads a spreadsheet: its sheets in their order."""
    refuse_binary(data)
    archive = open_archive(data)
    kind = (archive.read("mimetype") or b"").decode("ascii", "replace").strip()
    if kind and kind not in _TYPES:
        raise UnreadableError(f"not an OpenDocument spreadsheet, as its name says, but {kind[:80]}")
    if b"encryption-data" in (archive.read("META-INF/manifest.xml") or b""):
        raise UnreadableError("encrypted; save it without a password")
    content = archive.read("content.xml")
    if content is None:
        raise UnreadableError("not an OpenDocument spreadsheet: it has no content.xml")
    return read_sheets(_sheets(content), columns, _metadata(archive))


@dataclass(slots=True)
class _Found:
    """What is known of the sheet that is being read."""

    rows: list[Row] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    unvalued: list[str] = field(default_factory=list)
    number: int = 0
    column: int = 0


def _sheets(content: bytes) -> Iterator[Sheet]:
    undisplayed: set[str] = set()
    found = _Found()
    for element in elements(content, "content.xml", "style", "table-column", "table-row", "table"):
        match local(element):
            case "style":
                if any(attribute(one, "display") == "false" for one in element):
                    undisplayed.add(attribute(element, "name") or "")
            case "table-column":
                count = min(_count(element, "number-columns-repeated"), _MOST_COLUMNS)
                if attribute(element, "visibility") in ("collapse", "filter"):
                    found.hidden_columns.update(range(found.column, found.column + count))
                found.column += count
            case "table-row":
                _add_row(element, found)
            case "table":
                spread = merged(found.rows, found.areas)
                yield Sheet(
                    attribute(element, "name") or "",
                    spread.rows,
                    attribute(element, "style-name") in undisplayed,
                    frozenset(found.hidden_columns),
                    spread.groups,
                    spread.origins,
                    tuple(found.unvalued),
                )
                found = _Found()


def _add_row(element: Element, found: _Found) -> None:
    cells: list[tuple[int, str]] = []
    column = 0
    first = found.number + 1
    for cell in element:
        kind = local(cell)
        if kind not in ("table-cell", "covered-table-cell"):
            continue
        count = _count(cell, "number-columns-repeated")
        value = "" if kind == "covered-table-cell" else _text(cell)
        if value:
            cells.extend((at, value) for at in range(column, min(column + count, _MOST_COLUMNS)))
            rows, columns = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
            if rows > 1 or columns > 1:
                found.areas.append(Area(first, column, first + rows - 1, column + columns - 1))
        elif attribute(cell, "formula") is not None and attribute(cell, "value-type") is None:
            found.unvalued.append(f"{column_name(column)}{first}")
        column += count
    count = _count(element, "number-rows-repeated")
    hidden = attribute(element, "visibility") in ("collapse", "filter")
    if count * len(cells) > _MOST_REPEATED:
        raise UnreadableError(f"row {first:,} is said to be there {count:,} times, with {len(cells):,} cells")
    if cells:
        found.rows.extend(Row(number, tuple(cells), hidden) for number in range(first, first + count))
    found.number += count


def _text(cell: Element) -> str:
    """The text that a cell displays, without comments; each paragraph is on a line of its own."""
    return "\n".join(_words(one) for one in cell if local(one) == "p").strip()


def _words(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        match local(child):
            case "s":
                parts.append(" " * min(_count(child, "c"), 1000))
            case "tab":
                parts.append("\t")
            case "line-break":
                parts.append("\n")
            case "annotation":
                pass
            case _:
                parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _count(element: Element, name: str) -> int:
    written = attribute(element, name) or ""
    return max(1, int(written)) if written.isdecimal() and len(written) < 8 else 1


def _metadata(archive: Archive) -> dict[str, str | list[str]]:
    texts: dict[str, list[str]] = {}
    for one in elements(archive.read("meta.xml") or b"<none/>", "meta.xml", *_PROPERTIES):
        texts.setdefault(local(one), []).append("".join(one.itertext()).strip())

    def first(name: str) -> str:
        return next(iter(texts.get(name, ())), "")

    metadata = described(
        authors=texts.get("initial-creator") or texts.get("creator", []),
        keywords=texts.get("keyword", []),
        created=first("creation-date"),
        modified=first("date"),
        others={"language": first("language"), "subject": first("subject")},
    )
    if title := believable_title(first("title")):
        metadata["title"] = title
    return metadata


_PROPERTIES = ("title", "initial-creator", "creator", "keyword", "creation-date", "date", "language", "subject")
