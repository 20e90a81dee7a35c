"""Opens a PDF, or says in a few words why it cannot be opened, and reads its metadata, outline and page labels."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from nrqa.errors import UnreadableError

_HEAD = 1024
"""Number of bytes at the start in which every PDF reader looks for the mark ``%PDF-``."""
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+\-Z])(?:(\d\d)'?(\d\d)?'?)?)?")
# What programs write as the title if nobody gave one.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel|publisher)\s*[-–].*|powerpoint presentation|print(?:ing)?|untitled.*"
    r"|.{0,3}|(?:un)?named document|document ?\d*|(?:no|unbenannt|sans) ?(?:title|titre)?|slide 1|about:blank"
    r"|\S+://\S+|.*\.(?:docx?|dot|rtf|odt|tex|dvi|ps|eps|pdf|html?|php|aspx?|indd|qxd|pptx?|xlsx?|pages|md|txt|fm|p65)"
    r"|[\W\d_]*)",
    re.IGNORECASE,
)
_DEEPEST = 8
_MOST_BOOKMARKS = 20_000
_LONGEST_LABEL = 40
"""A longer label is no number of a page; it would stand in every citation of the page."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the document's outline: depth from 1, title, and target page from 0; None if it names no page."""

    depth: int
    title: str
    page: int | None


def opened(data: bytes) -> pypdfium2.PdfDocument:
    """Opens the document; the caller must close it. Raises UnreadableError if it cannot be opened or has no page."""
    if b"%PDF-" not in data[:_HEAD]:
        raise UnreadableError("not a PDF, whatever its name says")
    cut_off = b"%%EOF" not in data[-_HEAD:]
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        # PDFium may still report the error code of an earlier file, so the file itself is checked as well.
        locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY) and b"/Encrypt" in data
        if locked:
            raise UnreadableError("encrypted; save it without a password") from error
        what = "cut off before its end" if cut_off else "its pages cannot be found"
        raise UnreadableError(f"a damaged PDF: {what}") from error
    if not len(document):
        document.close()
        raise UnreadableError("a damaged PDF: cut off before its end" if cut_off else "a PDF without pages")
    return document


def form_of(document: pypdfium2.PdfDocument) -> Any:
    """PDFium's handle of the document's form; None if it has none. Must be called before pages are loaded."""
    if document.get_formtype() == pdfium.FORMTYPE_NONE:
        return None
    document.init_forms()
    return document.formenv


def is_drawn_by_xfa(document: pypdfium2.PdfDocument) -> bool:
    """Whether another language (XFA) draws the form; its pages in the PDF only say that a viewer cannot show it."""
    return bool(document.get_formtype() == pdfium.FORMTYPE_XFA_FULL)


def metadata_of(document: pypdfium2.PdfDocument) -> dict[str, str | list[str]]:
    """The document's title, author, subject, keywords and language, without titles that a program made up.

    When the file was made and changed is ``created`` and ``modified``: that is no date of publication.
    """
    given = {
        key: _said(partial(document.get_metadata_value, key)) for key in ("Title", "Author", "Subject", "Keywords")
    }
    found: dict[str, str | list[str]] = {key.lower(): value for key, value in given.items() if value}
    if _NO_TITLE.fullmatch(given["Title"]):
        found.pop("title", None)
    for key, name in (("created", "CreationDate"), ("modified", "ModDate")):
        date = iso_date(_said(partial(document.get_metadata_value, name)))
        if date:
            found[key] = date
    language = _language(document)
    if language:
        found["language"] = language
    return found


def iso_date(written: str) -> str:
    """A PDF date (``D:20211020153000+02'00'``) in ISO 8601; "" if it is not a date."""
    match = _DATE.match(written.strip())
    if match is None:
        return ""
    year, month, day, hour, minute, second, zone, zone_hour, zone_minute = match.groups()
    date = "-".join(part for part in (year, month, day) if part)
    if not (1 <= int(month or 1) <= 12 and 1 <= int(day or 1) <= 31 and int(year) > 0):
        return ""
    if not (day and hour and minute):
        return date
    offset = "Z" if zone == "Z" else f"{zone}{zone_hour}:{zone_minute or '00'}" if zone and zone_hour else ""
    return f"{date}T{hour}:{minute}:{second or '00'}{offset}"


def bookmarks_of(document: pypdfium2.PdfDocument) -> list[Bookmark]:
    """The document's own outline, from the top; empty where it has none or a broken one."""
    return list(_bookmarks(document))


def labels_of(document: pypdfium2.PdfDocument) -> list[str]:
    """What the document says is printed on each page as its number (iv, A-3); "" for a page without a label."""
    labels = (_said(partial(document.get_page_label, number)) for number in range(len(document)))
    return [label if len(label) <= _LONGEST_LABEL else "" for label in labels]


def _bookmarks(document: pypdfium2.PdfDocument) -> Iterator[Bookmark]:
    for number, one in enumerate(document.get_toc(max_depth=_DEEPEST)):
        if number == _MOST_BOOKMARKS:
            return
        title = _said(one.get_title)
        target = one.get_dest()
        page = target.get_index() if target else None
        if title:
            yield Bookmark(one.level + 1, title, page)


def _language(document: pypdfium2.PdfDocument) -> str:
    """The language of the document from its catalog, such as en-US; "" if it has none."""
    length = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length * 2)
    pdfium.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return _clean(buffer.raw[:length].decode("utf-16-le", "ignore"))


def _said(get: Callable[[], str]) -> str:
    """The value that ``get`` returns, cleaned; "" if it holds half a surrogate pair, which cannot be decoded."""
    try:
        return _clean(get())
    except UnicodeDecodeError:
        return ""


def _clean(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
