"""Dates that stand within a text."""

from __future__ import annotations

import time

import pytest

from nrqa.text.dates_within import dates_within


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The council met on 12 March 2021 and rose.", {"12 March 2021": "2021-03-12"}),
        ("March 13, 2021", {"March 13, 2021": "2021-03-13"}),
        ("the 12th of March, 2021", {"12th of March, 2021": "2021-03-12"}),
        ("3 December 2021.", {"3 December 2021": "2021-12-03"}),
        ("am 12. März 2021 war", {"12. März 2021": "2021-03-12"}),
        ("le 1er mars 2021", {"1er mars 2021": "2021-03-01"}),
        ("el 12 de marzo de 2021", {"12 de marzo de 2021": "2021-03-12"}),
        ("12 марта 2021 года", {"12 марта 2021": "2021-03-12"}),
        ("2021年3月12日、", {"2021年3月12日": "2021-03-12"}),
        ("in March 2021", {"March 2021": "2021-03"}),
        ("2021-03-12T10:00 and 12/25/2021", {"2021-03-12": "2021-03-12", "12/25/2021": "2021-12-25"}),
        ("12.03.2021", {"12.03.2021": "2021-03-12"}),
        ("04/03/2021", {}),  # a day of which nobody knows the month
        ("1990 and 2021, 1.2.3, 192.168.1.2021", {}),
        ("31 February 2021", {}),
    ],
)  # fmt: skip
def test_dates_are_found_as_they_are_written(text: str, found: dict[str, str]) -> None:
    assert {text[start:end]: str(days) for start, end, days in dates_within(text)} == found


@pytest.mark.parametrize("unit", ["1", "2021 ", "march ", "2021-", "1.1.", "march 2021 "])
def test_a_long_text_is_read_in_time(unit: str) -> None:
    begun = time.process_time()
    list(dates_within(unit * (100_000 // len(unit))))
    assert time.process_time() - begun < 5
