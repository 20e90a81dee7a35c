"""What counts as a word where quotations are measured and compared, in scripts with and without spaces."""

from __future__ import annotations

import re

from nrqa.text.typography import UNSPACED

# Python's \w leaves out accents that are not composed, and the vowel signs of the Indic scripts.
_PART = rf"(?:[^\W{UNSPACED}]|[\u0300-\u036f\u0900-\u0963\u0966-\u0dff])"
WORD = re.compile(rf"[{UNSPACED}]|{_PART}+(?:['’\-\u2010\u2011]{_PART}+)*")
"""A word with the hyphens and apostrophes inside it; in Chinese, Japanese and Thai each character by itself."""
_ALPHABETS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_CHARACTERS, _LETTERS = 2, 4
"""So many characters of Chinese or Japanese are counted as one word, since most of their words have two; and so many of
Thai, Lao, Khmer and Burmese, whose vowel and tone signs are counted too."""


def word_count(text: str) -> int:
    """How many words a text has; those of scripts without spaces are reckoned from their characters."""
    words = WORD.findall(text)
    unspaced = [word for word in words if _UNSPACED.match(word)]
    letters = sum(1 for word in unspaced if _ALPHABETS.match(word))
    return len(words) - len(unspaced) + letters // _LETTERS + (len(unspaced) - letters) // _CHARACTERS
