from __future__ import annotations

import pytest

from nrqa.checking.citing.meaning import Meant
from nrqa.checking.citing.names import names_of
from nrqa.checking.citing.places import CitedPlace, lines
from nrqa.records import Document


def page(number: int) -> CitedPlace:
    return CitedPlace("page", str(number), str(number))


DISPUTES = CitedPlace("heading", "Disputes", "Disputes")
NAMES = names_of(
    [
        Document("nato-russia.txt", "NATO and Russia today", "", ""),
        Document("x/My Report 2.md", "Force", "", "", {"url": "https://www.example.org/report/"}),
        Document("y/other.txt", "NATO and Russia today", "", ""),
    ]
)


@pytest.mark.parametrize(
    ("text", "documents", "places"),
    [
        ("nato-russia.txt:31 §Disputes #a1b2c3d4e5+411", ("nato-russia.txt",), (lines(31, 31), DISPUTES)),
        ("see nato-russia.txt:31-33", ("nato-russia.txt",), (lines(31, 33),)),
        ("nato-russia.txt, line 7", ("nato-russia.txt",), (lines(7, 7),)),
        ("corpus/nato-russia.txt", ("nato-russia.txt",), ()),
        ("cf. nato-russia", ("nato-russia.txt",), ()),
        ("nato-russia:12", ("nato-russia.txt",), (lines(12, 12),)),
        ("My Report 2.md:3", ("x/My Report 2.md",), (lines(3, 3),)),
        ("x/My%20Report%202.md:3", ("x/My Report 2.md",), (lines(3, 3),)),
        ("NATO and Russia Today, p. 3", ("nato-russia.txt", "y/other.txt"), (page(3),)),
        ("Force, S. 12", ("x/My Report 2.md",), (page(12),)),
        ("http://example.org/report#top", ("x/My Report 2.md",), (CitedPlace("anchor", "top", "top"),)),
        ("Smith 2020", (), ()),
        ("Smith, 2020, p. 4", (), (page(4),)),
        ("12", (), ()),
        ("https://elsewhere.org", (), ()),
        ("gone.txt:12", (), ()),
    ],
)
def test_what_a_citation_means(text: str, documents: tuple[str, ...], places: tuple[CitedPlace, ...]) -> None:
    assert NAMES.meanings(text) == (Meant(documents, places),)


@pytest.mark.parametrize(
    "text",
    [
        "about 3 million",
        "or so",
        "the force of it",
        "in the 1990s",
        "March 1950",
        "born in Berlin in 1950",
        "Berlin, 3 May 1950",
        "emphasis added",
        "sic",
    ],
)
def test_a_remark_is_no_citation(text: str) -> None:
    assert NAMES.meanings(text) == ()


def test_a_title_between_quotation_marks_is_one_only_where_it_is_long() -> None:
    assert NAMES.titled("Force") is None
    assert NAMES.titled("nato and russia today") is None
    long = names_of([Document("a.txt", "The Persistence of Tensions in Europe", "", "")])
    assert long.titled("The persistence of tensions in Europe") == Meant(("a.txt",))
