"""A PDF whose pages are pictures, with a layer of recognised text: where each word stands in the page's user space."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium

from nrqa.corpus.readers.pdf.opening import opened

Recognise = Callable[[bytes, float], bytes | None]
"""A picture (PGM) and its dots an inch in, a PDF of one page out that has the text where the picture has it."""

_DOTS = 300
"""An inch; tesseract's models were made from such pages."""
_INCH = 72
_MOST_PIXELS = 60_000_000
"""Of one page: A2 at 300 dots. Larger ones are made smaller."""
_FINE = 1 << 16


def layered(data: bytes, recognise: Recognise) -> bytes:
    """The PDF with recognised text in the place of all that is drawn; its boxes, turns and properties as they were.

    Pages that cannot be rendered or recognised are left without text. UnreadableError where it cannot be opened.
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
    """The page in shades of grey as its reader sees it, and its dots an inch."""
    width, height = page.get_size()
    fitting = (_MOST_PIXELS / max(1.0, width * height)) ** 0.5
    scale = min(_DOTS / _INCH, fitting)
    bitmap = page.render(scale=scale, grayscale=True)
    pixels = memoryview(bitmap.buffer)
    rows = [bytes(pixels[at : at + bitmap.width]) for at in range(0, bitmap.height * bitmap.stride, bitmap.stride)]
    return b"P5\n%d %d\n255\n" % (bitmap.width, bitmap.height) + b"".join(rows), scale * _INCH


def _replace(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, layer: bytes | None) -> None:
    """Put the layer in the place of what is on the page, over a blank picture: text over a scan is text."""
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
    """From a layer of that size to the user space of the page, which may be cropped and turned."""
    x, y = _place(page, 0, _FINE)
    right_x, right_y = _place(page, _FINE, _FINE)
    top_x, top_y = _place(page, 0, 0)
    return pypdfium2.PdfMatrix(
        (right_x - x) / width, (right_y - y) / width, (top_x - x) / height, (top_y - y) / height, x, y
    )


def _place(page: pypdfium2.PdfPage, across: int, down: int) -> tuple[float, float]:
    """Where in user space a point of the rendered page is, in parts of its width and height."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDF_DeviceToPage(page, 0, 0, _FINE, _FINE, 0, across, down, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value
