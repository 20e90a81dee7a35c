"""Reads the words of a page with their boxes from PDFium.

All boxes are in the page's user space: points, y upwards, from the PDF's own origin. The page's rotation and its crop
box do not change them; PDF.js marks words in the same space. The boxes are PDFium's loose boxes: as high as the font,
from the start of the first character to the end of the last one.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from nrqa.corpus.readers.pdf import pdfium_calls
from nrqa.corpus.readers.pdf.visibility import Drawn, PageVisibility

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
HYPHEN = "\ufffe"
"""What PDFium writes in place of a hyphen at the end of a line and of the line end after it."""
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Text without spaces is cut into small pieces, so that the rectangles of a sentence do not cover its neighbours.
_WORD = re.compile(rf"[{_CJK}]{{1,8}}[。！？、，；：」』）]*|[^\s\ufffe{_CJK}]{{1,120}}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\uffff]")
_FAR_EAST = re.compile(r"[\u3000-\uffdc]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\uffff\ue000-\uf8ff]")
_EAST = "\u3000"
"""From this character on, scripts have no spaces, but PDFium may insert some between letters of different fonts."""
_BULLETS = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf0a8\uf0e0\uf02d\uf06e\uf071", "•"))
"""Bullets of the Symbol and Wingdings fonts, which have no characters of their own."""
_BOLD = re.compile(r"bold|black|heavy|demi|cmbx|sfbx|cmssbx|-bd|,bd", re.IGNORECASE)
_BOLD_WEIGHT = 600
_NAME_LENGTH = 128
_ALIKE = 0.05
"""Most points by which two sizes may differ and still count as equal."""
_FEW = 40
"""A page with fewer words may be a scan with nothing but a stamp as its text."""


@dataclass(slots=True)
class Glyphs:
    """A run of characters on one line of a page: a word, or the part of a word before or after a line end.

    ``box`` is in user space; ``x0`` to ``y1`` are the same box with the page turned so that its lines run to the right.
    ``glued`` says that no space stands before it, ``ends`` that it is the last word of its line, ``hyphen`` that a
    hyphen stood at the line's end which PDFium left out. ``size`` is the font size in points. ``inkless`` words are
    recognised text (OCR); for them, ``short`` says that the space after the word follows at once and is as wide as the
    word's last letter.
    """

    text: str
    box: Box
    x0: float
    y0: float
    x1: float
    y1: float
    glued: bool
    ends: bool
    hyphen: bool
    size: float = 0.0
    bold: bool = False
    inkless: bool = False
    short: bool = False


@dataclass(slots=True)
class PageGlyphs:
    """The content of a page: the visible words, in the order of the file, and what is known about the rest.

    ``hidden`` counts the invisible words by the way they are hidden. ``garbled`` is the share of characters to which
    the page's fonts give no meaning. ``pictured`` says whether the page shows something else, such as a picture;
    ``broken`` says whether the page could not be read. ``heights`` are its lower and upper end, turned as its words.
    """

    words: list[Glyphs]
    hidden: Counter[str]
    garbled: float = 0.0
    pictured: bool = False
    broken: bool = False
    heights: tuple[float, float] = (0.0, 0.0)


def read_page(page: pypdfium2.PdfPage) -> PageGlyphs:
    """The visible words of the page, in the order of the file, turned so that their lines run to the right."""
    text_page = page.get_textpage()
    try:
        address = pdfium_calls.address_of(text_page)
        text = _text_of(address, text_page.count_chars()).translate(_BULLETS)
        visibility = PageVisibility(page)
        words, hidden = _words(address, text, visibility)
        pictured = visibility.is_pictured() if not words else len(words) < _FEW and visibility.scanned
    finally:
        text_page.close()
    turns = _turn(words, page.get_rotation() // 90)
    left, bottom, right, top = page.get_bbox()
    heights = ((bottom, top), (-right, -left), (-top, -bottom), (left, right))[turns]
    return PageGlyphs(words, hidden, _garbled(text), pictured, heights=heights)


def _text_of(address: int, count: int) -> str:
    """The characters of the page, one for each that PDFium counts."""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium_calls.get_text(address, 0, count, ctypes.addressof(buffer))
    text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    # The text has characters beyond the first Unicode plane, or lacks some: ask PDFium for each character.
    return "".join(_character(pdfium_calls.get_unicode(address, at)) for at in range(count))


def _character(code: int) -> str:
    if code == 2:  # this call returns 2 for a hyphen at a line's end
        return HYPHEN
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _words(address: int, text: str, visibility: PageVisibility) -> tuple[list[Glyphs], Counter[str]]:
    # Reading a PDF spends most of its time in this loop, so the loop makes few calls and few objects.
    words: list[Glyphs] = []
    hidden: Counter[str] = Counter()
    rectangle = pdfium.FS_RECTF()
    to = ctypes.addressof(rectangle)
    get_box, get_drawn = pdfium_calls.get_box, pdfium_calls.get_drawn
    drawn: dict[int, Drawn] = {}
    length = len(text)
    line: list[Glyphs] = []
    places: list[int] = []
    unclean = _CONTROL.search(text) is not None
    east = _FAR_EAST.search(text) is not None
    padded = f"\n{text}\n"
    for match in _WORD.finditer(text):
        start, end = match.span()
        get_box(address, start, to)
        x0, y0, x1, y1 = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
        if end - start > 1:
            get_box(address, end - 1, to)
            left, bottom, right, top = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
            x0 = min(x0, left)
            y0 = min(y0, bottom)
            x1 = max(x1, right)
            y1 = max(y1, top)
        box = (x0, y0, x1, y1)
        place = get_drawn(address, start) or 0
        piece = drawn.get(place)
        if piece is None:
            piece = drawn[place] = visibility.drawn(place)
        if piece.suspect or visibility.is_odd(box):
            way = visibility.hiding(piece, box)
            if way:
                hidden[way] += 1
                continue
        content = match[0]
        if unclean:
            content = _CONTROL.sub("", content)
            if not content:
                continue
        after, before = padded[end + 1], padded[start]
        ends = after in "\r\n\ufffe" or end == length
        glued = not (before.isspace() or before == HYPHEN)
        if east and not glued and line and content[0] >= _EAST and words[-1].text[-1] >= _EAST:
            glued = x0 - words[-1].box[2] < 0.5 * (y1 - y0)
        word = Glyphs(
            content, box, x0, y0, x1, y1, glued, ends, after == HYPHEN,
            inkless=piece.inkless, short=piece.inkless and after == " " and _is_spaced_alike(address, end),
        )  # fmt: skip
        words.append(word)
        line.append(word)
        places.append(place)
        if ends:
            _style(line, places)
            line, places = [], []
    _style(line, places)
    return words, hidden


def _is_spaced_alike(address: int, space: int) -> bool:
    """Whether the space is as wide and high as the letter before it, and begins where that ends."""
    letter, after = pdfium.FS_RECTF(), pdfium.FS_RECTF()
    pdfium_calls.get_box(address, space - 1, ctypes.addressof(letter))
    pdfium_calls.get_box(address, space, ctypes.addressof(after))
    wide = abs((after.right - after.left) - (letter.right - letter.left)) < _ALIKE
    high = abs((after.top - after.bottom) - (letter.top - letter.bottom)) < _ALIKE
    gaps = (after.left - letter.right, letter.left - after.right, after.bottom - letter.top, letter.bottom - after.top)
    return bool(wide and high and min(map(abs, gaps)) < _ALIKE)


def _style(line: Sequence[Glyphs], places: Sequence[int]) -> None:
    """Give the words of a line the size and weight of the longest of them."""
    if not line:
        return
    lengths = [len(one.text) for one in line]
    size, bold = _size_and_weight(places[lengths.index(max(lengths))])
    for word in line:
        word.size, word.bold = size or word.y1 - word.y0, bold


def _size_and_weight(place: int) -> tuple[float, bool]:
    size, matrix = ctypes.c_float(), pdfium.FS_MATRIX()
    if not place or not pdfium_calls.get_size(place, ctypes.addressof(size)):
        return 0.0, False
    pdfium_calls.get_matrix(place, ctypes.addressof(matrix))
    scale = (matrix.c**2 + matrix.d**2) ** 0.5
    font = pdfium_calls.get_font(place)
    if not font:
        return size.value * scale, False
    name = ctypes.create_string_buffer(_NAME_LENGTH)
    pdfium_calls.get_font_name(font, ctypes.addressof(name), _NAME_LENGTH)
    bold = (
        bool(_BOLD.search(name.value.decode("utf-8", "replace"))) or pdfium_calls.get_font_weight(font) >= _BOLD_WEIGHT
    )
    return size.value * scale, bold


def _garbled(text: str) -> float:
    visible = "".join(text.split()).replace(HYPHEN, "")
    return len(_NO_TEXT.findall(visible)) / len(visible) if visible else 0.0


def _turn(words: Sequence[Glyphs], turns: int) -> int:
    """Turns the words clockwise ``turns`` times by 90 degrees; more or less often if most are not horizontal then.

    Returns how often they were turned.
    """
    upright = sum(len(one.text) for one in words if one.y1 - one.y0 > one.x1 - one.x0 and len(one.text) > 2)
    lying = sum(len(one.text) for one in words if one.y1 - one.y0 <= one.x1 - one.x0 and len(one.text) > 2)
    standing = upright > lying
    if standing != bool(turns % 2):
        # The page's rotation does not make its lines horizontal: the direction in which they climb gives the angle.
        climbs = sum(
            (later.y0 > before.y0) - (later.y0 < before.y0) for before, later in pairwise(words) if not before.ends
        )
        turns = 0 if not standing else 1 if climbs > 0 else 3
    for word in words if turns % 4 else ():
        x0, y0, x1, y1 = word.box
        word.x0, word.y0, word.x1, word.y1 = (
            (y0, -x1, y1, -x0) if turns == 1 else (-x1, -y1, -x0, -y0) if turns == 2 else (-y1, x0, -y0, x1)
        )
    return turns % 4
