"""Notebooks (Jupyter): their cells in order, cited by number: words, code, and the text of what code put out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from nrqa.corpus.readers.markdown import is_comment, sections_of
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.outline import Outline, Section, blocks_of
from nrqa.errors import UnreadableError
from nrqa.records import Flag, Place, Span
from nrqa.text.decoding import decode

_MOST_OUTPUT = 20_000
"""Characters of one output: longer ones are logs and tables of data."""
_SHOWN = ("text/markdown", "text/latex", "text/plain")


def read(_: str, data: bytes) -> Reading:
    """Reads a notebook."""
    try:
        notebook = json.loads(decode(data)[0])
    except (ValueError, RecursionError) as error:
        raise UnreadableError("not a notebook: it is not JSON") from error
    cells = _cells(notebook)
    writing = _Writing()
    for number, cell in enumerate(cells, 1):
        writing.cell(number, cell)
    metadata = notebook.get("metadata")
    told = _metadata(metadata if isinstance(metadata, dict) else {})
    sections, title = _without_title(writing.sections)
    outline = Outline(title, told, (), blocks_of(sections))
    return Reading(writing.text, outline, places=tuple(writing.places), flags=tuple(writing.flags))


def _cells(notebook: object) -> list[Mapping[str, Any]]:
    """The cells; in format 3 they lie in worksheets. Raises UnreadableError if it is no notebook."""
    sheets = notebook.get("worksheets", [notebook]) if isinstance(notebook, dict) else None
    if not isinstance(sheets, list) or not any(isinstance(sheet, dict) and "cells" in sheet for sheet in sheets):
        raise UnreadableError("JSON, but not a notebook: it has no cells")
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells if isinstance(cell, dict)]


class _Writing:
    """The text of a notebook as it grows."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.sections: list[Section] = []
        self.places: list[Place] = []
        self.flags: list[Flag] = []

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def cell(self, number: int, cell: Mapping[str, Any]) -> None:
        """Writes a cell: the words of Markdown under their headings, code and its output line by line."""
        source = _joined(cell.get("source", cell.get("input", "")))
        kind = cell.get("cell_type", "code")
        first = self._length + 2 if self._length else 0
        if kind == "markdown":
            self._markdown(source)
        elif kind == "heading":
            level = cell.get("level")
            self._heading(source, level if isinstance(level, int) and 0 < level < 7 else 1)
        else:
            self._lines(source)
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            if isinstance(output, dict):
                self._output(number, output)
        if self._length > first:
            self.places.append(Place("cell", str(number), first, self._length))

    def _markdown(self, source: str) -> None:
        source = source.strip()
        if not source:
            return
        start = self._write(source)
        for one in sections_of(source):
            if not is_comment(source[one.span.start : one.span.end]):
                items = tuple(Span(start + item.start, start + item.end) for item in one.items)
                span = Span(start + one.span.start, start + one.span.end)
                self.sections.append(Section(span, one.level, one.title, items))

    def _heading(self, source: str, level: int) -> None:
        words = " ".join(source.split())
        if words:
            start = self._write(words)
            self.sections.append(Section(Span(start, self._length), level, title=words))

    def _lines(self, source: str) -> None:
        lines = [line.rstrip() for line in source.expandtabs(4).splitlines()]
        while lines and not lines[0]:
            del lines[0]
        while lines and not lines[-1]:
            del lines[-1]
        written = "\n".join(lines).lstrip()
        if not any(map(str.isalnum, written)):
            return
        start = at = self._write(written)
        spans: list[Span] = []
        for line in written.split("\n"):
            inner = line.strip()
            if inner:
                begin = at + line.index(inner)
                spans.append(Span(begin, begin + len(inner)))
            at += len(line) + 1
        self.sections.append(Section(Span(start, self._length), 0, items=tuple(spans) if len(spans) > 1 else ()))

    def _output(self, number: int, output: Mapping[str, Any]) -> None:
        written = _output_text(output)
        if written is None:
            if output.get("data"):
                kinds = ", ".join(sorted(map(str, output["data"]))) if isinstance(output["data"], dict) else "unknown"
                self.flags.append(Flag("lost text", self._length, self._length, f"cell {number}: an output ({kinds})"))
            return
        if len(written) > _MOST_OUTPUT:
            detail = f"cell {number}: the rest of an output of {len(written):,} characters"
            self._lines(written[:_MOST_OUTPUT])
            self.flags.append(Flag("left out", self._length, self._length, detail))
        else:
            self._lines(written)

    def _write(self, text: str) -> int:
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start


def _output_text(output: Mapping[str, Any]) -> str | None:
    """The text of an output; None if it has only a form that is not text, such as a picture."""
    kind = output.get("output_type")
    if kind in ("error", "pyerr"):
        return f"{output.get('ename', '')}: {output.get('evalue', '')}"
    if kind == "stream" or "text" in output:
        return _joined(output.get("text", ""))
    data = output.get("data")
    if not isinstance(data, dict):
        return ""
    found = next((_joined(data[name]) for name in _SHOWN if name in data), None)
    return "" if found is not None and "image/png" in data and found.startswith("<") else found


def _joined(written: object) -> str:
    """A text, which notebooks may write as a list of lines."""
    parts = written if isinstance(written, list) else [written]
    joined = "".join(part for part in parts if isinstance(part, str))
    return joined.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _without_title(sections: list[Section]) -> tuple[list[Section], str | None]:
    """The sections without the heading at the top that is the only one of its level, and that heading."""
    levels = [one.level for one in sections if one.level]
    if len(sections) > 1 and sections[0].level == min(levels, default=0) and levels.count(sections[0].level) == 1:
        return sections[1:], sections[0].title
    return sections, None


def _metadata(metadata: Mapping[str, Any]) -> dict[str, str | list[str]]:
    return dict(_facts(metadata))


def _facts(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str | list[str]]]:
    for name in ("title", "date"):
        if isinstance(metadata.get(name), str) and metadata[name].strip():
            yield name, metadata[name].strip()
    authors = metadata.get("authors")
    names = [one.get("name") if isinstance(one, dict) else one for one in authors] if isinstance(authors, list) else []
    found = [one.strip() for one in names if isinstance(one, str) and one.strip()]
    if found:
        yield "author", found[0] if len(found) == 1 else found
