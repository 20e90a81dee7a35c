"""Editorial signs in a quotation: [...] and … for words left out, [brackets] for words added or changed, [sic]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nrqa.checking.quoting.source import EDGE, Source, key_of
from nrqa.text.typography import fold


@dataclass(frozen=True, slots=True)
class Part:
    """Words, or a sign: a gap, a bracket, one bracketed letter before a word, or a bracketed ending after one.

    ``glued`` is True for a bracket that a word follows without a space, as in [un]able.
    """

    kind: Literal["words", "gap", "bracket", "letter", "tail"]
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


def has_signs(quotation: str) -> bool:
    """Whether there are any editorial signs in the quotation."""
    folded = fold(quotation).text
    return bool(_SIGN.search(folded) or _SIC.search(folded))


def signs_are_the_sources(quotation: str, source: Source) -> bool:
    """Whether the quotation's signs are brackets that the source itself has."""
    signs = list(_SIGN.finditer(fold(quotation).text))
    return bool(signs) and all(not one["gap"] and one.group() in source.folded for one in signs)


_GAP = r"\[ ?\. ?\. ?\.(?: ?\.)? ?\]|\( ?\. ?\. ?\.(?: ?\.)? ?\)|(?<!\.)\.(?: ?\.){2,3}(?!\.)"
_SIC = re.compile(r"\s*[\[(](?:sic|!|sic!|sic erat scriptum)[\])]", re.IGNORECASE)
_SIGN = re.compile(
    rf"(?P<gap>{_GAP})"
    r"|(?P<letter>\[\w\](?=\w))|(?P<tail>(?<=\w)\[\w{1,8}\])|(?P<bracket>\[[^\[\]]{1,200}\])",
    re.IGNORECASE,
)


def _add_words(parts: list[Part], text: str) -> None:
    key = key_of(text).strip(EDGE if _after_sign(parts) else " ")
    if key:
        parts.append(Part("words", key))


def _after_sign(parts: Sequence[Part]) -> bool:
    return not parts or parts[-1].kind in ("gap", "bracket")
