"""In which long documents a term stands, as a field of its row: asked for only where they are few."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Any

from nrqa.index.milvus.content import damaged, packed, unpacked

MOST = 4000
"""So many documents are listed at most, some 16 kB. A word is asked for its documents if the square root of all
documents hold it, or fewer (answering.lending): so this is enough for ten million long documents."""


def owners_field(numbers: Iterable[int] | None) -> str:
    """The field for these documents; None says that they are too many."""
    listed = None if numbers is None else sorted(numbers)
    if listed is None or len(listed) > MOST:
        return packed(None)
    return packed([*listed[:1], *(two - one for one, two in pairwise(listed))])


def owners_in(field: Any, term: str) -> list[int] | None:
    """The documents that ``owners_field`` wrote, ascending; None where they are too many."""
    what = f"the documents of '{term}'"
    steps = unpacked(field, what)
    if steps is None:
        return None
    if not isinstance(steps, list) or len(steps) > MOST or not all(type(one) is int and one >= 0 for one in steps):
        raise damaged(what, "they are no numbers")
    return [*accumulate(steps)]
