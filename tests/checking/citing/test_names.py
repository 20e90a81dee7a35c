from __future__ import annotations

import sys

import pytest

from nrqa.checking.citing.meaning import Meant
from nrqa.checking.citing.names import names_of
from nrqa.checking.citing.places import CitedPlace, lines
from nrqa.checking.drafts import read_draft
from nrqa.checking.reading.formats import read_written
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


def test_a_name_that_very_many_documents_have_is_told() -> None:
    many = names_of([Document(f"{at}/readme.md", f"Title {at}", "", "") for at in range(200)])
    (one,) = many.meanings("readme.md, p. 3")
    assert one.documents == ()
    assert one.told == "“readme.md” names 200 documents: give the folder as well"
    assert many.meanings("7/readme.md")[0].documents == ("7/readme.md",)


def _work(count: int, size: int) -> int:
    """How many calls it takes to read a draft of ``size`` citations against ``count`` documents."""
    documents = [
        Document(f"the folder {at % 7}/report on subject {at}.txt", f"The long title of subject {at}", "", "", {
            "author": f"Ann Author{at % 300}", "date": str(1990 + at % 30)
        })
        for at in range(count)
    ]  # fmt: skip
    names = names_of(documents)
    shapes = (
        "(report on subject {}.txt, p. 3)", "[@author{}2001]", "(Author{} 1995)", "(ibid.)",
        "report on subject {}.txt:3", "(The long title of subject {})", "[so](x{}.txt)",
        "(see page {} and so on)", ".txt", "Author{} (1999)",
    )  # fmt: skip
    text = " ".join(f"“One two three” {shapes[at % len(shapes)].format(at)}, " for at in range(size))
    proses = read_written("d.md", text.encode()).proses
    calls = 0

    def count_call(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count_call)
    try:
        read_draft(text, proses, names, least_words=3)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.slow
def test_the_work_grows_with_the_draft_and_not_with_the_number_of_documents() -> None:
    once = _work(50, 100)
    assert _work(50, 400) < 4.4 * once
    assert _work(2_000, 100) < 1.3 * once
