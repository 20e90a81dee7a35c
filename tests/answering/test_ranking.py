"""Signals put together: which rows, which scores, which weights."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder, tokens_of
from nrqa.answering import ranking
from nrqa.answering.asking import Index
from nrqa.answering.ranking import Question, Ranked
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.index.snapshot import Snapshot
from nrqa.indexing.reindexing import reindex
from nrqa.signals import fusion
from nrqa.signals.late.matching import score, tables
from nrqa.signals.lexical import best_possible
from nrqa.text.terms import question_terms

TEXTS = {
    "whale.txt": "The whale eats krill in the cold sea. It comes up for air and goes down again for hours.",
    "clam.txt": "The clam takes plankton from the water of the sea. It never comes up, and lives for long.",
    "mill.txt": "Author: Ann Lee\n\nThe mill ground flour for the valley until the river had dried up one summer.",
    "bridge.txt": "The bridge fell in the storm of that winter, and nobody in the valley has built it again.",
}


@pytest.fixture
def snapshot(corpus: Path, index: Path, fake: FakeEncoder) -> Snapshot:
    for name, text in TEXTS.items():
        (corpus / name).write_text(text + "\n")
    reindex(corpus, index, encoder=fake)
    return LocalSnapshot.newest(index)


def ranked(snapshot: Snapshot, fake: FakeEncoder, text: str, **filters: list[str]) -> Ranked:
    (question,) = ranking.questions([text], [question_terms(text)], fake.encode_questions([text]))
    within = snapshot.filtered(None, filters.get("only"))
    return ranking.rank(snapshot, question, 10, within)


def test_scores_are_the_blend_of_all_signals_on_scales_that_end_at_one(snapshot: Snapshot, fake: FakeEncoder) -> None:
    found = ranked(snapshot, fake, "does the clam live on plankton?")
    assert set(found.signals) == set(found.weights) == {"dense", "lexical", "late"}
    parts = {**found.signals, "lexical": found.signals["lexical"] / np.float32(best_possible(found.idf))}
    for name, scores in parts.items():
        assert float(scores.max()) <= 1 + 1e-5, name
    np.testing.assert_allclose(found.scores, fusion.blend(parts, found.weights), atol=1e-6)
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
    assert snapshot.stored(int(found.rows[0])).passage.citation.document == "clam.txt"


def test_the_late_signal_of_each_row_is_that_of_its_own_tokens(snapshot: Snapshot, fake: FakeEncoder) -> None:
    text = "where does the whale come up for air"
    found = ranked(snapshot, fake, text)
    assert snapshot.codebook is not None
    assert found.tokens is not None
    for at, row in enumerate(found.rows.tolist()):
        asked = tables(snapshot.codebook, tokens_of(text).vectors, None)
        alone = score(asked, found.tokens.weights, snapshot.coded([row]))
        assert float(found.signals["late"][at]) == pytest.approx(float(alone[0]), abs=1e-5)


def test_rare_words_of_the_question_weigh_more_and_its_punctuation_nothing(
    snapshot: Snapshot, fake: FakeEncoder
) -> None:
    text = "the clam, the sea?"
    found = ranked(snapshot, fake, text)
    assert found.tokens is not None
    weights = dict(zip(["the", "clam", ",", "the2", "sea", "?"], found.tokens.weights.tolist(), strict=True))
    assert weights["clam"] > weights["sea"] > weights["the"] == weights["the2"] > 0
    assert weights[","] == weights["?"] == 0
    assert sum(weights.values()) == pytest.approx(1, abs=1e-6)


def test_of_an_encoder_without_token_vectors_the_other_signals_share_the_weight(
    snapshot: Snapshot,
) -> None:
    text = "what does the clam eat"
    encoded = FakeEncoder(tokens=False).encode_questions([text])
    (question,) = ranking.questions([text], [question_terms(text)], encoded)
    assert question == Question(text, question_terms(text), question.vector, None)
    found = ranking.rank(snapshot, question, 10, snapshot.filtered(None, None))
    assert set(found.signals) == {"dense", "lexical"}
    assert found.tokens is None
    assert sum(found.weights.values()) == pytest.approx(1)


def test_a_filter_that_leaves_one_row_leaves_its_scores_as_they_are(snapshot: Snapshot, fake: FakeEncoder) -> None:
    text = "valley flour sea"
    everything = ranked(snapshot, fake, text)
    alone = ranked(snapshot, fake, text, only=["mill.txt"])
    assert len(alone.rows) == 1
    at = everything.rows.tolist().index(int(alone.rows[0]))
    for name, scores in alone.signals.items():
        assert float(scores[0]) == pytest.approx(float(everything.signals[name][at]), abs=1e-6)
    assert float(alone.scores[0]) == pytest.approx(float(everything.scores[at]), abs=1e-6)


def test_an_index_of_one_passage_answers(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "only.txt").write_text("The clam feeds on plankton.\n")
    reindex(corpus, index, encoder=fake)
    (hit,) = Index.open(index, encoder=fake).ask("plankton", k=5).hits
    assert set(hit.signals) == {"dense", "lexical", "late"}
    assert hit.signals["late"] == pytest.approx(1, abs=1e-2)


@pytest.mark.slow
@pytest.mark.parametrize(
    "question",
    [
        "?!… clam ,;", "clam " * 3000, "?" * 3000 + " clam", "🚀 clam 👩‍👩‍👧",
        "بطلينوس البحر", "cla\u0301m", "a\x00b", "\ud800 clam", "北约",
    ],
)  # fmt: skip
def test_odd_questions_are_ranked_like_any_other(snapshot: Snapshot, fake: FakeEncoder, question: str) -> None:
    answer = Index.open(snapshot.beside, encoder=fake).ask(question, k=4)
    assert len(answer.hits) == 4
    assert all(np.isfinite([hit.score, *hit.signals.values()]).all() for hit in answer.hits)


@pytest.mark.slow
def test_readers_go_on_reading_while_parts_are_written_anew(corpus: Path, index: Path) -> None:
    fake = FakeEncoder()
    for at in range(6):
        (corpus / f"whale-{at}.txt").write_text(f"The whale number {at} eats krill and swims in the sea all day.\n")
    reindex(corpus, index, encoder=fake)
    opened, stop = Index.open(index, encoder=FakeEncoder()), threading.Event()
    wrong: list[str] = []

    def read() -> None:
        while not stop.is_set():
            try:
                for hit in opened.ask("what does the whale eat in the sea", k=50).hits:
                    if not hit.signals["late"] > 0.2:
                        wrong.append(f"{hit.passage.citation.document}: {hit.signals}")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                wrong.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for one in readers:
        one.start()
    for at in range(12):
        (corpus / f"whale-{at + 6}.txt").write_text(f"The whale number {at + 6} eats krill deep in the sea at night.\n")
        (corpus / f"whale-{at}.txt").unlink()
        reindex(corpus, index, encoder=fake)
    stop.set()
    for one in readers:
        one.join()
    assert wrong == []
