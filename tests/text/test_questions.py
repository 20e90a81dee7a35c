"""A question without what has no meaning in it."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.questions import plain

QUESTION = "why does Russia oppose missile defense"
WIDE = QUESTION.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


@pytest.mark.parametrize(
    "written",
    [
        f"{QUESTION}?",
        f"{QUESTION}?!?!",
        f"“{QUESTION}?”",
        f"»{QUESTION}«",
        f"「{QUESTION}」",
        f"（{QUESTION}）",
        f"[{QUESTION}]",
        f"¿{QUESTION}?",
        f"**{QUESTION}**",
        f"- {QUESTION}",
        f"## {QUESTION} ##",
        f"> {QUESTION}…",
        f"\x1b[1;31m{QUESTION}\x1b[0m",
        f"\x1b]0;title\x07{QUESTION}",
        f"\ufeff{QUESTION}\r\n",
        QUESTION.replace(" ", "\u00a0"),
        QUESTION.replace("miss", "mis\u00ads").replace("oppose", "op\u200bpose"),
        WIDE,
    ],
)
def test_signs_around_a_question_do_not_count(written: str) -> None:
    assert plain(written) == QUESTION


@pytest.mark.parametrize("meant", ["C++", "C#", "-20 degrees", "$5", "50%", "+49 30 901820", "F-16", "🚀", "||>", "№"])
def test_signs_with_a_meaning_stay(meant: str) -> None:
    assert plain(meant) == meant


def test_letters_are_composed_and_joiners_stay() -> None:
    assert plain(unicodedata.normalize("NFD", "Müller")) == "Müller"
    assert plain("می\u200cخواهم") == "می\u200cخواهم"


@given(st.text(max_size=60))
def test_what_is_plain_stays_and_something_is_left(text: str) -> None:
    once = plain(text)
    assert once or not text
    assert plain(once) == once or not any(char.isalnum() for char in once)


@pytest.mark.parametrize("unit", [" ", "?", "(", "# ", "a ", "\x1b", "\u00ad"])
def test_a_long_question_is_read_in_time(unit: str) -> None:
    begun = time.process_time()
    plain(unit * (200_000 // len(unit)))
    assert time.process_time() - begun < 4
