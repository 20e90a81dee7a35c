"""Records: JSON Lines and lists of JSON objects."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import project
from nrqa.corpus.readers.document import read_document
from nrqa.errors import UnreadableError
from nrqa.records import Flag, Place

DOCUMENTS = project.DOCUMENTS / "jsonl"


def _passages(text: str, name: str = "a.jsonl") -> list[str]:
    document, blocks = read_document(name, text.encode())
    return [document.text[one.start : one.end] for one in blocks]


def test_each_record_is_a_passage_with_its_keys() -> None:
    document, blocks = read_document("members.jsonl", (DOCUMENTS / "members.jsonl").read_bytes())
    assert len(blocks) == 32
    assert document.text[blocks[7].start : blocks[7].end] == (
        "country: Estonia\naccession.year: 2004\ncapital: Tallinn\ninhabitants: 1.4\n"
        "remarks: Vilnius Group, hosts the cyber defence centre"
    )
    assert document.places[7] == Place("row", "8", blocks[7].start, blocks[7].end)


def test_values_stand_as_they_are_written() -> None:
    assert _passages('{"a": 1.10, "b": 1e3, "c": true, "d": null, "e": "", "f": NaN, "a": "again\\r\\nand on"}') == [
        "a: 1.10\nb: 1e3\nc: true\nf: NaN\na: again\nand on"
    ]


def test_what_is_nested_has_dotted_names() -> None:
    assert _passages('{"who": [{"name": "Ann"}, {"name": "Bob", "at": {"x": 1}}], "tags": ["a", "b", ["c"]]}') == [
        "who.name: Ann\nwho.name: Bob\nwho.at.x: 1\ntags: a, b\ntags: c"
    ]


def test_a_long_text_stands_under_its_title() -> None:
    words = "This sentence is about missiles. " * 40
    record = {"id": 7, "title": "On war", "date": "2014-05-01", "url": "https://example.org/7", "text": words}
    document, blocks = read_document("a.jsonl", json.dumps(record).encode())
    assert [one.heading for one in blocks] == [("On war",), ("On war",)]
    assert document.text[blocks[1].start : blocks[1].end] == words.strip()
    assert document.metadata["date"] == "2014-05-01"
    assert document.metadata["url"] == "https://example.org/7"


def test_lines_that_are_no_records_are_told() -> None:
    document, blocks = read_document("a.jsonl", b'{"a": 1}\n\nnot json\n{"a": 2}\n{"a": \n')
    assert len(blocks) == 2
    end = len(document.text)
    assert document.flags == (Flag("lost text", end, end, "2 of 6 lines that cannot be read as JSON: 3, 5"),)
    assert [one.label for one in document.places] == ["1", "4"]


def test_a_list_of_records_is_read_and_other_json_is_not() -> None:
    assert _passages('[{"a": "x"}, {"a": "y"}]', "a.json") == ["a: x", "a: y"]
    for other in ('{"a": 1}', "[1, 2]", '[{"a": 1}, "b"]', '"text"'):
        with pytest.raises(UnreadableError, match="not a list of records"):
            read_document("a.json", other.encode())


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"hello\nworld\n", "a.jsonl", "not JSON Lines: line 1 is no JSON"),
        (b'[{"a": 1}, {"a"', "a.json", "damaged: not JSON"),
        (b"[" * 100_000 + b"a", "a.json", "nested too deeply"),
        (b'{"a":' * 100_000 + b"1", "a.jsonl", "line 1 is no JSON"),
        (b'{"a": null}', "a.jsonl", "no text in it"),
    ],
)
def test_what_is_no_list_of_records_has_its_reason(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document(name, data)


def test_half_characters_are_replaced() -> None:
    assert _passages('{"a": "x\\ud800y", "\\udc00": "z"}') == ["a: x\ufffdy\n\ufffd: z"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(JSON, min_size=1, max_size=5))
def test_every_plain_value_stands_in_the_text(values: list[object]) -> None:
    lines = "\n".join(json.dumps(one) for one in values)
    try:
        document, blocks = read_document("a.jsonl", lines.encode())
    except UnreadableError as error:
        assert "no text in it" in str(error)  # noqa: PT017 - the only reason there may be
        return
    for one in blocks:
        assert document.text[one.start : one.end]
    for value in values:
        if isinstance(value, str) and value.strip() and value.isprintable():
            assert value.strip() in document.text
