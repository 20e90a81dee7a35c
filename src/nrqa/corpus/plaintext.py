"""The structure of plain text: title, header, headings, paragraphs and lists, found by their looks.

Two habits of writing are told apart for each run of lines: one paragraph a line, or paragraphs wrapped at a
margin. A heading is a line alone, without a final stop, with a paragraph after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from nrqa.corpus.furniture import is_furniture, is_notice
from nrqa.corpus.lines import Line, stripped_lines
from nrqa.corpus.metadata import header_lines, looks_like_header
from nrqa.corpus.outline import Outline, Section, blocks_of
from nrqa.records import Span

_MARGIN = 120
"""Longer lines are paragraphs of their own: nobody wraps text that wide."""
_MOST_HEADING = 120
_MOST_WORDS = 16
_EDGE = 4
"""Paragraphs at the start or end of a document among which a source notice is looked for."""

_MOST_HEADER = 20
"""Lines that a header may have."""
_MOST_INTRODUCTION = 8
"""Words of a last line ending in a colon that introduces nothing."""
_BULLET = re.compile(r"(?:[-*+•‣◦▪·–—]|\(?\d{1,3}[.)]|\(?[a-z][)])\s+\S")
_NUMBERED = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)]?\s+[^\W\d_]")
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}")
_STOPS = ".!?:;,…。！？：；，、؟؛।"
_SENTENCE_END = re.compile(r"[.!?…。！？؟।:][\"'”’»)\]]*$")
_SPEAKER = re.compile(r"[^\W\d_][\w .]{0,24}:\s")
_QUESTION = "?？؟"
_WORDS = re.compile(r"[^\W\d_]+")
_ITEM_NUMBER = re.compile(r"\(?(?P<number>\d{1,3})[.)]\s")
_BYLINE = re.compile(r"(?:by|par|von|por|di|written by)\s+[^\W\d_]", re.IGNORECASE)
# "CHAPTER IV." keeps its stop.
_CHAPTER = re.compile(
    r"(?:chapter|part|book|volume|section|act|scene|canto|letter|chapitre|partie|livre|tome|kapitel|teil|buch|abschnitt"
    r"|cap[ií]tulo|parte|libro|capitolo|глава|часть)\s+(?:[ivxlcdm]+|\d{1,3})[.:]?",
    re.IGNORECASE,
)
_MARKED = re.compile(r"(?P<left>(?:=\s?){1,6})(?P<words>[^\s=](?:[^=]*[^\s=])?)\s?(?P<right>(?:=\s?){0,5}=)")
"""A heading of a wiki: ``== History ==``."""
_ROMAN = re.compile(r"[IVXLCDM]+\.?")
_TWO_SENTENCES = re.compile(r"[^\W\d_]{4}[.!](?:\[\w+\])?\s+[^\W\d_]")
_CONTINUED = re.compile(r"\W*(?:\d{1,2}\s+)?(?P<letter>[^\W\d_])")
_COLUMNS = re.compile(r"\t|\S {3,}\S|\|.*\|")
_PRONOUN = re.compile(
    r"(?:I|we|you|he|she|it|they|there|je|nous|vous|il|elle|ils|elles|ich|wir|er|sie|es|yo|ella|ellos)\s",
    re.IGNORECASE,
)
# Words that head a section though nothing else in the text may hold them.
_USUAL = frozenset(
    "abstract summary introduction background overview contents preface foreword methods methodology results "
    "discussion conclusion conclusions references bibliography acknowledgements appendix chapter part section "
    "résumé introduction contexte conclusion annexe chapitre partie zusammenfassung einleitung hintergrund "
    "fazit anhang kapitel teil abschnitt resumen introducción antecedentes conclusión capítulo parte".split()
)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Consecutive lines that belong together; ``alone`` where it is one single line of the file."""

    start: int
    end: int
    text: str
    alone: bool
    items: tuple[Span, ...] = ()


