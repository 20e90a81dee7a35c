"""The terms of a text: what the lexical signal counts, in every script.

Words are compared without case, accents and width (module ``letters``). Scripts written without spaces between words
become overlapping pieces: pairs of Chinese, Japanese and Korean characters, as in Lucene's CJKBigramFilter, and three
letters of an alphabet (Thai, Lao, Khmer, Burmese); a document also holds shorter pieces, so that a question of one
character finds it.
Other words are stemmed by Snowball, with the stemmer for their script: Russian for Cyrillic, Greek, Arabic,
Hindi, and English for Latin, which raises nDCG@10 of BM25 by .02 on English sets and lowers it by no more than
.002 on German and Spanish ones (squad .852 to .873, nq_oracle .717 to .740, xquad_de .910 to .913, xquad_es
.954 to .952). Words of other scripts than the Latin one also have pieces of three letters: their forms differ more, few
have a stemmer, and the default encoder does not read them. There is no stop-word list, since BM25's own weights are low
for common words.

Numbers, dates, identifiers and codes have a term of their own for the whole (module ``tokens``), beside their parts.
A title, a heading or a file's name has one more, which the question that is exactly this name has, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from nrqa.text.letters import LETTERS, PLAIN_LETTERS, fold, is_unspaced, is_unusual
from nrqa.text.tokens import LEAST, UNSPACED_RUN, Token, pattern_for, read_tokens

_FIGURE = re.compile(r"\d")
_RAISED = re.compile("[¹²³⁰⁴-⁹ᵃ-ᶻ]")
_SIGN = r"[!-/:-@\[-`{-~]"
# Pictures, arrows and the like are terms one by one; operators as they stand: ||>, !==. A row of one sign is a rule.
_SYMBOL = re.compile(
    r"[\u2190-\u2bff\u20a0-\u20cf\u2100-\u214f\U0001f000-\U0001faff]"
    rf"|(?<!{_SIGN})(?={_SIGN}{{0,3}}[|<>=~^&%@\\])({_SIGN})(?!\1{{2,}}(?!{_SIGN}))(?:{_SIGN}){{1,3}}(?!{_SIGN})"
)
_NAME = "="
"""Before the term of a whole name."""
_DATE = "@"
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number, date, identifier or code of a question, from ``start`` to ``end``.

    ``parts`` are the terms of its parts, ``whole`` that of the whole where it has one. ``exact``: the word is met as a
    whole or not at all, since another number or identifier is another thing. ``beside`` is a term that it forms with
    the word before it (ISO 9001). ``pieces`` are as in ``Token``.
    """

    start: int
    end: int
    text: str
    parts: tuple[str, ...]
    whole: str = ""
    exact: bool = False
    beside: str = ""
    pieces: tuple[str, ...] = ()

    @property
    def is_date(self) -> bool:
        """Whether it is a date."""
        return self.whole.startswith(_DATE)

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that a text which says the same usually holds."""
        return (*self.parts, self.whole) if self.exact and self.whole else self.parts

    def occurs_in(self, terms: set[str]) -> bool:
        """Whether a text with those terms has the word."""
        if (self.whole and self.whole in terms) or (self.beside and self.beside in terms):
            return True
        return not (self.exact and self.whole) and bool(self.parts) and terms.issuperset(self.parts)


def written_words(text: str) -> list[re.Match[str]]:
    """The words and numbers of a text as they are written, with hyphens, points and apostrophes within them."""
    return list(_written(unusual=is_unusual(text)).finditer(text))


@cache
def _written(*, unusual: bool) -> re.Pattern[str]:
    letters = LETTERS if unusual else PLAIN_LETTERS
    spaced = rf"{letters}(?:['’\-.]{letters})*"
    return re.compile(rf"{UNSPACED_RUN}|{spaced}" if unusual else spaced)


def words_of(text: str) -> list[Word]:
    """The words of a question, in order."""
    spans = _spans(text) if _FIGURE.search(text) else []
    found: list[Word] = []
    inside: list[str] = []
    for start, end, token in _tokens(text):
        while spans and spans[0][1] <= start:
            found.append(_special(text, spans.pop(0), inside))
            inside = []
        if spans and spans[0][0] <= start:
            inside += token.parts or (token.whole,)
            continue
        beside = ""
        if token.whole.isdigit() and found and text[found[-1].end : start] == " " and found[-1].text.isupper():
            beside = fold(found[-1].text) + token.whole
        found.append(Word(start, end, text[start:end], token.parts, token.whole, token.exact, beside, token.pieces))
    for one in spans:
        found.append(_special(text, one, inside))
        inside = []
    return found


def document_terms(text: str, *, days: bool = True) -> list[str]:
    """The terms of a passage, repeated as often as they occur.

    Without ``days``, those of dates are left out: their reader need not be imported for a question that has no date.
    """
    terms: list[str] = []
    for _, _, token in _tokens(text, singles=True):
        terms += token.parts
        if token.whole:
            terms.append(token.whole)
        terms += token.inner
        terms += token.pieces
    if _FIGURE.search(text):
        from nrqa.text.codes import codes_within  # most questions have none

        terms += _days_in(text) if days else ()
        codes = [code for _, _, code in codes_within(text, pairs=True)]
        known = set(terms) if codes else set()
        terms += [code for code in codes if code not in known]
    terms += [found.group() for found in _SYMBOL.finditer(text)]
    return terms


def _days_in(text: str) -> Iterator[str]:
    from nrqa.text.dates_within import dates_within

    for _, _, days in dates_within(text):
        day = str(days)
        yield _DATE + day
        if len(day) > _MONTH:
            yield _DATE + day[:_MONTH]


def question_terms(text: str) -> list[str]:
    """The distinct terms of a question, in order of appearance; empty where it has no word, number or symbol."""
    found = [term for word in words_of(text) for term in (*word.terms, *word.pieces)]
    return list(dict.fromkeys(found or (one.group() for one in _SYMBOL.finditer(text))))


def further_terms(text: str) -> list[str]:
    """Terms that count for a question only where the index holds them.

    They are other forms of its words (``missiledefense`` of ``missile-defense``), and the names that it may be or hold.
    """
    words = words_of(text)
    forms = [one for word in words for one in (word.whole, word.beside) if one and one not in word.terms]
    return list(dict.fromkeys([*forms, *names_in_question(text)]))


def names_in_question(text: str) -> list[str]:
    """The terms of the names that a question may be as a whole, or hold: see ``name_terms``."""
    words = words_of(text)
    return list(dict.fromkeys([*_whole_name(words), *_identifier_names(words)]))


def name_terms(name: str) -> list[str]:
    """The terms of a title, a heading or a file's name as a name: of the whole, and of each identifier in it."""
    return names_in_question(name) if len(name) <= _LONGEST_NAME else []


