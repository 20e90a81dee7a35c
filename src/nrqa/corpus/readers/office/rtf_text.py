"""Reads the paragraphs, tables and notes of an RTF file from its tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nrqa.corpus.readers.office.numbering import counted
from nrqa.corpus.readers.office.pieces import Height, Line, Note, Paragraph, Piece, Role, Words, joined, surrounded
from nrqa.corpus.readers.office.rtf_fonts import Font, Fonts
from nrqa.corpus.readers.office.rtf_tokens import Token
from nrqa.corpus.readers.office.style import NO_STYLE, Style, named
from nrqa.corpus.readers.office.tables import Cell, all_words, table_pieces
from nrqa.errors import UnreadableError

_MOST_DEPTH = 10_000
_GENERATED = re.compile(r"\s*(?:TOC|TOA|INDEX)\b", re.IGNORECASE)
_CHARACTERS = {
    "tab": " ", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "zwj": "\u200d", "zwnj": "\u200c",
    "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip
_SYMBOLS = {"~": " ", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}", "\t": " "}
_ENDS = frozenset(["par", "sect", "page", "column", "\n", "\r"])
# The destinations of the RTF specification (1.9.1) that are not text of the document, with or without "\*" before them,
# which some programs forget. An unknown group after "\*" is not text either.
_DROPPED = frozenset(
    "header headerl headerr headerf footer footerl footerr footerf pict nonshppict shprslt colortbl annotation "
    "atnid atnauthor atnref atndate atntime atnicn atrfstart atrfend atnparent bkmkstart bkmkend "
    "listtable list listlevel leveltext levelnumbers listname liststylename listpicture listoverridetable listoverride "
    "lfolevel revtbl rsidtbl generator xmlnstbl xmlopen xmlclose xmlname xmlattrname xmlattrvalue themedata datastore "
    "filetbl file fontemb fontfile falt panose tc tcn xe rxe txe pxe private formfield ffname ffdeftext ffformat "
    "ffhelptext ffstattext ffentrymcr ffexitmcr ffl pn pntxta pntxtb pnseclvl latentstyles lsdlockedexcept "
    "nonesttables nesttableprops mmathPr template ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn background docvar "
    "colorschememapping userprops propname staticval linkval pgptbl pgp wgrffmtfilter fldtype datafield mailmerge "
    "defchp defpap defshp blipuid picprop sp sn sv svb hlinkbase hl hlfr hlloc hlsrc objclass objname objdata objalias "
    "objsect objtime oleclsid oldcprops oldpprops oldtprops oldsprops protusertbl protstart protend passwordhash "
    "password writereservation writereservhash windowcaption nextfile htmltag mhtmltag fchars lchars gridtbl keycode "
    "factoidname ebcstart ebcend".split()
)
_PASSED = "shpinst do object"
"""Groups whose own text is not read, but which may contain a text box, or what an object shows (``result``)."""
_GROUPS = {
    **dict.fromkeys(_DROPPED, "dropped"),
    **dict.fromkeys(_PASSED.split(), "passed"),
    "fldinst": "instruction",
    "listtext": "number",
    "pntext": "number",
    "stylesheet": "style",
    "fonttbl": "font",
    "info": "info",
}
_BOXES = frozenset(["shptxt", "dptxbxtext"])
_PROPERTIES = frozenset(["title", "author", "subject", "keywords", "creatim", "revtim"])
_HEIGHTS: Mapping[str, Height] = {
    "super": "above",
    "up": "above",
    "sub": "below",
    "dn": "below",
    "nosupersub": "on the line",
}
_WAYS = {"ar": "decimal", "alc": "lowerLetter", "auc": "upperLetter", "rlc": "lowerRoman", "ruc": "upperRoman"}


@dataclass(frozen=True, slots=True)
class _State:
    """The settings that a group may change for itself; ``within`` says what its text is used for."""

    within: str = "text"
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    height: Height | None = None
    size: float | None = None
    font: int = 0
    skipped: int = 1
    """Number of characters after a Unicode character that replace it for programs without Unicode."""
    in_table: bool = False
    style: int = 0
    level: int | None = None
    fresh: bool = False
    """Whether the group has only just begun."""
    starred: bool = False


@dataclass(slots=True)
class _Flow:
    """A separate flow of text: the document, a note, or a text box."""

    depth: int = 0
    """The depth of the group that contains this flow."""
    found: list[Piece] = field(default_factory=list)
    boxes: list[Piece] = field(default_factory=list)
    notes: list[Piece] = field(default_factory=list)
    line: Line = field(default_factory=Line)
    number: str | None = None
    cell: list[Piece] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    headers: int = 0
    merged: list[set[str]] = field(default_factory=list)
    """For each cell of the row, the control words that merge it with the cell beside or above it."""
    row: set[str] = field(default_factory=set)
    pending: set[str] = field(default_factory=set)
    is_box: bool = False
    marked: bool = False
    is_end: bool = False


@dataclass(slots=True)
class Walk:
    """Reads the tokens in a single pass; ``properties`` is the metadata in the file, such as title and author."""

    properties: dict[str, str] = field(default_factory=dict)
    _fonts: Fonts = field(default_factory=Fonts)
    _default_font: int = 0
    _styles: dict[int, Style] = field(default_factory=dict)
    _state: _State = field(default_factory=_State)
    _groups: list[_State] = field(default_factory=list)
    _flows: list[_Flow] = field(default_factory=lambda: [_Flow()])
    _bytes: bytearray = field(default_factory=bytearray)
    _units: list[int] = field(default_factory=list)
    _to_skip: int = 0
    _instructions: list[str] = field(default_factory=list)
    _name: str = ""
    """The name of the style or font that is being defined."""
    _number: str = ""
    _counts: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})
    _ways: dict[bool, str | None] = field(default_factory=lambda: {False: "decimal", True: "decimal"})

    def pieces(self, tokens: Iterable[Token]) -> list[Piece]:
        """The pieces of the document."""
        for token in tokens:
            if token.kind in ("text", "hex"):
                self._text(token.value)
                continue
            if (token.kind, token.value) != ("word", "u") or self._bytes:
                self._flush()  # except between the two halves of a surrogate pair
            if token.kind == "open":
                self._open()
            elif token.kind == "close":
                self._close()
            elif self._to_skip:
                self._to_skip -= 1
            elif token.kind == "word":
                self._word(token.value, token.number)
            else:
                self._symbol(token.value)
        self._flush()
        while len(self._flows) > 1:
            self._end_flow()
        self._end_paragraph()
        self._end_table()
        return self._flows[0].found

    @property
    def _flow(self) -> _Flow:
        return self._flows[-1]

    def _open(self) -> None:
        self._to_skip = 0
        self._groups.append(self._state)
        if len(self._groups) > _MOST_DEPTH:
            raise UnreadableError("its groups are nested too deeply")
        self._state = replace(self._state, fresh=True, starred=False)

    def _close(self) -> None:
        self._to_skip = 0
        within = self._state.within
        if within == "style":
            self._end_style()
        if len(self._flows) > 1 and self._flow.depth == len(self._groups):
            self._end_flow()
        if not self._groups:
            return
        self._state = self._groups.pop()
        if within == "number" and self._state.within != "number":
            self._flow.number = " ".join(self._number.split())
            self._number = ""

    def _text(self, value: str) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(value))
            self._to_skip -= skipped
            value = value[skipped:]
        if value:
            self._flush_units()
            if self._state.fresh:
                self._state = replace(self._state, fresh=False)
            self._bytes += value.encode("latin-1")

    def _flush(self) -> None:
        self._flush_units()
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            self._say(self._fonts.decoded(data, self._state.font))

    def _flush_units(self) -> None:
        if self._units:
            data = b"".join(unit.to_bytes(2, "little") for unit in self._units)
            self._units.clear()
            self._say(data.decode("utf-16-le", "replace"))

    def _say(self, text: str) -> None:
        state = self._state
        if state.within == "text":
            if state.deleted:
                return
            if state.hidden or (state.size is not None and 0 < state.size < 2):
                self._flow.line.hide(text)
            else:
                self._flow.line.add(text, bold=state.bold, height=state.height)
        elif state.within == "number":
            self._number += text
        elif state.within == "instruction" and self._instructions:
            self._instructions[-1] += text
        elif state.within in ("style", "font"):
            self._names(text)
        elif state.within in _PROPERTIES:
            self.properties[state.within] = self.properties.get(state.within, "") + text

    def _names(self, text: str) -> None:
        """Collects the name of a style or font, which ends at a semicolon."""
        self._name += text
        if self._state.within == "font" and ";" in self._name:
            font = self._fonts.by_number.get(self._state.font)
            if font is not None:
                font.name = self._name.partition(";")[0].strip()
            self._name = ""

    def _end_style(self) -> None:
        name, state = self._name.partition(";")[0].strip(), self._state
        self._name = ""
        if name:
            style = named(replace(NO_STYLE, bold=state.bold, hidden=state.hidden), name)
            level = style.level if state.level is None else state.level
            self._styles[state.style] = replace(style, level=level)

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._state = replace(self._state, starred=True)
        elif symbol in _ENDS:
            self._ends_paragraph()
        elif symbol in _SYMBOLS:
            self._say(_SYMBOLS[symbol])

    def _word(self, word: str, number: int | None) -> None:
        if self._state.fresh:
            fresh, starred = self._state, self._state.starred
            self._state = replace(fresh, fresh=False, starred=False)
            if self._begins_group(word, starred=starred):
                return
        if self._state.within in ("dropped", "passed"):
            return
        if word == "u":
            self._units.append((number or 0) & 0xFFFF)
            self._to_skip = self._state.skipped
        elif word in _CHARACTERS:
            self._say(_CHARACTERS[word])
        elif not (self._sets_characters(word, number) or self._sets_paragraph(word, number)):
            self._defines(word, number)

    def _begins_group(self, word: str, *, starred: bool) -> bool:
        """Whether the first word of a group says that it is not text; records what it is instead."""
        within = self._state.within
        if within == "dropped":
            return True
        if within in ("text", "passed") and (word in _BOXES or word == "footnote"):
            self._flows.append(_Flow(depth=len(self._groups), is_box=word in _BOXES))
            self._state = _State(skipped=self._state.skipped, font=self._default_font)
            return True
        if word == "field":
            self._instructions.append("")
            return True
        kind = self._kind_of_group(word, starred=starred)
        if kind in _PROPERTIES:
            self.properties[kind] = ""
        self._state = replace(self._state, within=within if kind is None else kind)
        return kind is not None

    def _kind_of_group(self, word: str, *, starred: bool) -> str | None:
        """What a group with this first word is used for; None if it is used like the group around it."""
        within = self._state.within
        if word == "ud":
            return "info" if any(one.within == "info" for one in self._groups) else "text"
        if word == "fldrslt":
            return "dropped" if self._instructions and _GENERATED.match(self._instructions.pop()) else within
        if within == "passed":
            return "text" if word == "result" else "dropped" if word in _DROPPED else "passed"
        if word == "upr":
            return "passed"
        if within == "info":
            return word if word in _PROPERTIES else "dropped"
        return _GROUPS.get(word, "dropped" if starred else None)

    def _sets_characters(self, word: str, number: int | None) -> bool:
        on = number != 0
        if word == "plain":
            plain = _State()
            self._state = replace(
                self._state,
                bold=plain.bold,
                hidden=plain.hidden,
                deleted=plain.deleted,
                height=plain.height,
                size=None,
                font=self._default_font,
            )
        elif word == "b":
            self._state = replace(self._state, bold=on)
        elif word == "v":
            self._state = replace(self._state, hidden=on)
        elif word in ("deleted", "mvf"):
            self._state = replace(self._state, deleted=on)
        elif word in _HEIGHTS:
            self._state = replace(self._state, height=_HEIGHTS[word] if on else None)
        elif word == "fs":
            self._state = replace(self._state, size=None if number is None else number / 2)
        elif word == "f" and self._state.within != "font":
            self._state = replace(self._state, font=number or 0)
        elif word == "uc":
            self._state = replace(self._state, skipped=min(max(number or 0, 0), 100))
        else:
            return False
        return True

    def _sets_paragraph(self, word: str, number: int | None) -> bool:
        if word == "pard":
            self._state = replace(self._state, in_table=False, style=0, level=None)
        elif word == "intbl":
            self._state = replace(self._state, in_table=True)
        elif word == "s":
            self._state = replace(self._state, style=number or 0)
        elif word == "outlinelevel":
            self._state = replace(self._state, level=(number or 0) + 1 if (number or 0) < 9 else 0)
        elif self._state.within != "text":
            return False
        elif word in _ENDS:
            self._ends_paragraph()
        elif word == "line":
            self._flow.line.end_line()
        elif word in ("cell", "nestcell", "row", "trowd", "trhdr", "clvmrg", "clmrg", "cellx"):
            self._sets_table(word)
        else:
            return False
        return True

    def _sets_table(self, word: str) -> None:
        flow = self._flow
        if word == "cell":
            self._end_paragraph(in_table=True)
            flow.cells.append(Cell(len(flow.cells), tuple(flow.cell)))
            flow.cell = []
        elif word == "nestcell":
            self._end_paragraph(in_table=True)
        elif word == "row":
            kinds = [*flow.merged, *[set[str]()] * len(flow.cells)]
            row = [
                replace(cell, merged="clvmrg" in kind)
                for cell, kind in zip(flow.cells, kinds, strict=False)
                if "clmrg" not in kind
            ]
            flow.headers += "trhdr" in flow.row and flow.headers == len(flow.rows)
            flow.rows.append(row)
            flow.cells = []
        elif word == "trowd":
            flow.row, flow.merged, flow.pending = set(), [], set()
        elif word == "cellx":
            flow.merged.append(flow.pending)
            flow.pending = set()
        elif word == "trhdr":
            flow.row.add(word)
        else:
            flow.pending.add(word)

    def _defines(self, word: str, number: int | None) -> None:
        if word in ("ansicpg", "mac", "pc", "pca"):
            self._fonts.set_page(word, number)
        elif word == "deff":
            self._default_font = number or 0
            self._state = replace(self._state, font=self._default_font)
        elif self._state.within == "font":
            if word == "f":
                self._state = replace(self._state, font=number or 0)
                self._fonts.by_number[number or 0] = Font()
            elif self._state.font in self._fonts.by_number:
                font = self._fonts.by_number[self._state.font]
                font.charset = number or 0 if word == "fcharset" else font.charset
                font.page = number if word == "cpg" else font.page
        elif self._state.within in ("creatim", "revtim"):
            self._tells_time(word, number or 0)
        elif word == "chftn":
            self._flow.marked = True
        elif word == "ftnalt":
            self._flow.is_end = True
        else:
            self._counts_notes(word, number)

    def _tells_time(self, word: str, number: int) -> None:
        """Adds one part of a date: year, month and day each have a control word."""
        if word in ("yr", "mo", "dy"):
            before = self.properties.get(self._state.within, "")
            written = f"{number:04d}" if word == "yr" else f"-{number:02d}"
            self.properties[self._state.within] = before + written

    def _counts_notes(self, word: str, number: int | None) -> None:
        is_end = word.startswith("aftn")
        told = word.removeprefix("a")
        if told in ("ftnrestart", "ftnrstpg") or (told == "ftnstart" and number != 1):
            self._ways[is_end] = None
        elif told.startswith("ftnn") and told[4:] in _WAYS and self._ways[is_end] is not None:
            self._ways[is_end] = _WAYS[told[4:]]

    def _ends_paragraph(self) -> None:
        if self._state.within == "text" and not self._state.deleted:
            self._end_paragraph(in_table=self._state.in_table)

    def _end_paragraph(self, *, in_table: bool = False) -> None:
        flow = self._flow
        words, number = flow.line.words(), flow.number
        flow.line, flow.number = Line(), None
        style = self._styles.get(self._state.style, NO_STYLE)
        level = style.level if self._state.level is None else self._state.level
        role: Role = "item" if number is not None else "text"
        if level:
            role = "heading"
        elif style.title:
            role = "title"
        if number and any(char.isalnum() for char in number) and words.text:
            words = joined([Words(number, bold=words.bold), words], " ")
        paragraph = Paragraph(Words() if style.contents else words, role, level or 0)
        found = surrounded(paragraph, flow.boxes, flow.notes)
        flow.boxes, flow.notes = [], []
        if in_table:
            flow.cell += found
        else:
            self._end_table()
            flow.found += found

    def _end_table(self) -> None:
        flow = self._flow
        rows = flow.rows + ([flow.cells] if flow.cells else [])
        if rows:
            flow.found += table_pieces(rows, marked=flow.headers, first_row=False)
        flow.found += flow.cell
        flow.rows, flow.cells, flow.cell, flow.headers = [], [], [], 0

    def _end_flow(self) -> None:
        self._end_paragraph()
        self._end_table()
        ended = self._flows.pop()
        if ended.is_box:
            self._flow.boxes += ended.found
            return
        mark = ""
        if ended.marked:
            self._counts[ended.is_end] += 1
            mark = counted(self._counts[ended.is_end], self._ways[ended.is_end] or "") or ""
        self._flow.notes.append(Note(mark, all_words(ended.found)))