def read_plaintext(text: str) -> Outline:
    """The outline of a plain text; its blocks are spans of exactly this text."""
    lines = stripped_lines(text)
    header_start, header_end, metadata = _find_header(text, lines)
    kept = [line for at, line in enumerate(lines) if not header_start <= at < header_end]
    paragraphs = list(_paragraphs(text, kept))
    paragraphs, notices = _without_notices(paragraphs)
    paragraphs = [one for one in paragraphs if not (one.alone and is_furniture(one.text))]
    while paragraphs and _introduces_nothing(paragraphs[-1]):
        paragraphs.pop()
    levels = _heading_levels(paragraphs, text)
    title = None
    if _is_title(paragraphs, levels):
        title = _bare(paragraphs[0].text)
        paragraphs, levels = paragraphs[1:], {at - 1: level for at, level in levels.items() if at}
    sections = _sections(paragraphs, levels, text)
    if title and not sections:
        sections = [Section(Span(0, len(text.rstrip())), 0)]  # nothing but a title: then it is the text
    return Outline(title=title, metadata=metadata, notices=notices, blocks=blocks_of(sections))


def _introduces_nothing(last: _Paragraph) -> bool:
    return last.alone and last.text.endswith(":") and len(last.text.split()) <= _MOST_INTRODUCTION


def _is_title(paragraphs: list[_Paragraph], levels: Mapping[int, int]) -> bool:
    """Whether the first heading is the title: not "Introduction", and not one of several as high in a wiki."""
    if not paragraphs or 0 not in levels:
        return False
    first = paragraphs[0].text
    if _MARKED.fullmatch(first):
        return levels[0] == min(levels.values()) and list(levels.values()).count(levels[0]) == 1
    return _bare(first).lower() not in _USUAL and not _CHAPTER.match(first)


def _find_header(text: str, lines: list[Line]) -> tuple[int, int, dict[str, str]]:
    """The lines [first, last) of a header at the very top or right below the title line."""
    filled = [at for at, line in enumerate(lines[:12]) if line.end > line.start]
    for first in filled[:2]:
        last = first
        while last < len(lines) and looks_like_header(text[lines[last].start : lines[last].end]):
            last += 1
        if last - first > _MOST_HEADER:
            continue
        metadata = header_lines([text[line.start : line.end] for line in lines[first:last]])
        rest = [line for line in lines[last:] if line.end > line.start]
        if metadata and rest and not _labels_again(text, rest, metadata):
            return first, last, metadata
    return 0, 0, {}


def _labels_again(text: str, rest: list[Line], metadata: Mapping[str, str]) -> bool:
    """Whether a key labels a later line too, as speakers (Anna:) and questions (Q:) do and no header does."""
    labels = (text[line.start : min(line.end, line.start + 40)].partition(":") for line in rest)
    return any(colon and label.strip().lower() in metadata for label, colon, _ in labels)


def _paragraphs(text: str, lines: list[Line]) -> Iterator[_Paragraph]:
    for run in _runs(lines):
        if _UNDERLINE.fullmatch(text[run[-1].start : run[-1].end]) and len(run) == 2:
            yield _paragraph(text, run[:1])
            continue
        groups = _wrapped_groups(text, run)
        yield from (_paragraph(text, group) for group in groups)


def _runs(lines: list[Line]) -> Iterator[list[Line]]:
    """Stretches of lines without an empty one between them."""
    run: list[Line] = []
    for line in [*lines, Line(0, 0)]:
        if line.end > line.start:
            run.append(line)
        elif run:
            yield run
            run = []


