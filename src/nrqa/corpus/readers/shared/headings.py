"""Finds the headings of a plain text: single lines without a full stop at the end, with a paragraph after them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from nrqa.corpus.readers.shared.paragraphs import Paragraph, ends_sentence

_MOST_HEADING = 120
_MOST_WORDS = 16
_NUMBERED = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)]?\s+[^\W\d_]")
_STOPS = ".!?:;,…。！？：；，、؟؛।"
_SPEAKER = re.compile(r"[^\W\d_][\w .]{0,24}:\s")
_QUESTION = "?？؟"
_WORDS = re.compile(r"[^\W\d_]+")
_ITEM_NUMBER = re.compile(r"\(?(?P<number>\d{1,3})[.)]\s")
_BYLINE = re.compile(r"(?:by|par|von|por|di|written by)\s+[^\W\d_]", re.IGNORECASE)
# "CHAPTER IV." may be a heading although it ends in a full stop.
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
# Usual headings of sections, which need not occur anywhere else in the text.
_USUAL = frozenset(
    "abstract summary introduction background overview contents preface foreword methods methodology results "
    "discussion conclusion conclusions references bibliography acknowledgements appendix chapter part section "
    "résumé introduction contexte conclusion annexe chapitre partie zusammenfassung einleitung hintergrund "
    "fazit anhang kapitel teil abschnitt resumen introducción antecedentes conclusión capítulo parte".split()
)


def heading_levels(paragraphs: Sequence[Paragraph], text: str) -> dict[int, int]:
    """The headings among the paragraphs: their level by their index in ``paragraphs``.

    A line in capitals has level 1, others have level 2. The level of a numbered heading comes from its number, that of
    a wiki heading from its marks.
    """
    marked = {at: _level(one.text) for at, one in enumerate(paragraphs) if _is_marked(one)}
    if len(marked) > 1:
        return marked  # the text itself marks its headings
    candidates = [_may_be_heading(one) for one in paragraphs]
    small = {word for word in _WORDS.findall(text) if word.islower()}
    levels: dict[int, int] = {}
    chain = 0
    # From the end, because the text after a line shows whether it is a heading; at most two headings in a row.
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
            and (before is None or candidates[at - 1] or before.is_closed or at - 1 in marked)
            and not _is_listed(paragraphs, at)
            and not _is_name(one.text, small)
        ):
            levels[at] = _level(one.text)
    questions = [at for at in levels if paragraphs[at].text[-1] in _QUESTION]
    if len(questions) == len(levels) == 1 and questions != [0]:
        return {}  # a question is a heading among other headings or at the top; otherwise it is only rhetorical
    return levels


def is_title(paragraphs: Sequence[Paragraph], levels: Mapping[int, int]) -> bool:
    """Whether the first paragraph is the document's title.

    A usual heading such as "Introduction" is not, nor is a chapter's number, nor is a wiki heading if other headings
    have the same or a higher level.
    """
    if not paragraphs or 0 not in levels:
        return False
    first = paragraphs[0].text
    if _MARKED.fullmatch(first):
        return levels[0] == min(levels.values()) and list(levels.values()).count(levels[0]) == 1
    return words_of(first).lower() not in _USUAL and not _CHAPTER.match(first)


def words_of(heading: str) -> str:
    """The heading without the marks around it."""
    return heading.strip().strip("=#*_ ").strip() or heading.strip()


def _is_marked(one: Paragraph) -> bool:
    match = _MARKED.fullmatch(one.text) if one.alone and len(one.text) <= 2 * _MOST_HEADING else None
    return match is not None and match["left"].count("=") == match["right"].count("=")


def _may_be_heading(one: Paragraph) -> bool:
    text = one.text
    if not one.alone or len(text) > _MOST_HEADING or len(text.split()) > _MOST_WORDS:
        return False
    if _CHAPTER.fullmatch(text):
        return True
    return (
        _looks_like_words(text)
        and (text[-1] not in _STOPS or (text[-1] in _QUESTION and len(text) > 8))
        and not ends_sentence(text.rstrip(_QUESTION))
        and not _TWO_SENTENCES.search(text)
        and (not one.is_item or bool(_NUMBERED.match(text)))
        and not _SPEAKER.match(text)
        and not _BYLINE.match(text)
        and not (_PRONOUN.match(text) and text[-1] not in _QUESTION)
    )


def _looks_like_words(text: str) -> bool:
    """Whether the text is words without a small letter at the start or an open bracket, and not a table row."""
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


def _is_body(following: Paragraph, heading: Paragraph) -> bool:
    """Whether a paragraph can be the text below a heading.

    It must be longer than the heading and end like a sentence (or be wrapped over several lines). It must also begin
    like a paragraph: not with a small letter, and not with the second item of a list.
    """
    beginning = following.text[:200]
    unspaced = sum(char > "\u2e80" for char in beginning) * 2
    length = len(following.text) + unspaced
    begun = _CONTINUED.match(beginning)
    numbered = _ITEM_NUMBER.match(beginning)
    return (
        length >= 60
        and length > len(heading.text)
        and (following.is_closed or not following.alone)
        and not (begun and begun["letter"].islower() and not following.is_item)
        and not (numbered and numbered["number"] != "1" and not _NUMBERED.match(heading.text))
    )


def _is_listed(paragraphs: Sequence[Paragraph], at: int) -> bool:
    """Whether the line is an item of a list: it has a number or bullet, and so has a line beside it."""
    beside = [paragraphs[near] for near in (at - 1, at + 1) if 0 <= near < len(paragraphs)]
    return paragraphs[at].is_item and any(one.is_item for one in beside)


def _is_name(line: str, small: AbstractSet[str]) -> bool:
    """Whether the line is a name of a person or an organisation.

    All its words begin with a capital, and none of them occurs in small letters anywhere in the text.
    """
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
