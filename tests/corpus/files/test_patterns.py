"""Patterns of .gitignore, in time that grows with the name and not with the pattern's stars."""

from __future__ import annotations

import time

import pytest

from nrqa.corpus.files.patterns import Patterns


@pytest.mark.parametrize(
    "pattern",
    [
        "*a*a*a*a*a*a*a*a*b",
        "**/a/**/a/**/a/**/a/**/b",
        "*" * 500 + "b",
        "a?*a?*a?*a?*a?*a?*c",
        "[a-a]*[a-a]*[a-a]*[a-a]*z",
    ],
)
def test_no_pattern_keeps_the_processor_busy(pattern: str) -> None:
    patterns = Patterns.of([pattern])
    began = time.process_time()
    for name in ("a" * 250 + ".md", "/".join("a" * 100) + "/x"):
        assert patterns.decide(name) is None
        assert patterns.decide_entry(name, folder=False) is None
    assert time.process_time() - began < 4  # backtracking takes hours


def test_a_line_that_is_no_pattern_is_named_and_the_others_hold() -> None:
    patterns = Patterns.of(["# a comment", "*.log", "[[:alpha:]]1", "\\", "!keep.log"])
    assert [number for number, _ in patterns.bad] == [3, 4]
    assert all(problem for _, problem in patterns.bad)
    assert patterns.decide("a.log") == (True, 2, "*.log")
    assert patterns.decide("keep.log") == (False, 5, "!keep.log")


@pytest.mark.parametrize(
    ("pattern", "name", "folder", "whole", "entry"),
    [
        ("foo/", "foo", True, True, True),
        ("foo/", "foo/a.md", False, True, None),
        ("foo/", "foo", False, None, None),
        ("/x/**/y", "x/1/2/y", False, True, True),
        ("a/**", "a/b", False, True, True),
        ("ü*", "übung.md", False, True, True),
    ],
)
def test_a_pattern_matches_what_git_would_match(
    pattern: str, name: str, *, folder: bool, whole: bool | None, entry: bool | None
) -> None:
    patterns = Patterns.of([pattern])
    found, itself = patterns.decide(name, folder=folder), patterns.decide_entry(name, folder=folder)
    assert (found[0] if found else None, itself[0] if itself else None) == (whole, entry)
