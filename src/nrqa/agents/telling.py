"""Results as an agent reads them: lines of nrqa's own, and text of documents set apart from them, within a budget.

Text of documents stands between ⟦ and ⟧, and only there: an agent can tell what was quoted from what is said about it,
and so can whoever reads along. Where a text has such brackets itself, more of them stand around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nrqa.rendering.plain_text import harmless, one_line
from nrqa.service.budgets import Budget, tokens_in

USUAL, LEAST, MOST = 4_000, 200, 20_000
"""Tokens of a result. Clients cut off what has more than 25,000, or write it to a file; most of it is better unread."""
_SPARE = 90
"""Tokens kept free for the line that says what is left out."""
_BRACKETS = re.compile("[⟦⟧]+")
_LONGEST_LINE = 300
"""Characters of a name, heading or title that are told."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a list: a line about it, and text that is quoted, if any, with what stands before and after it."""

    line: str
    quoted: str = ""
    before: str = ""
    after: str = ""

    def written(self) -> str:
        """The item as it is told."""
        quoted = [("before it:", self.before), ("", self.quoted), ("after it:", self.after)]
        told = [self.line, *(one for what, text in quoted if text for one in (what, quotation(text)))]
        return "\n".join(filter(None, told))


@dataclass(frozen=True, slots=True)
class Told:
    """What a tool says: lines before the items, the items, and what these are called, one and several."""

    head: str
    items: Sequence[Item] = ()
    nouns: tuple[str, str] = ("passage", "passages")
    foot: str = ""


def quotation(text: str) -> str:
    """Text of a document between brackets that it does not have itself."""
    inner = max((len(one) for one in _BRACKETS.findall(text)), default=0)
    around = inner + 1
    return f"{'⟦' * around}{harmless(text)}{'⟧' * around}"


def named(text: str) -> str:
    """A name, title or heading of a document on one line, not too long, and without brackets of ours."""
    line = _BRACKETS.sub("", one_line(text))
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"


def page(told: Told, most: int, at: int, cursor: Callable[[int], str]) -> str:
    """What fits into so many tokens, from the item at this place on, and how to get the rest.

    An item that alone is too long is cut, and says so.
    """
    beside = "\n".join(filter(None, [told.head, told.foot]))
    room = max(_SPARE, most - _SPARE)
    left = [_cut(one, room - tokens_in(beside)) for one in told.items[at:]]
    fitting = Budget(tokens=room).fitting(beside, (f"{one.written()}\n" for one in left))
    lines = [told.head, *(one.written() for one in left[:fitting]), told.foot]
    after = len(left) - fitting
    if after:
        noun = told.nouns[0] if after == 1 else told.nouns[1]
        lines.append(f"left out: {after:,} more {noun}; to go on, call again with cursor {cursor(at + fitting)}")
    return "\n".join(filter(None, lines))


def _cut(item: Item, room: int) -> Item:
    """The item, its quotation cut where it has more tokens than there is room for."""
    if not item.quoted or tokens_in(item.written()) <= room:
        return item
    if item.before or item.after:
        return _cut(replace(item, line=f"{item.line}  (what stands around it is left out)", before="", after=""), room)
    low, high = 0, len(item.quoted)
    while low < high:
        middle = (low + high + 1) // 2
        if tokens_in(_shorter(item, middle).written()) <= room:
            low = middle
        else:
            high = middle - 1
    return _shorter(item, low)


def _shorter(item: Item, length: int) -> Item:
    kept = item.quoted[:length]
    line = f"{item.line}  (cut: {len(item.quoted) - len(kept):,} of {len(item.quoted):,} characters are left out)"
    return replace(item, line=line, quoted=kept)
