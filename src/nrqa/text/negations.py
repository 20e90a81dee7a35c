"""Words that turn what a sentence says into its opposite, in nine languages."""

from __future__ import annotations

import re

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
    found = _NEGATIONS.get(language, _NEGATIONS[""]).findall(text)
    return [one for one in found if one.casefold() not in _ORDINARY.get(language, ())]


def _pattern(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


_NEGATIONS = {"": _pattern(*_WORDS), **{language: _pattern(*_WORDS, only) for language, only in _ONLY.items()}}
