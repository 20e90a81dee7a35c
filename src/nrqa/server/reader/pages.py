"""Pages of PDFs: their pictures, drawn apart from this process and kept, and the places of marks and words on them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from threading import Lock

from nrqa.corpus.passages.word_boxes import Word, rectangles, words_by_line, words_of
from nrqa.corpus.worker.isolation import DrawnPage, DrawPage, drawing
from nrqa.errors import UnreadableError
from nrqa.records import PageWords, Span

SCALE = 2.0
"""Pixels a point: sharp on usual screens, a tenth of a second to draw."""
_ROOM = 64 * 1024 * 1024
"""Bytes of pictures that are kept: some 300 pages of text."""
_SIZES = 4096
"""Pages whose size is kept."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a page as it is seen, in points from its top left; a word has its text."""

    x: float
    y: float
    width: float
    height: float
    text: str = ""


class Pages:
    """Draws pages, one after another, in a process that can do nothing but that."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pictures: OrderedDict[tuple[str, int, float], DrawnPage] = OrderedDict()
        self._sizes: OrderedDict[tuple[str, int], DrawnPage] = OrderedDict()
        self._room = 0
        # The kernel ends the drawing process when the thread ends that has started it.
        self._drawer = ThreadPoolExecutor(1, "drawing")
        self._closing = ExitStack()
        self._draw: DrawPage | None = None

    def sheet(self, sha256: str, page: int, file: Callable[[], bytes]) -> DrawnPage:
        """The size of a page, without its picture; ``file`` reads the PDF where that is not known."""
        with self._lock:
            if (sha256, page) in self._sizes:
                return self._sizes[sha256, page]
        return self._remembered(sha256, page, 0.0, file)

    def picture(self, sha256: str, page: int, file: Callable[[], bytes], *, scale: float = SCALE) -> DrawnPage:
        """A page with its picture. Raises UnreadableError where it cannot be drawn."""
        key = (sha256, page, scale)
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
                return self._pictures[key]
        return self._remembered(sha256, page, scale, file)

    def warm(self) -> None:
        """Start the process that draws."""
        self._drawer.submit(self._started).result()

    def close(self) -> None:
        """End the process that draws."""
        self._drawer.submit(self._closing.close).result()
        self._drawer.shutdown()

    def _remembered(self, sha256: str, page: int, scale: float, file: Callable[[], bytes]) -> DrawnPage:
        found = self._drawer.submit(self._drawn, file(), page, scale).result()
        with self._lock:
            self._sizes[sha256, page] = found if not scale else DrawnPage(found.width, found.height, found.places, b"")
            while len(self._sizes) > _SIZES:
                self._sizes.popitem(last=False)
            if scale and (sha256, page, scale) not in self._pictures:
                self._pictures[sha256, page, scale] = found
                self._room += len(found.picture)
                while self._room > _ROOM and len(self._pictures) > 1:
                    self._room -= len(self._pictures.popitem(last=False)[1].picture)
        return found

    def _drawn(self, data: bytes, page: int, scale: float) -> DrawnPage:
        return self._started()(data, page, scale)

    def _started(self) -> DrawPage:
        if self._draw is None:
            self._draw = self._closing.enter_context(drawing())
            with suppress(UnreadableError):
                self._draw(b"", 1, 0)  # no PDF, but the process has started and loaded what reads them
        return self._draw


def marked(sheet: DrawnPage, page: PageWords, marks: Sequence[Span]) -> list[Box]:
    """Where the stretches of text are seen on a page: a rectangle for each line."""
    return [
        _seen(sheet, one.x0, one.y0, one.x1, one.y1)
        for span in marks
        for one in rectangles([page], span.start, span.end)
    ]


def lines(sheet: DrawnPage, page: PageWords, text: str) -> list[list[Box]]:
    """The words of a page with their text, line by line, in reading order."""
    return [[_word(sheet, one, text) for one in line] for line in words_by_line(words_of(page))]


def _word(sheet: DrawnPage, word: Word, text: str) -> Box:
    box = _seen(sheet, word.x0, word.y0, word.x1, word.y1)
    return Box(box.x, box.y, box.width, box.height, text[word.start : word.end])


def _seen(sheet: DrawnPage, x0: float, y0: float, x1: float, y1: float) -> Box:
    a, b, c, d, e, f = sheet.places
    xs = [a * x + c * y + e for x in (x0, x1) for y in (y0, y1)]
    ys = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    x, y, width, height = (round(one, 2) for one in (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))
    return Box(x, y, width, height)
