"""What a filter asks of metadata: one of some values, or within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.errors import QuestionError
from nrqa.index.conditions import read_condition, value_of
from nrqa.indexing.reindexing import reindex

FACTS = {
    "a": ("2021", "12"),
    "b": ("2021-10-05", "300"),
    "c": ("March 2022", "7"),
    "d": ("12.03.2019", "41.5"),
    "e": ("soon", "many"),
}


@pytest.fixture
def asked(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    for name, (date, pages) in FACTS.items():
        (corpus / f"{name}.md").write_text(
            f"---\ndate: {date}\npages: {pages}\n---\nSome words about towers in {name}.\n"
        )
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"date": "2021"}, "ab"),
        ({"date": "march 2022"}, "c"),
        ({"date": "SOON"}, "e"),
        ({"date": ["2019", "2022"]}, "cd"),
        ({"date": ">=2021-10"}, "bc"),
        ({"date": ">= 2021"}, "abc"),
        ({"date": [">=2021", "<2022"]}, "ab"),
        ({"date": ">2021"}, "c"),
        ({"date": "<=2021-10"}, "bd"),
        ({"date": "2019..2021"}, "abd"),
        ({"date": "2021-10-01..2021-10-31"}, "b"),
        ({"pages": ">20"}, "bd"),
        ({"pages": "<=12"}, "ac"),
        ({"pages": "7..41.5"}, "acd"),
        ({"pages": ["7", "many"]}, "ce"),
        ({"pages": ["7", "300", ">=10"]}, "b"),
        ({"date": ">=2021", "pages": "<100"}, "ac"),
    ],
)
def test_filters_leave_what_they_say_and_nothing_else(asked: Index, where: dict[str, list[str]], found: str) -> None:
    hits = asked.ask("words about towers", where=where, k=9).hits
    assert sorted(hit.passage.citation.document for hit in hits) == [f"{name}.md" for name in found]


def test_a_period_meets_a_bound_only_where_all_its_days_do(asked: Index) -> None:
    # a.md is of some day in 2021: it may be before October.
    assert "a.md" not in {
        hit.passage.citation.document for hit in asked.ask("towers", where={"date": ">=2021-02"}, k=9).hits
    }


def test_a_bound_that_nothing_can_be_compared_with_is_refused(asked: Index) -> None:
    with pytest.raises(QuestionError, match=r"'date>=soon': 'soon' is neither a date nor a number.*date>=2021-10"):
        asked.ask("towers", where={"date": ">=soon"})


@pytest.mark.parametrize("written", ["to be .. or not", "a..b", "..", "...", "2020..", "1.5"])
def test_words_with_dots_between_are_no_range(written: str) -> None:
    assert read_condition(written).alternatives == (value_of(written),)


def test_facets_count_values_of_documents_that_are_in(
    asked: Index, corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    assert asked.snapshot.facets["pages"] == {"12": 1, "300": 1, "41.5": 1, "7": 1, "many": 1}
    (corpus / "e.md").unlink()
    (corpus / "f.md").write_text("---\npages: 7\n---\nSome more words about towers.\n")
    reindex(corpus, index, encoder=fake)
    assert asked.snapshot.facets["pages"] == {"7": 2, "12": 1, "300": 1, "41.5": 1}


def test_a_key_that_only_a_removed_document_had_is_not_known(
    asked: Index, corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    (corpus / "g.md").write_text("---\nrare: yes\n---\nSome words about gables.\n")
    reindex(corpus, index, encoder=fake)
    assert asked.ask("gables", where={"rare": "yes"}).hits
    (corpus / "g.md").unlink()
    reindex(corpus, index, encoder=fake)
    with pytest.raises(QuestionError, match="named 'rare'"):
        asked.ask("gables", where={"rare": "yes"})


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"level": ">=5"}, "ab"),
        ({"level": ">=v2"}, "c"),
        ({"level": "2019..2021"}, "d"),
        ({"price": "<15"}, "a"),
        ({"price": ">=19,9"}, "bc"),
        ({"price": "1,000..2.000.000"}, "c"),
        ({"place": "Mu\u0308nchen"}, "a"),
    ],
)
def test_values_are_compared_as_they_are_meant_and_what_looks_like_a_bound_can_be_asked_for(
    corpus: Path, index: Path, fake: FakeEncoder, where: dict[str, str], found: str
) -> None:
    facts = {
        "a": ("'>=5'", "'9,90'", "München"),
        "b": ("7", "'19.90'", "Berlin"),
        "c": ("'>=v2'", "'1,250,000'", "Rom"),
        "d": ("'2019..2021'", "x", "Wien"),
    }
    for name, (level, price, place) in facts.items():
        head = f"---\nlevel: {level}\nprice: {price}\nplace: {place}\n---\n"
        (corpus / f"{name}.md").write_text(f"{head}Some words about towers in {name}.\n")
    reindex(corpus, index, encoder=fake)
    hits = Index.open(index, encoder=fake).ask("words about towers", where=where, k=9).hits
    assert sorted(hit.passage.citation.document for hit in hits) == [f"{name}.md" for name in found]
