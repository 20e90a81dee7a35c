"""Words that turn what a sentence says into its opposite, in nine languages."""

from __future__ import annotations

import re

_WORDS = {
    "en": r"not|cannot|never|no(?! ?\.? ?\d)|none|nobody|nothing|nowhere|neither|nor|without|hardly|scarcely|barely"
    r"|rarely|seldom|non(?=-\w)|\w+n['’]t|(?:fail|refus)(?:e|s|es|ed|ing)? to",
    "de": r"nicht|nie|niemals|kein\w*|ohne|weder|nichts|niemand\w*|nirgend\w*|kaum|mitnichten",
    "fr": r"ne|n(?=['’]\w)|pas|jamais|aucune?s?|sans|rien|ni|guère|nulle?s?|non",
    "es": r"no|nunca|jamás|ning[uú]n\w*|nada|nadie|sin|ni|tampoco|apenas",
    "it": r"non|mai|nessun\w*|niente|nulla|senza|né|neppure|neanche|nemmeno|mica",
    "pt": r"não|nunca|jamais|nenhu\w+|nada|ninguém|sem|nem|tampouco",
    "nl": r"niet|nooit|geen|zonder|niets|niemand|nergens|noch|nauwelijks",
    "pl": r"nie|nigdy|bez|nikt|nic|żad\w+|ani",
    "ru": r"не|ни|нет|нельзя|никогда|без|никто|ничего|ничто",
}
_NEGATIONS = {language: re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE) for language, words in _WORDS.items()}


def negations_in(text: str, language: str) -> list[str]:
    """The negations in the text as they are written, in order; none in languages that are not known."""
    known = _NEGATIONS.get(language)
    return known.findall(text) if known else []