def _wrapped_groups(text: str, run: list[Line]) -> list[list[Line]]:
    """The paragraphs of a run: all its lines as one if they were wrapped at a margin, else each alone.

    A line that begins with a bullet begins a paragraph in either case.
    """
    widths = [line.end - line.start for line in run]
    pieces = [text[line.start : line.end] for line in run]
    inner = widths[:-1]
    widest = max(widths)
    open_ended = sum(not _SENTENCE_END.search(piece[-40:]) for piece in pieces[:-1])
    wrapped = (
        len(run) > 1
        and 40 <= widest <= _MARGIN
        and sum(width >= 0.6 * widest for width in inner) >= 0.8 * len(inner)
        and open_ended >= 0.5 * len(inner)
    )
    bullets = [bool(_BULLET.match(piece)) for piece in pieces]
    # The lines of a wrapped list item follow their bullet; they are as wide as any other.
    wrapped = wrapped or (bullets[0] and widest <= _MARGIN and not all(bullets) and open_ended > 0)
    groups: list[list[Line]] = []
    for line, bullet in zip(run, bullets, strict=True):
        if groups and wrapped and not bullet:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _paragraph(text: str, lines: list[Line]) -> _Paragraph:
    start, end = lines[0].start, lines[-1].end
    return _Paragraph(start, end, text[start:end], alone=len(lines) == 1)


def _without_notices(paragraphs: list[_Paragraph]) -> tuple[list[_Paragraph], tuple[str, ...]]:
    edge = {*range(_EDGE), *range(len(paragraphs) - _EDGE, len(paragraphs))}
    noticed = {at for at, one in enumerate(paragraphs) if at in edge and is_notice(one.text)}
    if len(noticed) == len(paragraphs):
        return paragraphs, ()
    kept = [one for at, one in enumerate(paragraphs) if at not in noticed]
    return kept, tuple(paragraphs[at].text for at in sorted(noticed))


def _heading_levels(paragraphs: list[_Paragraph], text: str) -> dict[int, int]:
    """Which paragraphs are headings, and how deep: 1 for capitals, 2 otherwise, numbered ones by number."""
    marked = {at: _level(one.text) for at, one in enumerate(paragraphs) if _is_marked(one)}
    if len(marked) > 1:
        return marked  # the text says itself which its headings are
    candidates = [_may_be_heading(one) for one in paragraphs]
    small = {word for word in _WORDS.findall(text) if word.islower()}
    levels: dict[int, int] = {}
    chain = 0
    # From the end, since a heading is known by what follows it; no more than two headings in a row.
    for at in range(len(paragraphs) - 1, -1, -1):
        one = paragraphs[at]
        following = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
        chain = chain + 1 if at + 1 in levels else 0
        before = paragraphs[at - 1] if at else None
        if at in marked or (
            following is not None
            and candidates[at]
            and chain < 2
            and (at + 1 in levels or _is_body(following, one))
            and (before is None or candidates[at - 1] or _closed(before) or at - 1 in marked)
            and not _is_listed(paragraphs, at)
            and not _is_name(one.text, small)
        ):
            levels[at] = _level(one.text)
    questions = [at for at in levels if paragraphs[at].text[-1] in _QUESTION]
    if len(questions) == len(levels) == 1 and questions != [0]:
        return {}  # a single question among paragraphs is rhetoric; among other headings, or at the top, it is one
    return levels


def _is_marked(one: _Paragraph) -> bool:
    match = _MARKED.fullmatch(one.text) if one.alone and len(one.text) <= 2 * _MOST_HEADING else None
    return match is not None and match["left"].count("=") == match["right"].count("=")


def _may_be_heading(one: _Paragraph) -> bool:
    text = one.text
    if not one.alone or len(text) > _MOST_HEADING or len(text.split()) > _MOST_WORDS:
        return False
    if _CHAPTER.fullmatch(text):
        return True
    return (
        _looks_like_words(text)
        and (text[-1] not in _STOPS or (text[-1] in _QUESTION and len(text) > 8))
        and not _SENTENCE_END.search(text.rstrip(_QUESTION))
        and not _TWO_SENTENCES.search(text)
        and (not _BULLET.match(text) or bool(_NUMBERED.match(text)))
        and not _SPEAKER.match(text)
        and not _BYLINE.match(text)
        and not (_PRONOUN.match(text) and text[-1] not in _QUESTION)
    )


