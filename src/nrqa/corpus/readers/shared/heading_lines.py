"""What a single line of a plain text looks like: the words of a heading, a name, the start of a list item."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from nrqa.corpus.readers.shared.paragraphs import Paragraph, ends_sentence

_MOST_HEADING = 120
_MOST_WORDS = 16
_MOST_NUMBERED = 12
"""Words in a line with a number that is a heading; longer ones are clauses of a contract."""
NUMBERED_HEAD = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5})[.)]?\s+(?=[^\W\d_])")
NUMBERED = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)]?\s+[^\W\d_]")
_IN_ORDER = re.compile(
    r"(?:(?:§|art\.?|articles?|artikel|art[ií]culo|articolo|section|sección|clause|статья)\s*)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,3})*)[.):]?\s*[^\W_]",
    re.IGNORECASE,
)
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
_MOST_STOPPED = 10
_FIRST = "§\"'“”„‘«‹([{¿¡#*=_"
"""What a heading may begin with besides letters and figures; code and commands begin with other signs."""
_ENCLOSED = re.compile(r"[(\[{].*[)\]}]|[\"“„«‘'].*[\"”“»’']", re.DOTALL)
"""A term that is being defined, a remark ("[Signature page follows]"), a blank to fill in."""
_NO_WORDS = re.compile(r"\S@\S|://|_{3}|\.{4}|(?:copyright\b.*|.*\(c\).*|.*©.*)\d{4}", re.IGNORECASE)
"""An address, a blank to fill in, dots that lead to a page number, whose the text is."""
_LETTERED = re.compile(r"\(?[A-Za-z][.)]\s")
_TRAILING = " -‐‑–—"
_OPEN_ENDS = frozenset(
    "the a an and or nor of to from with between whereas that which who as is are was were be been shall will may must "
    "has have der die das den dem ein eine und oder von vom zum zur mit im dass ist sind le la les un une des du et "
    "ou à au aux que qui est sont el los las y o del al una es son il lo gli e di da dal della che è".split()
)
"""Words that ask for another one after them: a line that ends in one goes on in the next."""
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
        and (text[0].isalnum() or text[0] in _FIRST or text[0] > "\u2e80")
        and not _ENCLOSED.fullmatch(text)
        and not _NO_WORDS.search(text)
        and not _goes_on(text)
        and (text[-1] not in _STOPS or (text[-1] in QUESTION and len(text) > 8))
        and not ends_sentence(text.rstrip(QUESTION))
        and not _TWO_SENTENCES.search(text)
        and (not one.is_item or bool(NUMBERED.match(text)))
        and not SPEAKER.match(text)
        and not BYLINE.match(text)
        and not (PRONOUN.match(text) and text[-1] not in QUESTION)
    )


def is_numbered_with_stop(one: Paragraph) -> bool:
    """Whether it has the form of "3. Definitions.": a heading only if others before and after it look so, too."""
    text = one.text
    return (
        one.alone
        and text.endswith(".")
        and bool(NUMBERED.match(text))
        and len(text.split()) <= _MOST_STOPPED
        and looks_like_words(text)
        and not _TWO_SENTENCES.search(NUMBERED_HEAD.sub("", text))
    )


def _goes_on(text: str) -> bool:
    """Whether the line is the beginning of something: it leads on to a list, ends amid a sentence, or is a clause."""
    bare = text.rstrip(_TRAILING)
    words = bare.split() or [text]
    last = words[-1].strip("'\"’”»)").lower()
    numbered = NUMBERED.match(text) or _LETTERED.match(text)
    return (
        bare[-1:] in (",", ":", ";")
        or (last in _OPEN_ENDS and (len(words) == 1 or not words[-1].isupper()))
        or (numbered is not None and len(words) > _MOST_NUMBERED and not text.isupper())
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


def is_chapter(heading: str) -> bool:
    """Whether it is the number of a chapter or part, which stands above numbered sections."""
    return _CHAPTER.match(heading) is not None


def number_of(heading: str) -> tuple[int, ...]:
    """The number at its beginning, part by part; empty where it has none."""
    found = _IN_ORDER.match(heading)
    return tuple(map(int, found["number"].split("."))) if found else ()


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
