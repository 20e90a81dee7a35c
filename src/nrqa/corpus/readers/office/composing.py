"""Writes pieces in reading order as canonical text, with blocks, places and flags.

A blank line separates paragraphs. Each list item and each table row is on a line of its own, with tabs between the
cells of a row. Paragraphs are counted as a reader would count them: every heading, paragraph, item and row that has
text. Notes come at the end of their section, so that they do not interrupt the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nrqa.corpus.readers.office.pieces import Lost, Note, Paragraph, Piece, Table, Words, joined, on_one_line
from nrqa.corpus.readers.plaintext import read_plaintext
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.boilerplate import is_notice
from nrqa.corpus.readers.shared.heading_lines import is_usual
from nrqa.corpus.readers.shared.headings import heading_levels
from nrqa.corpus.readers.shared.outline import Outline, Section, blocks_of
from nrqa.corpus.readers.shared.paragraphs import Paragraph as Line
from nrqa.records import Flag, Place, Span

_MOST_HEADING = 300
"""A longer heading is a paragraph in the wrong style."""
_MOST_ITEM = 400
"""A longer item of a list is a paragraph that happens to have a number."""
_MOST_LOOKS = 120
"""Most characters of a heading that only its looks show to be one."""
_BULLET = re.compile(r"[•◦▪‣·–]\s")
_LARGE_TABLE = 300
"""In a table with at least so many characters, the rows have the column names in their heading path: otherwise a
passage in the middle of the table would lack them."""
_MOST_QUOTED = 200
_EDGE = 4
"""Number of paragraphs at the start and at the end of a document that may be a source notice."""


def composed(pieces: Iterable[Piece], *, title: str | None, metadata: Mapping[str, str | list[str]]) -> Reading:
    """The document from its pieces; ``title`` is the title in the file's properties, used if none is visible."""
    found = _in_their_roles(pieces)
    if all(isinstance(one, Paragraph) and one.role == "text" and not one.words.bold for one in found):
        return _plain(found, title, metadata)
    groups = _grouped(_with_heading_looks(found))
    notices = _notices(groups)
    composer = _Composer(Writer(), notices)
    for group in groups:
        composer.add(group)
    composer.end_section()
    shown, sections = _title(composer.titles, title, composer.sections)
    outline = Outline(
        title=shown,
        metadata=metadata,
        notices=tuple(one.words.text for one in notices),
        blocks=tuple(
            replace(block, heading=(*block.heading, composer.columns[block.start]))
            if block.start in composer.columns
            else block
            for block in blocks_of(sections)
        ),
    )
    writer = composer.writer
    return Reading(writer.text, outline, places=tuple(writer.places), flags=tuple(writer.flags))


def _plain(pieces: Sequence[Piece], title: str | None, metadata: Mapping[str, str | list[str]]) -> Reading:
    """A document that has only plain paragraphs, such as a pasted text: the reader for plain text finds its structure.

    That reader gets one paragraph per line, so that it sees that the lines of a header belong together.
    """
    writer = Writer()
    spans = [span for one in pieces if isinstance(one, Paragraph) for span in writer.paragraphs([one.words])]
    text = writer.text
    outline = read_plaintext("\n".join(text[span.start : span.end] for span in spans), named=title)
    # ``text`` has two line ends between paragraphs, the joined text only one: hence one character less per paragraph.
    starts = [span.start - at for at, span in enumerate(spans)]

    def moved(span: Span) -> Span:
        first, last = (bisect_right(starts, at) - 1 for at in (span.start, span.end - 1))
        return Span(span.start + first, span.end + last)

    blocks = []
    for block in outline.blocks:
        whole = moved(Span(block.start, block.end))
        blocks.append(replace(block, start=whole.start, end=whole.end, items=tuple(map(moved, block.items))))
    told = Outline(outline.title, {**outline.metadata, **metadata}, outline.notices, tuple(blocks))
    return Reading(text, told, places=tuple(writer.places), flags=tuple(writer.flags))


