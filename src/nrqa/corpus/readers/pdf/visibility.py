"""Whether a reader of a page sees what is written on it."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

from nrqa.corpus.readers.pdf import pdfium_calls

_INVISIBLE = 3
"""The mode of text that is neither filled nor outlined."""
_NEARLY = 245
"""Colours from this value on count as white; opacities this far below 255 count as transparent."""
_TINY = 0.0013
"""Share of the page's longer side (one point on letter paper): text of less height is not meant to be read."""
_COVERED = 0.25
"""Share of a page that a scan covers at least."""
_CONTRAST = 24
"""Least contrast of letters that a person can read, in grey levels out of 255 at 72 dots per inch."""
_PICTURES = (pdfium.FPDF_PAGEOBJ_IMAGE,)
_NO_TEXT = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING)
_DRAWN = 40
"""Shapes that are more than a frame and a few rules."""
_MOST_OBJECTS = 2000


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a piece of text is drawn, as far as it may be hidden: without ink, or in the colour of paper."""

    inkless: bool
    pale: bool
    suspect: bool
    """Whether the piece must be examined, because it is inkless or pale."""


_USUAL = Drawn(inkless=False, pale=False, suspect=False)


class PageVisibility:
    """What can be seen on one page; the page is only rendered where something on it is suspect."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page
        box: tuple[float, float, float, float] = page.get_bbox()
        self._left, self._bottom, self._right, self._top = box
        self._tiny = _TINY * max(self._right - self._left, self._top - self._bottom)
        self._colour = (ctypes.c_uint * 4)()
        start = ctypes.addressof(self._colour)
        self._parts = [start + 4 * at for at in range(4)]

    def drawn(self, place: int) -> Drawn:
        """How the piece of text at that address is drawn."""
        if not place:
            return _USUAL
        pale = False
        if pdfium_calls.get_fill(place, *self._parts):
            red, green, blue, opacity = self._colour
            pale = min(red, green, blue) >= _NEARLY or opacity <= 255 - _NEARLY
        inkless = pdfium_calls.get_mode(place) == _INVISIBLE
        return Drawn(inkless, pale, suspect=True) if inkless or pale else _USUAL

    def is_odd(self, box: tuple[float, float, float, float]) -> bool:
        """Whether a word with this box is too small to be read, or extends beyond the page."""
        x0, y0, x1, y1 = box
        if x1 - x0 < self._tiny or y1 - y0 < self._tiny:
            return True
        return x0 < self._left or x1 > self._right or y0 < self._bottom or y1 > self._top

    def hiding(self, drawn: Drawn, box: tuple[float, float, float, float]) -> str:
        """How a word that is drawn this way is hidden, in words for the flag; "" if it is not hidden."""
        x0, y0, x1, y1 = box
        if not (self._left <= (x0 + x1) / 2 <= self._right and self._bottom <= (y0 + y1) / 2 <= self._top):
            return "off the page"
        if max(x1 - x0, y1 - y0) < self._tiny or (y1 - y0 < self._tiny and x1 - x0 < 20 * self._tiny):
            return "too small to be read"
        if drawn.inkless:
            return "" if self.scanned else "without ink"
        if drawn.pale and not self._has_contrast(box):
            return "in the colour of the paper"
        return ""

    def is_pictured(self) -> bool:
        """Whether the page has a picture or a drawing, which may show letters."""
        others = islice(self._page.get_objects(filter=_NO_TEXT, max_depth=3), _MOST_OBJECTS)
        kinds = [one.type for one in others]
        return pdfium.FPDF_PAGEOBJ_IMAGE in kinds or len(kinds) >= _DRAWN

    @cached_property
    def scanned(self) -> bool:
        """Whether pictures cover so much of the page that text without ink may be the OCR layer of a scan."""
        area = (self._right - self._left) * (self._top - self._bottom)
        pictures = islice(self._page.get_objects(filter=_PICTURES, max_depth=4), _MOST_OBJECTS)
        boxes: list[tuple[float, float, float, float]] = [one.get_bounds() for one in pictures]
        covered = sum(max(0.0, x1 - x0) * max(0.0, y1 - y0) for x0, y0, x1, y1 in boxes)
        return covered >= _COVERED * area

    @cached_property
    def _rendered(self) -> tuple[memoryview, int, int, int]:
        bitmap = self._page.render(scale=1, grayscale=True, may_draw_forms=False)
        return memoryview(bytes(bitmap.buffer)), bitmap.width, bitmap.height, bitmap.stride

    def _has_contrast(self, box: tuple[float, float, float, float]) -> bool:
        pixels, width, height, stride = self._rendered
        x0, y0 = self._on_picture(box[0], box[1], width, height)
        x1, y1 = self._on_picture(box[2], box[3], width, height)
        left, right = max(0, min(x0, x1)), min(width, max(x0, x1) + 1)
        rows = range(max(0, min(y0, y1)), min(height, max(y0, y1) + 1))
        seen = [bytes(pixels[row * stride + left : row * stride + right]) for row in rows if left < right]
        return len(seen) > 0 and max(map(max, seen)) - min(map(min, seen)) >= _CONTRAST

    def _on_picture(self, x: float, y: float, width: int, height: int) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self._page, 0, 0, width, height, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        return across.value, down.value
