"""Marks in brackets: [12], [note 3], [a], [^1], [citation needed], [page 12], [¶ 12], [*123]."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from nrqa.records import Span

_NUMBER = r"[1-9]\d{0,2}[a-z]?"
_NUMBERS = rf"{_NUMBER}(?:\s?[,;–-]\s?{_NUMBER}){{0,20}}"
_NOTE = r"(?:foot|end)?notes?|n|nn|nb|fn|refs?|anm(?:erkung)?|fu(?:ß|ss)note|nota|noot|przyp(?:is)?|прим(?:ечание)?|注"
_PAGE = r"pages?|pp?|pg|seiten?|s|fol|f|página|pág|pagina"
_EDITORS = r"needed|nécessaire|souhaitée|requerida|necess[áa]ria|richiesta|fehlen|fehlt|verification|discuss"
_LINK = r"(?:\(\#[^()\s]{0,200}\))?"
# These are nowhere words of a sentence. Each is looked for only where the text has the sign, or word, before it.
_ANYWHERE = (
    (
        "[",
        re.compile(
            rf"""\[(?:
              \^\w(?:[\w.:-]{{0,58}}\w)?\]                               # [^1]
            | (?:{_NOTE})\.?\s?{_NUMBERS}\]{_LINK}                     # [note 3]
            | (?:{_PAGE})\.?\s?\d{{1,4}}[rv]?\]                        # [page 12]
            | ¶+\s?\d{{1,4}}\]                                         # [¶ 12]
            | \*{{1,4}}\d{{1,5}}\]                                      # [*123]
            | (?:[^\W\d_]+\.?[ ]){{1,3}}(?:–[ ])?(?:{_EDITORS})\]      # [citation needed]
            )""",
            re.VERBOSE | re.IGNORECASE,
        ),
    ),
    ("]_", re.compile(r" ?\[(?:#[\w.-]{0,40}|\*|\d{1,3})\]_(?!\w)")),  # reStructuredText's [1]_
    ("{", re.compile(rf"(?<![^\s.,;:!?”’]){{(?:(?:{_PAGE})\.?\s?|¶+\s?)?\d{{1,4}}}}", re.IGNORECASE)),  # {{12}}
    # A note within the text, as Pandoc, AsciiDoc and LaTeX write it.
    ("^[", re.compile(r"\^\[(?=[^\[\]]{0,100}[^\W\d_]{2})[^\[\]]{1,1000}\]")),
    ("footnote", re.compile(r"footnote(?:ref)?:[\w-]{0,40}\[[^\[\]]{1,1000}\]|\\footnote\{[^{}]{1,1000}\}")),
    ("\\cite", re.compile(r"~?\\cite[a-z]{0,8}(?:\[[^\[\]]{0,60}\])?\{[^{}]{1,200}\}")),
)
_BRACKET = re.compile(
    rf"""
    \\?\[(?:
      (?P<numbers>{_NUMBERS}\\?\]{_LINK}(?P<page>:[ ]?\d{{1,4}}(?:[–-]\d{{1,4}})?(?![\w:]))?)
    | (?P<letters>[a-z]{{1,2}}|[ivx]{{1,5}})\]{_LINK}
    | (?:[^\W\d_]{{1,12}}\.?\s?\d{{1,3}}|(?:[^\W\d_]+[ ]){{0,3}}[^\W\d_]+\?|[*†‡§]{{1,3}})\]{_LINK}
    )
    """,
    re.VERBOSE,
)
_TOUCHES = re.compile(r"(?:[^\W_]|[^\s][\"'.,;:!?…”’»›)\]%*†‡]|[.,;:!?…”’»›])\Z")
_ROMAN = re.compile(r"i{1,3}|iv|vi{0,3}|ix|xi{0,3}")
_INFLECTIONS = frozenset("denrsty")
"""Letters that an editor may put behind a word: perceive[d]. They are marks only where the letter before is one."""
_CODE = tuple(":=(,[{+*/<>|&")
"""Before a number in brackets that stands alone, these make a list of values or a range."""
_VARIABLE = re.compile(r"(?<![^\W_])[^\W\d_]\Z")
"""A single letter: what stands in brackets behind it counts its places, as in N[2]."""
_LINE_START = re.compile(r"(?:\A|\n|\r)[ \t>]*\Z")
_FAR = 40


def bracketed_marks(text: str) -> Iterator[Span]:
    """The marks in brackets (and the few in other signs that mean the same), in no order; they may overlap."""
    for sign, pattern in _ANYWHERE:
        for found in pattern.finditer(text) if sign in text else ():
            yield Span(*found.span())
    if "[" in text:
        yield from _judged_by_place(text)


def _judged_by_place(text: str) -> Iterator[Span]:
    """Numbers, letters and short words in brackets: marks where they touch a word, or number a paragraph."""
    free: list[Span] = []
    letters: set[str] = set()
    end = -1
    for found in _BRACKET.finditer(text):
        before = text[max(0, found.start() - _FAR) : found.start()]
        follows = text[found.end() : found.end() + 1].isalpha()
        if found["numbers"] and _LINE_START.search(before):
            yield _without_page(found)
        elif found.start() == end or (_TOUCHES.search(before) and not _VARIABLE.search(before)):
            if found["letters"] and (follows or not _is_note_letter(found["letters"], before[-1], letters)):
                continue
            letters.add(found["letters"])
            # "[12]: 45" behind a word may be a colon and a number; behind a comma nothing but a page can follow.
            is_colon = found["page"] and before[-1].isalnum() and " " in found["page"]
            mark = _without_page(found) if is_colon else Span(*found.span())
            end = mark.end
            yield mark
        elif found["numbers"] and not follows and before[-1:].isspace() and before.rstrip()[-1:] not in _CODE:
            free.append(_without_page(found))
    if len(free) > 1:  # the only one may be a number that an editor put in: "by [10] per cent"
        yield from free


def _is_note_letter(letter: str, before: str, letters: Container[str]) -> bool:
    """Whether a letter in brackets is no ending that an editor put behind a word."""
    if not before.isalnum() or _ROMAN.fullmatch(letter):
        return True
    return len(letter) == 1 and (letter not in _INFLECTIONS or chr(ord(letter) - 1) in letters)


def _without_page(found: re.Match[str]) -> Span:
    return Span(found.start(), found.start("page") if found["page"] else found.end())
