"""Columns are named once: the index keeps what they hold, and another naming builds it anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.citations.line import cite_line
from nrqa.citations.verifying import verify
from nrqa.corpus.worker.isolation import reading
from nrqa.errors import CorpusError
from nrqa.indexing.reindexing import reindex

TABLE = "headline,body\nOn war,Some words about war.\nOn peace,Some words about peace.\n"


@pytest.fixture
def table(corpus: Path) -> Path:
    (corpus / "a.csv").write_text(TABLE)
    return corpus


def _texts(index: Path, fake: FakeEncoder) -> set[str]:
    return {hit.passage.text for hit in Index.open(index, encoder=fake).ask("words about war", k=9).hits}


def test_the_worker_is_told_what_columns_hold() -> None:
    with reading(columns={"text": ["body"]}) as read:
        document, blocks = read("a.csv", TABLE.encode())
    assert [document.text[one.start : one.end] for one in blocks] == [
        "Some words about war.",
        "Some words about peace.",
    ]


@pytest.mark.slow
def test_an_index_keeps_the_names_until_others_are_given(table: Path, index: Path, fake: FakeEncoder) -> None:
    reindex(table, index, encoder=fake)
    assert "headline: On war\nbody: Some words about war." in _texts(index, fake)
    report = reindex(table, index, encoder=fake, columns={"text": ["body"]})
    assert any("settings changed" in notice for notice in report.notices)
    assert _texts(index, fake) == {"Some words about war.", "Some words about peace."}
    again = reindex(table, index, encoder=fake)
    assert (again.generation, again.notices) == (report.generation, ())
    (table / "b.csv").write_text(TABLE.replace("war", "law"))
    reindex(table, index, encoder=fake)
    assert "Some words about law." in _texts(index, fake)
    reindex(table, index, encoder=fake, rebuild=True)
    assert "Some words about law." in _texts(index, fake)
    reindex(table, index, encoder=fake, columns={})
    assert "headline: On war\nbody: Some words about war." in _texts(index, fake)


def test_a_role_that_there_is_not_is_refused(table: Path, index: Path, fake: FakeEncoder) -> None:
    with pytest.raises(CorpusError, match=r"'speaker'.*--column text=body"):
        reindex(table, index, encoder=fake, columns={"speaker": ["x"]})


def test_a_citation_of_a_named_column_is_verified_as_the_index_reads_it(
    table: Path, index: Path, fake: FakeEncoder, tmp_path: Path
) -> None:
    (table / "a.csv").write_text("body,headline\nSome words about war.,On war\nSome words about peace.,On peace\n")
    reindex(table, index, encoder=fake, columns={"text": ["body"]})
    hit = Index.open(index, encoder=fake).ask("words about peace", k=1).hits[0]
    (tmp_path / "memo.md").write_text(f"{cite_line(hit.passage)}\n")
    ((_, found),) = verify([tmp_path / "memo.md"], index=index).files
    assert [one.judgment.status for one in found] == ["intact"]
