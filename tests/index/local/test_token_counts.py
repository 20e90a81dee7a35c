"""In how many passages each token stands."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nrqa.index.local.token_counts import TokenCounts

PASSAGES = st.lists(st.lists(st.integers(0, 40), max_size=8), max_size=8)


@given(PASSAGES, PASSAGES)
def test_counts_go_on_from_what_was_counted_and_lose_what_is_gone(
    before: list[list[int]], after: list[list[int]]
) -> None:
    first = TokenCounts(None)
    for ids in before:
        first.add(np.array(ids, np.int64), 1)
    numbers, counts = first.counted()
    second = TokenCounts((numbers, counts))
    for ids in after:
        second.add(np.array(ids, np.int64), 3)
    for ids in before[:2]:
        second.add(np.array(ids, np.int64), -1)
    expected: Counter[int] = Counter()
    for ids in before[2:]:
        expected.update(set(ids))
    for ids in after:
        expected.update(dict.fromkeys(set(ids), 3))
    numbers, counts = second.counted()
    assert dict(zip(numbers.tolist(), counts.tolist(), strict=True)) == {one: n for one, n in expected.items() if n}
    assert numbers.tolist() == sorted(numbers.tolist())
