"""The terms of a text: what the lexical signal counts, in every script.

Words are compared without case, accents and width (NFKD). Scripts written without spaces between words
(Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese) become overlapping pairs of characters, as in Lucene's
CJKBigramFilter; a document also holds the single characters, so that a question of one character finds it.
There is no stop-word list and no stemmer: BM25's own weights know which words are common, and a list would
have to be made for every language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Scripts without spaces between words, plus Hangul whose particles stick to the word.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
# Python's \w leaves out the vowel signs of the Indic scripts (U+0900 to U+0DFF) and would cut words there.
_INDIC = "\u0900-\u0963\u0966-\u0dff"
_RUN = re.compile(rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{_INDIC}])+")
_UNSPACED_FIRST = re.compile(f"[{_UNSPACED}]")
# English endings (NATO's, don't) and French and Italian elision (l'OTAN, qu'elle, dell'Europa).
_ENDING = re.compile(r"(?<=\w)['’](?:s|t|re|ll|ve|d|m)\b")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|dell|all|nell|sull|un)['’](?=\w)")


def document_terms(text: str) -> list[str]:
    """The terms of a passage, in order, repeated as often as they occur."""
    return [term for run, unspaced in _runs(text) for term in (_pieces(run) if unspaced else (run,))]


def question_terms(text: str) -> list[str]:
    """The distinct terms of a question, in order of appearance; empty where it has no word or number."""
    found = (term for run, unspaced in _runs(text) for term in (_pairs(run) if unspaced else (run,)))
    return list(dict.fromkeys(found))


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    folded = _fold(text)
    for match in _RUN.finditer(_ELISION.sub(" ", _ENDING.sub(" ", folded))):
        run = match.group()
        yield run, bool(_UNSPACED_FIRST.match(run))


def _fold(text: str) -> str:
    """Lower case, without accents and width; what NFKD decomposed (Hangul) is put together again."""
    # Two rounds: casefold may uncover characters that NFKD would take apart, and the other way round.
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(char for char in text if not unicodedata.combining(char) or char in _KEPT_MARKS)
    return unicodedata.normalize("NFC", text.casefold())


# Japanese voicing marks change the word (か, が); NFKD splits them off and NFC puts them back.
_KEPT_MARKS = "\u3099\u309a"


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _pieces(run: str) -> list[str]:
    return [*run, *_pairs(run)] if len(run) > 1 else [run]
