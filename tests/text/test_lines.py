"""Lines as an editor counts them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.lines import line_number, line_starts, narrowed, stripped_lines

BROKEN = st.text(alphabet=st.sampled_from("ab \r\n\t\0\u2028\x85é"), max_size=60)


def test_crlf_lf_and_lone_cr_each_end_one_line() -> None:
    assert line_starts("a\r\nb\nc\rd") == [0, 3, 5, 7]


def test_other_separators_end_no_line() -> None:
    assert line_starts("a\u2028b\x85c\x0bd\x0ce") == [0]


def test_a_position_is_on_the_line_that_begins_before_it() -> None:
    starts = line_starts("ab\ncd\n")
    assert [line_number(starts, at) for at in range(6)] == [1, 1, 1, 2, 2, 2]


def test_nul_bytes_and_zero_width_marks_are_blank() -> None:
    line = narrowed("\ufeff\0 word \u200b\0", 0, 9)
    assert "\ufeff\0 word \u200b\0"[line.start : line.end] == "word"


@given(BROKEN)
def test_lines_are_as_many_as_starts_and_hold_no_outer_white_space(text: str) -> None:
    lines = stripped_lines(text)
    assert len(lines) == len(line_starts(text))
    for line, start in zip(lines, line_starts(text), strict=True):
        piece = text[line.start : line.end]
        assert line.start >= start
        assert piece == piece.strip()
        assert "\n" not in piece
        assert "\r" not in piece


@given(BROKEN)
def test_every_letter_lies_on_some_line(text: str) -> None:
    kept = "".join(text[line.start : line.end] for line in stripped_lines(text))
    assert [char for char in kept if char.isalnum()] == [char for char in text if char.isalnum()]
