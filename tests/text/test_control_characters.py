"""Nothing that is shown steers a terminal, turns the order of what stands there, or hides a text."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.control_characters import escaped_json, visible

STEERING = "\x07\x1b\x7f\x9b\u061c\u200e\u200f\u2028\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufff9\ufffb"
TAGS = "".join(map(chr, range(0xE0000, 0xE0080)))
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
texts = st.text(st.one_of(st.sampled_from(STEERING + TAGS + "🏴a\ufe0f"), st.characters()))


@given(texts)
def test_what_is_shown_holds_nothing_that_steers(text: str) -> None:
    shown = visible(text)
    assert not set(shown) & set(STEERING)
    assert not set(shown.replace(ENGLAND, "")) & set(TAGS) or "🏴" in shown


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x5FF, exclude_categories=["Cc"])))
def test_text_without_such_characters_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_hidden_texts_show_and_pictures_stay() -> None:
    assert visible(f"a{TAGS[65:80]}b") == "a\N{REPLACEMENT CHARACTER}b"
    assert visible("😀" + "\U000e0140" * 9) == "😀\N{REPLACEMENT CHARACTER}"
    assert visible("a \u202eb\u202c \x1b[31m") == "a \ufffdb\ufffd \N{SYMBOL FOR ESCAPE}[31m"
    assert visible(f"{ENGLAND} ❤️‍🔥 👩‍👧") == f"{ENGLAND} ❤️‍🔥 👩‍👧"


def test_numbers_stand_in_the_order_they_were_written_in() -> None:
    assert visible("from 100\u200f 200") == "from 100 200"


@given(texts)
def test_json_says_the_same_without_them(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    written = escaped_json(json.dumps({text: [text]}, ensure_ascii=False))
    assert json.loads(written) == {text: [text]}
    assert not set(written) & set(STEERING + TAGS)
