"""Adds recognised text to a PDF whose pages are pictures, with each word at its place in the page's user space."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium

from nrqa.corpus.readers.pdf.opening import opened

Recognise = Callable[[bytes, float], bytes | None]
"""Takes a picture (PGM) and its dots per inch; returns a PDF of one page with the text at the same places, or None."""

_DOTS = 300
"""Dots per inch; tesseract's models were trained on such pages."""
_INCH = 72
_MOST_PIXELS = 60_000_000
"""Most pixels of one page: A2 at 300 dots per inch. Larger pages are drawn smaller."""
_FINE = 1 << 16


def layered(data: bytes, recognise: Recognise) -> bytes:
    """The PDF in which recognised text replaces all that is drawn; page boxes, rotations and properties stay the same.

    Pages that cannot be rendered or recognised get no text. Raises UnreadableError if the PDF cannot be opened.
    """
    document = opened(data)
    try:
        for number in range(len(document)):
            try:
                page = document[number]
            except pypdfium2.PdfiumError:
                continue
            try:
                layer = recognise(*_picture(page))
                _replace(document, page, layer)
            finally:
                page.close()
        written = BytesIO()
        document.save(written, flags=pdfium.FPDF_REMOVE_SECURITY)
        return written.getvalue()
    finally:
        document.close()


def _picture(page: pypdfium2.PdfPage) -> tuple[bytes, float]:
    """The page in shades of grey (PGM), as a reader sees it, and its dots per inch."""
    width, height = page.get_size()
    fitting = (_MOST_PIXELS / max(1.0, width * height)) ** 0.5
    scale = min(_DOTS / _INCH, fitting)
    bitmap = page.render(scale=scale, grayscale=True)
    pixels = memoryview(bitmap.buffer)
    rows = [bytes(pixels[at : at + bitmap.width]) for at in range(0, bitmap.height * bitmap.stride, bitmap.stride)]
    return b"P5\n%d %d\n255\n" % (bitmap.width, bitmap.height) + b"".join(rows), scale * _INCH


def _replace(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, layer: bytes | None) -> None:
    """Replaces the page's content with the layer over a blank picture: only over a scan does text without ink count."""
    for one in list(page.get_objects(max_depth=1)):
        page.remove_obj(one)
    left, bottom, right, top = page.get_bbox()
    paper = pypdfium2.PdfBitmap.new_native(1, 1, pdfium.FPDFBitmap_BGR)
    picture = pypdfium2.PdfImage.new(document)
    picture.set_bitmap(paper)
    picture.set_matrix(pypdfium2.PdfMatrix(right - left, 0, 0, top - bottom, left, bottom))
    page.insert_obj(picture)
    if layer is not None:
        _lay(document, page, layer)
    page.gen_content()


def _lay(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, layer: bytes) -> None:
    try:
        source = pypdfium2.PdfDocument(layer)
    except pypdfium2.PdfiumError:
        return
    try:
        width, height = source.get_page_size(0)
        content = source.page_as_xobject(0, document)
        text = content.as_pageobject()
        text.set_matrix(_matrix(page, width, height))
        page.insert_obj(text)
        content.close()
    finally:
        source.close()


def _matrix(page: pypdfium2.PdfPage, width: float, height: float) -> pypdfium2.PdfMatrix:
    """The matrix from a layer of this size to the user space of the page, which may be cropped and turned."""
    x, y = _place(page, 0, _FINE)
    right_x, right_y = _place(page, _FINE, _FINE)
    top_x, top_y = _place(page, 0, 0)
    return pypdfium2.PdfMatrix(
        (right_x - x) / width, (right_y - y) / width, (top_x - x) / height, (top_y - y) / height, x, y
    )


def _place(page: pypdfium2.PdfPage, across: int, down: int) -> tuple[float, float]:
    """The user-space position of a point on the rendered page; ``_FINE`` units are its full width or height."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDF_DeviceToPage(page, 0, 0, _FINE, _FINE, 0, across, down, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value
