"""Checks of the documents in the index: lost, hidden or garbled text, and documents that are there twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from statistics import median

from nrqa.health.findings import Examined, Finding, counted

_LOST = "lost text"
_HARMLESS = ("recognised text", "left out")
"""Flags that every scan, and every document with running heads, has."""
_FEW = 80
"""Bytes of text per page. A document of many pages with less has lost most of its words: even a title page has more."""
_MANY = 5
_GARBLED = ("â€™", "â€œ", "â€“", "Ã©", "Ã¨", "Ã¼", "Ã¶", "Ã¤", "Ã±", "Ð°Ð", "Ã§", "ï¿½")
"""UTF-8 that somebody has read as Windows-1252 and saved again."""
_LEAST_GARBLED = 3
"""A text is garbled from so many on: a text about such characters has one or two."""
_SHORT, _LONG = 25, 20_000
"""Bytes of a passage: shorter ones are mostly single words; in longer ones no sentence has ended for pages."""
_PASSAGES = 20


def lost_text(examined: Examined) -> Iterator[Finding]:
    """Documents that are known to have lost text, or have many pages and hardly a word on them."""
    lost = {
        one.name: "; ".join(dict.fromkeys(flag.detail for flag in one.flags if flag.kind == _LOST))
        for one in examined.documents
        if any(flag.kind == _LOST for flag in one.flags)
    }
    pages = examined.snapshot.page_counts()
    for one in examined.documents:
        count = pages.get(one.number, 0)
        if count >= _MANY and one.text_bytes < _FEW * count:
            lost.setdefault(one.name, f"{count} pages, and {one.text_bytes / count:.0f} letters on each")
    if lost:
        yield Finding(
            "lost text",
            "warning",
            f"{counted(len(lost), 'document has', 'documents have')} lost text.",
            "What stands in pictures, or could not be read, is in no answer. Scanned pages need their text recognised "
            "(OCR), such as: ocrmypdf --skip-text FILE FILE",
            tuple(f"{name}: {detail}" for name, detail in lost.items()),
            examined.command("index"),
        )


def hidden(examined: Examined) -> Iterator[Finding]:
    """Documents with text that people who read them do not see, or that looks different from what it is."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in examined.documents:
        for kind in dict.fromkeys(flag.kind for flag in one.flags if flag.kind not in (_LOST, *_HARMLESS)):
            found[kind].append(one.name)
    for kind, those in sorted(found.items()):
        yield Finding(
            "hidden",
            "note",
            f"{counted(len(those), 'document is', 'documents are')} flagged: {kind}.",
            "A reader sees something else than a program does. Nothing was altered; answers tell it with their hits.",
            tuple(those),
            examined.command("show", f"{those[0]}:1"),
        )


def twice(examined: Examined) -> Iterator[Finding]:
    """Documents of the same bytes, or of the same text in other files."""
    by_bytes: defaultdict[str, list[str]] = defaultdict(list)
    by_length: defaultdict[int, list[str]] = defaultdict(list)
    for one in examined.documents:
        by_bytes[one.sha256].append(one.name)
        if by_bytes[one.sha256] == [one.name]:
            by_length[one.text_bytes].append(one.name)
    same_files = [those for those in by_bytes.values() if len(those) > 1]
    same_texts = list(
        chain.from_iterable(_same_text(examined, those) for those in by_length.values() if len(those) > 1)
    )
    for what, groups in (
        ("the same file under several names", same_files),
        ("the same text in several files", same_texts),
    ):
        if groups:
            yield Finding(
                "twice",
                "note",
                f"{counted(sum(map(len, groups)), 'document is', 'documents are')} {what} "
                f"({counted(len(groups), 'group')}).",
                "They are embedded once, and a hit cites all of them.",
                tuple(" = ".join(those) for those in groups),
            )


def encodings(examined: Examined) -> Iterator[Finding]:
    """Documents whose letters may be wrong."""
    named = {one.number: one.name for one in examined.documents}
    of = {named[number]: encoding for number, encoding in examined.snapshot.encodings().items() if number in named}
    damaged = sorted(f"{name}: {encoding}" for name, encoding in of.items() if "damaged" in encoding)
    if damaged:
        yield Finding(
            "encoding",
            "warning",
            f"{counted(len(damaged), 'document has', 'documents have')} bytes that are no letters.",
            "They stand as � in the text, and words with them are not found. Get the files again.",
            tuple(damaged),
            examined.command("index"),
        )
    guessed = tuple(sorted(name for name, encoding in of.items() if encoding == "windows-1252"))
    if guessed:
        yield Finding(
            "encoding",
            "note",
            f"{counted(len(guessed), 'document was', 'documents were')} read as Windows-1252.",
            "That is a guess, since they are not UTF-8; if letters with accents look wrong, save them as UTF-8.",
            guessed,
            examined.command("show", f"{guessed[0]}:1"),
        )
    suspected = sorted({name for marks in _GARBLED for name in examined.snapshot.documents_holding(marks)})
    garbled = tuple(name for name in suspected if _is_garbled(examined, name))
    if garbled:
        yield Finding(
            "encoding",
            "warning",
            f"{counted(len(garbled), 'document is', 'documents are')} garbled (such as “â€™” for “’”).",
            "Somebody read them in the wrong encoding and saved them so. Get the files again, or mend them: "
            "ftfy FILE -o MENDED",
            garbled,
            examined.command("show", f"{garbled[0]}:1"),
        )


def passages(examined: Examined) -> Iterator[Finding]:
    """Documents whose passages are far too short or too long to answer anything."""
    named = {one.number: one.name for one in examined.documents}
    short, long = [], []
    for number, lengths in examined.snapshot.passage_lengths():
        if len(lengths) >= _PASSAGES and median(lengths) < _SHORT:
            short.append(f"{named[number]}: {len(lengths):,} passages, half of them shorter than {_SHORT} letters")
        if max(lengths) > _LONG:
            long.append(f"{named[number]}: one of {max(lengths):,} bytes")
    for what, those in (("in very short passages", short), ("in passages that do not end", long)):
        if those:
            yield Finding(
                "passages",
                "note",
                f"{counted(len(those), 'document is', 'documents are')} {what}.",
                "Text that was taken apart, by columns or words, or data that is no text. Look at them, and leave them "
                "out by a line in .nrqaignore if nobody would cite them.",
                tuple(those),
            )


def _same_text(examined: Examined, those: list[str]) -> Iterator[list[str]]:
    by_text: defaultdict[str, list[str]] = defaultdict(list)
    for name in those:
        found = examined.snapshot.document_text(name)
        by_text[found].append(name)
    yield from (group for group in by_text.values() if len(group) > 1)


def _is_garbled(examined: Examined, name: str) -> bool:
    text = examined.snapshot.document_text(name)
    return len(re.findall("|".join(map(re.escape, _GARBLED)), text)) >= _LEAST_GARBLED
