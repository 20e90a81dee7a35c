from __future__ import annotations

from pathlib import Path

import pytest

import pdf_writer
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.checking.checking import check
from nrqa.checking.results import CheckedQuotation
from nrqa.indexing.reindexing import reindex

LEASE = """# Lease

## Clause 9 Termination

The landlord may not end the lease. Notice is given in writing.

## Clause 12 Repairs

The tenant keeps the rooms in repair. Notice is given in writing.
"""
PAGES = (
    "Water was always an instrument of power.",
    "Talks fail when tempers are short.",
    "Nobody signed in spring.",
)


@pytest.fixture
def opened(corpus: Path, index: Path) -> Index:
    (corpus / "lease.md").write_text(LEASE, "utf-8")
    (corpus / "labelled.pdf").write_bytes(_pdf("/PageLabels << /Nums [0 << /S /D /St 143 >>] >>"))
    (corpus / "plain.pdf").write_bytes(_pdf(""))
    (corpus / "roman.pdf").write_bytes(_pdf("/PageLabels << /Nums [0 << /S /r >> 2 << /S /D >>] >>"))
    encoder = FakeEncoder()
    reindex(corpus, index, encoder=encoder)
    return Index.open(index, encoder=encoder)


def _pdf(catalog: str) -> bytes:
    return pdf_writer.pdf(*(pdf_writer.lines([f"{text} It is so."]) for text in PAGES), catalog=catalog)


def _one(opened: Index, tmp_path: Path, text: str) -> CheckedQuotation:
    draft = tmp_path / "draft.md"
    draft.write_text(text, "utf-8")
    (one,) = check(draft, opened).quotations
    assert (one.finding, one.fine) == ("exact", True)
    return one


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        ("labelled.pdf, p. 145", ""),
        ("labelled.pdf, p. 3", ""),
        ("labelled.pdf, pp. 144–146", ""),
        ("labelled.pdf, S. 144f.", ""),
        ("labelled.pdf, pp. 143, 145", ""),
        ("labelled.pdf#page=3", ""),
        ("labelled.pdf", ""),
        ("labelled.pdf, p. 143", "page 143 is cited, and it stands on page 145 (page 3 of the file)"),
        ("labelled.pdf, pp. 143–144", "pages 143–144 are cited, and it stands on page 145 (page 3 of the file)"),
        ("labelled.pdf#page=1", "page 1 of the file is cited, and it stands on page 3 of the file"),
        ("plain.pdf, p. 3", ""),
        ("plain.pdf, p. 2", "page 2 is cited, and it stands on page 3"),
        (
            "plain.pdf, p. 145",
            "page 145 is cited, and it stands on page 3 of a file that does not say what is printed on its pages",
        ),
        ("roman.pdf, p. 1", ""),
        ("roman.pdf, p. ii", "page ii is cited, and it stands on page 1 (page 3 of the file)"),
    ],
)
def test_a_page_is_checked_by_what_is_printed_on_it_and_by_its_number(
    opened: Index, tmp_path: Path, *, cited: str, said: str
) -> None:
    one = _one(opened, tmp_path, f"“Nobody signed in spring” ({cited}).")
    assert one.notes == ((said,) if said else ())


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        ("lease.md, cl. 12", ""),
        ("lease.md § Clause 12 Repairs", ""),
        ("lease.md, § 12", ""),
        ("lease.md#clause-12-repairs", ""),
        ("lease.md, line 9", ""),
        ("lease.md § Nothing like it", ""),
        ("lease.md, § 44", ""),
        ("lease.md, p. 4", ""),
        ("lease.md § Clause 9 Termination", "“Clause 9 Termination” is cited, and it stands under “{}”"),
        ("lease.md, cl. 9", "section 9 is cited, and it stands under “{}”"),
        ("lease.md#clause-9-termination", "“clause-9-termination” is cited, and it stands under “{}”"),
        ("lease.md, lines 3–5", "lines 3–5 are cited, and it stands in line 9"),
        ("lease.md#L5", "line 5 is cited, and it stands in line 9"),
    ],
)
def test_a_line_and_a_section_are_checked(opened: Index, tmp_path: Path, *, cited: str, said: str) -> None:
    one = _one(opened, tmp_path, f"“The tenant keeps the rooms in repair” ({cited}).")
    assert one.notes == ((said.format("Clause 12 Repairs"),) if said else ())


def test_words_that_stand_in_two_places_are_looked_for_at_the_one_that_is_cited(opened: Index, tmp_path: Path) -> None:
    for clause, line in ((9, 5), (12, 9)):
        one = _one(opened, tmp_path, f"“Notice is given in writing” (lease.md, cl. {clause}).")
        assert one.notes == ()
        assert one.source is not None
        assert one.source.line_start == line


def test_the_source_of_a_quotation_names_its_own_page_and_no_other_of_its_passage(
    opened: Index, tmp_path: Path
) -> None:
    source = _one(opened, tmp_path, "“Nobody signed in spring” (labelled.pdf).").source
    assert source is not None
    assert (source.page, source.page_label) == (3, "145")
    assert [(one.first, one.last) for one in source.locators] == [("3", "3"), ("145", "145")]
