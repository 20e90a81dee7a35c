"""Which format a draft has, and its text and paragraphs as the reader for that format finds them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Literal, get_args

from nrqa.checking.prose import MARKDOWN, Prose, without_our_notes
from nrqa.errors import DraftError, UnreadableError
from nrqa.text.decoding import decode

Format = Literal["md", "txt", "html", "tex", "docx", "odt"]
FORMATS: tuple[Format, ...] = get_args(Format)
STANDARD_INPUT = "-"
"""The name of a draft from standard input. If its format does not show, it is Markdown, as most plain text is."""
Unit = Literal["line", "paragraph"]


@dataclass(frozen=True, slots=True)
class Written:
    """A draft: its format, its text, and its paragraphs, whose places are in that text.

    The text is the file's own, but for the formats of word processors: there each paragraph is a line of it, and the
    ``unit`` of its places is the paragraph.
    """

    form: Format
    text: str
    proses: tuple[Prose, ...]

    @property
    def unit(self) -> Unit:
        """What the number of a place counts."""
        return "paragraph" if self.form in ("docx", "odt") else "line"


def read_written(name: str, data: bytes, form: Format | None = None) -> Written:
    """The draft of that name, in the format given, else in that of its name, else in that of what it begins with.

    Raises DraftError where it cannot be read.
    """
    chosen = form or _by_name(name) or _by_content(data, "md" if name == STANDARD_INPUT else "txt")
    try:
        return _read(chosen, data)
    except UnreadableError as error:
        remedy = _REMEDIES.get(chosen, "Save it again")
        raise DraftError(f"The draft '{name}' cannot be read: {error}. {remedy}") from error


_SUFFIXES: Mapping[str, Format] = {
    **dict.fromkeys(MARKDOWN, "md"),
    **dict.fromkeys((".txt", ".text"), "txt"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".tex", ".ltx", ".latex"), "tex"),
    **dict.fromkeys((".docx", ".docm", ".dotx"), "docx"),
    **dict.fromkeys((".odt", ".ott", ".fodt"), "odt"),
}
_ALL = ".md, .txt, .html, .tex, .docx or .odt"
_REFUSED: Mapping[str, str] = {
    ".pdf": f"A PDF is no draft that can be edited: check the file that it was made from ({_ALL})",
    ".doc": "Save it as .docx in your word processor",
    ".rtf": "Save it as .docx or .odt in your word processor",
    ".pages": "Export it from Pages as .docx",
    ".epub": f"Check the files that the book is made from ({_ALL})",
}
_REMEDIES: Mapping[Format, str] = {
    "md": "Name a text in UTF-8",
    "txt": "Name a text in UTF-8",
    "html": "Name a page in UTF-8",
    "tex": "Name a text in UTF-8",
    "docx": "Save it again as .docx in your word processor, without a password",
    "odt": "Save it again as .odt in your word processor, without a password",
}


def _by_name(name: str) -> Format | None:
    suffix = PurePath(name).suffix.lower()
    if suffix in ("", ".") or name == STANDARD_INPUT:
        return None
    if suffix not in _SUFFIXES:
        remedy = _REFUSED.get(suffix, f"Save it as {_ALL}, or say what it is: --as {'|'.join(FORMATS)}")
        raise DraftError(f"The draft '{name}' cannot be read: {suffix} is not among the formats of drafts. {remedy}")
    return _SUFFIXES[suffix]


def _by_content(data: bytes, usual: Format) -> Format:
    """The format that the first bytes show, or else the usual one."""
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                return "odt" if "content.xml" in archive.namelist() else "docx"
        except zipfile.BadZipFile:
            return "docx"
    begin = data[:_BEGIN].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begin.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")):
        return "odt" if b"office:document" in begin else "html"
    if b"\\documentclass" in begin or b"\\begin{document}" in begin:
        return "tex"
    return usual


_BEGIN = 4_000


def _read(form: Format, data: bytes) -> Written:
    if form == "docx":
        from nrqa.checking.reading.word import read_word

        text, proses = read_word(data)
        return Written(form, text, tuple(proses))
    if form == "odt":
        from nrqa.checking.reading.opendocument import read_opendocument

        text, proses = read_opendocument(data)
        return Written(form, text, tuple(proses))
    if form == "html":
        return _read_html(data)
    text = without_our_notes(decode(data)[0])
    if form == "tex":
        from nrqa.checking.reading.latex import read_latex

        return Written(form, text, tuple(read_latex(text)))
    if form == "txt":
        from nrqa.checking.reading.plaintext import read_plaintext

        return Written(form, text, tuple(read_plaintext(text)))
    from nrqa.checking.reading.markdown import read_markdown

    return Written(form, text, tuple(read_markdown(text)))


def _read_html(data: bytes) -> Written:
    from nrqa.checking.reading.hypertext import read_hypertext
    from nrqa.corpus.readers.web.charset import page_text

    text = page_text(data)
    return Written("html", text, tuple(read_hypertext(text, 0, len(text))[0]))
