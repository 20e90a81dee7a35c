"""Whether a block of text that may be a quotation or not reads like prose."""

from __future__ import annotations

import re

from nrqa.text.written_words import WORD, word_count

_LEAST_WORDS = 6
_LEAST_PLAIN = 0.85
"""At least this share of the words of prose are made of letters, with no signs beside them but those of sentences."""
_PLAIN = re.compile(r"[(\[“„«‘'\"「『]*[^\W\d_]+(?:[’'\-–—][^\W\d_]+)*[.,;:!?…)\]”“»’'\"」』。，、]*")
_CLOSED = re.compile(r"[.!?…。！？][\"'”’“‘»«)\]」』]*\s*(?:[(\[（][^()\[\]]{2,200}[)\]）][.\s]*)?$")
_UNLIKELY = re.compile(r"[{}<>|\\=;]\s|[{}|\\]|\w\(\w*\)|^\s*[$#%]\s|://")


def reads_like_prose(text: str) -> bool:
    """Whether these are sentences: no code, table, address, or list of names."""
    words = text.split()
    if word_count(text) < _LEAST_WORDS or not _CLOSED.search(text.rstrip()) or _UNLIKELY.search(text):
        return False
    plain = sum(1 for word in words if _PLAIN.fullmatch(word))
    spaced = len(words) * 2 >= len(WORD.findall(text))
    return plain >= _LEAST_PLAIN * len(words) if spaced else True
