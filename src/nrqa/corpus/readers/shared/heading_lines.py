"""What a single line of a plain text looks like: the words of a heading, a name, the start of a list item."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from nrqa.corpus.readers.shared.paragraphs import Paragraph, ends_sentence

_MOST_HEADING = 120
_MOST_WORDS = 16
NUMBERED_HEAD = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5})[.)]?\s+(?=[^\W\d_])")
NUMBERED = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)]?\s+[^\W\d_]")
_STOPS = ".!?:;,…。！？：；，、؟؛।"
SPEAKER = re.compile(r"[^\W\d_][\w .]{0,24}:\s")
QUESTION = "?？؟"
WORDS = re.compile(r"[^\W\d_]+")
BYLINE = re.compile(r"(?:by|par|von|por|di|written by)\s+[^\W\d_]", re.IGNORECASE)
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
_COLUMNS = re.compile(r"\t|\S {3,}\S|\|.*\|")
PRONOUN = re.compile(
    r"(?:I|we|you|he|she|it|they|there|je|nous|vous|il|elle|ils|elles|ich|wir|er|sie|es|yo|ella|ellos)\s",
    re.IGNORECASE,
)
# Usual headings of sections, which need not occur anywhere else in the text.
_USUAL = frozenset(
    "abstract summary introduction background overview contents toc preface foreword methods methodology results "
    "discussion conclusion conclusions references bibliography acknowledgements appendix chapter part section "
    "résumé introduction contexte conclusion annexe chapitre partie zusammenfassung einleitung hintergrund "
    "fazit anhang kapitel teil abschnitt resumen introducción antecedentes conclusión capítulo parte".split()
)


def words_of(heading: str) -> str:
    """The heading without the marks around it."""
    return heading.strip().strip("=#*_ ").strip() or heading.strip()


def is_marked(one: Paragraph) -> bool:
    """Whether it is a heading of a wiki, with as many marks on either side."""
    match = _MARKED.fullmatch(one.text) if one.alone and len(one.text) <= 2 * _MOST_HEADING else None
    return match is not None and match["left"].count("=") == match["right"].count("=")


def may_be_heading(one: Paragraph) -> bool:
    """Whether a paragraph has the form of a heading: one short line of words that is no sentence."""
    text = one.text
    if not one.alone or len(text) > _MOST_HEADING or len(text.split()) > _MOST_WORDS:
        return False
    if _CHAPTER.fullmatch(text):
        return True
    return (
        looks_like_words(text)
        and (text[-1] not in _STOPS or (text[-1] in QUESTION and len(text) > 8))
        and not ends_sentence(text.rstrip(QUESTION))
        and not _TWO_SENTENCES.search(text)
        and (not one.is_item or bool(NUMBERED.match(text)))
        and not SPEAKER.match(text)
        and not BYLINE.match(text)
        and not (PRONOUN.match(text) and text[-1] not in QUESTION)
    )


def looks_like_words(text: str) -> bool:
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


def is_name(line: str, small: AbstractSet[str]) -> bool:
    """Whether the line is a name of a person or an organisation.

    All its words begin with a capital, and none of them occurs in small letters anywhere in the text.
    """
    words = [word for word in WORDS.findall(line) if len(word) > 1]
    if len(words) > 4 or not words or line.isupper() or not all(word[0].isupper() for word in words):
        return False
    if any(word.lower() in _USUAL for word in words) or re.search(r"\d", line) or _CHAPTER.match(line):
        return False
    return not any(word.lower() in small for word in words)


def is_usual(heading: str) -> bool:
    """Whether it names a part that many documents have, such as "Introduction" or "CHAPTER I", and no document."""
    words = NUMBERED_HEAD.sub("", words_of(heading)).lower()
    return words in _USUAL or _CHAPTER.match(words) is not None


def wiki_level(line: str) -> int:
    """The number of marks around a heading of a wiki; 0 for other lines."""
    marked = _MARKED.fullmatch(line)
    return marked["left"].count("=") if marked else 0


def level_of(line: str) -> int:
    """The level of a heading: capitals above others, numbers by their depth, marks by their count."""
    if marks := wiki_level(line):
        return marks
    numbered = NUMBERED.match(line)
    if numbered:
        return numbered["number"].count(".") + 2
    return 1 if line.isupper() and any(char.isalpha() for char in line) else 2