def name_of(word: Word) -> str:
    """The term of a title, heading or file name that holds this identifier."""
    return _NAME + word.whole


def _whole_name(words: Sequence[Word]) -> list[str]:
    """The term of a text that is a name as a whole."""
    name = "".join(word.whole if word.exact and word.whole else "".join(word.parts) for word in words)
    return [_NAME + name] if name else []


def _identifier_names(words: Sequence[Word]) -> list[str]:
    """The terms of the identifiers that can be names: ``ADR-0007``, ``1.1.0``, a day; not of numbers."""
    return [name_of(one) for one in words if one.exact and one.whole and not _is_number(one.whole)]


def _is_number(whole: str) -> bool:
    return whole.replace(".", "", 1).isdigit() and len(whole) < LEAST


_MONTH = len("@2021-03") - 1


def _spans(text: str) -> list[tuple[int, int, str]]:
    """The dates, and the codes and numbers in groups, that do not overlap: start, end, and the term of the whole."""
    from nrqa.text.codes import codes_within
    from nrqa.text.dates_within import dates_within

    dates = [(start, end, f"{_DATE}{days}") for start, end, days in dates_within(text)]
    days = {at for start, end, _ in dates for at in range(start, end)}
    codes = [one for one in codes_within(text) if days.isdisjoint(range(one[0], one[1]))]
    found: list[tuple[int, int, str]] = []
    for one in sorted([*dates, *codes], key=lambda span: (span[0], -span[1])):
        if not found or one[0] >= found[-1][1]:
            found.append(one)
    return found


def _special(text: str, span: tuple[int, int, str], parts: list[str]) -> Word:
    start, end, whole = span
    # The parts of a code say nothing; those of a date are its year, and the month's name.
    kept = tuple(dict.fromkeys(parts)) if whole.startswith(_DATE) else ()
    return Word(start, end, text[start:end], kept, whole, exact=True)


_OF_ALPHABET, _OF_LARGE_SET = 3, 2
_LARGE_SETS = "\u2e80"
"""From here on, Unicode has Chinese, Japanese and Korean: some thousand characters, so that two of them say as much as
three or four letters. Below are the alphabets of Thailand, Laos, Burma and Cambodia."""


def _tokens(text: str, *, singles: bool = False) -> Iterator[tuple[int, int, Token]]:
    shown = _without_notes(text) if _RAISED.search(text) else text
    for match in pattern_for(unusual=is_unusual(shown)).finditer(shown):
        begin = match.start()
        if match["unspaced"] is not None:
            run = fold(match.group())
            if run:
                yield begin, match.end(), Token(_all_pieces(run) if singles else _pieces(run))
            continue
        for start, end, token in read_tokens(match.group()):
            yield begin + start, begin + end, token


def _without_notes(text: str) -> str:
    """The text without its references to notes: agreed³ is the word agreed, but km² and 10⁶ keep their figures."""
    from nrqa.text.marks.blanking import blanked
    from nrqa.text.marks.raised import raised_marks

    return blanked(text, raised_marks(text))


def pieces_in(written: str) -> Iterator[tuple[int, int, str]]:
    """The pieces of a word of a script without spaces, each with its start and end in the word as it is written."""
    letters = [(at, char) for at, written_char in enumerate(written) for char in fold(written_char)]
    for start, end in _windows("".join(char for _, char in letters)):
        yield letters[start][0], letters[end - 1][0] + 1, "".join(char for _, char in letters[start:end])


def characters_in(text: str) -> list[str]:
    """The distinct single characters of a text's words in Chinese, Japanese and Korean."""
    return [char for char in dict.fromkeys(fold(text)) if char >= _LARGE_SETS and is_unspaced(char)]


def _pieces(run: str) -> tuple[str, ...]:
    return tuple(run[start:end] for start, end in _windows(run))


def _all_pieces(run: str) -> tuple[str, ...]:
    """The pieces under which a document is found, by questions of one or two characters as well."""
    found = [*run, *_pieces(run)] if len(run) > 1 else [run]
    if any(char < _LARGE_SETS for char in run):
        found += [one + other for one, other in pairwise(run)]
    return tuple(found)


def _windows(run: str) -> list[tuple[int, int]]:
    """Where the overlapping pieces of a run begin and end: three letters of an alphabet, two of a larger set."""
    sizes = ((at, _OF_ALPHABET if char < _LARGE_SETS else _OF_LARGE_SET) for at, char in enumerate(run))
    return [(at, at + size) for at, size in sizes if at + size <= len(run)] or [(0, len(run))]
