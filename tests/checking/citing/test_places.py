from __future__ import annotations

import pytest

from nrqa.checking.citing.places import places_in, places_right_after


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (", p. 143", "page 143-143"),
        (", pp. 33–35, 38", "page 33-35 page 38-38"),
        (", pp. 145-7 and 150", "page 145-147 page 150-150"),
        (", S. 145f.", "page 145-146"),
        (", S. 10 ff.", "page 10-"),
        (", p. iv", "page iv-iv"),
        (", p. A-3", "page A-3-A-3"),
        (", 3", "page 3-3"),
        (": 145–147.", "page 145-147"),
        (" at 3", "page 3-3"),
        (", с. 12", "page 12-12"),
        ("#page=1", "file page 1-1"),
        (", l. 19", "line 19-19"),
        (" lines 40–42", "line 40-42"),
        (", Z. 7", "line 7-7"),
        ("#L40", "line 40-40"),
        ("#L40-L45", "line 40-45"),
        (", cl. 12", "section 12-12"),
        (" § 3.2", "section 3.2-3.2"),
        (", ch. IV", "section IV-IV"),
        (", Kapitel 2", "section 2-2"),
        (" § Clause 9 Termination", "heading Clause 9 Termination-Clause 9 Termination"),
        ("#results", "anchor results-results"),
        (", slide 4", "slide 4-4"),
        (", p. 3, line 4", "page 3-3 line 4-4"),
        (", 2019, p. 3", "page 3-3"),
    ],
)
def test_places_are_read_as_they_are_written(text: str, places: str) -> None:
    assert " ".join(f"{one.kind} {one.first}-{one.last}" for one in places_in(text)) == places


@pytest.mark.parametrize(
    "text",
    [
        "", ", 2019", ", retrieved on 3 May 2019 at 3 p.m.", ", emphasis added", ", vol. 3, no. 12", " #a1b2c3d4e5+411",
        ", pages civil", ", part of the story", ", see also the other one", ", chapter and verse", ", sheets of ice",
    ],
)  # fmt: skip
def test_what_names_no_place_is_none(text: str) -> None:
    assert places_in(text) == ()


def test_in_running_text_only_what_follows_at_once_is_a_place() -> None:
    text = "study.html, p. 3, line 4, says on p. 7"
    places, end = places_right_after(text, len("study.html"))
    assert [(one.kind, one.first) for one in places] == [("page", "3"), ("line", "4")]
    assert text[end:] == ", says on p. 7"
    assert places_right_after("study.html says on p. 7", len("study.html")) == ((), len("study.html"))
