"""Figures above and below the line."""

from __future__ import annotations

import pytest

from nrqa.text.raised_figures import above, below, lowered, on_the_line, raised, reference


@pytest.mark.parametrize(
    ("written", "before", "shown"),
    [
        ("6", "10", "⁶"),
        ("-3", "10", "⁻³"),
        ("−3", "10", "⁻³"),
        ("n", "2", "ⁿ"),
        ("n", "word", "n"),
        ("2", "m", "²"),
        ("3, 4", "word", "³, ⁴"),
        ("1-3", "word", "¹-³"),
        ("st", "1", "st"),
        ("TM", "Pump", "TM"),
        ("[3]", "word", "[3]"),
        ("", "word", ""),
    ],
)
def test_figures_are_raised_and_letters_stay(written: str, before: str, shown: str) -> None:
    assert raised(written, before) == shown


def test_figures_are_lowered_where_they_would_touch_others() -> None:
    assert lowered("2", "101") == "₂"
    assert lowered("10", "log", "100") == "₁₀"
    assert lowered("2", "CO", " ") == "2"
    assert lowered("max", "10") == "max"


def test_what_unicode_does_not_have_is_not_raised() -> None:
    assert above("k+1") is None
    assert above("2n") == "²ⁿ"
    assert below("n") is None
    assert below("12") == "₁₂"


def test_references_to_notes_behind_words_and_numbers() -> None:
    assert reference("3", "agreed") == "³"
    assert reference("1,2", "agreed") == "¹,²"
    assert reference("a", "agreed") == "ᵃ"
    assert reference("h", "agreed") == "[h]"
    assert reference("3", "by 15") == "[3]"
    assert reference("[3]", "agreed") == "[3]"
    assert reference("*", "agreed") == "*"
    assert on_the_line("agreed¹² xᵃ") == "agreed12 xa"
