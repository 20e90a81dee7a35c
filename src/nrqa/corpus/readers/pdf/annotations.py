"""What people have typed onto the pages of a PDF: values of form fields, boxes that are checked, and notes."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from nrqa.corpus.readers.pdf.turning import Box

FIELD, BOX, NOTE = "field", "box", "note"
CHECKED, _UNCHECKED = "☒", "☐"
_NOT_SHOWN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_NOTES = frozenset(
    {
        pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_LINE, pdfium.FPDF_ANNOT_SQUARE,
        pdfium.FPDF_ANNOT_CIRCLE, pdfium.FPDF_ANNOT_POLYGON, pdfium.FPDF_ANNOT_POLYLINE, pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE, pdfium.FPDF_ANNOT_SQUIGGLY, pdfium.FPDF_ANNOT_STRIKEOUT, pdfium.FPDF_ANNOT_STAMP,
        pdfium.FPDF_ANNOT_CARET, pdfium.FPDF_ANNOT_INK,
    }
)  # fmt: skip
_MARKED = frozenset(
    {
        pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_UNDERLINE, pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_STRIKEOUT,
    }
)  # fmt: skip
"""Marks over words of the page; some programs write the marked words into them once more."""
_CHOICES = (pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
_BOXES = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
_PASSWORD = 1 << 13
"""The flag of a text field whose value nobody sees."""
_MOST = 20_000
"""Most annotations of a page, and most options of a field, that are read."""
_LONGEST = 1_000_000
"""Most bytes of one value."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One value, box or note: its words as typed, its box on the page, and the name of its field or of its author."""

    kind: str
    text: str
    label: str
    box: Box


@dataclass(frozen=True, slots=True)
class Annotations:
    """Those of a page that a reader sees, and how many words those have that a reader does not see."""

    seen: tuple[Annotation, ...]
    hidden: int


def annotations_of(page: pypdfium2.PdfPage, form: Any, words: str) -> Annotations:
    """What was typed onto the page; ``form`` is PDFium's handle of the form, ``words`` the page's own text."""
    seen: list[Annotation] = []
    hidden = 0
    for handle in _handles(page):
        found = _read(handle, form)
        if found is None or not found.text:
            continue
        if pdfium.FPDFAnnot_GetSubtype(handle) in _MARKED and _letters(found.text) in _letters(words):
            continue
        if pdfium.FPDFAnnot_GetFlags(handle) & _NOT_SHOWN:
            hidden += len(found.text.split()) if found.kind != BOX else 0
        else:
            seen.append(found)
    return Annotations(tuple(seen), hidden)


def attachments_of(document: pypdfium2.PdfDocument) -> list[str]:
    """The names of the files that are attached to the document."""
    names = []
    for at in range(min(_MOST, pdfium.FPDFDoc_GetAttachmentCount(document))):
        attachment = pdfium.FPDFDoc_GetAttachment(document, at)
        names.append(_string(lambda *to, one=attachment: pdfium.FPDFAttachment_GetName(one, *to)) or "without a name")
    return names


def _handles(page: pypdfium2.PdfPage) -> Iterator[Any]:
    for at in range(min(_MOST, pdfium.FPDFPage_GetAnnotCount(page))):
        handle = pdfium.FPDFPage_GetAnnot(page, at)
        if handle:
            try:
                yield handle
            finally:
                pdfium.FPDFPage_CloseAnnot(handle)


def _read(handle: Any, form: Any) -> Annotation | None:
    subtype = pdfium.FPDFAnnot_GetSubtype(handle)
    if subtype == pdfium.FPDF_ANNOT_WIDGET:
        return _field(handle, form) if form else None
    if subtype not in _NOTES:
        return None
    return Annotation(NOTE, _entry(handle, b"Contents"), _entry(handle, b"T"), _box(handle))


def _field(handle: Any, form: Any) -> Annotation | None:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, handle)
    name = _string(lambda *to: pdfium.FPDFAnnot_GetFormFieldAlternateName(form, handle, *to)) or _string(
        lambda *to: pdfium.FPDFAnnot_GetFormFieldName(form, handle, *to)
    )
    name = " ".join(name.split())
    if kind in _BOXES:
        return Annotation(BOX, CHECKED if pdfium.FPDFAnnot_IsChecked(form, handle) else _UNCHECKED, name, _box(handle))
    if kind in _CHOICES:
        return Annotation(FIELD, "\n".join(_chosen(handle, form)) or _value(handle, form), name, _box(handle))
    if kind != pdfium.FPDF_FORMFIELD_TEXTFIELD or pdfium.FPDFAnnot_GetFormFieldFlags(form, handle) & _PASSWORD:
        return None
    return Annotation(FIELD, _value(handle, form), name, _box(handle))


def _value(handle: Any, form: Any) -> str:
    return _string(lambda *to: pdfium.FPDFAnnot_GetFormFieldValue(form, handle, *to))


def _chosen(handle: Any, form: Any) -> Iterator[str]:
    """What a reader sees of the options that are chosen."""
    for at in range(min(_MOST, pdfium.FPDFAnnot_GetOptionCount(form, handle))):
        if pdfium.FPDFAnnot_IsOptionSelected(form, handle, at):
            yield _string(lambda *to, at=at: pdfium.FPDFAnnot_GetOptionLabel(form, handle, at, *to))


def _entry(handle: Any, key: bytes) -> str:
    return _string(lambda *to: pdfium.FPDFAnnot_GetStringValue(handle, key, *to))


def _string(get: Callable[..., int]) -> str:
    """The text that a function of PDFium writes: its lines, without characters that show nothing."""
    length = min(get(None, 0), _LONGEST)
    if length <= 2:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    get(buffer, length)
    text = bytes(buffer)[: length - 2].decode("utf-16-le", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cleaned = (" ".join("".join(char if char.isprintable() else " " for char in one).split()) for one in lines)
    return "\n".join(one for one in cleaned if one)


def _box(handle: Any) -> Box:
    rectangle = pdfium.FS_RECTF()
    if not pdfium.FPDFAnnot_GetRect(handle, rectangle):
        return 0.0, 0.0, 0.0, 0.0
    x0, x1 = sorted((rectangle.left, rectangle.right))
    y0, y1 = sorted((rectangle.bottom, rectangle.top))
    return x0, y0, x1, y1


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