@dataclass(slots=True)
class Writer:
    """Collects the canonical text, with its places and flags."""

    places: list[Place] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    length: int = 0
    counted: int = 0
    _parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(self._parts)

    def write(self, lines: Sequence[Words]) -> list[Span]:
        """Writes lines as one paragraph and flags hidden words in them; returns the spans of the lines with text."""
        spans: list[Span] = []
        for line in lines:
            if line.text:
                self._put(("\n" if spans else "\n\n") if self.length else "")
                spans.append(Span(self.length, self.length + len(line.text)))
            start = spans[-1].start if spans and line.text else self.length
            for hidden in line.hidden:
                at = start + min(hidden.at, len(line.text))
                self.flags.append(Flag("hidden text", at, at, hidden.words[:_MOST_QUOTED]))
            if line.text:
                self._put(line.text)
        return spans

    def paragraphs(self, lines: Sequence[Words]) -> list[Span]:
        """Like ``write``, but counts every line as a paragraph."""
        spans = self.write(lines)
        for span in spans:
            self.counted += 1
            self.places.append(Place("paragraph", str(self.counted), span.start, span.end))
        return spans

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)


def row_words(cells: Sequence[Words]) -> Words:
    """A row as one line with tabs between its cells, but no tabs for empty cells at its start and end."""
    row = joined([on_one_line(cell) for cell in cells], "\t")
    text = row.text.strip()
    ahead = len(row.text) - len(row.text.lstrip())
    hidden = tuple(replace(one, at=min(max(0, one.at - ahead), len(text))) for one in row.hidden)
    return Words(text, hidden, row.bold)


@dataclass(slots=True)
class _Composer:
    writer: Writer
    notices: Sequence[Paragraph]
    sections: list[Section] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    columns: dict[int, str] = field(default_factory=dict)
    """The column names of large tables, by the position where each table begins."""
    _notes: list[Note] = field(default_factory=list)

    def add(self, group: Sequence[Piece]) -> None:
        """Write one piece, or the items of one list."""
        first = group[0]
        if isinstance(first, Note):
            if first.words.text:
                self._notes.append(first)
        elif isinstance(first, Lost):
            self.writer.flags.append(Flag("lost text", self.writer.length, self.writer.length, first.detail))
        elif isinstance(first, Table):
            self._table(first)
        elif first.role in ("heading", "title"):
            self._heading(first)
        else:
            spans = self.writer.paragraphs([one.words for one in group if isinstance(one, Paragraph)])
            if first not in self.notices:
                self._block(spans)

    def end_section(self) -> None:
        """Writes the notes of the section, each with its mark before it."""
        for note in self._notes:
            marked = joined([Words(note.mark), note.words], " ") if note.mark else note.words
            spans = self.writer.write([on_one_line(marked)])
            self._block(spans)
            if note.mark and spans:
                self.writer.places.append(Place("note", note.mark, spans[0].start, spans[0].end))
        self._notes.clear()

    def _heading(self, heading: Paragraph) -> None:
        self.end_section()
        if heading.role == "title" and len(self.titles) == len(self.sections):
            self.titles.append(heading.words.text)
        # A title in the middle of the text is the heading of everything up to the next title.
        level = 1 if heading.role == "title" else heading.level + 1
        span = self.writer.paragraphs([heading.words])[0]
        self.sections.append(Section(span, level, title=heading.words.text))

    def _table(self, table: Table) -> None:
        spans = self.writer.paragraphs([row_words(row) for row in table.rows])
        self._block(spans)
        names = ", ".join(cell.text for row in table.rows[: table.headers] for cell in row if cell.text)
        if spans and spans[-1].end - spans[0].start >= _LARGE_TABLE and 0 < len(names) <= _MOST_HEADING:
            self.columns[spans[0].start] = " ".join(names.split())

    def _block(self, spans: Sequence[Span]) -> None:
        if spans:
            items = tuple(spans) if len(spans) > 1 else ()
            self.sections.append(Section(Span(spans[0].start, spans[-1].end), 0, items=items))


