"""Words that turn what a sentence says into its opposite, in nine languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_ENGLISH = (
    r"not|cannot|never|no(?! ?\.? ?\d)|none|nobody|nothing|nowhere|neither|nor|without|hardly|scarcely|barely"
    r"|rarely|seldom|non(?=-\w)|\w+n['’]t|(?:fail|refus)(?:e|s|es|ed|ing)? to"
)
# These count in texts of every language, because the language of a short text is hard to detect.
_WORDS = (
    _ENGLISH,
    r"nicht|nie|niemals|kein\w*|ohne|weder|nichts|niemand\w*|nirgend\w*|kaum|mitnichten",  # German
    r"ne|n(?=['’]\w)|pas|jamais|aucune?s?|sans|rien|ni|guère|nulle?s?|non",  # French
    r"nunca|jamás|ning[uú]n\w*|nada|nadie|tampoco|apenas",  # Spanish
    r"nessun\w*|niente|nulla|senza|né|neppure|neanche|nemmeno",  # Italian
    r"não|nenhu\w+|ninguém|tampouco",  # Portuguese
    r"niet|nooit|geen|zonder|niets|nergens|nauwelijks",  # Dutch
    r"не|ни|нет|нельзя|никогда|без|никто|ничего|ничто",  # Russian
    r"nigdy|żad\w+",  # Polish
)
# These count in one language only, because they are ordinary words in others ("mai" in German, "sin" in English).
_ONLY = {"es": "sin(?! embargo)", "it": "mai|mica", "nl": "noch", "pt": "sem|nem", "pl": "bez|nikt|nic|ani"}
_ORDINARY = {"de": {"not"}, "it": {"ne"}, "pt": {"no"}}


def negations_in(text: str, language: str) -> list[str]:
    """The negations in the text as they are written, in order."""
    found = _negations(language if language in _ONLY else "").findall(text)
    return [one for one in found if one.casefold() not in _ORDINARY.get(language, ())]


def negated_in(text: str) -> Iterator[tuple[int, int]]:
    """Where what a negation turns into its opposite stands: the next two words after it, in the same clause."""
    for found in _negations("").finditer(text):
        words = _NEXT.match(text, found.end())
        if words:
            yield words.span()


@cache
def _negations(language: str) -> re.Pattern[str]:
    words = (*_WORDS, _ONLY[language]) if language else _WORDS
    return re.compile(rf"\b(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


_NEXT = re.compile(r"[ \u00a0-]+\w+(?:['’]\w+)?(?:[ \u00a0-]+\w+)?")
