from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.answering.nearly import nearly_has


@pytest.mark.parametrize("word", ["lighthouse", "ligthouse", "lighthuose", "lighthousse", "lihthouse", "lightnouse"])
def test_a_word_with_one_slip_is_nearly_there(word: str) -> None:
    assert nearly_has("The lighthouse at Skagen", word)


def test_a_word_with_another_ending_is_nearly_there() -> None:
    assert nearly_has("what Russia wants", "Russian")
    assert nearly_has("die Regelung gilt", "Regelungen")
    assert not nearly_has("what Austria wants", "Australia")


def test_short_words_and_numbers_are_there_or_not() -> None:
    assert not nearly_has("the war in Iraq", "Iran")
    assert not nearly_has("in 199834 it was", "199835")


@given(st.text(max_size=30), st.text(max_size=12))
def test_any_text_can_be_compared(text: str, word: str) -> None:
    assert nearly_has(text, word) in (True, False)