def _in_their_roles(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces that are not empty, with corrected roles.

    Headings and items that are too long become text; text that begins with a bullet becomes an item.
    """
    kept: list[Piece] = []
    for one in pieces:
        if not isinstance(one, Paragraph):
            kept.append(one)
            continue
        words, length = one.words, len(one.words.text)
        if one.role in ("heading", "title"):
            words = on_one_line(words)
            role = "text" if length > _MOST_HEADING or not any(char.isalnum() for char in words.text) else one.role
            kept.append(replace(one, words=words, role=role))
        elif one.role == "item" and length > _MOST_ITEM:
            kept.append(replace(one, role="text"))
        elif one.role == "text" and length <= _MOST_ITEM and _BULLET.match(words.text):
            kept.append(replace(one, role="item"))
        elif words.text or words.hidden:
            kept.append(one)
    return kept


def _with_heading_looks(pieces: list[Piece]) -> list[Piece]:
    """If no style marks headings, short bold paragraphs become headings, or else what looks like one in plain text."""
    if any(isinstance(one, Paragraph) and one.role == "heading" for one in pieces):
        return pieces
    levels = {at: 1 for at in range(len(pieces) - 1) if _is_bold_heading(pieces[at], pieces[at + 1])}
    levels = levels or _plain_headings(pieces)
    return [
        replace(one, role="heading", level=levels[at]) if at in levels and isinstance(one, Paragraph) else one
        for at, one in enumerate(pieces)
    ]


def _is_bold_heading(one: Piece, following: Piece) -> bool:
    return (
        isinstance(one, Paragraph)
        and one.role == "text"
        and one.words.bold
        and len(one.words.text) <= _MOST_LOOKS
        and "\n" not in one.words.text
        and one.words.text[-1] not in ".,;:…"
        and any(char.isalpha() for char in one.words.text)
        and isinstance(following, Paragraph | Table)
        and not (isinstance(following, Paragraph) and following.words.bold and len(following.words.text) > _MOST_LOOKS)
    )


def _plain_headings(pieces: Sequence[Piece]) -> dict[int, int]:
    """The levels of the paragraphs that would be headings in a plain text, by their index in ``pieces``."""
    places: list[int] = []
    lines: list[Line] = []
    start = 0
    for at, one in enumerate(pieces):
        if isinstance(one, Paragraph) and one.words.text:
            text = f"- {one.words.text}" if one.role == "item" else one.words.text
            places.append(at)
            lines.append(Line(start, start + len(text), text, alone="\n" not in text))
            start += len(text) + 2
    levels = heading_levels(lines, "\n\n".join(line.text for line in lines))
    items = {at for at, one in enumerate(pieces) if isinstance(one, Paragraph) and one.role != "text"}
    return {places[at]: level for at, level in levels.items() if places[at] not in items}


def _grouped(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces in groups: list items form a group with the sentence that introduces them, other pieces are alone."""
    groups: list[list[Piece]] = []
    held: list[Piece] = []  # notes of items come after the list
    for one in pieces:
        last = groups[-1][-1] if groups else None
        listed = (
            isinstance(one, Paragraph)
            and one.role == "item"
            and isinstance(last, Paragraph)
            and (last.role == "item" or (last.role == "text" and last.words.text.endswith((":", "："))))
        )
        if listed:
            groups[-1].append(one)
        elif isinstance(one, Note) and isinstance(last, Paragraph) and last.role == "item":
            held.append(one)
        else:
            groups.extend([note] for note in held)
            held = []
            groups.append([one])
    groups.extend([note] for note in held)
    return groups


def _notices(groups: Sequence[list[Piece]]) -> list[Paragraph]:
    """The source notices at the start and end of the document; none if the document has nothing else."""
    alone = [one for one, *others in groups if not others and isinstance(one, Paragraph)]
    edge = alone if len(alone) <= 2 * _EDGE else [*alone[:_EDGE], *alone[-_EDGE:]]
    found = [one for one in edge if one.role == "text" and is_notice(one.words.text)]
    return found if len(found) < len(groups) else []


def _title(titles: list[str], property_title: str | None, sections: list[Section]) -> tuple[str | None, list[Section]]:
    """The title, and the sections without it; if nothing else would be left, the title stays as text.

    A visible title comes first, which is a paragraph in the style of a title; then the title in the file's properties;
    then a single heading at the top.
    """
    if titles:
        rest = sections[len(titles) :]
        return " ".join(titles), rest or [replace(sections[0], level=0)]
    levels = [one.level for one in sections if one.level > 0]
    named = bool(sections) and sections[0].level > 0 and not is_usual(sections[0].title)
    alone = named and levels[0] == min(levels) and levels.count(levels[0]) == 1
    first = sections[0].title if alone else None
    if first is not None and len(sections) > 1 and property_title in (None, first):
        return first, sections[1:]
    return property_title, sections
