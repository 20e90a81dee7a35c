"""Reads the words of a page from PDFium, in the order of the file, with their boxes."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from nrqa.corpus.readers.pdf import pdfium_calls
from nrqa.corpus.readers.pdf.annotations import annotations_of
from nrqa.corpus.readers.pdf.drawn_twice import without_doubles
from nrqa.corpus.readers.pdf.glyphs import HYPHEN, Glyphs, PageGlyphs
from nrqa.corpus.readers.pdf.raised_figures import with_raised_figures
from nrqa.corpus.readers.pdf.right_to_left import RIGHT_TO_LEFT, Sign, reads_right_to_left, words_of_line
from nrqa.corpus.readers.pdf.turning import Box, around, turned, turns_of
from nrqa.corpus.readers.pdf.visibility import Drawn, PageVisibility
from nrqa.corpus.readers.pdf.wrong_letters import lost_letters

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HIGH, _LOW = "\ud800-\udbff", "\udc00-\udfff"
# Text without spaces is cut into small pieces, so that the rectangles of a sentence do not cover its neighbours.
_AFTER = "[。！？、，；：」』）]*"
_WORD = re.compile(rf"[{_CJK}]{{1,8}}{_AFTER}|[^\s\ufffe{_CJK}]{{1,120}}")
_WIDE_WORD = re.compile(
    rf"(?:[{_CJK}]|[\ud840-\ud88f][{_LOW}]){{1,8}}{_AFTER}"
    rf"|(?:(?![\ud840-\ud88f])[{_HIGH}][{_LOW}]|[^\s\ufffe{_CJK}{_HIGH}]|[{_HIGH}](?![{_LOW}])){{1,120}}"
)
"""The same for text in which characters beyond U+FFFF are two halves, as PDFium counts them."""
_HALF = re.compile(f"[{_HIGH}{_LOW}]")
_LINE = re.compile(r"[^\r\n\ufffe]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\uffff]")
_DIGIT = re.compile(r"[0-9]")
_FAR_EAST = re.compile(r"[\u3000-\uffdc]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]")
_EAST = "\u3000"
"""From this character on, scripts have no spaces, but PDFium may insert some between letters of different fonts."""
_BULLETS = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf0a8\uf0e0\uf02d\uf06e\uf071", "•"))
"""Bullets of the Symbol and Wingdings fonts, which have no characters of their own."""
_BOLD = re.compile(r"bold|black|heavy|demi|cmbx|sfbx|cmssbx|-bd|,bd", re.IGNORECASE)
_BOLD_WEIGHT = 600
_NAME_LENGTH = 128
_ALIKE = 0.05
"""Most points by which two sizes may differ and still count as equal."""
_HALF_TURN = 2
_FEW = 40
"""A page with fewer words may be a scan with nothing but a stamp as its text."""


def read_page(page: pypdfium2.PdfPage, form: Any = None) -> PageGlyphs:
    """The visible words of the page, in the order of the file, turned so that their lines run to the right.

    ``form`` is PDFium's handle of the document's form, if it has one.
    """
    text_page = page.get_textpage()
    try:
        address = pdfium_calls.address_of(text_page)
        text = _text_of(address, text_page.count_chars()).translate(_BULLETS)
        visibility = PageVisibility(page)
        reading = _Reading(address, text, visibility)
        reading.run()
        words = without_doubles(reading.words)
        pictured = visibility.is_pictured() if not words else len(words) < _FEW and visibility.scanned
    finally:
        text_page.close()
    _turn(words, backwards=reading.backwards)
    words = _sorted_upside_down(words)
    typed = annotations_of(page, form, text)
    if typed.hidden:
        reading.hidden["in hidden fields and notes"] += typed.hidden
    text = _joined(text)
    return PageGlyphs(
        words, reading.hidden, _garbled(text), pictured, box=page.get_bbox(),
        view=page.get_rotation() // 90, typed=typed.seen,
        backwards=reading.backwards, lost_letters=lost_letters(text),
    )  # fmt: skip


def _text_of(address: int, count: int) -> str:
    """The characters of the page, one for each that PDFium counts; some may be halves of a character."""
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
    return chr(code) if code < 0x110000 else "\ufffd"


def _joined(text: str) -> str:
    """The text with halves of characters joined."""
    if _HALF.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class _Reading:
    """The words of one page as they are read: the visible ones, and how many are hidden in which way."""

    def __init__(self, address: int, text: str, visibility: PageVisibility) -> None:
        self.words: list[Glyphs] = []
        self.hidden: Counter[str] = Counter()
        self.backwards = RIGHT_TO_LEFT.search(text) is not None and reads_right_to_left(text)
        self._address = address
        self._text = text
        self._visibility = visibility
        self._pieces: dict[int, tuple[Drawn, int]] = {}

    def run(self) -> None:
        """Reads the words."""
        if RIGHT_TO_LEFT.search(self._text) is None:
            self._read(0, len(self._text))
            return
        for spans in self._lines():
            if any(RIGHT_TO_LEFT.search(self._text, *span) for span in spans):
                self._read_signs(spans)
            else:
                for span in spans:
                    self._read(*span)

    def _lines(self) -> Iterator[list[tuple[int, int]]]:
        """The lines of the page; PDFium takes some of them apart, letter by letter."""
        line: list[tuple[int, int]] = []
        before: Box | None = None
        for match in _LINE.finditer(self._text):
            span = match.span()
            box = around([self._box(span[0]), self._box(span[1] - 1)])
            if before is not None and not _is_beside(before, box):
                yield line
                line = []
            line.append(span)
            before = box
        if line:
            yield line

    def _box(self, at: int) -> Box:
        rectangle = pdfium.FS_RECTF()
        pdfium_calls.get_box(self._address, at, ctypes.addressof(rectangle))
        return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top

    def _read(self, first: int, last: int) -> None:
        # Reading a PDF spends most of its time in this loop, so the loop makes few calls and few objects.
        address, text, words, hidden = self._address, self._text, self.words, self.hidden
        rectangle = pdfium.FS_RECTF()
        to = ctypes.addressof(rectangle)
        get_box, get_drawn = pdfium_calls.get_box, pdfium_calls.get_drawn
        pieces, is_odd = self._pieces, self._visibility.is_odd
        length = len(text)
        line: list[Glyphs] = []
        places: list[int] = []
        halves = _HALF.search(text) is not None
        unclean = halves or _CONTROL.search(text) is not None
        east = _FAR_EAST.search(text) is not None
        padded = f"\n{text}\n"
        for match in (_WIDE_WORD if halves else _WORD).finditer(text, first, last):
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
            piece, turn = pieces.get(place) or self._piece(place, start)
            if piece.suspect or is_odd(box):
                way = self._visibility.hiding(piece, box)
                if way:
                    hidden[way] += 1
                    continue
            content = match[0]
            if unclean or content[0] == content[1:2]:
                content = self._cleaned(content, start)
                if not content:
                    continue
            if not turn and end - start == len(content) > 1 and _DIGIT.search(content):
                content = with_raised_figures(address, start, content)
            after, before = padded[end + 1], padded[start]
            ends = after in "\r\n\ufffe" or end == length
            glued = not (before.isspace() or before == HYPHEN)
            if east and not glued and line and content[0] >= _EAST and words[-1].text[-1] >= _EAST:
                glued = x0 - words[-1].box[2] < 0.5 * (y1 - y0)
            word = Glyphs(
                content, box, x0, y0, x1, y1, glued, ends, after == HYPHEN, turn=turn,
                inkless=piece.inkless, short=piece.inkless and after == " " and _is_spaced_alike(address, end),
            )  # fmt: skip
            words.append(word)
            line.append(word)
            places.append(place)
            if ends:
                _style(line, places)
                line, places = [], []
        _style(line, places)

    def _cleaned(self, content: str, start: int) -> str:
        """A word without control characters, its halves joined, and letters that are drawn twice once."""
        content = _joined(_CONTROL.sub("", content))
        return content[::2] if self._is_doubled(content, start) else content

    def _read_signs(self, spans: Sequence[tuple[int, int]]) -> None:
        """Reads a line with letters that are read from right to left: by the places of its signs."""
        last = spans[-1][1]
        signs = [one for span in spans for one in self._signs(*span)]
        line: list[Glyphs] = []
        places: list[int] = []
        for word in words_of_line(signs, within=self.backwards):
            box = around([one.box for one in word])
            piece, turn = self._pieces[word[0].place]
            way = self._visibility.hiding(piece, box) if piece.suspect or self._visibility.is_odd(box) else ""
            if way:
                self.hidden[way] += 1
                continue
            content = "".join(one.text for one in word)
            made = Glyphs(
                content, box, *box, glued=False, ends=False, hyphen=False, turn=turn, inkless=piece.inkless, mixed=True
            )
            line.append(made)
            places.append(word[0].place)
        if line:
            line[-1].ends = True
            line[-1].hyphen = self._text[last : last + 1] == HYPHEN
        self.words += line
        _style(line, places)

    def _signs(self, first: int, last: int) -> Iterator[Sign]:
        at = first
        while at < last:
            width = 2 if _HALF.match(self._text[at]) and _HALF.match(self._text[at + 1 : at + 2]) else 1
            content = _CONTROL.sub("", _joined(self._text[at : at + width]))
            if content:
                box = self._box(at)
                place = pdfium_calls.get_drawn(self._address, at) or 0
                turn = (self._pieces.get(place) or self._piece(place, at))[1]
                yield Sign(content, box, turned(box, turn), place)
            at += width

    def _piece(self, place: int, at: int) -> tuple[Drawn, int]:
        """How the piece of text at that address is drawn, and how often to turn it; ``at`` is one of its signs."""
        turns = turns_of(pdfium_calls.get_angle(self._address, at))
        found = self._pieces[place] = self._visibility.drawn(place), turns
        return found

    def _is_doubled(self, content: str, start: int) -> bool:
        """Whether each letter is drawn twice, nearly at the same place, as a shadow or for bold type."""
        if not content.isalnum() or len(content) % 2 or content[::2] != content[1::2]:
            return False
        one, other = pdfium.FS_RECTF(), pdfium.FS_RECTF()
        pdfium_calls.get_box(self._address, start, ctypes.addressof(one))
        pdfium_calls.get_box(self._address, start + 1, ctypes.addressof(other))
        shared = min(one.right, other.right) - max(one.left, other.left)
        return bool(shared > 0.5 * (one.right - one.left))


def _is_beside(one: Box, other: Box) -> bool:
    """Whether two pieces stand next to each other on one line."""
    height = min(one[3] - one[1], other[3] - other[1])
    shared = min(one[3], other[3]) - max(one[1], other[1])
    gap = max(one[0], other[0]) - min(one[2], other[2])
    return shared > 0.5 * height and gap < height


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


def _sorted_upside_down(words: list[Glyphs]) -> list[Glyphs]:
    """The words, in order within each line; PDFium orders the pieces of a line from left to right, also upside down."""
    if not any(one.turn == _HALF_TURN for one in words):
        return words
    ordered: list[Glyphs] = []
    line: list[Glyphs] = []
    for one in words:
        if line and (one.turn != _HALF_TURN or line[-1].ends or abs(one.y0 - line[0].y0) > 0.5 * (one.y1 - one.y0)):
            ordered += _in_line(line)
            line = []
        line.append(one)
    return ordered + _in_line(line)


def _in_line(line: list[Glyphs]) -> list[Glyphs]:
    if line[0].turn != _HALF_TURN or line[0].mixed:
        return line
    ends, hyphen = any(one.ends for one in line), line[-1].hyphen
    line = sorted(line, key=lambda one: one.x0)
    for one in line:
        one.ends, one.hyphen = False, False
    line[-1].ends, line[-1].hyphen = ends, hyphen
    return line


def _turn(words: Sequence[Glyphs], *, backwards: bool) -> None:
    """Turns the boxes of words so that their lines run to the right.

    If the page is read ``backwards``, from right to left, the boxes are mirrored, so that its lines do so as well.
    """
    for one in words:
        if backwards or one.turn:
            x0, one.y0, x1, one.y1 = turned(one.box, one.turn)
            one.x0, one.x1 = (-x1, -x0) if backwards else (x0, x1)
