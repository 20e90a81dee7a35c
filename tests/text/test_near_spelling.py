"""How near two spellings are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.near_spelling import is_near

WORDS = st.text("abй", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "changes"),
    [
        ("missile", "missile", 0),
        ("missle", "missile", 1),
        ("misssile", "missile", 1),
        ("missalе", "missale", 1),
        ("msisile", "missile", 1),
        ("mисль", "мысль", 2),
        ("ca", "abc", 3),
        ("kitten", "sitting", 3),
        ("", "ab", 2),
    ],
)
def test_it_takes_so_many_changes_and_no_fewer(one: str, other: str, changes: int) -> None:
    assert is_near(one, other, changes)
    assert not is_near(one, other, changes - 1) or changes == 0


@given(WORDS, WORDS, st.integers(0, 4))
def test_it_is_the_same_both_ways(one: str, other: str, most: int) -> None:
    assert is_near(one, other, most) == is_near(other, one, most)


@given(WORDS, st.integers(0, 5), st.sampled_from("abй"))
def test_a_letter_put_in_is_one_change(word: str, at: int, letter: str) -> None:
    assert is_near(word, word[:at] + letter + word[at:], 1)
