"""What a document says of itself goes out as reference managers file it; hits of one document are one entry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from csl import SCHEMA
from nrqa.citations.verifying import verify
from nrqa.corpus.readers.document import read_document
from nrqa.records import Answer, Citation, Hit, Locator, Metadata, Passage, Searched
from nrqa.rendering.formats import Format, written
from nrqa.rendering.formats.dates import date_of, is_undated
from nrqa.rendering.formats.facts import facts_of
from nrqa.rendering.formats.item import Sources


def answer(*hits: tuple[str, int], metadata: Metadata, document: str = "a.md", locators: Any = ()) -> Answer:
    """An answer with a hit for each text and line."""
    found = [
        Hit(rank, 0.5, {}, Passage(text, Citation(document, "A title", (), 0, len(text), line, line, None, "a" * 64,
                                                  metadata, locators)))
        for rank, (text, line) in enumerate(hits, 1)
    ]  # fmt: skip
    return Answer("which?", "answered", 0.9, 1, tuple(found), Searched(1, 1))


def exported(one: Answer) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """The one entry in CSL-JSON, RIS and BibTeX, each read by a library of its own."""
    (csl,) = items = json.loads(written(one, Format.CSL_JSON, Sources()))
    jsonschema.validate(items, SCHEMA)
    (ris,) = rispy.loads(written(one, Format.RIS, Sources()))
    (bib,) = parse_string(written(one, Format.BIBTEX, Sources())).entries
    return csl, ris, {"TYPE": bib.entry_type, **{field.key: str(field.value) for field in bib.fields}}


def of_front_matter(front: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    document, _ = read_document(
        "a.md", f"---\n{front}\n---\n\nThe committee found that the talks collapsed.\n".encode()
    )
    return exported(answer(("x", 1), metadata=document.metadata))


def test_an_article_goes_out_with_its_journal_and_pages() -> None:
    csl, ris, bib = of_front_matter(
        "title: Rivers\nauthor: Doe, Jane; Roe, Richard\ndate: 2020-02-29\njournal: River Studies\nvolume: 7\n"
        "issue: 2\npages: 101–120\nissn: 1234-5678\ndoi: 10.1234/rs.7\ntype: article-journal\npublisher: Academic Press"
    )
    assert (csl["type"], ris["type_of_reference"], bib["TYPE"]) == ("article-journal", "JOUR", "article")
    assert (csl["container-title"], csl["volume"], csl["issue"], csl["page"]) == ("River Studies", "7", "2", "101-120")
    assert (ris["secondary_title"], ris["volume"], ris["number"]) == ("River Studies", "7", "2")
    assert (ris["start_page"], ris["end_page"]) == ("101", "120")
    assert (bib["journal"], bib["volume"], bib["number"], bib["pages"]) == ("River Studies", "7", "2", "101--120")
    assert (csl["ISSN"], csl["DOI"], csl["publisher"]) == ("1234-5678", "10.1234/rs.7", "Academic Press")
    assert csl["custom"]["cite"]["locator"] == "1"


@pytest.mark.parametrize(
    ("front", "csl_type", "ris_type", "bibtex_type"),
    [
        ("journal: X", "article-journal", "JOUR", "article"),
        ("container: X\nvolume: 3", "article-journal", "JOUR", "article"),
        ("booktitle: X\neditor: Lee, Ann", "chapter", "CHAP", "incollection"),
        ("isbn: 978-3-16-148410-0", "book", "BOOK", "book"),
        ("conference: X", "paper-conference", "CPAPER", "inproceedings"),
        ("type: Technical Report\ninstitution: X", "report", "RPRT", "techreport"),
        ("type: PhD thesis\nschool: X", "thesis", "THES", "phdthesis"),
        ("type: master's thesis", "thesis", "THES", "mastersthesis"),
        ("type: newspaper article", "article-newspaper", "NEWS", "article"),
        ("type: post\nurl: https://e.org/a", "post-weblog", "BLOG", "misc"),
        ("type: article\nurl: https://e.org/a", "webpage", "ELEC", "misc"),
        ("url: https://e.org/a", "webpage", "ELEC", "misc"),
        ("tags: a", "document", "GEN", "misc"),
        ("type: whatever", "document", "GEN", "misc"),
        ("identifier: 9783161484100", "book", "BOOK", "book"),
        ("identifier: 1234567890", "document", "GEN", "misc"),
    ],
)
def test_the_type_is_what_the_document_says_else_what_its_container_tells(
    front: str, csl_type: str, ris_type: str, bibtex_type: str
) -> None:
    csl, ris, bib = of_front_matter(f"title: T\n{front}")
    assert (csl["type"], ris["type_of_reference"], bib["TYPE"]) == (csl_type, ris_type, bibtex_type)


def test_year_place_edition_and_editors_are_kept() -> None:
    csl, ris, bib = of_front_matter(
        "title: T\nyear: 1999\nplace: Berlin\nedition: 2\npublisher: P\neditor: [Ann Lee, Roe; Bo Ray]"
    )
    assert csl["issued"] == {"date-parts": [[1999]]}
    assert (csl["publisher-place"], csl["edition"], csl["editor"][0]) == (
        "Berlin",
        "2",
        {"family": "Lee", "given": "Ann"},
    )
    assert (ris["place_published"], ris["edition"], ris["year"]) == ("Berlin", "2", "1999")
    assert (bib["address"], bib["edition"], bib["year"]) == ("Berlin", "2", "1999")


def test_names_and_dates_may_be_nested_as_pandoc_nests_them() -> None:
    csl, _, _ = of_front_matter(
        "title: T\nauthor:\n- family: Lee\n  given: Ann\n- name: Bo Chen\n  affiliation: [X]\n"
        "- name: {family: Ray, given: Cy}\n- literal: World Bank\nissued:\n  date-parts: [[2020, 2, 9]]"
    )
    assert csl["author"] == [
        {"family": "Lee", "given": "Ann"}, {"family": "Chen", "given": "Bo"}, {"family": "Ray", "given": "Cy"},
        {"literal": "World Bank"},
    ]  # fmt: skip
    assert csl["issued"] == {"date-parts": [[2020, 2, 9]]}


@pytest.mark.parametrize(
    ("date", "csl", "bibtex", "ris"),
    [
        ("Spring 2015", {"date-parts": [[2015]], "season": 1}, ("2015-21", "2015"), ("2015", "2015///Spring 2015")),
        ("c. 1963", {"date-parts": [[1963]], "circa": True}, ("1963~", "c. 1963"), ("1963", "1963///c. 1963")),
        ("1914-1918", {"date-parts": [[1914], [1918]]}, ("1914/1918", "1914--1918"), ("1914", "1914///1914-1918")),
        ("750 BC", {"date-parts": [[-750]]}, ("", "750 BC"), ("", "///750 BC")),
        ("forthcoming", {"literal": "forthcoming"}, ("", "forthcoming"), ("", "///forthcoming")),
    ],
)
def test_a_date_that_is_no_day_says_what_it_can(
    date: str, csl: dict[str, Any], bibtex: tuple[str, str], ris: tuple[str, str]
) -> None:
    item, record, entry = of_front_matter(f"title: T\ndate: {date}")
    assert item["issued"] == csl
    assert (entry.get("date", ""), entry["year"]) == bibtex
    assert (record.get("year", ""), record["date"]) == ris


def test_the_years_of_loose_dates() -> None:
    found = {
        words: date_of(words).years for words in ("1987/88", "2019–21", "-0750", "800–750 BCE", "[1963?]", "2015-21")
    }
    assert found == {
        "1987/88": (1987, 1988), "2019–21": (2019, 2021), "-0750": (-750, -750), "800–750 BCE": (-800, -750),
        "[1963?]": (1963, 1963), "2015-21": None,
    }  # fmt: skip


@pytest.mark.parametrize("date", ["n.d.", "today", "undated", "o. J."])
def test_no_date_is_made_of_words_that_say_there_is_none(date: str) -> None:
    assert is_undated(date)
    item, record, entry = of_front_matter(f"title: T\ndate: {date}")
    assert "issued" not in item
    assert not {"year", "date"} & ({*record} | {*entry})


def test_the_date_of_a_file_is_no_date_of_publication() -> None:
    stamps: dict[str, str | list[str]] = {
        "date": "2026-11-29",
        "created": "2026-11-29T21:21:19Z",
        "modified": "2026-11-30T08:00:00Z",
    }
    for name in ("a.pdf", "a.docx", "a.odt"):
        assert facts_of(stamps, name, is_web=False).issued is None
    assert facts_of(stamps | {"date": "2011"}, "a.pdf", is_web=False).issued == date_of("2011")
    assert facts_of(stamps | {"year": "2011"}, "a.pdf", is_web=False).issued == date_of("2011")
    assert facts_of(stamps, "note.md", is_web=False).issued == date_of("2026-11-29")


def test_hits_of_one_document_are_one_entry_with_several_cites() -> None:
    places = (Locator("page", "2", "2"), Locator("page label", "144", "144"))
    one = answer(("First words.", 3), ("Second words.", 9), metadata={}, document="a.pdf", locators=places)
    csl, ris, bib = exported(one)
    assert csl["annote"] == "First words.\n\nSecond words."
    assert csl["custom"]["cite"] == {"id": csl["id"], "label": "page", "locator": "144"}
    (other,) = csl["custom"]["further"]
    assert (other["cite"]["id"], other["nrqa"]["rank"]) == (csl["id"], 2)
    assert (ris["id"], ris["start_page"]) == (csl["id"], "144")
    assert ris["notes"][::2] == ["First words.", "Second words."]
    assert "rank 1, 2" in ris["custom1"]
    assert bib["note"].startswith("p. 144")
    assert bib["annote"] == r"First words. \par Second words."


@pytest.mark.parametrize(
    ("form", "suffix"),
    [(Format.CSL_JSON, "json"), (Format.BIBTEX, "bib"), (Format.RIS, "ris"), (Format.JSONL, "jsonl")],
)
def test_every_cite_of_an_entry_is_verified(form: Format, suffix: str, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("The first of all words.\n\nThe second of all words.\n")
    one = answer(("The first of all words.", 1), ("The second of all words.", 3), metadata={})
    file = tmp_path / f"out.{suffix}"
    file.write_text(written(one, form, Sources()), "utf-8")
    ((_, found),) = verify([file], tmp_path / "corpus", index=tmp_path / "none").files
    assert [one.judgment.status for one in found] == ["intact", "intact"]
