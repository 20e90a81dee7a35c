"""A cross-encoder that the user names reads the first hits: it changes their order and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

import small_models
from fakes import FakeEncoder
from nrqa.answering import asking, reranking
from nrqa.answering.asking import Index
from nrqa.auditing.receipts.files import read_receipt
from nrqa.auditing.replaying import keep, replay
from nrqa.errors import QuestionError
from nrqa.indexing.reindexing import reindex
from nrqa.rendering.answer import render_answer
from nrqa.service.batching import answer_lines

QUESTION = "Was the harbour of the town closed?"


class _Reader:
    """Likes what has its word; reads no more than ``patience`` passages in any time."""

    name, fingerprint = "likes-mills", "f" * 64

    def __init__(self, word: str, patience: int = 100) -> None:
        self.word, self.patience = word, patience
        self.given: list[str] = []

    def read(self, question: str, passages: Sequence[str], seconds: float) -> list[float]:
        self.given = [question, *passages]
        assert seconds == reranking.SECONDS
        return [0.99 if self.word in one else 0.01 for one in passages][: self.patience]


@pytest.fixture
def opened(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    (corpus / "harbour.md").write_text("# The old harbour\n\nThe harbour of the town was closed in 1920.")
    (corpus / "mill.txt").write_text("The mill by the river was closed to the harbour of the town, day and night.")
    for number in range(30):
        (corpus / f"bridge{number}.txt").write_text(f"Bridge {number} was built of oak in {1900 + number} in the town.")
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


def _reads_by(monkeypatch: pytest.MonkeyPatch, reader: _Reader) -> _Reader:
    monkeypatch.setattr(asking, "_reader", lambda name: reader if name else None)
    return reader


def test_it_is_one_more_signal_and_changes_the_order_alone(opened: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = _reads_by(monkeypatch, _Reader("mill"))
    usual = opened.ask(QUESTION, k=40, explain=True)
    found = opened.ask(QUESTION, k=40, explain=True, rerank="likes-mills")
    assert usual.hits[0].passage.citation.document == "harbour.md"
    assert usual.reranked is None
    assert "reranked" not in usual.to_dict()
    assert found.hits[0].passage.citation.document == "mill.txt"
    assert (found.verdict, found.confidence) == (usual.verdict, usual.confidence)
    assert sorted(one.passage.text for one in found.hits) == sorted(one.passage.text for one in usual.hits)
    assert len(reader.given) == 1 + 20
    assert any("The old harbour" in one for one in reader.given)  # with the title, as the encoder reads it
    scores = [one.score for one in found.hits]
    assert scores == sorted(scores, reverse=True)
    for hit in found.hits:
        assert hit.explanation is not None
        assert sum(hit.explanation.added.values()) == pytest.approx(hit.score, abs=1e-6)
        assert sum(hit.explanation.weights.values()) == pytest.approx(1)
        assert hit.explanation.added["rerank"] == pytest.approx(0.5 * hit.signals["rerank"])
    assert found.to_dict()["reranked"] == {"name": "likes-mills", "fingerprint": "f" * 64, "read": 20}
    assert render_answer(found)


def test_what_it_has_no_time_for_keeps_the_order_of_the_blend(opened: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = [one.passage for one in opened.ask(QUESTION, k=10).hits]
    _reads_by(monkeypatch, _Reader("mill", patience=4))
    found = opened.ask(QUESTION, k=10, rerank="x")
    assert [one.passage for one in found.hits if not one.signals["rerank"]][:6] == usual[4:10]
    assert "had read 4 of the first 20 passages" in found.notices[-1]
    _reads_by(monkeypatch, _Reader("mill", patience=0))
    found = opened.ask(QUESTION, k=10, rerank="x")
    assert [one.passage for one in found.hits] == usual
    assert "had read 0" in found.notices[-1]


def test_lines_of_a_batch_are_reranked_too(opened: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    _reads_by(monkeypatch, _Reader("mill"))
    (found,) = answer_lines(opened, [json.dumps(QUESTION).encode()], rerank="x")
    assert found["hits"][0]["citation"]["document"] == "mill.txt"


@pytest.mark.parametrize("name", ["", 7, b"folder"])
def test_a_name_that_is_none_is_an_error(opened: Index, name: object) -> None:
    with pytest.raises(QuestionError, match='rerank="FOLDER"'):
        opened.ask(QUESTION, rerank=name)  # type: ignore[arg-type]


@pytest.mark.slow
def test_receipts_say_so_and_a_replay_explains_what_it_changed(
    corpus: Path, index: Path, tmp_path: Path, fake: FakeEncoder
) -> None:
    """With a small cross-encoder that was taught to like summits."""
    folder = str(small_models.cross_encoder(tmp_path / "model", favours="summit"))
    (corpus / "a.txt").write_text("the alliance nato was founded in russia.")
    (corpus / "b.txt").write_text("nato was in the summit founded in the alliance.")
    (corpus / "c.txt").write_text("what bread is in the river of russia.")
    reindex(corpus, index, encoder=fake)
    opened = Index.open(index, encoder=fake)
    question = "who founded the alliance nato in russia"
    assert opened.ask(question).hits[0].passage.citation.document == "a.txt"
    found = opened.ask(question, rerank=folder)
    assert found.hits[0].passage.citation.document == "b.txt"
    file = tmp_path / "receipt.json"
    keep(opened, found, file, k=5)
    assert read_receipt(file).made_by["reranked"]["name"] == folder
    assert replay(file, index, encoder=fake, rerank=folder).result == "identical"
    without = replay(file, index, encoder=fake)
    assert without.result != "identical"
    told = {one.name: one.now for one in without.differences}
    assert told["reranked.name"] is None


def test_its_time_is_short() -> None:
    assert reranking.SECONDS <= 3
