from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.rendering.plain_text import harmless, unwrapped, wrapped_ends


def shown(text: str) -> str:
    return unwrapped(text, wrapped_ends(text), 0, len(text))


WRAPPED = """The committee met on the third of March and heard the report of its
    chairman, who said that the harbour would be dredged before the end of
    the year if the weather allowed it."""


def test_a_wrapped_and_indented_paragraph_is_shown_as_one_line() -> None:
    assert shown(WRAPPED) == " ".join(WRAPPED.split())


def test_so_are_several_of_them_and_the_empty_line_between_them_stays() -> None:
    one = " ".join(WRAPPED.split())
    assert shown(f"{WRAPPED}\n\n    {WRAPPED}") == f"{one}\n\n{one}"


def test_a_word_cut_at_the_end_of_a_line_keeps_its_hyphen_and_gets_no_space() -> None:
    text = "The committee met on the third of March and heard of the harbour mas-\nter that the weather allowed it."
    assert shown(text).count("harbour mas-ter that") == 1


def test_scripts_without_spaces_get_none() -> None:
    text = "委" * 35 + "\n" + "员" * 30
    assert shown(text) == "委" * 35 + "员" * 30


@pytest.mark.parametrize(
    "text",
    [
        "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\nRough winds do shake",
        "Ann Smith\n12 High Street, Upper Tidings, Somewhere in the North\nLondon",
        "def found(one):\n    return one\n",
        "- The first item of the list is as long as the others are, and\n- the second one, too, is as long as they.",
        "Name             Depth          Berth of the ship\nOuter            7.25           South of it",
        "A line longer than a hundred and thirty characters is wrapped by nobody: " + "x " * 60 + "\nyes",
        "A report on the dredging of the harbours of the northern provinces\nAnn Smith",
        "one line only",
        "",
    ],
)
def test_lines_that_are_meant_stay(text: str) -> None:
    assert shown(text) == harmless(text)


@given(st.text(alphabet="ab .-\n\t", max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_nothing_but_white_space_is_changed_and_stretches_join_to_the_whole(text: str, one: int, other: int) -> None:
    wraps = wrapped_ends(text)
    first, last = sorted((min(one, len(text)), min(other, len(text))))
    parts = [unwrapped(text, wraps, start, end) for start, end in pairwise([0, first, last, len(text)])]
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_time_grows_with_the_length() -> None:
    began = time.process_time()
    for bad in (" " * 200_000, "a" + " " * 200_000 + "\n" + "b" * 60, "\n \t" * 70_000, "a b\n" * 50_000):
        wrapped_ends(bad)
    assert time.process_time() - began < 2
