"""Words on pages: packed and found again, and put together to rectangles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nrqa.corpus.passages.word_boxes import Word, pack, rectangles, words_of
from nrqa.records import PageWords, Rectangle

# "one two / three" on one page, "four" at the top of a second column, "five" on the next page.
FIRST = PageWords(
    1,
    0,
    18,
    pack(
        [
            Word(0, 3, 72, 700, 90, 710),
            Word(4, 7, 94, 700, 112, 712),
            Word(8, 13, 72, 686, 100, 696),
            Word(14, 18, 320, 700, 340, 710),
        ]
    ),
)
SECOND = PageWords(2, 19, 23, pack([Word(19, 23, 72, 700, 92, 710)]))


def test_words_on_a_line_are_one_rectangle_and_lines_columns_and_pages_are_apart() -> None:
    assert rectangles([FIRST, SECOND], 0, 23) == (
        Rectangle(1, 72, 700, 112, 712),
        Rectangle(1, 72, 686, 100, 696),
        Rectangle(1, 320, 700, 340, 710),
        Rectangle(2, 72, 700, 92, 710),
    )


def test_only_what_the_span_touches_is_boxed() -> None:
    assert rectangles([FIRST, SECOND], 5, 6) == (Rectangle(1, 94, 700, 112, 712),)
    assert rectangles([FIRST, SECOND], 3, 4) == ()


def test_lines_from_right_to_left_are_one_rectangle() -> None:
    words = pack([Word(0, 3, 300, 700, 330, 710), Word(4, 7, 260, 700, 295, 710)])
    assert rectangles([PageWords(1, 0, 7, words)], 0, 7) == (Rectangle(1, 260, 700, 330, 710),)


@given(
    st.lists(
        st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), *[st.floats(width=32, allow_nan=False)] * 4)
    )
)
def test_what_is_packed_comes_out_again(words: list[tuple[int, int, float, float, float, float]]) -> None:
    given_words = [Word(*one) for one in words]
    assert list(words_of(PageWords(1, 0, 1, pack(given_words)))) == given_words
