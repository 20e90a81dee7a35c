"""The numbers of pages at their edges: which numbers count with the pages, and which only look like it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from nrqa.corpus.readers.pdf.edges import Cell

_ALONE = re.compile(
    r"[^\w\s]?\s?(?P<word>(?:page|seite|p\.|pg\.?|página|pagina|side|sida|strona|стр\.?|第)\s*)?"
    r"(?P<number>\d{1,5}|[ivxlcdm]{1,8}|[IVXLCDM]{1,8})"
    r"(?P<of>\s*(?:of|von|de|sur|di|af|av|z|из|/)\s*\d{1,5})?(?P<unit>\s*[页頁])?\s?[^\w\s]?",
    re.IGNORECASE,
)
"""Nothing but a number, perhaps with the word for page, the number of all pages, or a dash on each side."""
_BESIDE = re.compile(r"(?P<first>\d{1,4})(?:\s.*\D)|\D.*\s(?P<last>\d{1,4})")
"""A number before or after words."""
_YEARS = range(1500, 2200)
"""Numbers that may be years, which count up with the pages of a chronicle."""
_OFTEN = 3


class PageNumbers:
    """What the pages of a document are numbered by: the differences between a page's number and its place in the file.

    A difference is only known if it is the same on most of the pages that have such numbers, or if the document's own
    labels of pages say so, or if the number is the place in the file.
    """

    def __init__(self, cells: Sequence[Cell], count: int, labels: Sequence[str], left: float) -> None:
        self._count = count
        self._labels = labels
        self._left = left
        alone = [(cell, match) for cell in cells if (match := _ALONE.fullmatch(cell.text.strip()))]
        self._shifts = Counter(_value(match["number"]) - cell.page for cell, match in alone)
        self._alone = {id(cell) for cell, match in alone if self._numbers_the_page(cell, match)}
        self._sure = {
            _value(match["number"]) - cell.page
            for cell, match in alone
            if id(cell) in self._alone and self._shifts[_value(match["number"]) - cell.page] >= min(_OFTEN, count)
        } | self._beside(cells)

    def is_number(self, cell: Cell) -> bool:
        """Whether the cell is nothing but the number of its page."""
        return id(cell) in self._alone

    def are_common(self, cell: Cell) -> bool:
        """Whether so many pages are numbered in the same count as this cell that no row of a table can be meant."""
        match = _ALONE.fullmatch(cell.text.strip())
        return match is not None and self._shifts[_value(match["number"]) - cell.page] >= max(_OFTEN, self._count / 2)

    def has_number(self, cell: Cell) -> bool:
        """Whether words and the number of the page stand together, the number outside."""
        return self.key(cell) != cell.text.casefold()

    def key(self, cell: Cell) -> str:
        """The cell's words in lower case, without the number of its page."""
        text = cell.text.casefold()
        match = _BESIDE.fullmatch(text)
        if match is None:
            return text
        which = "first" if match["first"] else "last"
        if int(match[which]) - cell.page not in self._sure or self._is_name(cell, which):
            return text
        return text[: match.start(which)] + "#" + text[match.end(which) :]

    def _numbers_the_page(self, cell: Cell, match: re.Match[str]) -> bool:
        number = match["number"]
        shift = _value(number) - cell.page
        together = self._shifts[shift]
        if shift == 1 or number.casefold() == self._labels[cell.page].casefold():
            return number.isdigit() or number.islower() or together >= _OFTEN
        if together < 2:
            return False
        if match["word"] or match["of"] or match["unit"]:
            return True
        if not number.isdigit():
            return number.islower() or not cell.top
        # A year, or the number of a letter, may stand alone at the top of each page.
        return not cell.top or (int(number) not in _YEARS and together >= max(_OFTEN, self._count / 2))

    def _beside(self, cells: Iterable[Cell]) -> set[int]:
        """The differences of numbers that stand beside words on most pages, sometimes before and sometimes after."""
        found: dict[int, Counter[str]] = {}
        pages: dict[int, set[int]] = {}
        for cell in cells:
            match = _BESIDE.fullmatch(cell.text)
            if match:
                which = "first" if match["first"] else "last"
                if not self._is_name(cell, which):
                    shift = int(match[which]) - cell.page
                    found.setdefault(shift, Counter())[which] += 1
                    pages.setdefault(shift, set()).add(cell.page)
        return {
            shift
            for shift, sides in found.items()
            if len(pages[shift]) > max(_OFTEN, self._count / 2)
            and (shift == 1 or len(sides) > 1 or self._are_labels(shift, pages[shift]))
        }

    def _are_labels(self, shift: int, pages: Iterable[int]) -> bool:
        return all(self._labels[page] == str(page + shift) for page in pages)

    def _is_name(self, cell: Cell, which: str) -> bool:
        """Whether the number may belong to the words: Question 3, at the left margin or in bold type."""
        return which == "last" and (abs(cell.left - self._left) < cell.line.size or cell.line.bold)


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}[one] for one in number.lower()]
    return sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True))
