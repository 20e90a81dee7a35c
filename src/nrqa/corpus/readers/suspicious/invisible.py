"""Finds characters that are invisible, or that only one font can show, in places where no script needs them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from nrqa.corpus.readers.suspicious.found import Found, name_of

_MOST_TOLD = 3
_MOST_SPELT = 80
"""Characters of a smuggled text that a flag quotes."""

_JOINERS = "\u200c\u200d\u034f"
_MARKS = "\u200e\u200f"
_FILLERS = "\u115f\u1160\u3164\uffa0"
_MONGOLIAN_MARKS = "\u180b\u180c\u180d\u180e\u180f"
_OF_FORMULAS = "\u2061\u2062\u2063\u2064"
_SOFT_HYPHEN, _ZERO_WIDTH_SPACE, _JOINER = "\u00ad", "\u200b", "\u200d"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_TAGS = "\U000e0000-\U000e007f"
_INVISIBLE = re.compile(
    rf"[{_SOFT_HYPHEN}{_JOINERS}{_FILLERS}{_MONGOLIAN_MARKS}{_ZERO_WIDTH_SPACE}{_MARKS}\u2060-\u2065\u206a-\u206f\u2800"
    rf"\ufeff\ufff0-\ufffb{_SELECTORS}{_TAGS}\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]+"
)
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]+")

_JOINED = re.compile(
    "[\u0590-\u109f\u1700-\u1cff\ua800-\ua95f\ua980-\uabff\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00011fff\U0001e800-\U0001efff]"
)
"""Scripts from Hebrew to Khmer and Mongolian, Indic extensions, Arabic forms: they are written with joiners."""
_UNSPACED = re.compile(
    "[\u0e00-\u109f\u1780-\u17ff\u1950-\u1aff\u1b00-\u1bff\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts without spaces, where a zero-width space marks a line break: Thai to Tibetan, Myanmar, Khmer, Han, kana …"""
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa1-\uffdc]")
_OF_EUROPE = re.compile("[A-Za-z\u00c0-\u052f]")
_MONGOLIAN = re.compile("[\u1800-\u18af]")
_NATION = re.compile("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
"""Tags after a black flag: the flag of England, Scotland or Wales."""
_BLACK_FLAG = "\U0001f3f4"
_PICTURES = ("So", "Sk", "Sm", "Me", "Po")
"""Categories that variation selectors and joiners turn into emoji: symbols, skin tones, keycaps, exclamation marks."""


def invisible(text: str) -> Iterator[Found]:
    """Finds runs of invisible characters in places where no script needs them."""
    for match in _INVISIBLE.finditer(text):
        run, before, after = match.group(), text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        ordinary = _is_ordinary(run, before, after) if len(run) == 1 else _is_ordinary_run(run, before, after)
        if not ordinary:
            yield Found("invisible characters", match.start(), match.end(), _told(run))


def private(text: str) -> Iterator[Found]:
    """Finds private-use characters, which only one font can show, inside words or in runs; not a single bullet."""
    for match in _PRIVATE.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        length = match.end() - match.start()
        if length > 3 or (before.isalpha() and after.isalpha()):
            what = f"{length} characters of private use" if length > 1 else "a character of private use"
            yield Found("private characters", match.start(), match.end(), what)


def _is_ordinary(char: str, before: str, after: str) -> bool:
    """Whether people write this character alone between those two."""
    if char == _SOFT_HYPHEN:
        return not (before.isdigit() and after.isdigit())
    if _is_selector(char):
        return bool(before) and not before.isspace() and not _OF_EUROPE.match(before)
    if char in _MONGOLIAN_MARKS:
        return bool(_MONGOLIAN.match(before))
    if char in _FILLERS:
        return bool(_HANGUL.match(before) or _HANGUL.match(after))
    needed = char in _OF_FORMULAS or (char == _ZERO_WIDTH_SPACE and (_UNSPACED.match(before) or _UNSPACED.match(after)))
    between_letters = before.isalnum() and after.isalnum()
    joins = _JOINED.match(before) or _JOINED.match(after)
    return bool(needed or (_is_known(char) and (not between_letters or joins)))


def _is_ordinary_run(run: str, before: str, after: str) -> bool:
    """Whether people write these characters in a row between those two."""
    if before == _BLACK_FLAG and _NATION.fullmatch(run):
        return True
    if _is_selector(run[0]):
        # An emoji such as: a heart, its variation selector, a joiner, a flame.
        rest = run.lstrip("\ufe0e\ufe0f")
        is_emoji = not rest or (rest == _JOINER and _is_picture(after))
        return _is_picture(before) and len(run) - len(rest) <= 2 and is_emoji
    needing = _UNSPACED if _ZERO_WIDTH_SPACE in run else _JOINED
    if set(run) <= {*_JOINERS, *_MARKS, _ZERO_WIDTH_SPACE} and (needing.match(before) or needing.match(after)):
        # Somebody typed it several times by mistake, because it is invisible.
        return len(run) <= 4
    # Two characters that do not stand inside a word are too few to hide a text.
    return len(run) == 2 and all(map(_is_known, run)) and not (before.isalnum() and after.isalnum())


def _is_known(char: str) -> bool:
    """Whether it is one of the common ones: neither a tag nor something deprecated or unassigned."""
    return char < "\u2065" or char in "\u2800\ufeff"


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _is_tag(char: str) -> bool:
    return "\U000e0000" <= char <= "\U000e007f"


def _is_picture(char: str) -> bool:
    return bool(char) and (char in "0123456789" or unicodedata.category(char) in _PICTURES)


def _told(run: str) -> str:
    """Describes the characters; if they spell a text, says which text."""
    spelt = _spelt(run)
    if spelt:
        return f"{len(run)} {'tag characters' if _is_tag(run[0]) else 'variation selectors'} that spell {spelt}"
    counts = Counter(run)
    names = [name_of(char) if count == 1 else f"{count} × {name_of(char)}" for char, count in counts.items()]
    return " and ".join(names[:_MOST_TOLD]) + (" and others" if len(names) > _MOST_TOLD else "")


def _spelt(run: str) -> str:
    """The text that tags or variation selectors spell, in quotation marks; "" if they spell none."""
    if all(map(_is_tag, run)):
        written = "".join(chr(ord(char) - 0xE0000) for char in run)
    elif len(run) > 2 and all(map(_is_selector, run)):
        codes = (ord(char) - 0xFE00 if char < "\U000e0000" else ord(char) - 0xE0100 + 16 for char in run)
        written = bytes(codes).decode("utf-8", "replace")
    else:
        return ""
    shown = " ".join("".join(char if char.isprintable() else " " for char in written).split())
    if not shown or "\ufffd" in shown:
        return ""
    return f'"{shown[:_MOST_SPELT]}{"…" if len(shown) > _MOST_SPELT else ""}"'
