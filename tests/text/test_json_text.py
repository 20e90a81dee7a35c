"""JSON as every face writes it."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from nrqa.text.control_characters import json_line, json_text

VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda some: st.lists(some, max_size=3))


@example({"": "zero\u200bwidth\ufeff\u2060"})
@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_it_is_read_back_and_steers_no_terminal(value: dict[str, object]) -> None:
    for written in (json_text(value), json_line(value)):
        assert json.loads(written) == value
        assert written.endswith("\n")
        assert not any(character < " " or "\x7f" <= character < "\xa0" for character in written.replace("\n", ""))
        assert not set(written) & set("\u202a\u202e\u2066\u200b\ufeff")


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_a_line_is_one_line(value: dict[str, object]) -> None:
    assert json_line(value).count("\n") == 1
    assert len(json_line(value).splitlines()) == 1
