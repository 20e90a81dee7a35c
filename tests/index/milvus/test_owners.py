"""The documents of a word as a field: given back as they were, and not believed where they cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.errors import IndexDamagedError
from nrqa.index.milvus.content import packed
from nrqa.index.milvus.owners import MOST, owners_field, owners_in
from nrqa.index.milvus.schema import FIELD


@given(st.sets(st.integers(0, 2**32 - 1), max_size=50))
def test_what_is_written_is_read_back_in_order(numbers: set[int]) -> None:
    assert owners_in(owners_field(numbers), "word") == sorted(numbers)


def test_the_longest_list_fits_a_field_and_one_more_is_too_many() -> None:
    far = [one * 1_000_000 for one in range(MOST)]
    assert len(owners_field(far)) <= FIELD
    assert owners_in(owners_field(far), "word") == far
    assert owners_in(owners_field([*far, far[-1] + 1]), "word") is None


@pytest.mark.parametrize("content", [{"a": 1}, [1, "2"], [1, -1], [1] * (MOST + 1)])
def test_what_is_no_list_of_documents_is_damage(content: object) -> None:
    with pytest.raises(IndexDamagedError, match="'word'"):
        owners_in(packed(content), "word")
