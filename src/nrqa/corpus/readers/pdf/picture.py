"""Draws pages of a PDF as a PNG picture, with marked rectangles or alone, and says where a point of a page is seen."""

from __future__ import annotations

import ctypes
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from nrqa.corpus.readers.pdf.opening import form_of, opened
from nrqa.errors import UnreadableError
from nrqa.records import Rectangle

_MARK = (255, 221, 51, 160)
"""The colour of a mark as red, green, blue and opacity: yellow, under which black stays black."""
_MARGIN = 0.3
"""Points by which a mark is larger than its rectangle on each side."""
_MOST_PIXELS = 40_000_000
"""Most pixels of one page; a larger page, such as a poster, is drawn smaller."""


@dataclass(frozen=True, slots=True)
class _Pixels:
    """Rows of red, green and blue, one byte each."""

    width: int
    rows: list[bytes]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as a reader sees it: cropped and turned.

    ``width`` and ``height`` are in points. A point (x, y) of the page's own space is seen at (a·x + c·y + e,
    b·x + d·y + f) from the top left, where these are ``places``.
    """

    width: float
    height: float
    places: tuple[float, float, float, float, float, float]


_FINE = 1000
"""PDFium gives places as whole numbers: of thousandths of a point."""


def sheet(data: bytes, number: int) -> Sheet:
    """The size of a page (from 1), and where its points are. Raises UnreadableError where there is no such page."""
    document = opened(data)
    try:
        page = _page(document, number)
        try:
            return _sheet(page)
        finally:
            page.close()
    finally:
        document.close()


def page_picture(data: bytes, number: int, *, scale: float = 2.0) -> bytes:
    """A page (from 1) without marks, as a PNG file. Raises UnreadableError where there is no such page."""
    document = opened(data)
    try:
        form_of(document)  # so that the values of its fields are drawn
        _page(document, number).close()
        return _png([_rendered(document, number, (), scale)])
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    if not 1 <= number <= len(document):
        raise UnreadableError("there is no such page in it")
    return document[number - 1]


def _sheet(page: pypdfium2.PdfPage) -> Sheet:
    width, height = page.get_size()
    origin, right, up = (_seen_at(page, width, height, *point) for point in ((0, 0), (_FINE, 0), (0, _FINE)))
    across = ((right[0] - origin[0]) / _FINE, (right[1] - origin[1]) / _FINE)
    upwards = ((up[0] - origin[0]) / _FINE, (up[1] - origin[1]) / _FINE)
    return Sheet(width, height, (*across, *upwards, *origin))


def _seen_at(page: pypdfium2.PdfPage, width: float, height: float, x: float, y: float) -> tuple[float, float]:
    found = ctypes.c_int(), ctypes.c_int()
    size = round(width * _FINE), round(height * _FINE)
    pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, *map(ctypes.byref, found))
    return found[0].value / _FINE, found[1].value / _FINE


def picture(data: bytes, rectangles: Sequence[Rectangle], *, scale: float = 2.0) -> bytes:
    """The PDF pages with the rectangles, one page below the other, with the rectangles marked, as a PNG file.

    ``scale`` is in pixels per point (a 72nd of an inch). The pages look as a reader sees them: cropped and turned.
    Raises UnreadableError if the PDF cannot be opened or has no such page.
    """
    document = opened(data)
    try:
        form_of(document)  # so that the values of its fields are drawn
        numbers = sorted({one.page for one in rectangles})
        if not numbers or numbers[-1] > len(document):
            raise UnreadableError("there is no such page in it")
        pages = [
            _rendered(document, number, [one for one in rectangles if one.page == number], scale) for number in numbers
        ]
    finally:
        document.close()
    return _png(pages)


def _rendered(document: pypdfium2.PdfDocument, number: int, rectangles: Iterable[Rectangle], scale: float) -> _Pixels:
    page = document[number - 1]
    try:
        for one in rectangles:
            _mark(page, one)
        width, height = page.get_size()
        fitting = (_MOST_PIXELS / max(1.0, width * height)) ** 0.5
        bitmap = page.render(scale=min(scale, fitting), rev_byteorder=True, prefer_bgrx=False)
        data = bytes(bitmap.buffer)
        size = bitmap.width * bitmap.n_channels
        rows = [data[start : start + size] for start in range(0, bitmap.height * bitmap.stride, bitmap.stride)]
        return _Pixels(bitmap.width, rows)
    finally:
        page.close()


def _mark(page: pypdfium2.PdfPage, one: Rectangle) -> None:
    """Lay a mark over the page, in its own user space; the file itself is not touched."""
    mark = pdfium.FPDFPageObj_CreateNewRect(
        one.x0 - _MARGIN, one.y0 - _MARGIN, one.x1 - one.x0 + 2 * _MARGIN, one.y1 - one.y0 + 2 * _MARGIN
    )
    pdfium.FPDFPageObj_SetFillColor(mark, *_MARK)
    pdfium.FPDFPageObj_SetBlendMode(mark, b"Multiply")
    pdfium.FPDFPath_SetDrawMode(mark, pdfium.FPDF_FILLMODE_WINDING, False)  # noqa: FBT003 - PDFium's own call
    pdfium.FPDFPage_InsertObject(page, mark)


def _png(pages: Sequence[_Pixels]) -> bytes:
    """The pages one below the other; narrower ones are filled up with white."""
    width = max(one.width for one in pages)
    rows = [row + b"\xff" * (3 * width - len(row)) for one in pages for row in one.rows]
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + _part(b"IHDR", head) + _part(b"IDAT", pixels) + _part(b"IEND", b"")


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
