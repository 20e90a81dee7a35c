from __future__ import annotations

import pytest

from nrqa.checking.citing.bibliography import Entry
from nrqa.checking.citing.names import Names, names_of
from nrqa.checking.drafts import read_draft
from nrqa.checking.reading.formats import read_written
from nrqa.records import Document

DOCUMENTS = (
    ("trust.html", {"author": "Ana García Márquez", "date": "2018-12-08"}),
    ("krise.md", {"author": "Müller-Lüdenscheidt, Hans", "date": "2021-10-20"}),
    ("water.pdf", {"author": "A. J. Harrow", "date": "2026-11-29"}),
    ("lease.md", {"author": ["Okafor, Ngozi", "Smith & Partners LLP"], "year": "2019"}),
    ("one.md", {"author": "Jane Smith", "date": "2020"}),
    ("two.md", {"author": "Bob Smith; Kim Lee", "date": "2020"}),
    ("own.md", {"author": "Somebody", "date": "1999", "citation key": "Own:Key_1"}),
    ("speech.md", {"author": "Theresa May", "date": "2019"}),
)


def _names(*entries: Entry) -> Names:
    documents = [Document(name, f"The title of {name}", "", "", facts) for name, facts in DOCUMENTS]  # type: ignore[arg-type]
    return names_of(documents, entries)


NAMES = _names()


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("García Márquez 2018", ["trust.html"]),
        ("García Márquez, 2018, p. 3", ["trust.html"]),
        ("Garcia Marquez (2018)", ["trust.html"]),
        ("see Márquez 2018a: 12", ["trust.html"]),
        ("Müller-Lüdenscheidt 2021", ["krise.md"]),
        ("Mueller-Luedenscheidt, 2021, S. 4", ["krise.md"]),
        ("Okafor et al., 2019", ["lease.md"]),
        ("Okafor and Smith 2019", ["lease.md"]),
        ("Smith & Lee 2020", ["two.md"]),
        ("Lee 2020", ["two.md"]),
        ("Jane Smith 2020", ["one.md"]),
        ("Harrow 2011", ["water.pdf"]),
        ("García Márquez 2018; Lee et al., 2020", ["trust.html", "two.md"]),
        ("@garciamarquez2018", ["trust.html"]),
        ("@GarciaMarquez2018trust, p. 3", ["trust.html"]),
        ("see @{harrow_2011}, p. 145", ["water.pdf"]),
        ("-@muller2021", ["krise.md"]),
        ("@Own:Key_1", ["own.md"]),
        ("@okafor2019; @lee2020", ["lease.md", "two.md"]),
    ],
)
def test_authors_with_a_year_and_keys_mean_documents(text: str, documents: list[str]) -> None:
    assert [name for one in NAMES.meanings(text) for name in one.documents] == documents


@pytest.mark.parametrize(
    "text",
    ["García Márquez 2017", "Jones 2020", "Jones & Lee 2020", "May 2019", "Partners of 2019", "@nobody1999", "2018"],
)
def test_what_is_not_known_means_no_document(text: str) -> None:
    assert not any(one.documents or one.candidates for one in NAMES.meanings(text))


def test_what_may_mean_several_works_is_told_and_not_decided() -> None:
    for text in ("Smith 2020, p. 3", "@smith2020"):
        (one,) = NAMES.meanings(text)
        assert one.documents == ()
        assert one.candidates == ("one.md", "two.md")
        assert one.told.endswith("may mean any of these: one.md, two.md")


def test_an_author_whose_work_has_no_year_is_likely_only() -> None:
    (one,) = NAMES.meanings("Harrow 2011, p. 145")
    assert one.likely
    assert [place.first for place in one.places] == ["145"]
    assert not NAMES.meanings("García Márquez 2018")[0].likely


def _entry(key: str, **given: str) -> Entry:
    files = tuple(given.get("files", "").split())
    fields = {name: given.get(name, "") for name in ("title", "year", "doi", "url")}
    return Entry(key, authors=tuple(given.get("authors", "").split(" and ")), files=files, **fields)


def test_an_entry_of_a_bibliography_is_the_document_with_its_file_doi_url_title_or_author_and_year() -> None:
    names = names_of(
        [
            Document("a.pdf", "Of one", "", "", {"doi": "https://doi.org/10.1234/A.1"}),
            Document("b.html", "Of two", "", "", {"url": "https://example.org/b/"}),
            Document("c.md", "The Third: A Study", "", ""),
            Document("d.md", "Of four", "", "", {"author": "Doe, Jane", "date": "2001"}),
        ],
        [
            _entry("file", files="a.pdf"),
            _entry("doi", doi="10.1234/a.1"),
            _entry("url", url="http://www.example.org/b"),
            _entry("title", title="The Third: a study", authors="Roe, Richard", year="1999"),
            _entry("author", title="Something else", authors="Doe, J. and Roe, R.", year="2001"),
            _entry("outside", title="Not here", authors="Far, Away", year="1950"),
        ],
    )
    found = {key: names.meanings(f"@{key}")[0] for key in ("file", "doi", "url", "title", "author", "outside", "wrong")}
    assert {key: one.documents for key, one in found.items()} == {
        "file": ("a.pdf",), "doi": ("a.pdf",), "url": ("b.html",), "title": ("c.md",), "author": ("d.md",),
        "outside": (), "wrong": (),
    }  # fmt: skip
    assert found["outside"].told == "@outside is in the bibliography, but not in the corpus"
    assert found["wrong"].told == "the key @wrong is not in the bibliography"
    assert names.meanings("Roe 1999")[0].documents == ("c.md",)


def test_a_command_of_latex_cites_in_markdown_too() -> None:
    text = r"“One two three” \parencite[see][145]{harrow2011,okafor2019}."
    (one,) = read_draft(text, read_written("d.md", text.encode()).proses, NAMES, least_words=1).quotations
    assert [cited.meant.documents for cited in one.citations] == [("water.pdf",), ("lease.md",)]
    assert [place.first for place in one.citations[0].meant.places] == ["145"]