def _looks_like_words(text: str) -> bool:
    """Words that begin with a capital or a number, every bracket closed, no row of a table."""
    first = next((char for char in text if char.isalnum()), "")
    words = any(char > "\u2e80" for char in text) or re.search(r"[^\W\d_]{2}", text) or _ROMAN.fullmatch(text)
    letters, digits = sum(char.isalpha() for char in text), sum(char.isdigit() for char in text)
    return (
        bool(words)
        and not first.islower()
        and digits <= 4 + letters
        and all(text.count(left) == text.count(right) for left, right in ("()", "[]", "{}"))
        and not _COLUMNS.search(text)
    )


def _is_body(following: _Paragraph, heading: _Paragraph) -> bool:
    """A paragraph: longer than the heading over it, and ended like a sentence (or wrapped over lines).

    It begins like one too: not in small letters, and not with the second item of a list.
    """
    beginning = following.text[:200]
    unspaced = sum(char > "\u2e80" for char in beginning) * 2
    length = len(following.text) + unspaced
    begun = _CONTINUED.match(beginning)
    numbered = _ITEM_NUMBER.match(beginning)
    return (
        length >= 60
        and length > len(heading.text)
        and (_closed(following) or not following.alone)
        and not (begun and begun["letter"].islower() and not _BULLET.match(beginning))
        and not (numbered and numbered["number"] != "1" and not _NUMBERED.match(heading.text))
    )


def _closed(one: _Paragraph) -> bool:
    return bool(_SENTENCE_END.search(one.text[-40:])) or bool(_BULLET.match(one.text))


def _is_listed(paragraphs: list[_Paragraph], at: int) -> bool:
    """A numbered line beside another numbered line is an item of a list."""
    beside = [paragraphs[near].text for near in (at - 1, at + 1) if 0 <= near < len(paragraphs)]
    return bool(_BULLET.match(paragraphs[at].text)) and any(_BULLET.match(text) for text in beside)


def _is_name(line: str, small: AbstractSet[str]) -> bool:
    """A person's or a body's name: all words capitalised, and none of them ever written small in the text."""
    words = [word for word in _WORDS.findall(line) if len(word) > 1]
    if len(words) > 4 or not words or line.isupper() or not all(word[0].isupper() for word in words):
        return False
    if any(word.lower() in _USUAL for word in words) or re.search(r"\d", line) or _CHAPTER.match(line):
        return False
    return not any(word.lower() in small for word in words)


def _level(line: str) -> int:
    marked = _MARKED.fullmatch(line)
    if marked:
        return marked["left"].count("=")
    numbered = _NUMBERED.match(line)
    if numbered:
        return numbered["number"].count(".") + 2
    return 1 if line.isupper() and any(char.isalpha() for char in line) else 2


def _bare(line: str) -> str:
    return line.strip().strip("=#*_ ").strip() or line.strip()


def _is_next_item(one: _Paragraph, following: _Paragraph, text: str) -> bool:
    """Whether a list goes on: with a bullet, and with nothing in between that was left out."""
    return bool(_BULLET.match(following.text)) and not text[one.end : following.start].strip()


def _sections(paragraphs: list[_Paragraph], levels: dict[int, int], text: str) -> list[Section]:
    """Headings and blocks in order; a list joins the line that introduces it."""
    sections: list[Section] = []
    at = 0
    while at < len(paragraphs):
        one = paragraphs[at]
        if at in levels:
            sections.append(Section(Span(one.start, one.end), levels[at], title=_bare(one.text)))
            at += 1
            continue
        last = at
        if _BULLET.match(one.text) or one.text.endswith((":", "：")):
            while last + 1 < len(paragraphs) and _is_next_item(paragraphs[last], paragraphs[last + 1], text):
                last += 1
        if last > at:
            one = replace(one, end=paragraphs[last].end)
            items = tuple(Span(item.start, item.end) for item in paragraphs[at : last + 1])
            sections.append(Section(Span(one.start, one.end), 0, items=items))
        else:
            sections.append(Section(Span(one.start, one.end), 0))
        at = last + 1
    return sections
