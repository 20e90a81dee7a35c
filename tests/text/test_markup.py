"""Markdown without its marks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.markup import readable


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**bold** and *italic* and `code` and ~~gone~~", "bold and italic and code and gone"),
        ('[words](http://example.org/a_(b) "title") after', "words after"),
        ("[words][1] and [words][]", "words and words"),
        ("![alt](a.png) [![badge](b.svg)](http://c)", "alt badge"),
        ("## Heading", "Heading"),
        ("> quoted\n> twice", "quoted\ntwice"),
        ("a <b>bold</b> word<!-- hidden -->", "a bold word"),
        ("see <https://example.org/x> there", "see there"),
        ("snake_case and 2*3*4 and __init__", "snake_case and 2*3*4 and init"),
        ("List<String> x < y and a > b", "List<String> x < y and a > b"),
        ("| a | b |\n|---|:-:|\n| c | d |", "| a | b | | c | d |"),
        ("|---| words stay", "|---| words stay"),
        ("```python\nx = 1\n```", "x = 1"),
        ("<!-- never closed words", "<!-- never closed words"),
        ("a [bracket] alone", "a [bracket] alone"),
        ("***", "***"),
    ],
)
def test_the_words_stay_and_the_marks_go(markdown: str, words: str) -> None:
    assert readable(markdown).split() == words.split()


@given(st.text(alphabet="ab *_`[]()<>!#|~-\n.", max_size=200))
def test_no_letter_is_made_up(markdown: str) -> None:
    left = iter(markdown)
    assert all(char in left for char in readable(markdown) if char.isalnum())


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["[", "![", "<!--", "*a **b ", "_a __b ", "<http:", "<a ", "[a](", "`", "~~", "|-", "(", "> ", "[a](b(", "*"],
)
def test_the_time_grows_with_the_length_only(unit: str) -> None:
    begun = time.process_time()
    readable("word " + unit * (100_000 // len(unit)))
    assert time.process_time() - begun < 4
