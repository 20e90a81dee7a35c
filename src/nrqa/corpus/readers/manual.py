"""Reads manual pages in the language of roff (``ls.1``), as positions in the file's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nrqa.corpus.readers.bare import read as read_bare
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.line_markup import Row, by_lines, outline_of, rows_of, section_of
from nrqa.corpus.readers.shared.outline import Outline, Section
from nrqa.errors import UnreadableError
from nrqa.records import Span
from nrqa.text.decoding import decode

_IS_ROFF = re.compile(r"^[.'](?:TH|SH|Dd|Dt|Sh|so)\b", re.MULTILINE)
_REQUEST = re.compile(r"[.']\s*(?P<name>[A-Za-z\\\"]\S{0,15})?\s*(?P<rest>.*)")
_HEADINGS = {"SH": 1, "Sh": 1, "SS": 2, "Ss": 2}
_TITLES = ("TH", "Dt")
_BREAKS = frozenset("PP P LP TP IP HP Pp It sp br Bl El RS RE TQ SY YS UR UE MT ME Bd Ed".split())
_WORDS = frozenset("B I BR BI IB IR RB RI SM SB Nm Fl Ar Op Cm Pa Xr Nd Em Sy Li Va Ev Ic Fn Ft Dv Er Qq Dq Sq".split())
"""Requests whose words are text, set in another font or as a name."""
_CODE = {"nf": "fi", "EX": "EE", "Bd": "Ed"}
_NO_TEXT = {"TS": "TE", "EQ": "EN", "de": ".", "ig": ".", "PS": "PE"}
_ALIAS = re.compile(r"(?:[.']\\\"[^\n]{0,200}\n|\s){0,20}\.so\s+(?P<page>\S{1,200})\s*")
_ESCAPE = re.compile(r"\\(?:f(?:[A-Z0-9]|\([A-Z]{2}|\[[^\]]*\])|[&%|^]|s[-+]?\d{1,2})|\\?\"")


def read(name: str, data: bytes) -> Reading:
    """Reads a manual page; a file of another kind with such a name (``app.log.1``) is read as plain text."""
    head = data[: 64 * 1024].decode("latin-1")
    if not _IS_ROFF.search(head):
        return read_bare(name, data)
    text, encoding = decode(data)
    alias = _ALIAS.fullmatch(text.strip())
    if alias:
        raise UnreadableError(f"no text in it, only the name of another page ({alias['page']})")
    return Reading(text, read_manual(text), encoding)


def read_manual(text: str) -> Outline:
    """The outline of a page; its blocks are spans of exactly this text, markup included."""
    rows = rows_of(text)
    title = next((_words(found["rest"]) for row in rows if (found := _named(row, _TITLES))), "")
    outline = outline_of(list(_sections(rows)), text, {})
    words = title.split()
    named = f"{words[0]}({words[1]})" if len(words) > 1 else "".join(words)
    return Outline(named or outline.title, outline.metadata, outline.notices, outline.blocks)


def _named(row: Row, names: Sequence[str]) -> re.Match[str] | None:
    found = _REQUEST.fullmatch(row.text) if row.text[:1] in (".", "'") else None
    return found if found and found["name"] in names else None


def _sections(rows: Sequence[Row]) -> Iterator[Section]:
    held: list[Row] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        found = _REQUEST.fullmatch(row.text) if row.text[:1] in (".", "'") else None
        name = (found["name"] or "") if found else ""
        at += 1
        if row.text and (found is None or name in _WORDS):
            held.append(row)
            continue
        if held and (not row.text or name in _BREAKS or name in _HEADINGS or name in _CODE or name in _NO_TEXT):
            yield section_of(held)
            held = []
        if name in _HEADINGS and found:
            words = _words(found["rest"])
            if not words and at < len(rows):  # the words may stand on the next line
                row, words, at = rows[at], _words(rows[at].text), at + 1
            yield Section(Span(row.start, row.end), _HEADINGS[name] if words else 0, title=words)
        elif name in _CODE:
            end = _end(rows, at, _CODE[name])
            code = [one for one in rows[at:end] if one.text and not _is_request(one)]
            if code:
                yield by_lines(code)
            at = end + 1
        elif name in _NO_TEXT:
            at = _end(rows, at, _NO_TEXT[name]) + 1
    if held:
        yield section_of(held)


def _is_request(row: Row) -> bool:
    return row.text.startswith((".", "'\\"))


def _end(rows: Sequence[Row], at: int, name: str) -> int:
    """The index of the line with the request that ends what begins here."""
    ending = re.compile(rf"\.\s*{re.escape(name)}(?![\w.]).*")
    while at < len(rows) and not ending.fullmatch(rows[at].text):
        at += 1
    return at


def _words(written: str) -> str:
    """The words of a heading without quotation marks and changes of the font."""
    return " ".join(_ESCAPE.sub("", written.replace("\\-", "-")).split())
