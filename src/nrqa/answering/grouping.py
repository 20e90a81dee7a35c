"""Makes one hit of all copies of a passage, in several documents or in one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nrqa.index.catalog import Stored
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

    A copy joins the group of the better row. Copies have the same letters and digits in the same order; signs, spaces
    and letter case may differ.
    Passages that differ in one word are two hits: that word may be the one that matters.
    """
    groups: list[Group] = []
    known: dict[str, int] = {}
    for at, row in enumerate(rows):
        stored = snapshot.stored(row)
        said = _SIGNS.sub("", stored.passage.text.casefold())
        if said in known:
            groups = [_with_copy(one, at, stored) if one.stored.row == known[said] else one for one in groups]
            continue
        if len(groups) == k:
            break
        groups.append(Group(at, stored))
        known[said] = row
    return groups


def _with_copy(one: Group, at: int, copy: Stored) -> Group:
    return replace(one, also=(*one.also, copy.passage.citation), copies=(*one.copies, at))
