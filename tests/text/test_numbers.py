"""Numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.numbers import read_number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1250000", 1250000),
        ("1,250,000", 1250000),
        ("1.250.000", 1250000),
        ("1.250.000,50", 1250000.5),
        ("1,250.5", 1250.5),
        ("1 250 000", 1250000),
        ("1\u202f250,5", 1250.5),
        ("1'250", 1250),
        ("1,250", 1250),
        ("1.250", 1.25),
        ("9,90", 9.9),
        ("0,125", 0.125),
        (" -5 ", -5),
        ("\u22121,5", -1.5),
        ("1e3", 1000),
    ],
)
def test_a_number_has_the_value_that_its_writer_meant(written: str, value: float) -> None:
    assert read_number(written) == value


@pytest.mark.parametrize("written", ["", "nan", "inf", "1e999", "+-5", "1,2,3", "12,34,567", "1,250,00", "ten", "5 m"])
def test_what_is_no_number_has_no_value(written: str) -> None:
    assert read_number(written) is None


@given(st.integers(-(10**12), 10**12))
def test_separators_of_thousands_change_nothing(value: int) -> None:
    grouped = f"{value:,}"
    assert read_number(grouped) == value
    assert read_number(grouped.replace(",", "\u202f")) == value
    assert read_number(f"{grouped.replace(',', '.')},0") == value
