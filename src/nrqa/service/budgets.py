"""How much of a result is told at once, in tokens of a language model, in bytes, or in items.

Whole items (hits, documents, quotations) are left out from the end, and how many is said exactly: a result that is cut
in silence, or in the middle of a quotation, is no evidence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
"""The way to a list in an object: its keys, and places in lists."""

_PIECES = re.compile(
    r"(?P<word>[A-Za-z]+)|(?P<digits>[0-9]+)|(?P<line>\s*\n\s*)|(?P<cyrillic>[\u0400-\u04ff])|(?P<sign>[!-~])|[^\s!-~]"
)


def tokens_in(text: str) -> int:
    """How many tokens a language model makes of a text, at most or nearly so.

    Every model cuts text otherwise, and no vocabulary comes with nrqa. The rule was set beside those that are public,
    on 460 stretches of 2,000 characters (seven languages, citations, JSON, Python). It is above o200k_base everywhere
    (1.3 to 1.6 times for English, 2 to 3 for Russian, Arabic and Hindi), above cl100k_base but for Hindi (.93) and
    Chinese (.85), and from .85 of an old tokenizer of Claude's upwards.
    """
    return round(sum(map(_tokens, _PIECES.finditer(text))))


def _tokens(found: re.Match[str]) -> float:
    length = found.end() - found.start()
    match found.lastgroup:
        case "word":
            return 1 + (length - 1) / 6
        case "digits":
            return (length + 1) / 2.5
        case "cyrillic":
            return 0.6
        case "line" | "sign":
            return 1.0
        case _:
            return 1.15


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def _one(_: str) -> int:
    return 1


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that is told at once; None sets no bound. At least one item is always told, or nobody would get on."""

    tokens: int | None = None
    bytes: int | None = None
    items: int | None = None

    def fitting(self, beside: str, items: Iterable[str]) -> int:
        """How many of the items fit, in their order, beside what is told anyway."""
        measures = [
            (most, measure)
            for most, measure in ((self.tokens, tokens_in), (self.bytes, _size), (self.items, _one))
            if most is not None
        ]
        used = [0 if measure is _one else measure(beside) for _, measure in measures]
        told = 0
        for item in items:
            used = [before + measure(item) for before, (_, measure) in zip(used, measures, strict=True)]
            if told and any(now > most for now, (most, _) in zip(used, measures, strict=True)):
                break
            told += 1
        return told


@dataclass(frozen=True, slots=True)
class Cut:
    """An object with the items of its lists that fit; how many of each list come after them, and where these begin."""

    object: dict[str, Any]
    omitted: Mapping[str, int]
    next: int | None


def cut(content: Mapping[str, Any], lists: Sequence[Path], budget: Budget, at: int = 0) -> Cut:
    """The object with its lists cut to the budget; the items of all lists, one list after another, begin at ``at``.

    A list may also be an object, whose entries are its items.
    """
    known = [(way, _items(content, way)) for way in lists]
    every = [item for _, items in known for item in items]
    shell = _with(content, {way: [] for way in lists})
    fitting = budget.fitting(_written(shell), _texts(every[at:]))
    end = at + fitting
    kept: dict[Path, list[Any]] = {}
    omitted = {}
    before = 0
    for way, items in known:
        kept[way] = items[max(0, at - before) : max(0, end - before)]
        omitted[str(way[-1])] = max(0, before + len(items) - max(end, before))
        before += len(items)
    return Cut(_with(content, kept), omitted, end if end < len(every) else None)


def _texts(items: Iterable[Any]) -> Iterator[str]:
    return (f"{_written(item)}, " for item in items)


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _at(content: Any, way: Path) -> Any:
    for step in way:
        content = content[step]
    return content


def _items(content: Any, way: Path) -> list[Any]:
    found = _at(content, way)
    return list(found.items()) if isinstance(found, Mapping) else list(found)


def _with(content: Mapping[str, Any], lists: Mapping[Path, list[Any]]) -> dict[str, Any]:
    """A copy of the object with these in place of its lists."""
    found = dict(content)
    for way, items in lists.items():
        place: Any = found
        for step in way[:-1]:
            place[step] = copy(place[step])
            place = place[step]
        place[way[-1]] = dict(items) if isinstance(_at(content, way), Mapping) else items
    return found
