"""A question that names a document: its passages count as having the words that its head has."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from nrqa.answering import ranking
from nrqa.answering.asking import Index
from nrqa.answering.lending import having, lent, named_documents, naming, telling
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.index.snapshot import Snapshot
from nrqa.indexing.reindexing import reindex
from nrqa.text.terms import words_of

NAMES = ["acorn", "birch", "cobalt", "dunmore", "everest", "foxglove", "granite", "harlow", "ironbark", "juniper"]
NAMES += ["kestrel", "larkspur", "marlow", "nettle"]
ASKED = "how long may the recipient of kestrel keep copies"


@pytest.fixture
def snapshot(corpus: Path, index: Path, fake: FakeEncoder) -> Snapshot:
    for name in NAMES:
        copies = (
            "The recipient may keep copies of papers that it was sent, for as long as the law of the land asks. " * 25
        )
        courts = (
            f"Courts of the land hear what the two sides of it, {name} aside, cannot settle by talking first. " * 25
        )
        text = f"Agreement\n\nThis is made between {name} and the harbour, of one mind and for all their land and sea. "
        (corpus / f"{NAMES.index(name)}.txt").write_text(f"{text}\n\n{courts}\n\n{copies}\n")
    (corpus / "short.txt").write_text("The heron fishes at the weir.\n")
    reindex(corpus, index, encoder=fake)
    return LocalSnapshot.newest(index)


def _ranked(snapshot: Snapshot, fake: FakeEncoder, text: str, only: list[str] | None = None) -> ranking.Ranked:
    (question,) = ranking.prepared(snapshot, [text], fake.encode_questions)
    return ranking.rank(snapshot, question, 5, snapshot.filtered(None, only))


def _documents(snapshot: Snapshot, found: ranking.Ranked) -> list[str]:
    return [snapshot.stored(row).passage.citation.document for row in found.rows.tolist()]


def test_words_that_few_documents_hold_tell_them_apart(snapshot: Snapshot) -> None:
    named = naming(snapshot, ASKED)
    assert named is not None
    assert [word.text for word in named.words] == ["kestrel"]
    assert naming(snapshot, "may the recipient keep copies") is None
    assert naming(snapshot, "where does the heron fish") is None  # its document is short


def test_the_fewer_documents_hold_a_word_the_better_it_tells_them_apart() -> None:
    assert telling(1, 100_000) == pytest.approx(1.0)
    assert telling(1, 100) > telling(5, 100) > telling(50, 100)
    assert telling(1, 2) < 0.2  # where there are two documents, a word of one of them is no name


def test_a_document_is_named_by_its_head_and_lends_it_to_all_its_passages(snapshot: Snapshot) -> None:
    named = naming(snapshot, ASKED)
    assert named is not None
    everything = snapshot.filtered(None, None)
    (number,) = named_documents(snapshot, named, everything)
    rows = snapshot.rows(everything)
    gets = lent(snapshot, named, rows)
    theirs = snapshot.documents_of(rows) == number
    assert theirs.sum() > 2
    assert (gets.counts[theirs] > 0).all()
    assert not gets.counts[~theirs].any()
    assert not gets.lacking[theirs].any()
    assert gets.lacking[~theirs].all()
    having_it = having(snapshot, words_of(ASKED)[6], rows)
    assert 0 < having_it.sum() < theirs.sum()


def test_the_passages_of_the_named_document_come_first(snapshot: Snapshot, fake: FakeEncoder) -> None:
    found = _ranked(snapshot, fake, ASKED)
    first = snapshot.stored(int(found.rows[0])).passage
    assert first.citation.document == "10.txt"
    assert "copies" in first.text
    assert "document" in found.signals
    assert found.signals["document"][0] > 0
    others = [at for at, name in enumerate(_documents(snapshot, found)) if name != "10.txt"]
    assert (found.signals["document"][others] <= 0).all()


def test_scores_stay_the_sum_of_what_signals_add_and_below_one(snapshot: Snapshot, fake: FakeEncoder) -> None:
    found = _ranked(snapshot, fake, ASKED)
    parts = sum(np.float32(found.weights[name]) * scores for name, scores in found.comparable.items())
    np.testing.assert_allclose(found.scores, parts, atol=1e-6)
    assert float(found.scores.max()) <= 1


def test_a_question_that_names_nothing_is_ranked_without_documents(snapshot: Snapshot, fake: FakeEncoder) -> None:
    assert "document" not in _ranked(snapshot, fake, "may the recipient keep copies").signals


def test_only_documents_that_pass_the_filter_are_candidates(snapshot: Snapshot, fake: FakeEncoder) -> None:
    found = _ranked(snapshot, fake, ASKED, only=["3.txt", "4.txt"])
    assert set(_documents(snapshot, found)) == {"3.txt", "4.txt"}


def test_a_removed_document_lends_nothing(corpus: Path, index: Path, snapshot: Snapshot, fake: FakeEncoder) -> None:
    assert snapshot.lexical is not None
    (corpus / "10.txt").unlink()
    reindex(corpus, index, encoder=fake)
    newest = LocalSnapshot.newest(index)
    named = naming(newest, ASKED)
    assert named is None or not named_documents(newest, named, newest.filtered(None, None))


def test_an_explanation_says_what_the_document_adds(index: Path, snapshot: Snapshot, fake: FakeEncoder) -> None:
    first = Index.open(index, encoder=fake).ask(ASKED, explain=True).hits[0]
    assert first.explanation is not None
    assert first.explanation.added["document"] > 0
    assert sum(first.explanation.added.values()) == pytest.approx(first.score, abs=1e-5)
    assert snapshot.manifest.documents == len(NAMES) + 1


def test_a_ranking_of_some_of_the_rows_keeps_what_each_gets(snapshot: Snapshot, fake: FakeEncoder) -> None:
    found = _ranked(snapshot, fake, ASKED)
    assert found.lent is not None
    kept = ~found.lent.counts[:, 0].astype(bool)
    assert kept.any()
    assert not kept.all()
    less = found.only(kept)
    assert less.rows.tolist() == found.rows[kept].tolist()
    assert less.lent is not None
    assert not less.lent.counts.any()
    assert less.lent.lacking.tolist() == found.lent.lacking[kept].tolist()
    assert {len(one) for one in (*less.signals.values(), *less.comparable.values(), less.scores)} == {kept.sum()}
