"""Where sentences begin and end, in any language, by sentencex."""

from __future__ import annotations

import re
import unicodedata

from nrqa.records import Span
from nrqa.text.raised_figures import FIGURES

_WORDS = re.compile(r"[^\W\d_]+")
_SAMPLE = 4000
_WINDOW = 2000
"""Characters that sentencex gets at a time, since its time grows with the square of a text's length."""
_LEAST_VOTES, _LEAST_SHARE, _MOST_NEXT = 4, 0.12, 0.65
"""With these limits, the language of 237, 227 and 176 of xquad's 240 paragraphs in English, German and Spanish is
detected, none wrongly; with .7 as the last limit, two are detected wrongly."""
# The most common short words of each language: enough to choose the right list of abbreviations.
_FUNCTION_WORDS = {
    "en": "the of and to in is that for was with on as by are",
    "de": "der die und das den von zu mit sich des ist nicht ein eine",
    "fr": "le la les des et du une est dans que pour qui au pas",
    "es": "el los las del y en que un una por con para se su",
    "it": "il di che e la per un una del della con non sono gli",
    "pt": "o os da do em que para com não uma dos das ao mais",
    "nl": "de het een van en in te dat op voor met niet zijn die",
    "pl": "w i na z do nie się że jest to po przez od dla",
    "ru": "и в не на что с по как это он но от из для",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _FUNCTION_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)


def language_of(text: str) -> str:
    """The code of the language whose rules should divide this text into sentences; "en" where no word decides."""
    language, votes, _, _ = _heard(text[:_SAMPLE])
    return language if votes else "en"


def detected_language(text: str) -> str | None:
    """The code of the language of the text, if its most common words leave no doubt; else None."""
    language, votes, next_votes, words = _heard(text[:_SAMPLE])
    sure = votes >= _LEAST_VOTES and votes >= _LEAST_SHARE * words and next_votes <= _MOST_NEXT * votes
    return language if sure else None


def _heard(sample: str) -> tuple[str, int, int, int]:
    """The likeliest language, how many words speak for it and for the next, and how many words there are."""
    # Most texts are ASCII, which has none of these scripts.
    for language, script in () if sample.isascii() else _SCRIPTS:
        # A tenth of the characters: Japanese mixes kana with many Chinese characters.
        count = len(script.findall(sample))
        if count * 10 > len(sample):
            return language, count, 0, count
    votes = dict.fromkeys(_FUNCTION_WORDS, 0)
    words = _WORDS.findall(sample.lower())
    for word in words:
        for language in _LANGUAGES_OF.get(word, ()):
            votes[language] += 1
    (best, most), (_, following), *_ = sorted(votes.items(), key=lambda one: -one[1])
    return best, most, following, len(words)


def sentence_spans(text: str, start: int, end: int, language: str) -> list[Span]:
    """The sentences of ``text[start:end]``, without the white space between them, in order."""
    spans: list[Span] = []
    begun = start
    while start < end:
        last = min(end, start + _WINDOW)
        found = _found(text, start, last, language)
        if last < end and not found[1:]:
            start = cut_near(text, last, start, end)  # the sentence goes on beyond the window
            continue
        if last < end:
            last = found.pop().start  # the window cuts this sentence; the next window begins with it
        # Earlier windows in which no sentence ended are the beginning of this one.
        first = stripped(text, begun, found[0].end if found else last)
        spans += [first, *found[1:]] if first.end > first.start else []
        begun = start = last
    return spans


def cut_near(text: str, place: int, start: int, end: int) -> int:
    """A place to cut ``text[start:end]`` near the one given: after white space where there is some nearby.

    Elsewhere a letter is not separated from the marks that belong to it (accents, joiners, skin tones, flags),
    unless there is nothing but marks.
    """
    nearest = range(max(start + 1, place - _NEAR), min(end, place + _NEAR))
    by_distance = sorted(nearest, key=lambda at: abs(at - place))
    spaces = (at for at in by_distance if text[at - 1].isspace() and not text[at].isspace())
    return next(spaces, None) or next((at for at in by_distance if not _belongs(text, at)), place)


_NEAR = 40


def _belongs(text: str, at: int) -> bool:
    """Whether the character there belongs to the one before it."""
    before, here = text[at - 1], text[at]
    if unicodedata.category(here) in ("Mn", "Mc", "Me", "Cf") or unicodedata.category(before) == "Cf":
        return True
    tones = "\U0001f3fb" <= here <= "\U0001f3ff"
    flags = "\U0001f1e6" <= here <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff"
    jamo = "\u1160" <= here <= "\u11ff"
    return tones or flags or jamo or before + here == "\r\n"


def stripped(text: str, start: int, end: int) -> Span:
    """The stretch without white space at its ends; empty if there is only white space."""
    stretch = text[start:end]
    left = start + len(stretch) - len(stretch.lstrip())
    return Span(left, max(left, start + len(stretch.rstrip())))


def _found(text: str, start: int, end: int, language: str) -> list[Span]:
    import sentencex

    boundaries = sentencex.get_sentence_boundaries(language, text[start:end])
    spans = (stripped(text, start + found["start_index"], start + found["end_index"]) for found in boundaries)
    return _with_their_notes(text, [span for span in spans if span.end > span.start])


def _with_their_notes(text: str, spans: list[Span]) -> list[Span]:
    """The sentences with the raised figures that touch their ends (short.¹ This); these begin no sentence."""
    for at in range(1, len(spans)):
        before, span = spans[at - 1], spans[at]
        if text[span.start] in FIGURES and span.start == before.end:
            figures = len(text[span.start : span.end]) - len(text[span.start : span.end].lstrip(_RAISED))
            rest = stripped(text, span.start + figures, span.end)
            if rest.end > rest.start:
                spans[at - 1], spans[at] = Span(before.start, span.start + figures), rest
    return spans


_RAISED = FIGURES + ",–-"
