"""Keys of passages, told apart in few bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nrqa.index.local.distinct_keys import Distinct

KEYS = st.lists(st.sampled_from([bytes([one] * 15 + [last]) for one in range(3) for last in (0, 1, 255)]))


@given(KEYS)
def test_what_is_alike_is_what_has_the_same_key(keys: list[bytes]) -> None:
    found = Distinct()
    for key in keys:
        found.append(key)
    assert [found.key(at) for at in range(len(keys))] == keys
    assert found.firsts().tolist() == [at for at, key in enumerate(keys) if keys.index(key) == at]
    for at, key in enumerate(keys):
        assert found.alike(at).tolist() == [other for other, one in enumerate(keys) if one == key]
