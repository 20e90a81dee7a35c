"""Finds Latin words in which Cyrillic letters stand that look the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nrqa.corpus.readers.suspicious.found import Found

_ALIKE = "аеорсухіјѕԁһԛԝАВЕКМНОРСТХІЈЅԌԚԜ"
_BESIDE = re.compile(f"[A-Za-z][{_ALIKE}]|[{_ALIKE}][A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
_LONGEST = 100
_MOST_QUOTED = 40


def mixed(text: str) -> Iterator[Found]:
    """Finds such words. A Latin name with a Russian ending is not one, nor is a word of mostly Cyrillic letters."""
    done = 0
    for match in _BESIDE.finditer(text):
        if match.start() < done:
            continue
        words = _WORD.finditer(text, max(done, match.start() - _LONGEST), match.end() + _LONGEST)
        word = next(one for one in words if one.end() > match.start())
        done = word.end()
        letters = word.group()
        others = "".join(char for char in letters if not _LATIN.match(char))
        disguised = letters.rstrip(others)
        if (
            len(letters) > 2
            and 2 * len(others) <= len(letters)
            and all(char in _ALIKE for char in others)
            and any(char in _ALIKE for char in disguised)
        ):
            what = f'"{letters[:_MOST_QUOTED]}" with {len(others)} Cyrillic letter{"s" if len(others) > 1 else ""}'
            yield Found("mixed letters", word.start(), word.end(), what)
