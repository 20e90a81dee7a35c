"""Which paragraphs are headings: those that the document's own outline names, and those in larger or bold type."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from nrqa.corpus.readers.pdf.opening import Bookmark
from nrqa.corpus.readers.pdf.paragraphs import Paragraph
from nrqa.corpus.readers.shared.heading_lines import is_usual

_LARGER = 1.09
"""A paragraph whose font size is larger than that of the text by this ratio is a heading."""
_LONGEST, _LONGEST_BOLD = 200, 120
_MOST_LINES = 4
_NUMBERED = re.compile(r"(?:[A-Z]|\d{1,3})(?:\.\d{1,3})*\.?\s+")
_NUMBER = re.compile(
    r"^(?:(?:chapter|section|part|appendix)\s+)?(?:[A-Z]|\d{1,3}|[IVXLC]{1,6})(?:\.\d{1,3})*[.:]?\s+", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W_]+")


def heading_levels(paragraphs: Sequence[Paragraph], bookmarks: Sequence[Bookmark], size: float) -> dict[int, int]:
    """The headings: their level, counted from 1, by their index in ``paragraphs``; ``size`` is the text's font size."""
    named = _named(paragraphs, bookmarks)
    deepest = max(named.values(), default=0)
    looks = {
        at: _look(one)
        for at, one in enumerate(paragraphs)
        if at not in named and _looks_like_heading(paragraphs, at, size)
    }
    ranks = {look: rank for rank, look in enumerate(sorted(set(looks.values())), 1)}
    if named:
        # A heading that the outline does not name is below all that it names, unless its type is larger than theirs.
        largest = max(paragraphs[at].lines[0].size for at in named)
        return named | {
            at: 1 if paragraphs[at].lines[0].size > largest + 0.5 else deepest + ranks[look]
            for at, look in looks.items()
        }
    return {at: ranks[look] for at, look in looks.items()}


def title_at(paragraphs: Sequence[Paragraph], levels: Mapping[int, int], title: str | None) -> int | None:
    """The index of the heading that is the document's title; None if there is none.

    If ``title`` is given, it is the heading with the same words; otherwise the first heading, if that is the largest.
    """
    first = min(levels, default=None)
    if title:
        wanted = _plain(title)
        near = (at for at in sorted(levels)[:3] if _plain(paragraphs[at].text) == wanted)
        return next(near, None)
    if first is None or paragraphs[first].lines[0].page > 0 or is_usual(words_of(paragraphs[first])):
        return None
    largest = max(paragraphs[at].lines[0].size for at in levels)
    alone = all(paragraphs[at].lines[0].size < largest - 0.4 for at in levels if at != first)
    numbered = _NUMBERED.match(paragraphs[first].text)
    return first if alone and not numbered and paragraphs[first].lines[0].size >= largest else None


def words_of(paragraph: Paragraph) -> str:
    """The heading on one line."""
    return " ".join(paragraph.text.split())


def _named(paragraphs: Sequence[Paragraph], bookmarks: Sequence[Bookmark]) -> dict[int, int]:
    """The headings that the document's outline names; an entry's heading is on the entry's page or on the next one."""
    if not bookmarks:
        return {}
    by_page: dict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(paragraphs):
        if one.kind in ("text", "item", "row") and len(one.lines) <= _MOST_LINES and len(one.text) <= 2 * _LONGEST:
            by_page[one.lines[0].page].append(at)
    found: dict[int, int] = {}
    for bookmark in bookmarks:
        pages: Iterable[int] = by_page if bookmark.page is None else (bookmark.page, bookmark.page + 1)
        wanted = _plain(bookmark.title), _plain(_NUMBER.sub("", bookmark.title))
        places = (at for page in pages for at in by_page.get(page, ()) if at not in found)
        for at in places:
            text = paragraphs[at].text
            if _plain(text) == wanted[0] or (wanted[1] and _plain(_NUMBER.sub("", text)) == wanted[1]):
                found[at] = bookmark.depth
                break
    return found


def _plain(text: str) -> str:
    return "".join(_LETTERS.findall(text.casefold()))


def _looks_like_heading(paragraphs: Sequence[Paragraph], at: int, size: float) -> bool:
    one = paragraphs[at]
    text = one.text
    if one.kind not in ("text", "item") or len(one.lines) > _MOST_LINES or not any(map(str.isalpha, text)):
        return False
    first = one.lines[0]
    if one.kind == "item" and not _NUMBERED.match(text):
        return False
    if first.size > _LARGER * size and len(text) <= _LONGEST:
        return True
    following = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
    return (
        all(line.bold for line in one.lines)
        and first.size > 0.94 * size
        and len(text) <= _LONGEST_BOLD
        and text[-1] not in ".;,:"
        and following is not None
        and following.kind != "row"
    )


def _look(one: Paragraph) -> tuple[float, bool, int]:
    """The key that orders headings: larger type first, then bold, then by the depth of their numbers."""
    numbered = _NUMBERED.match(one.text)
    first = one.lines[0]
    return -round(first.size * 2) / 2, not first.bold, numbered[0].strip(". ").count(".") if numbered else 0
