"""Markdown (CommonMark): passages as block quotes that show the source's characters as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from unicodedata import category

from nrqa.answering.missing_words import words_to_report
from nrqa.records import Answer, Hit, Skipped, Span
from nrqa.rendering.formats.item import Item
from nrqa.rendering.places import located_in, place_of
from nrqa.rendering.plain_text import counted, harmless, one_line, stale_told

_ACTIVE = re.compile(r"[\\`*_\[\]<>&~|$]")
# What means something at the beginning of a line only: headings, lists, quotations, rules, underlines, numbers.
_AT_START = re.compile(r"(?P<space>\s*)(?:(?P<sign>[#+\-=:])|(?P<number>\d{1,9})(?=[.)]))")


def write(answer: Answer, items: Sequence[Item]) -> str:
    """The question, the passages with their places, and what was searched; no passage where nothing answers."""
    parts = [f"**{_inline(answer.question)}**"]
    if answer.answers:
        for item in items:
            parts += [_quotation(item.hit), _place(item)]
            if item.notice:
                parts.append(f"Source notice: {_inline(item.notice)}")
            if item.hit.also:
                parts.append("Also in: " + ", ".join(_inline(place_of(one)) for one in item.hit.also))
    else:
        parts += _refusal(answer, items)
    parts += _searched(answer)
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """The text as Markdown that shows it as it is, line by line; whatever stood in the source, nothing is active."""
    lines = [line.strip() for line in harmless(text).split("\n")]
    return "\n".join(_at_start(_ACTIVE.sub(r"\\\g<0>", line)) for line in lines)


def _at_start(line: str) -> str:
    found = _AT_START.match(line)
    if not found:
        return line
    at = found.end() if found["number"] else found.start("sign")
    return f"{line[:at]}\\{line[at:]}"


def _inline(text: str) -> str:
    return escaped(one_line(text))


def _quotation(hit: Hit) -> str:
    """A block quote, its answering sentences in strong type.

    Lines of the source end where they ended (a backslash keeps the break).
    """
    start, text = hit.passage.citation.start, hit.passage.text
    marked = [Span(one.start - start, one.end - start) for one in hit.highlights]
    shown = "\n".join(_emphasised(text, marked)) if marked else escaped(text)
    lines = shown.strip("\n").split("\n")
    breaks = [bool(line and following) for line, following in zip(lines, [*lines[1:], ""], strict=True)]
    return "\n".join(f"> {line}{chr(92) if kept else ''}".rstrip() for line, kept in zip(lines, breaks, strict=True))


def _emphasised(text: str, marked: Sequence[Span]) -> list[str]:
    """The lines of the text, escaped, with what is marked of each in strong type."""
    lines, at = [], 0
    for line in text.split("\n"):
        shown, position = "", 0
        for one in marked:
            first, last = _trimmed(line, max(one.start - at, position), min(one.end - at, len(line)))
            if first < last:
                shown += _ACTIVE.sub(r"\\\g<0>", harmless(line[position:first])) + _strong(line, first, last)
                position = last
        shown = (shown + _ACTIVE.sub(r"\\\g<0>", harmless(line[position:]))).strip()
        lines.append(shown if shown.startswith(("**", "<")) else _at_start(shown))
        at += len(line) + 1
    return lines


def _trimmed(line: str, first: int, last: int) -> tuple[int, int]:
    """The stretch of the line without white space at its ends; empty where it holds nothing else."""
    words = line[first : max(first, last)]
    start = first + len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def _strong(line: str, first: int, last: int) -> str:
    """The stretch of the line in strong type.

    By asterisks where CommonMark takes them for that: not between a letter and a sign of punctuation, as where a
    sentence follows another without a space.
    """
    words = _ACTIVE.sub(r"\\\g<0>", harmless(line[first:last]))
    outer, inner = (line[first - 1 : first], line[last : last + 1]), (words[0], words[-1])
    if any(
        _is_sign(within) and beside and not (_is_sign(beside) or beside.isspace())
        for within, beside in zip(inner, outer, strict=True)
    ):
        return f"<strong>{words}</strong>"
    return f"**{words}**"


def _is_sign(char: str) -> bool:
    return category(char)[0] in "PS"


def _place(item: Item) -> str:
    cite = _inline(item.cite)
    # With its fingerprint's sign escaped the line tells that its other marks are, too.
    cite = cite.replace(" #", " \\#") if "\\" in cite else cite
    parts = [_linked(cite, item.links.file)]
    located = located_in(item.citation)
    if located:
        parts.append(_inline(located))
    if item.title != PurePosixPath(item.citation.document).stem:
        parts.insert(0, f"*{_inline(item.title)}*")
    if item.section:
        parts.append(f"§ {_inline(item.section)}")
    ways = (("in the editor", item.links.editor), ("on the web", item.links.web))
    parts += [_linked(words, url) for words, url in ways if url]
    return "— " + ", ".join(parts)


def _linked(words: str, url: str | None) -> str:
    return f"[{words}](<{url}>)" if url else words


def _refusal(answer: Answer, items: Sequence[Item]) -> list[str]:
    said = (
        "Nothing in the corpus answers this."
        if answer.verdict == "absent"
        else "Nothing found, but not everything could be searched."
    )
    nearest = ", ".join(_inline(place_of(one.citation)) for one in items)
    return [said, *([f"Nearest, which are not answers: {nearest}"] if nearest else [])]


def _searched(answer: Answer) -> list[str]:
    searched = answer.searched
    said = (
        f"*{answer.verdict}*, confidence {answer.confidence:.2f}; searched {counted(searched.documents, 'document')}, "
        f"{counted(searched.passages, 'passage')}; generation {answer.generation}"
    )
    filters = [f"{key}={value}" for key, values in searched.where.items() for value in values] + list(searched.only)
    return [
        said,
        *([f"Only: {_inline(', '.join(filters))}"] if filters else []),
        *(
            [f"Words of the question that occur nowhere: {_inline(', '.join(absent))}"]
            if (absent := words_to_report(answer.question, searched.nowhere))
            else []
        ),
        *_skipped("Not searchable", searched.unreadable, listed=answer.verdict == "unknown"),
        *_skipped(stale_told(searched.stale), searched.stale, listed=answer.verdict == "unknown"),
    ]


def _skipped(label: str, skipped: Sequence[Skipped], *, listed: bool) -> list[str]:
    """Which files were passed over, where that could change the verdict; else how many."""
    if not skipped:
        return []
    if not listed:
        return [f"{label}: {counted(len(skipped), 'file')}"]
    return [f"{label}:", "\n".join(f"- {_inline(one.document)}: {_inline(one.reason)}" for one in skipped)]
