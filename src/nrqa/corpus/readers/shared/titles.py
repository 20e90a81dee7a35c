"""The title of a plain text: its first line, where that stands over the text as a title does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nrqa.corpus.readers.shared.heading_lines import (
    BYLINE,
    PRONOUN,
    SPEAKER,
    is_usual,
    may_be_heading,
    wiki_level,
    words_of,
)
from nrqa.corpus.readers.shared.outline import Outline
from nrqa.corpus.readers.shared.paragraphs import Paragraph, ends_sentence
from nrqa.records import Block
from nrqa.text.dates import MONTHS, read_date
from nrqa.text.markup import readable

_LONGEST, _MOST_WORDS = 250, 40
"""Titles of scientific articles are the longest ones."""
_SENTENCE_WORDS = 20
"""A first line that ends as a sentence is a title if it has no more words than this: lead paragraphs have more."""
_BODY = 40
"""So many characters, or several lines, are text below a title."""
_NEAR = 6
"""Among so many stretches of lines below it text must stand. Otherwise it is the first of several notes."""
_LOOKED_AT = 4000
"""Characters of the text in which a word of the title must come again, where the line could also be a sentence."""
_LEADS_ON = ",;:、，；：،؛-–—…"
"""What a salutation, a label and a cut sentence end with."""
_NO_TITLE = re.compile(
    r"""
      [^\w"'“”‘’«»„‹›(\[¿¡.*=_\#]                # code, markup, a prompt, a bullet
    | \#! | \[?\d{1,4}[-/.:]\d{1,2}[-/.:T]\d   # a script; the time in a log
    | copyright\b | ©
    | (?:page|seite|página|pagina)\s+\d
    | (?:dear|hi|hello|hey|good\ (?:morning|afternoon|evening)|ladies\ and\ gentlemen|hallo|liebe[rs]?
       |sehr\ geehrte[rs]?|ch[eè]re?s?|bonjour|estimad[oa]s?|querid[oa]s?|hola|gentil[ei]|car[oaie]
       |уважаем\w+|дорог\w+)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CODE = re.compile(r"://|\S@\S|[{}\\<>=|]|;\s*$|\t|\S {3,}\S|_{3}|\.{5}")
"""Addresses, code, columns, blanks to fill in."""
_LABELLED_FIGURES = re.compile(r"[\w .-]{1,30}:[\W\d_]*")
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Title:
    """The words of a title; ``is_text`` where the line may as well be the first of the text, which then keeps it."""

    words: str
    is_text: bool


def entitled(outline: Outline, text: str) -> Outline:
    """The outline of a document in another format, with the title that its beginning gives it if nothing else does.

    That is the heading under which everything stands, or a first line above the text, which stays a passage.
    """
    first = outline.blocks[0]
    if first.heading:
        over = first.heading[0]
        if is_usual(over) or any(one.heading[:1] != (over,) for one in outline.blocks):
            return outline
        blocks = tuple(replace(one, heading=one.heading[1:]) for one in outline.blocks)
        return replace(outline, title=over, blocks=blocks)
    near = outline.blocks[: _NEAR + 1]
    paragraphs = [_line_of(one, text) for one in near]
    found = title_of(paragraphs, {}, text, set_apart=True) if len(near) > 1 else None
    return replace(outline, title=found.words) if found else outline


def _line_of(block: Block, text: str) -> Paragraph:
    written = text[block.start : block.end]
    words = readable(written).strip() if block.markup else written
    line = "\n" not in written and not block.items and bool(words) and not (block.markup and "](" in written)
    return Paragraph(block.start, block.end, words, alone=line)


def title_of(
    paragraphs: Sequence[Paragraph], levels: Mapping[int, int], text: str, *, set_apart: bool = False
) -> Title | None:
    """The title that the first of the paragraphs is; None where it is none. ``levels`` are the headings.

    A line right above the text must look like a heading. One with an empty line below it need not: there a small
    letter, a name or the end of a sentence is no reason against it. ``set_apart``: all paragraphs are, by their format.
    """
    if not paragraphs:
        return None
    first, below = paragraphs[0], paragraphs[1:]
    words = words_of(first.text)
    if not below:
        return Title(words, is_text=True) if levels else None
    if wiki_level(first.text):
        return Title(words, is_text=False) if _is_uppermost(levels) else None
    if not _may_name_a_document(first):
        return None
    if 0 in levels or not (set_apart or _is_apart(first, below[0], text)):
        return _right_above(first, below, text, levels)
    found = _stands_over(first, below, text) and (
        not ends_sentence(first.text) or _is_titling_sentence(first, below, text)
    )
    return Title(words, is_text=not may_be_heading(first)) if found else None


def _right_above(first: Paragraph, below: Sequence[Paragraph], text: str, levels: Mapping[int, int]) -> Title | None:
    """The title without an empty line below it: a heading, or a line above a paragraph or the parties of a contract."""
    if 0 in levels:
        mark = 1 in levels and first.text.isupper() and len(first.text.split()) == 1  # CONFIDENTIAL, DRAFT
        return None if mark else Title(words_of(first.text), is_text=False)
    strict = may_be_heading(first)
    short = len(first.text.split()) <= _SENTENCE_WORDS // 2
    if not (strict or short) or ends_sentence(first.text) or not _comes_again(first, below, text):
        return None
    if _size(below[0].text) >= max(_BODY, 2 * len(first.text)):
        return Title(words_of(first.text), is_text=not strict)
    found = strict and len(first.text.split()) > 1 and any(_size(one.text) >= 3 * _BODY for one in below[: 2 * _NEAR])
    return Title(words_of(first.text), is_text=True) if found else None


def _is_uppermost(levels: Mapping[int, int]) -> bool:
    """Whether the first paragraph is a heading, and no other has the same or a higher level."""
    return 0 in levels and levels[0] == min(levels.values()) and list(levels.values()).count(levels[0]) == 1


def _may_name_a_document(first: Paragraph) -> bool:
    """Whether the line can be a title at all: short words of its own, no date, no salutation, no code."""
    text = first.text
    words = text.split()
    if not first.alone or _size(text) > _LONGEST or len(words) > _MOST_WORDS or is_usual(text):
        return False
    sentence = ends_sentence(text)
    if sentence and (len(words) > _SENTENCE_WORDS or PRONOUN.match(text)):
        return False
    letters = sum(map(str.isalpha, text))
    return (
        text[-1] not in _LEADS_ON
        and letters > max(1, sum(map(str.isdigit, text)) - 4)
        and letters >= len(text) // 2
        and not first.is_item
        and not _NO_TITLE.match(text)
        and not _CODE.search(text)
        and not BYLINE.match(text)
        and not _LABELLED_FIGURES.fullmatch(text)
        and not _is_date(words)
        and all(text.count(left) == text.count(right) for left, right in ("()", "[]"))
    )


def _is_date(words: Sequence[str]) -> bool:
    begins = words[0][0].isdigit() or words[0].lower() in MONTHS or words[0].endswith(",")
    return begins and read_date(" ".join(words)) is not None


def _is_apart(first: Paragraph, second: Paragraph, text: str) -> bool:
    """Whether an empty line, or one that belongs to neither, is between the two."""
    return len(text[first.end : second.start].splitlines()) > 1


def _is_titling_sentence(first: Paragraph, below: Sequence[Paragraph], text: str) -> bool:
    """Whether a sentence is a title: an empty line is right below it, and one of its words comes again."""
    line_below = text[first.end : below[0].start].splitlines()[1:2]
    return not "".join(line_below).strip() and _comes_again(first, below, text)


def _stands_over(first: Paragraph, below: Sequence[Paragraph], text: str) -> bool:
    """Whether text follows soon: a stretch that is long or has several lines, and is no turn in a conversation."""
    if SPEAKER.match(first.text) and SPEAKER.match(below[0].text):
        return False
    stretches = 0
    for at, one in enumerate(below):
        begins = at == 0 or _is_apart(below[at - 1], one, text)
        stretches += begins
        if stretches > _NEAR:
            return False
        if not begins or not one.alone or _size(one.text) >= _BODY:
            return True
    return False


def _comes_again(first: Paragraph, below: Sequence[Paragraph], text: str) -> bool:
    """Whether a word of the line occurs in the text below it. A line in a script without spaces is one word."""
    words = {word.casefold() for word in _WORD.findall(first.text)}
    start = below[0].start
    if any(char > "\u2e80" for char in first.text):
        return not ends_sentence(first.text)
    return any(word.casefold() in words for word in _WORD.findall(text[start : start + _LOOKED_AT]))


def _size(text: str) -> int:
    """Its characters; those of scripts that write a word in one or two of them count three times."""
    return len(text) + 2 * sum(char > "\u2e80" for char in text[:_LOOKED_AT])
