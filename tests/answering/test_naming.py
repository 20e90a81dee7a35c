from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.answering.naming import names_among
from nrqa.text.terms import words_of

ENGLISH = "In May the ship reached the harbour of Bombay. It had left for tea and cloth, as the log of the mate has it."
GERMAN = "Im Mai lag das Schiff im Hafen der Stadt und trug Tee, Tuch und Seide aus dem Osten, wie der Maat schrieb."


def names(question: str, passage: str) -> set[str]:
    return {one.text for one in names_among(question, words_of(question), passage)}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did Finland join NATO", {"Finland", "NATO"}),
        ("In this agreement: Does Acme pay? Who knows and what do I do in 1998", {"Acme"}),
        ("Turkey purchase", set()),
        ("who was joseph conrad", set()),
        ("How Long Does The Ship Stay", set()),
    ],
)
def test_words_with_a_capital_are_names_where_capitals_tell_something(question: str, expected: set[str]) -> None:
    assert names(question, ENGLISH) == expected


def test_where_nouns_have_capitals_none_is_a_name() -> None:
    assert names("Wann lag das Schiff im Hafen von Bombay", GERMAN) == set()
    assert names("Wann lag das Schiff im Hafen von Bombay", ENGLISH) == {"Schiff", "Hafen", "Bombay"}


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_asked(question: str, passage: str) -> None:
    assert names(question, passage) <= {one.text for one in words_of(question)}
