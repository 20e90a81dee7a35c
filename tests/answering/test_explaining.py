from __future__ import annotations

import json
from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.indexing.reindexing import reindex
from nrqa.records import Answer


@pytest.fixture
def answer(corpus: Path, index: Path, fake: FakeEncoder) -> Answer:
    (corpus / "harbour.md").write_text("# The *old* harbour\n\nThe harbour was closed in 1920, and ships left.")
    (corpus / "mill.txt").write_text("The mill by the river grinds wheat for the bakers of the town, day and night.")
    (corpus / "bridge.txt").write_text("The bridge was built of oak and iron in 1931 by people from the village.")
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake).ask("Was the harbour closed?", explain=True)


def test_what_the_signals_added_makes_up_the_score(answer: Answer) -> None:
    for hit in answer.hits:
        assert hit.explanation is not None
        assert set(hit.explanation.added) == set(hit.signals) == {"dense", "lexical", "late"}
        assert sum(hit.explanation.added.values()) == pytest.approx(hit.score, abs=1e-6)
        assert sum(hit.explanation.weights.values()) == pytest.approx(1)


def test_ranks_are_those_among_the_candidates(answer: Answer) -> None:
    for name in ("dense", "lexical", "late"):
        best = max(answer.hits, key=lambda hit: hit.signals[name])
        assert best.explanation is not None
        assert best.explanation.ranks[name] == 1


def test_each_word_is_met_by_the_word_that_is_most_like_it(answer: Answer) -> None:
    explanation = answer.hits[0].explanation
    assert explanation is not None
    met = {one.question: one for one in explanation.matches}
    assert list(met) == ["Was", "the", "harbour", "closed"]
    assert met["harbour"].passage == "harbour"
    assert met["closed"].passage == "closed"
    assert met["closed"].similarity > 0.9


def test_nothing_is_explained_unasked_and_json_has_it_where_it_was_asked(answer: Answer, index: Path) -> None:
    silent = Index.open(index, encoder=FakeEncoder()).ask("Was the harbour closed?")
    assert all(hit.explanation is None for hit in silent.hits)
    assert all("explanation" not in hit for hit in silent.to_dict()["hits"])
    explained = json.loads(json.dumps(answer.to_dict()))["hits"][0]["explanation"]
    assert set(explained["signals"]["late"]) == {"rank", "weight", "added"}
    assert explained["words"][2]["question"] == "harbour"


def test_without_token_vectors_the_other_signals_explain(corpus: Path, index: Path) -> None:
    (corpus / "mill.txt").write_text("The mill by the river grinds wheat for the bakers of the town, day and night.")
    bare = FakeEncoder(tokens=False)
    reindex(corpus, index, encoder=bare)
    explanation = Index.open(index, encoder=bare).ask("the mill", explain=True).hits[0].explanation
    assert explanation is not None
    assert set(explanation.ranks) == {"dense", "lexical"}
    assert explanation.matches == ()
