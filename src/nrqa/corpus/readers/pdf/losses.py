"""Reports what cannot be read or seen in a PDF: as flags of its pages, or as the reason to refuse the file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from nrqa.corpus.readers.pdf.glyphs import PageGlyphs
from nrqa.corpus.readers.pdf.lines import Line
from nrqa.corpus.readers.pdf.running_heads import LeftOut
from nrqa.corpus.readers.pdf.wrong_letters import has_wrong_letters
from nrqa.errors import ScanError, UnreadableError
from nrqa.records import Flag, PageWords

GARBLED = 0.3
"""If more than this share of a page's characters has no meaning, the page has no readable text."""
_NO_LAYER = "no text layer"
_NO_LETTERS = "the fonts do not say which letters they draw"
_BROKEN = "damaged"
LEFT_OUT = "left out"
"""The kind of flag for words that are in the file, but not in the text."""
_MOST_LEFT_OUT = 100
"""Running heads of a document that are told one by one."""
_MOST_LISTED = 8
"""Runs of pages that are listed."""
_DIGITS = re.compile(r"\d+")


def refuse_unless_text(pages: Sequence[PageGlyphs], attachments: Sequence[str] = ()) -> None:
    """Raises UnreadableError with the true reason if no page has readable text; ScanError if OCR can help.

    ``attachments`` are the names of attached files.
    """
    if any(one.words and not _loss(one) for one in pages):
        return
    notes = sum(len(one.typed) for one in pages)
    losses = [_loss(one) for one in pages]
    count = f"{len(pages)} page{'s' if len(pages) > 1 else ''}"
    if _NO_LETTERS in losses:
        raise ScanError(
            f"its fonts do not say which letters they draw (no Unicode map), {count}; recognise its text (OCR) first",
            len(pages),
        )
    if _NO_LAYER in losses:
        typed = f" but {notes} typed note{'s' if notes > 1 else ''} or value{'s' if notes > 1 else ''}" if notes else ""
        raise ScanError(f"a scan: {count} without a text layer{typed}; recognise its text (OCR) first", len(pages))
    if notes:
        return
    if _BROKEN in losses:
        raise UnreadableError(f"a damaged PDF: none of its {count} can be read")
    if any(one.hidden for one in pages):
        raise UnreadableError(f"no text that can be seen, {count}")
    if attachments:
        files = ", ".join(attachments[:_MOST_LISTED])
        raise UnreadableError(f"no text in it but its attachments, which are files of their own: {files}; save them")
    raise UnreadableError(f"no text in it: {count} and nothing on {'them' if len(pages) > 1 else 'it'}")


def legible(page: PageGlyphs) -> PageGlyphs:
    """The page; without its words if they are not readable text."""
    return replace(page, words=[]) if _loss(page) else page


def flags_of(
    pages: Sequence[PageGlyphs], left_out: Sequence[LeftOut], written: Sequence[PageWords], length: int
) -> tuple[Flag, ...]:
    """A flag for each run of pages without readable text, for each page with hidden words, for words left out.

    ``written`` are the pages in the text, ``length`` is the length of the text.
    """
    found = [*_flags(pages, written, length), *_left_out(left_out, written, length)]
    return tuple(sorted(found, key=lambda one: one.start))


def without_stamps(pages: Sequence[PageGlyphs], lines: Sequence[Sequence[Line]]) -> list[LeftOut]:
    """Takes the words off scans that have nothing but the same words stamped on each; returns those words."""
    stamped: defaultdict[str, list[int]] = defaultdict(list)
    for number, (page, its) in enumerate(zip(pages, lines, strict=True)):
        if page.pictured and its:
            stamped[" ".join(_DIGITS.sub("#", line.text) for line in its)].append(number)
    found = []
    for numbers in stamped.values():
        if len(numbers) > 1:
            found.append(LeftOut("stamp", " ".join(line.text for line in lines[numbers[0]]), tuple(numbers)))
            for number in numbers:
                pages[number].words = []
    return found


def _left_out(left_out: Sequence[LeftOut], written: Sequence[PageWords], length: int) -> Iterator[Flag]:
    for one in left_out[:_MOST_LEFT_OUT]:
        numbers = [page + 1 for page in one.pages]
        at = _place_of(numbers[0], written, length)
        yield Flag(LEFT_OUT, at, at, f"{_listed(numbers)}: {one.what} “{one.text}”")
    if len(left_out) > _MOST_LEFT_OUT:
        yield Flag(LEFT_OUT, length, length, f"and {len(left_out) - _MOST_LEFT_OUT:,} other running heads")


def _listed(numbers: Sequence[int]) -> str:
    """The pages as a reader lists them: pages 1, 3, 5 to 9, 12 and 4 more."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    more = sum(map(len, runs[_MOST_LISTED:]))
    return f"page{'s' if len(numbers) > 1 else ''} {', '.join(told[:_MOST_LISTED])}" + (
        f" and {more} more" if more else ""
    )


def _flags(pages: Sequence[PageGlyphs], written: Sequence[PageWords], length: int) -> Iterator[Flag]:
    for loss, numbers in _runs(_loss(one) for one in pages):
        if loss:
            at = _place_of(numbers[0], written, length)
            yield Flag("lost text", at, at, f"{_told(numbers)}: {loss}")
    for number, one in enumerate(pages, 1):
        at = _place_of(number, written, length)
        for way, count in sorted(one.hidden.items()):
            yield Flag("hidden text", at, at, f"page {number}: {count} word{'s' if count > 1 else ''} {way}")
    for doubt, numbers in _runs(_doubt(one) for one in pages):
        its = [one for one in written if numbers[0] <= one.page <= numbers[-1]]
        if doubt and its:
            start, end = min(one.start for one in its), max(one.end for one in its)
            yield Flag("doubtful letters", start, end, f"{_told(numbers)}: {doubt}")


def _runs(losses: Iterable[str]) -> Iterator[tuple[str, list[int]]]:
    for loss, run in groupby(enumerate(losses, 1), key=lambda one: one[1]):
        yield loss, [number for number, _ in run]


def unread(names: Sequence[str], length: int, *, xfa: bool) -> tuple[Flag, ...]:
    """A flag for each attached file, at the end of the text, and one if another language (``xfa``) draws the form."""
    told = ["the form itself, which is in XFA: only its page for other viewers is read"] if xfa else []
    told += [f"the attachment {name} is not read" for name in names[:_MOST_LISTED]]
    if len(names) > _MOST_LISTED:
        told.append(f"{len(names) - _MOST_LISTED:,} more attachments are not read")
    return tuple(Flag("lost text", length, length, one) for one in told)


def _loss(page: PageGlyphs) -> str:
    if page.broken:
        return _BROKEN
    if page.garbled > GARBLED:
        return _NO_LETTERS
    return _NO_LAYER if page.pictured and not page.words else ""


def _doubt(page: PageGlyphs) -> str:
    if _loss(page):
        return ""
    if has_wrong_letters([one.text for one in page.words]):
        return "the letters make no words; its fonts seem to say wrong ones"
    return "its fonts do not say some letters" if page.lost_letters else ""


def _place_of(number: int, written: Sequence[PageWords], length: int) -> int:
    """The position in the text where the page begins, or would begin if it had text."""
    return min((one.start for one in written if one.page >= number), default=length)


def _told(numbers: Sequence[int]) -> str:
    return f"page {numbers[0]}" if len(numbers) == 1 else f"pages {numbers[0]} to {numbers[-1]}"
