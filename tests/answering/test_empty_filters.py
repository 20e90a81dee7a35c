"""A filter that leaves nothing is an error that names it and what was perhaps meant; never a verdict."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.errors import QuestionError
from nrqa.indexing.reindexing import reindex

FACTS = {"reports/mill.md": ("Ann Lee", "2020"), "reports/bridge.md": ("Bob Ray", "2021"), "notes.txt": None}


@pytest.fixture
def opened(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    for name, facts in FACTS.items():
        (corpus / name).parent.mkdir(exist_ok=True)
        head = f"---\nauthor: {facts[0]}\nyear: {facts[1]}\n---\n" if facts else ""
        (corpus / name).write_text(f"{head}Some words about {name.partition('.')[0]}.\n")
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"where": {"author": "ann le"}}, "author: 'ann le' .near: ann lee"),
        ({"where": {"year": ">=2030"}}, "year: '>=2030' .near: 2020"),
        ({"only": "nosuch*"}, "only 'nosuch\\*' .there are: notes.txt, reports/bridge.md, reports/mill.md"),
        ({"only": "mil.md"}, "only 'mil.md' .near: reports/mill.md"),
        ({"only": ["q*", "ridge*"]}, "near: reports/bridge.md"),
        ({"where": {"author": "Ann Lee", "year": "2021"}}, "all of the filters .*each alone leaves some"),
        ({"where": {"author": "Ann Lee"}, "only": "notes.txt"}, "only 'notes.txt'; each alone"),
    ],
)
def test_a_filter_that_leaves_nothing_is_an_error_that_names_it_and_near_values(
    opened: Index, filters: dict[str, Any], said: str
) -> None:
    with pytest.raises(QuestionError, match=said):
        opened.ask("words about the mill", **filters)


def test_a_filter_on_an_empty_index_says_that_it_is_empty(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "a.txt").write_text("Words.")
    reindex(corpus, index, encoder=fake)
    shutil.rmtree(corpus)
    corpus.mkdir()
    reindex(corpus, index, encoder=fake, allow_empty=True)
    with pytest.raises(QuestionError, match="holds no documents"):
        Index.open(index, encoder=fake).ask("words", only="*")
