"""Editorial signs in a quotation: [...] and … for words left out, [brackets] for words added or changed, [sic]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nrqa.checking.quoting.source import EDGE, Source, key_of
from nrqa.text.typography import LETTER, fold


@dataclass(frozen=True, slots=True)
class Part:
    """Words, or a sign: a gap, a bracket, or bracketed letters: one before a word, some inside it, or its ending.

    ``glued`` is True for a bracket that a word follows without a space, as in [un]able.
    """

    kind: Literal["words", "gap", "bracket", "letter", "inner", "tail"]
    text: str
    glued: bool = False


def parts_of(quotation: str) -> list[Part]:
    """The quotation's words and editorial signs, in order, without [sic]."""
    folded = _SIC.sub("", fold(quotation).text)
    parts: list[Part] = []
    at = 0
    for found in _SIGN.finditer(folded):
        _add_words(parts, folded[at : found.start()])
        at = found.end()
        if found["gap"]:
            parts.append(Part("gap", found.group()))
        elif found["inner"]:
            parts.append(Part("inner", found.group()[1:-1]))
        elif found["letter"]:
            parts.append(Part("letter", found.group()[1]))
        elif found["tail"]:
            parts.append(Part("tail", found.group()[1:-1]))
        else:
            parts.append(Part("bracket", found.group()[1:-1], glued=folded[at : at + 1].isalpha()))
    _add_words(parts, folded[at:])
    return parts


def pieces_of(quotation: str) -> list[str]:
    """The pieces of a quotation between its editorial signs; its source should have each of them unbroken."""
    return [one.text for one in parts_of(quotation) if one.kind == "words"] or [quotation]


def whole_pieces(parts: Sequence[Part]) -> list[str]:
    """The pieces between signs of omission and brackets, with the bracketed letters in their words."""
    pieces: list[str] = []
    goes_on = False
    for at, one in enumerate(parts):
        if one.kind in ("gap", "bracket"):
            goes_on = False
            continue
        if goes_on:
            parted = parts[at - 1].kind == "tail" or one.kind == "letter"
            pieces[-1] += f"{' ' if parted and one.text[:1].isalnum() else ''}{one.text}"
        else:
            pieces.append(one.text)
        goes_on = True
    return pieces


def without_signs(quotation: str) -> str:
    """The words of a quotation that are its source's: without those in brackets, but with single letters in them."""
    folded = _SIC.sub("", fold(quotation).text)
    return _SIGN.sub(lambda sign: " " if sign["gap"] or sign["bracket"] else sign.group()[1:-1], folded)


def has_signs(quotation: str) -> bool:
    """Whether there are any editorial signs in the quotation."""
    folded = fold(quotation).text
    return bool(_SIGN.search(folded) or _SIC.search(folded))


def signs_are_the_sources(quotation: str, source: Source) -> bool:
    """Whether the quotation's signs are brackets that the source itself has."""
    signs = list(_SIGN.finditer(fold(quotation).text))
    return bool(signs) and all(not one["gap"] and one.group() in source.folded for one in signs)


# Three dots, or six in Chinese and Japanese, beside a full stop or not. These have words for it, too: "left out here".
_GAP = r"\[(?: ?\.){3,7} ?\]|\((?: ?\.){3,7} ?\)|(?<!\.)\.(?: ?\.){2,6}(?!\.)|[\[(][中前後后下]?略[\])]"
_SIC = re.compile(r"\s*[\[(](?:sic|!|sic!|sic erat scriptum)[\])]", re.IGNORECASE)
_SIGN = re.compile(
    rf"(?P<gap>{_GAP})"
    rf"|(?P<inner>(?<={LETTER})\[{LETTER}{{1,8}}\](?={LETTER}))"
    rf"|(?P<letter>\[{LETTER}\](?={LETTER}))|(?P<tail>(?<={LETTER})\[{LETTER}{{1,8}}\])"
    r"|(?P<bracket>\[[^\[\]]{1,200}\])",
    re.IGNORECASE,
)


def _add_words(parts: list[Part], text: str) -> None:
    key = key_of(text).strip(EDGE if _after_sign(parts) else " ")
    if key:
        parts.append(Part("words", key))


def _after_sign(parts: Sequence[Part]) -> bool:
    return not parts or parts[-1].kind in ("gap", "bracket")
