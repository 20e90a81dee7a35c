"""Mending what is known to be wrong in layers of recognised text (OCR): sizes that are guesses, and words cut short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nrqa.corpus.readers.pdf.glyphs import Box, Glyphs, PageGlyphs

_SMALLER, _LARGER = 1.2, 1.4
"""Ratios to the usual size of type up to which another is taken for it. Lines without tall letters look smaller, but
footnotes are; headings of the same size differ by so much that only large ones can be told."""


def repair_ocr_layer(pages: Sequence[PageGlyphs]) -> None:
    """Widen the words that tesseract cut short, and give those of nearly the usual size that size."""
    recognised = [word for page in pages for word in page.words if word.inkless]
    for page in pages:
        _widen([word for word in page.words if word.inkless])
    # The size that is written there is a guess for a block; the boxes are the line's own.
    sizes: Counter[float] = Counter()
    for word in recognised:
        word.size = word.y1 - word.y0
        sizes[round(word.size * 2) / 2] += len(word.text)
    usual = max(sizes, key=lambda size: (sizes[size], size), default=0.0)
    for word in recognised:
        if usual / _SMALLER <= word.size <= usual * _LARGER:
            word.size = usual


def _widen(words: Sequence[Glyphs]) -> None:
    """Let words reach to their ends, on a page whose words do not.

    tesseract stretches a word and the space after it to the width of the word.
    """
    if 2 * sum(one.short for one in words) <= sum(not one.ends for one in words):
        return
    for word in words:
        more = (word.x1 - word.x0) / len(word.text)
        word.box = _longer(word, more)
        word.x1 += more


def _longer(word: Glyphs, more: float) -> Box:
    """Its box on the page, which may be turned, made longer where the word ends."""
    left, bottom, right, top = word.box
    if (word.x0, word.x1) == (left, right):
        return left, bottom, right + more, top
    if (word.x0, word.x1) == (bottom, top):
        return left, bottom, right, top + more
    if (word.x0, word.x1) == (-right, -left):
        return left - more, bottom, right, top
    return left, bottom - more, right, top
