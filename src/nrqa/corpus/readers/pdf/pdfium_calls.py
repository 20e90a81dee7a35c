"""The few functions of PDFium that are called for every word, without the checks that ctypes makes of each pointer."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

_POINTER = ctypes.c_void_p
_FLOAT = ctypes.c_float


def _plain(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(function, _POINTER).value
    assert address is not None
    made: Callable[..., Any] = ctypes.CFUNCTYPE(result, *arguments)(address)
    return made


def address_of(handle: Any) -> int:
    """The address of a PDFium object, such as a page or a page's text; the functions below take it."""
    return ctypes.cast(getattr(handle, "raw", handle), _POINTER).value or 0


get_text = _plain(pdfium.FPDFText_GetText, ctypes.c_int, _POINTER, ctypes.c_int, ctypes.c_int, _POINTER)
get_unicode = _plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _POINTER, ctypes.c_int)
get_box = _plain(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, _POINTER, ctypes.c_int, _POINTER)
get_origin = _plain(pdfium.FPDFText_GetCharOrigin, ctypes.c_int, _POINTER, ctypes.c_int, _POINTER, _POINTER)
get_drawn = _plain(pdfium.FPDFText_GetTextObject, _POINTER, _POINTER, ctypes.c_int)
get_mode = _plain(pdfium.FPDFTextObj_GetTextRenderMode, ctypes.c_int, _POINTER)
get_fill = _plain(pdfium.FPDFPageObj_GetFillColor, ctypes.c_int, _POINTER, *[_POINTER] * 4)
get_size = _plain(pdfium.FPDFTextObj_GetFontSize, ctypes.c_int, _POINTER, _POINTER)
get_matrix = _plain(pdfium.FPDFPageObj_GetMatrix, ctypes.c_int, _POINTER, _POINTER)
get_font = _plain(pdfium.FPDFTextObj_GetFont, _POINTER, _POINTER)
get_font_name = _plain(pdfium.FPDFFont_GetBaseFontName, ctypes.c_size_t, _POINTER, _POINTER, ctypes.c_size_t)
get_font_weight = _plain(pdfium.FPDFFont_GetWeight, ctypes.c_int, _POINTER)
get_angle = _plain(pdfium.FPDFText_GetCharAngle, _FLOAT, _POINTER, ctypes.c_int)
