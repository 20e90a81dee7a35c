from __future__ import annotations

import pytest

from nrqa.text.names_and_numbers import lacking, names_and_numbers_of, names_in

SENTENCE = "Putin met Joe Biden of NATO in Geneva on 16 June 2021 with 1,200 guests for $3.5 million."


def test_numbers_dates_and_names_are_found_in_order() -> None:
    assert names_and_numbers_of(SENTENCE, {"Putin"}, "en") == [
        "Putin", "Joe", "Biden", "NATO", "Geneva", "16", "June", "2021", "1,200", "3.5",
    ]  # fmt: skip


def test_the_first_word_is_a_name_only_where_it_is_one_elsewhere() -> None:
    assert names_and_numbers_of("Nobody came.", set(), "en") == []
    assert names_in(["So Putin came. Nobody saw it.", "And nobody heard Putin."]) == {"Putin"}


def test_german_nouns_are_no_names_and_full_names_are() -> None:
    found = names_and_numbers_of("Gestern traf der Kanzler im Schloss den Gast Olaf Scholz von der NATO.", set(), "de")
    assert {"Olaf", "Scholz", "NATO"} <= set(found)
    assert "Schloss" not in found


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Joe Biden and Putin in Geneva, NATO, 16 June 2021: 1200 guests, 3,5 million", []),
        ("Biden and Putin in June 2021", ["Joe", "NATO", "Geneva", "16", "1,200", "3.5"]),
    ],
)
def test_what_another_text_lacks(text: str, missing: list[str]) -> None:
    assert lacking(names_and_numbers_of(SENTENCE, {"Putin"}, "en"), text) == missing
