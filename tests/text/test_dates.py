"""Dates as people write them, no more precise than they are written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.dates import Period, read_date


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2021", "2021"),
        ("2021-10", "2021-10"),
        ("2021-10-05", "2021-10-05"),
        ("2021-10-05T12:30:00+02:00", "2021-10-05"),
        ("2021-10-05 12:30", "2021-10-05"),
        ("12 March 2021", "2021-03-12"),
        ("March 12, 2021", "2021-03-12"),
        ("Friday, 12th of March, 2021", "2021-03-12"),
        ("March 2021", "2021-03"),
        ("Oct. 2020", "2020-10"),
        ("12. März 2021", "2021-03-12"),
        ("5 août 2019", "2019-08-05"),
        ("1er janvier 2020", "2020-01-01"),
        ("3 de mayo de 2018", "2018-05-03"),
        ("7 сентября 2015 г.", "2015-09-07"),
        ("2021年3月12日", "2021-03-12"),
        ("2021年3月", "2021-03"),
        ("Mon, 20 Nov 1995 19:12:08 -0500", "1995-11-20"),
        ("20 Nov 1995 19:12 GMT", "1995-11-20"),
        ("March 12, 2021 at 3:45 pm", "2021-03-12"),
        ("12.03.2021", "2021-03-12"),
        ("12. 3. 2021", None),
        ("13/4/2021", "2021-04-13"),
        ("4/13/2021", "2021-04-13"),
        ("4/4/2021", "2021-04-04"),
        ("2021/03/12", "2021-03-12"),
        ("03/2021", "2021-03"),
        ("٢٠٢١-٠١", "2021-01"),
    ],
)
def test_what_is_meant_comes_out_as_precise_as_it_is_written(written: str, meant: str | None) -> None:
    found = read_date(written)
    assert (str(found) if found else None) == meant


def test_a_day_and_month_that_may_be_either_are_a_year() -> None:
    assert read_date("3/4/2021") == Period(date(2021, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "May", "12", "spring", "0000", "2021-13", "2021-02-30", "31/31/2021", "12 March", "Chapter 12",
     "March or April 2021", "1 to 5 March 2021", "12/3/21", "May contain 2021 nuts 5 6", "x" * 1000, "²⁰²¹"],
)  # fmt: skip
def test_what_is_no_date_of_a_certain_year_is_none(written: str) -> None:
    assert read_date(written) is None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_is_told_in_iso_and_reads_back(day: date) -> None:
    period = Period(day, day)
    assert read_date(str(period)) == period
    assert read_date(day.strftime("%d.%m.%Y")) == period


@given(st.integers(1000, 9998), st.integers(1, 12))
def test_months_and_years_hold_all_their_days(year: int, month: int) -> None:
    found = read_date(f"{year}-{month:02d}")
    assert found is not None
    assert found.first == date(year, month, 1)
    assert (found.last + timedelta(days=1)).day == 1
    assert read_date(str(found)) == found


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_not(written: str) -> None:
    found = read_date(written)
    assert found is None or found.first <= found.last
