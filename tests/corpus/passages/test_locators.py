"""What a format calls the place of a span."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nrqa.corpus.passages.locators import as_counted, flagging, locating, overlapping, span_of, touching_all
from nrqa.records import Flag, Locator, Place, Span

PLACES = (
    Place("sheet", "Budget", 0, 30),
    Place("row", "2", 0, 10),
    Place("row", "3", 11, 20),
    Place("row", "4", 21, 30),
    Place("sheet", "Staff", 31, 40),
)


def test_a_span_is_told_by_the_first_and_last_place_of_each_kind_that_it_touches() -> None:
    at = locating(PLACES)
    assert at(12, 15) == (Locator("sheet", "Budget", "Budget"), Locator("row", "3", "3"))
    assert at(5, 22) == (Locator("sheet", "Budget", "Budget"), Locator("row", "2", "4"))
    assert at(35, 36) == (Locator("sheet", "Staff", "Staff"),)


def test_a_span_between_places_or_in_a_format_without_any_has_none() -> None:
    assert locating(PLACES)(10, 11) == (Locator("sheet", "Budget", "Budget"),)
    assert locating(())(0, 5) == ()


@given(st.lists(st.integers(1, 9), min_size=1), st.integers(0, 60), st.integers(1, 20))
def test_the_places_named_are_those_that_share_a_character_with_the_span(
    lengths: list[int], start: int, length: int
) -> None:
    ends = [sum(lengths[: at + 1]) for at in range(len(lengths))]
    places = [Place("page", str(at), end - size, end) for at, (end, size) in enumerate(zip(ends, lengths, strict=True))]
    touched = [one.label for one in places if one.start < start + length and start < one.end]
    found = locating(places)(start, start + length)
    assert found == ((Locator("page", touched[0], touched[-1]),) if touched else ())


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10))), st.integers(0, 30), st.integers(1, 10))
def test_the_flags_of_a_span_are_those_that_touch_it(spans: list[tuple[int, int]], start: int, length: int) -> None:
    flags = sorted((Flag("x", first, first + size) for first, size in spans), key=lambda one: one.start)
    end = start + length
    touching = [
        one
        for one in flags
        if (start <= one.start <= end if one.start == one.end else one.start < end and start < one.end)
    ]
    assert flagging(flags)(start, end) == tuple(touching)


def pages(first: str, last: str = "", kind: str = "page label") -> Locator:
    return Locator(kind, first, last or first)


def test_stretches_of_labels_overlap_where_they_have_one_in_common() -> None:
    assert overlapping(pages("144", "146"), pages("145"))
    assert overlapping(pages("iv", "ix"), pages("VI"))
    assert overlapping(pages("A-1", "A-3"), pages("A-2"))
    assert overlapping(pages("viii", "2"), pages("x"))
    assert overlapping(pages("viii", "2"), pages("1"))
    assert overlapping(pages("Cover"), pages("cover"))
    assert not overlapping(pages("144", "146"), pages("147"))
    assert not overlapping(pages("viii", "2"), pages("3"))
    assert not overlapping(pages("viii", "2"), pages("iv"))
    assert not overlapping(pages("A-1", "A-3"), pages("2"))
    assert not overlapping(pages("3"), Locator("row", "3", "3"))


def test_a_page_is_the_one_on_which_the_number_is_printed_else_that_of_the_file() -> None:
    known = [[pages("2", "3", "page"), pages("iv", "1")], [pages("4", "4", "page"), pages("2")]]
    assert as_counted([pages("2", kind="page")], known) == (pages("2"),)
    assert as_counted([pages("4", kind="page")], known) == (pages("4", kind="page"),)
    assert touching_all(known[0], as_counted([pages("3", kind="page")], known))
    assert not touching_all(known[0], as_counted([pages("2", kind="page")], known))


def test_the_span_of_places_is_that_of_the_inner_one_within_the_outer() -> None:
    book = (
        Place("chapter", "One", 0, 20), Place("paragraph", "1", 0, 9), Place("paragraph", "2", 10, 20),
        Place("chapter", "Two", 21, 40), Place("paragraph", "1", 21, 30), Place("paragraph", "2", 31, 40),
    )  # fmt: skip
    chapter, paragraph = Locator("chapter", "two", "two"), Locator("paragraph", "2", "2")
    assert span_of(book, [chapter, paragraph]) == Span(31, 40)
    assert span_of(book, [chapter]) == Span(21, 40)
    assert span_of(book, [chapter, Locator("paragraph", "3", "3")]) is None
    assert span_of(book, []) is None
