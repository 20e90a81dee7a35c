"""Newer or older documents first, where scores leave it open and somebody asked for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.cli import application
from nrqa.indexing.reindexing import reindex
from nrqa.records import First

SAME = "The council met in the old mill by the river and spoke of the flood that came in spring."
DATES = {"b.md": "2019", "a.md": "2021-05-03", "c.md": "March 2021", "d.md": None}


@pytest.fixture
def asked(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    for name, date in DATES.items():
        head = f"---\ndate: {date}\n---\n" if date else ""
        (corpus / name).write_text(f"{head}{SAME}\n")
    (corpus / "best.md").write_text(f"---\ndate: 1999\n---\n{SAME[:-1]}, and what the council met for was spoken.\n")
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


@pytest.mark.parametrize(("first", "order"), [("newer", "acbd"), ("older", "bcad")])
def test_of_copies_the_newest_or_oldest_is_the_hit(asked: Index, first: First, order: str) -> None:
    hits = asked.ask("where did the council meet", first=first).hits
    copies = next(hit for hit in hits if hit.also)
    assert copies.passage.citation.document == f"{order[0]}.md"
    assert sorted(one.document for one in copies.also) == sorted(f"{name}.md" for name in order[1:])
    assert copies.passage.text == SAME


def test_a_better_score_comes_before_any_date(asked: Index) -> None:
    question = "where did the council meet and what was spoken for"
    plain = [hit.passage.text for hit in asked.ask(question).hits]
    assert [hit.passage.text for hit in asked.ask(question, first="newer").hits] == plain


def test_hits_with_scores_that_agree_are_in_order_of_date(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    # The same words in another order: the same terms and the same scores, but no copies.
    for name, date, place in (("a", "2001", "mill lane"), ("b", "2020", "lane mill"), ("c", "2010", "lane, mill lane")):
        (corpus / f"{name}.md").write_text(f"---\ndate: {date}\n---\nThe council met in {place} once.\n")
    reindex(corpus, index, encoder=fake)
    opened = Index.open(index, encoder=fake)

    def documents(first: First | None) -> list[str]:
        return [hit.passage.citation.document for hit in opened.ask("council met", first=first).hits[:3]]

    scores = [round(hit.score, 2) for hit in opened.ask("council met").hits]
    tied = {name for name, score in zip(documents(None), scores, strict=True) if score == scores[0]}
    assert len(tied) >= 2
    newer = [name for name in ("b.md", "c.md", "a.md") if name in tied]
    assert documents("newer")[: len(tied)] == newer
    assert documents("older")[: len(tied)] == newer[::-1]


@pytest.mark.usefixtures("asked")
def test_a_receipt_is_of_the_order_of_scores(index: Path, tmp_path: Path) -> None:
    kept = str(tmp_path / "r.json")
    run = CliRunner().invoke(
        application(), ["query", "council", "--first", "newer", "--receipt", kept, "--index", str(index)]
    )
    assert run.exit_code == 2
    assert "Leave --first or --receipt out" in run.output
    assert (
        CliRunner().invoke(application(), ["query", "council", "--first", "latest", "--index", str(index)]).exit_code
        == 2
    )
