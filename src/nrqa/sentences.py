"""Where sentences begin and end, in any language, by sentencex."""

from __future__ import annotations

import re

from nrqa.records import Span

_WORDS = re.compile(r"[^\W\d_]+")
_SAMPLE = 4000
# The commonest short words of each language: enough to tell which list of abbreviations holds.
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
    """The code of the language whose rules should end the sentences of this text; "en" where nothing tells."""
    sample = text[:_SAMPLE]
    for language, script in _SCRIPTS:
        # A tenth of the characters: Japanese mixes kana with many Chinese characters.
        if len(script.findall(sample)) * 10 > len(sample):
            return language
    votes = dict.fromkeys(_FUNCTION_WORDS, 0)
    for word in _WORDS.findall(sample.lower()):
        for language in _LANGUAGES_OF.get(word, ()):
            votes[language] += 1
    best = max(votes, key=lambda language: votes[language])
    return best if votes[best] else "en"


def sentence_spans(text: str, start: int, end: int, language: str) -> list[Span]:
    """The sentences of ``text[start:end]``, without the white space between them, in order."""
    import sentencex

    spans = []
    stretch = text[start:end]
    for found in sentencex.get_sentence_boundaries(language, stretch):
        first, last = found["start_index"], found["end_index"]
        piece = stretch[first:last]
        first += len(piece) - len(piece.lstrip())
        last -= len(piece) - len(piece.rstrip())
        if last > first:
            spans.append(Span(start + first, start + last))
    return spans
