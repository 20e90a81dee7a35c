"""Makes one hit of all copies of a passage, in several documents or in one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from nrqa.index.rows import Stored
from nrqa.records import Citation

if TYPE_CHECKING:
    from nrqa.index.snapshot import Snapshot


_SIGNS = re.compile(r"[^\w\u0300-\u036f\u0590-\u17ff]+|_+")
"""Everything but letters and digits. Vowel signs (Hebrew to Khmer) count as letters, though not in Python's ``re``."""


@dataclass(frozen=True, slots=True)
class Group:
    """A passage, its position in the ranking (``at``), and its copies: their citations (``also``) and positions."""

    at: int
    stored: Stored
    also: tuple[Citation, ...] = ()
    copies: tuple[int, ...] = ()


def group(snapshot: Snapshot, rows: Iterable[int], k: int) -> list[Group]:
    """The first ``k`` groups of the rows, which come best first; a group has the position of its best row.

    A copy joins the group of the better row. Copies have the same words, numbers and signs; only white space, other
    forms of the same sign (dashes, quotation marks, ligatures) and Markdown's marks may differ. Passages that differ in
    one word, a decimal point or a minus are two hits: that may be what matters.
    """
    groups: list[Group] = []
    alike: dict[str, list[int]] = {}

    @cache
    def content_at(place: int) -> str:
        return _content(groups[place].stored)

    for at, row in enumerate(rows):
        stored = snapshot.stored(row)
        those = alike.setdefault(_letters(stored), [])
        content = _content(stored) if those else ""
        original = next((place for place in those if content_at(place) == content), None)
        if original is not None:
            groups[original] = _with_copy(groups[original], at, stored)
            continue
        if len(groups) == k:
            break
        those.append(len(groups))
        groups.append(Group(at, stored))
    return groups


def _letters(stored: Stored) -> str:
    """The letters and digits of the passage: copies have the same ones."""
    text = stored.passage.text
    if stored.markup and "](" in text:
        from nrqa.text.markup import readable

        text = readable(text)
    return _SIGNS.sub("", text.casefold())


def _content(stored: Stored) -> str:
    """What the passage says: two passages are copies if this is the same.

    It takes time, so it is asked only of passages whose letters and digits are the same.
    """
    from nrqa.text.markup import readable
    from nrqa.text.typography import fold

    text = stored.passage.text
    return fold(readable(text) if stored.markup else text).text.strip()


def _with_copy(one: Group, at: int, copy: Stored) -> Group:
    return replace(one, also=(*one.also, copy.passage.citation), copies=(*one.copies, at))
