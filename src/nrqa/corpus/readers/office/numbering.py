"""Counts the numbers of a document's lists and headings as Word does, because the file does not contain them.

Bullets are not numbers. A number in an unknown number format is left out, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nrqa.corpus.readers.office.docx_styles import W
from nrqa.corpus.readers.shared.xml import Element

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_SMALL = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Level:
    """How the items of one level of a list are numbered."""

    start: int
    count: str
    """The number format, such as "decimal"."""
    pattern: str
    """How the number is composed of the numbers of levels: "%1.%2"."""
    restarts: bool = True
    plain: bool = False
    """Whether the numbers of the levels above are also written in decimal digits."""


@dataclass(slots=True)
class Numbering:
    """Counts the items of a document's lists, one after another.

    ``levels`` holds the levels of each list, by list and then by level from 0. Lists with the same ``shared``
    definition continue each other's numbers. ``restarts`` holds, by list, the levels that restart, each with the number
    at which it restarts.
    """

    levels: dict[str, Mapping[int, Level]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def has(self, list_id: str) -> bool:
        """Whether there is such a list."""
        return list_id in self.levels

    def next(self, list_id: str, level: int) -> str:
        """The number of the next item of a list at a level, counted from 0; "" if the item shows no number."""
        levels = self.levels.get(list_id, {})
        its = levels.get(level)
        if its is None:
            return ""
        counts = self._counts.setdefault(self.shared.get(list_id, list_id), {})
        anew = self.restarts.get(list_id, {}).pop(level, None)
        if anew is not None:
            counts[level] = anew
        else:
            counts[level] = counts[level] + 1 if level in counts else its.start
        for at, one in levels.items():
            if at > level and one.restarts:
                counts.pop(at, None)
            elif at < level:
                counts.setdefault(at, one.start)
        return _written(its, levels, counts)


def read_numbering(root: Element | None) -> Numbering:
    """The lists of the part ``numbering.xml``."""
    if root is None:
        return Numbering()
    abstract = {one.get(W + "abstractNumId", ""): one for one in root.findall(W + "abstractNum")}
    linked = {
        link.get(W + "val", ""): name
        for name, one in abstract.items()
        if (link := one.find(W + "styleLink")) is not None
    }
    levels: dict[str, Mapping[int, Level]] = {}
    shared: dict[str, str] = {}
    restarts: dict[str, dict[int, int]] = {}
    for number in root.findall(W + "num"):
        name = number.get(W + "numId", "")
        definition = _of(number, "abstractNumId")
        link = abstract[definition].find(W + "numStyleLink") if definition in abstract else None
        if link is not None:
            definition = linked.get(link.get(W + "val", ""), definition)
        if definition not in abstract:
            continue
        its = dict(map(_level, abstract[definition].findall(W + "lvl")))
        for override in number.findall(W + "lvlOverride"):
            at = _number(override.get(W + "ilvl"), 0)
            for one in override.findall(W + "lvl"):
                its[at] = _level(one)[1]
            start = override.find(W + "startOverride")
            if start is not None:
                restarts.setdefault(name, {})[at] = _number(start.get(W + "val"), 1)
        levels[name], shared[name] = its, definition
    return Numbering(levels, shared, restarts)


def _level(one: Element) -> tuple[int, Level]:
    restart = one.find(W + "lvlRestart")
    return _number(one.get(W + "ilvl"), 0), Level(
        start=_number(_of(one, "start"), 0),
        count=_of(one, "numFmt") or "decimal",
        pattern=_of(one, "lvlText"),
        restarts=restart is None or restart.get(W + "val") != "0",
        plain=one.find(W + "isLgl") is not None,
    )


def _written(its: Level, levels: Mapping[int, Level], counts: Mapping[int, int]) -> str:
    if its.count == "bullet" or not _PLACE.search(its.pattern):
        return ""
    known = True

    def number(match: re.Match[str]) -> str:
        nonlocal known
        at = int(match[1]) - 1
        count = levels[at].count if at in levels and not its.plain else "decimal"
        written = counted(counts.get(at, 1), count)
        known &= written is not None
        return written or ""

    text = _PLACE.sub(number, its.pattern)
    return " ".join(text.split()) if known else ""


def counted(number: int, count: str) -> str | None:
    """The number written in one of Word's number formats; None if the format is not known here."""
    if count == "none":
        return ""
    if count in ("decimal", "decimalZero"):
        return f"{number:02d}" if count == "decimalZero" else str(number)
    if count in ("lowerLetter", "upperLetter") and number > 0:
        # a to z, then aa, bb: Word repeats the letter, and does not continue with ab.
        letter = chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letter.upper() if count == "upperLetter" else letter
    if count in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = ""
        for value, sign in (*_ROMAN, *_ROMAN_SMALL):
            roman += sign * (number // value)
            number %= value
        return roman.upper() if count == "upperRoman" else roman
    return None


def _of(parent: Element, name: str) -> str:
    found = parent.find(W + name)
    return "" if found is None else str(found.get(W + "val", ""))


def _number(written: str | None, default: int) -> int:
    return (
        int(written)
        if written is not None and written.isascii() and written.isdecimal() and len(written) < 6
        else default
    )
