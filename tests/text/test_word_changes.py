from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.word_changes import Change, differing

_TEXTS = st.text(st.sampled_from("ab .,'\n-é"), max_size=40)


def test_a_changed_word_went_and_another_came() -> None:
    assert differing("the red fox ran", "the grey fox ran") == (
        Change("same", "the ", "the "),
        Change("removed", "red ", ""),
        Change("added", "", "grey "),
        Change("same", "fox ran", "fox ran"),
    )


def test_other_white_space_is_no_change() -> None:
    assert [one.kind for one in differing("a fox  ran", "a\nfox ran")] == ["same"]


@given(_TEXTS, _TEXTS)
def test_put_together_the_changes_are_the_two_texts(before: str, after: str) -> None:
    changes = differing(before, after)
    assert "".join(one.before for one in changes) == before
    assert "".join(one.after for one in changes) == after
