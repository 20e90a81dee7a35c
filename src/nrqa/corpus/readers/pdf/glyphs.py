"""The words of a page with their boxes.

All boxes are in the page's user space: points, y upwards, from the PDF's own origin. The page's rotation and its crop
box do not change them; PDF.js marks words in the same space. The boxes are PDFium's loose boxes: as high as the font,
from the start of the first character to the end of the last one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from nrqa.corpus.readers.pdf.annotations import Annotation
from nrqa.corpus.readers.pdf.turning import Box, turned

HYPHEN = "\ufffe"
"""What PDFium writes in place of a hyphen at the end of a line and of the line end after it."""


@dataclass(slots=True)
class Glyphs:
    """A run of characters on one line of a page: a word, or the part of a word before or after a line end.

    ``box`` is in user space; ``x0`` to ``y1`` are the same box with the page turned so that its lines run to the right.
    ``glued`` says that no space stands before it, ``ends`` that it is the last word of its line, ``hyphen`` that a
    hyphen stood at the line's end which PDFium left out. ``size`` is the font size in points. ``inkless`` words are
    recognised text (OCR); for them, ``short`` says that the space after the word follows at once and is as wide as the
    word's last letter. ``turn`` says how often the word was turned by 90 degrees. ``mixed`` words belong to a line with
    letters that are read from right to left; where a page is read so, ``x0`` and ``x1`` are counted from the right.
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
    turn: int = 0
    mixed: bool = False


@dataclass(slots=True)
class PageGlyphs:
    """The content of a page: the visible words, in the order of the file, and what is known about the rest.

    ``hidden`` counts the invisible words by the way they are hidden. ``garbled`` is the share of characters to which
    the page's fonts give no meaning. ``pictured`` says whether the page shows something else, such as a picture;
    ``broken`` says whether the page could not be read. ``box`` is what a reader sees of it, and
    ``view`` how often a viewer turns it by 90 degrees; ``backwards`` pages are read from the right. ``typed`` are the
    values of form fields and the notes on it; ``lost_letters`` counts the signs inside words that have no meaning.
    """

    words: list[Glyphs]
    hidden: Counter[str]
    garbled: float = 0.0
    pictured: bool = False
    broken: bool = False
    box: Box = (0.0, 0.0, 0.0, 0.0)
    view: int = 0
    backwards: bool = False
    typed: tuple[Annotation, ...] = ()
    lost_letters: int = 0

    def placed(self, box: Box) -> Box:
        """A box on the page as ``x0`` to ``y1`` of its words are counted."""
        x0, y0, x1, y1 = turned(box, self.view)
        return (-x1, y0, -x0, y1) if self.backwards else (x0, y0, x1, y1)
