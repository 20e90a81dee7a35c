"""YAML front matter and header lines."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.corpus.readers.shared.metadata import front_matter, header_lines


def meta(yaml: str) -> dict[str, str | list[str]]:
    return front_matter(f"---\n{yaml}\n---\nText.\n")[0]


def test_scalars_and_lists_become_text() -> None:
    assert meta("Title: A Report\nauthor: [Ann, Bob]\ntags:\n  - x\n  - y\nempty:\nnothing: null") == {
        "title": "A Report",
        "author": ["Ann", "Bob"],
        "tags": ["x", "y"],
    }


def test_values_stay_as_they_were_written() -> None:
    assert meta("date: 2021-10-20\nat: 12:30\nversion: 1.10\nnorway: no\nyear: 2021\nzip: 01234") == {
        "date": "2021-10-20",
        "at": "12:30",
        "version": "1.10",
        "norway": "no",
        "year": "2021",
        "zip": "01234",
    }


def test_the_text_begins_after_the_closing_line() -> None:
    for end in ("\n", "\r\n", "\r"):
        text = f"---{end}title: X{end}---{end}Text."
        metadata, offset = front_matter(text)
        assert metadata == {"title": "X"}
        assert text[offset:] == f"{end}Text."


def test_what_yaml_cannot_parse_is_read_line_by_line() -> None:
    assert meta('title: NATO: a history\nauthor: "Ann') == {"title": "NATO: a history", "author": "Ann"}


def test_prose_between_two_rules_is_no_front_matter() -> None:
    prose = "---\nA first line of prose\nNote: this is not metadata: [\nand a third\n---\nText."
    assert front_matter(prose) == ({}, 0)


@pytest.mark.parametrize("text", ["---\ntitle: X\n\nNo end.", "\n---\ntitle: X\n---\n", "text", "", "---", "--- \n---"])
def test_unterminated_or_misplaced_front_matter_is_text(text: str) -> None:
    assert front_matter(text) == ({}, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        "a: &a {x: y}\n"
        + "".join(
            f"{b}: &{b} {{<<: [{','.join(['*' + a] * 9)}]}}\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "a: " + "[" * 20_000,
        "a: " + "{a: " * 5_000,
        "- " * 20_000,
        "? " * 20_000,
        "a: &a [*a]",
        "a: !!python/object/apply:os.system ['true']",
        "a: !!int " + "9" * 10_000,
        "k: " + "x" * 50_000,
        "? [a, b]\n: c",
    ],
)
def test_hostile_yaml_is_harmless_and_quick(bomb: str) -> None:
    begun = time.process_time()
    metadata, _ = front_matter(f"---\n{bomb}\n---\nText.\n")
    assert time.process_time() - begun < 4
    assert len(str(metadata)) < 200_000


def test_nested_values_are_left_out() -> None:
    assert meta("a: {b: c}\nd: [e, [f], {g: h}]") == {"d": ["e"]}


@given(st.text(max_size=200))
def test_any_front_matter_gives_text_values_only(yaml: str) -> None:
    for key, value in meta(yaml).items():
        assert key == key.lower().strip() != ""
        assert isinstance(value, str) or all(isinstance(one, str) for one in value)


def test_lines_that_all_read_key_and_value_are_a_header() -> None:
    assert header_lines(["Domains: Géostratégie", "Regions: Asie Europe", "Nations: Russie"]) == {
        "domains": "Géostratégie",
        "regions": "Asie Europe",
        "nations": "Russie",
    }


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Warning: keep out"],
        ["Anna: Hello.", "Bob: How are you?"],
        ["Date: 2021", "and more"],
        ["One: x", "One: y"],
        ["The first four words: x", "Date: y"],
        ["Note: " + "x" * 300, "Date: y"],
    ],
)
def test_other_lines_are_no_header(lines: list[str]) -> None:
    assert header_lines(lines) == {}


def test_one_line_is_a_header_where_its_key_is_a_usual_one() -> None:
    assert header_lines(["Author: Ann B."]) == {"author": "Ann B."}


def test_front_matter_in_toml_is_metadata() -> None:
    text = (
        '+++\ntitle = "The harbour"\ndate = 2021-10-20\ndraft = false\ntags = ["sea", "trade"]\n'
        "weight = 1.50\n[extra]\nx = 1\n+++\n\nText."
    )
    metadata, end = front_matter(text)
    assert metadata == {
        "title": "The harbour", "date": "2021-10-20", "draft": "false", "tags": ["sea", "trade"], "weight": "1.50",
    }  # fmt: skip
    assert text[end:] == "\n\nText."


@pytest.mark.parametrize("text", ["+++\nno toml at all\n+++\nText.", "+++\ntitle = 'x'\n", "++++\nx\n++++\n"])
def test_what_is_no_toml_is_text(text: str) -> None:
    assert front_matter(text) == ({}, 0)


def test_the_title_in_a_header_may_be_long_and_other_values_may_not() -> None:
    assert header_lines([f"Title: {'word ' * 80}"]) == {"title": ("word " * 80).strip()}
    assert header_lines([f"Place: {'word ' * 80}", "Town: Geneva"]) == {}
