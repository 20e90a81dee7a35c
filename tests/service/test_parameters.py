"""What a request may say."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nrqa.errors import QuestionError
from nrqa.service.parameters import CONDITIONS, FLAG, GLOBS, OBJECT, Parameter, choice, text, whole

KINDS = {
    "text": text(most=5),
    "whole": whole(1, 50),
    "flag": FLAG,
    "choice": choice("newer", "older"),
    "conditions": CONDITIONS,
    "globs": GLOBS,
    "object": OBJECT,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 60) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=4), some, max_size=3),
    max_leaves=5,
)


@example("whole", [1])
@example("whole", 5.0)
@example("whole", 51)
@example("text", "")
@example("text", "longer")
@example("flag", 1)
@example("choice", ["newer"])
@example("conditions", {})
@example("conditions", {"lang": ["en", 3]})
@example("conditions", {"lang": []})
@example("conditions", {"lang": {"is": "en"}})
@example("conditions", {"": "en"})
@example("globs", [])
@example("globs", ["*.pdf"])
@given(st.sampled_from(sorted(KINDS)), JSON)
def test_what_is_taken_is_what_the_schema_allows(kind: str, value: Any) -> None:
    if kind == "whole" and isinstance(value, float):
        return  # to JSON Schema 5.0 is an integer
    parameter = Parameter("it", KINDS[kind], "")
    if jsonschema.Draft202012Validator(parameter.schema()).is_valid(value):
        parameter.of_json(value)
    else:
        with pytest.raises(QuestionError, match=r"^it is "):
            parameter.of_json(value)


@pytest.mark.parametrize(
    ("kind", "words", "value"),
    [
        ("text", ["five"], "five"),
        ("whole", ["7"], 7),
        ("flag", ["true"], True),
        ("flag", [""], True),
        ("flag", ["no"], False),
        ("choice", ["newer"], "newer"),
        ("conditions", ["lang=en", "lang=de", "date>=2020"], {"lang": ["en", "de"], "date": [">=2020"]}),
        ("globs", ["*.pdf", "a/*"], ["*.pdf", "a/*"]),
    ],
)
def test_words_of_a_query_string_become_the_same_values(kind: str, words: list[str], value: Any) -> None:
    assert Parameter("it", KINDS[kind], "").of_words(words) == value


@pytest.mark.parametrize(
    ("kind", "words", "told"),
    [
        ("whole", ["five"], "it is 'five'; it is a whole number from 1 to 50."),
        ("whole", ["٥"], "a whole number"),
        ("whole", ["9" * 30], "a whole number"),
        ("whole", ["1", "2"], "given 2 times"),
        ("flag", ["maybe"], "true or false"),
        ("conditions", ["lang"], "is no condition"),
        ("object", ["{}"], "an object of JSON"),
        ("text", ["too long"], "a text of 1 to 5 characters"),
    ],
)
def test_other_words_are_refused_with_the_remedy(kind: str, words: list[str], told: str) -> None:
    with pytest.raises(QuestionError, match=r".") as caught:
        Parameter("it", KINDS[kind], "").of_words(words)
    assert told in str(caught.value)


def test_a_lone_surrogate_becomes_what_can_be_written() -> None:
    assert Parameter("it", text(), "").of_json("a\ud800b") == "a?b"
