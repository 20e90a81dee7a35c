"""Repairs known faults of OCR text layers: font sizes that are only guesses, and word boxes that are too short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nrqa.corpus.readers.pdf.glyphs import Glyphs, PageGlyphs
from nrqa.corpus.readers.pdf.turning import Box

_SMALLER, _LARGER = 1.2, 1.4
"""A size counts as the usual one if it is smaller or larger by at most these ratios. Lines without tall letters look
smaller, but footnotes are smaller; headings of one size vary so much that only large ones can be recognised."""


def repair_ocr_layer(pages: Sequence[PageGlyphs]) -> None:
    """Widens the word boxes that tesseract made too short, and gives words of nearly the usual size the usual size."""
    recognised = [word for page in pages for word in page.words if word.inkless]
    for page in pages:
        _widen([word for word in page.words if word.inkless])
    # The font size in the file is a guess for a whole block; the height of a word's box is that of its own line.
    sizes: Counter[float] = Counter()
    for word in recognised:
        word.size = word.y1 - word.y0
        sizes[round(word.size * 2) / 2] += len(word.text)
    usual = max(sizes, key=lambda size: (sizes[size], size), default=0.0)
    for word in recognised:
        if usual / _SMALLER <= word.size <= usual * _LARGER:
            word.size = usual


def _widen(words: Sequence[Glyphs]) -> None:
    """Widens the boxes of the words on a page where most of them are too short.

    tesseract fits a word and the space after it together into the width of the word, so that the word's box ends early.
    """
    if 2 * sum(one.short for one in words) <= sum(not one.ends for one in words):
        return
    for word in words:
        more = (word.x1 - word.x0) / len(word.text)
        word.box = _longer(word, more)
        word.x1 += more


def _longer(word: Glyphs, more: float) -> Box:
    """The word's box, made longer at the word's end; the page may be turned, so the end may be on any side."""
    left, bottom, right, top = word.box
    if (word.x0, word.x1) == (left, right):
        return left, bottom, right + more, top
    if (word.x0, word.x1) == (bottom, top):
        return left, bottom, right, top + more
    if (word.x0, word.x1) == (-right, -left):
        return left - more, bottom, right, top
    return left, bottom - more, right, top
