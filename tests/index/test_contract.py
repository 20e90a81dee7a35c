"""What every index gives, whatever keeps it: the same as a folder of this machine after the same changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import FakeEncoder
from memory_index import memory_indexes
from milvus_server import Server, at_hand
from nrqa.answering.asking import Index
from nrqa.bundles.packing import pack
from nrqa.errors import IndexMissingError, QuestionError
from nrqa.index.opening import ENGINES, newest_at
from nrqa.index.snapshot import Filtered, Snapshot
from nrqa.indexing.reindexing import reindex
from nrqa.text.terms import question_terms

pytestmark = pytest.mark.slow
T = TypeVar("T")

QUESTIONS = (
    "when was the stone bridge over the river opened",
    "who repaired the S-400 pump of the mill",
    "мост через реку",
    "what does harbour 17 cost",
)
MILL = "# The mill\n\n## Repairs\n\nThe S-400 pump of the mill was repaired by Ada Quist in March 2019. " + " ".join(
    f"Turbine {n} ran for {n * 31} hours on the river and was cleaned by hand." for n in range(40)
)
BRIDGE = """---
author: Ada Quist
date: 2020-05-01
---

# The bridge

The stone bridge over the river was opened in 1911."""


@dataclass(frozen=True)
class Pair:
    """The index that is tested, and one in a folder that has seen the same.

    What is ``packed`` cannot be written to: another folder is, and then packed again.
    """

    place: Path
    folder: Path
    packed: Path | None = None

    def update(self, corpus: Path, encoder: FakeEncoder, *, rebuild: bool = False) -> None:
        for one in (self.packed or self.place, self.folder):
            reindex(corpus, one, encoder=encoder, rebuild=rebuild)
        if self.packed:
            pack(self.packed, self.place)

    def both(self) -> tuple[Snapshot, Snapshot]:
        return newest_at(self.place), newest_at(self.folder)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with at_hand(tmp_path_factory.mktemp("milvus")) as server:
        yield server


@pytest.fixture(params=["folder", "memory", "milvus", "bundle"])
def pair(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pair:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    if request.param == "bundle":
        return Pair(tmp_path / "tested.nrqa", tmp_path / "index", tmp_path / "packed")
    if request.param == "memory":
        monkeypatch.setitem(ENGINES, "memory", memory_indexes(tmp_path / "beside"))
        return Pair(Path("memory://tested"), tmp_path / "index")
    if request.param == "folder":
        return Pair(tmp_path / "tested", tmp_path / "index")
    server = request.getfixturevalue("served")
    return Pair(server.address(f"of_{abs(hash(tmp_path.as_posix()))}"), tmp_path / "index")


@pytest.fixture
def filled(corpus: Path) -> Path:
    (corpus / "reports").mkdir()
    (corpus / "reports" / "mill.md").write_text(MILL, "utf-8")
    (corpus / "reports" / "bridge.md").write_text(BRIDGE, "utf-8")
    (corpus / "мост.txt").write_text("Мост через реку построен в 1911 году.", "utf-8")
    (corpus / "prices.csv").write_text("place,price\nharbour 17,400\nharbour 18,410\n", "utf-8")
    return corpus


def test_there_is_no_index_before_one_is_built(pair: Pair) -> None:
    with pytest.raises(IndexMissingError, match="nrqa index"):
        newest_at(pair.place)


def test_it_gives_the_same_as_a_folder_through_all_changes(pair: Pair, filled: Path, fake: FakeEncoder) -> None:
    pair.update(filled, fake)
    same(*pair.both(), fake)
    (filled / "reports" / "mill.md").write_text(MILL.replace("Turbine 7 ", "Wheel 7 "), "utf-8")
    (filled / "prices.csv").unlink()
    (filled / "new.txt").write_text("A new bridge over the river was opened in 2021.", "utf-8")
    pair.update(filled, fake)
    same(*pair.both(), fake)
    pair.update(filled, fake)
    assert {one.manifest.generation for one in pair.both()} == {2}, "nothing changed, so nothing was published"
    pair.update(filled, fake, rebuild=True)
    tested, folder = pair.both()
    same(tested, folder, fake)
    assert tested.manifest.generation == 3


def test_answers_are_the_same(pair: Pair, filled: Path, fake: FakeEncoder) -> None:
    pair.update(filled, fake)
    indexes = [Index.open(one, encoder=fake) for one in (pair.place, pair.folder)]
    for question in QUESTIONS:
        for given in ({}, {"only": "reports"}, {"where": {"author": "Ada Quist"}}):
            ours, theirs = (one.ask(question, k=3, **given) for one in indexes)
            assert [hit.passage for hit in ours.hits] == [hit.passage for hit in theirs.hits]
            assert [hit.highlights for hit in ours.hits] == [hit.highlights for hit in theirs.hits]
            assert [hit.score for hit in ours.hits] == pytest.approx([hit.score for hit in theirs.hits], abs=1e-4)
            assert ours.verdict == theirs.verdict
            assert ours.confidence == pytest.approx(theirs.confidence, abs=1e-3)
            assert bool(ours.searched.stale) == bool(pair.packed), "what is packed cannot see the corpus"
            assert replace(ours.searched, nearest=(), stale=()) == replace(theirs.searched, nearest=(), stale=())
            assert [one.citation for one in ours.searched.nearest] == [one.citation for one in theirs.searched.nearest]


def test_a_reader_keeps_its_generation_while_the_next_is_published(pair: Pair, filled: Path, fake: FakeEncoder) -> None:
    pair.update(filled, fake)
    before, _ = pair.both()
    (filled / "reports" / "mill.md").unlink()
    pair.update(filled, fake)
    everything = before.filtered(None, None)
    assert len(before.rows(everything)) == before.manifest.passages
    found = before.document_named("reports/mill.md")
    assert found is not None
    assert "S-400" in found[0]
    assert "reports/mill.md" in before.known
    assert "reports/mill.md" not in newest_at(pair.place).known


def test_another_user_of_the_same_corpus_has_nothing_to_publish(
    pair: Pair, filled: Path, tmp_path: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.update(filled, fake)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "somewhere" / "else"))
    pair.update(filled, fake)
    assert newest_at(pair.place).manifest.generation == 1


def test_only_new_text_is_embedded(pair: Pair, filled: Path) -> None:
    if pair.packed:
        pytest.skip("nothing is embedded for it")
    reindex(filled, pair.place, encoder=FakeEncoder())
    (filled / "new.txt").write_text("A new bridge over the river was opened in 2021.", "utf-8")
    counting = FakeEncoder()
    assert reindex(filled, pair.place, encoder=counting).passages_embedded == 1
    assert len(counting.encoded) == 1
    again = FakeEncoder()
    report = reindex(filled, pair.place, encoder=again, columns={"text": ["place"]})
    assert report.passages_embedded == len(again.encoded), "all that is new since other columns are read"
    assert 0 < len(again.encoded) < report.passages_total


def same(tested: Snapshot, folder: Snapshot, fake: FakeEncoder) -> None:
    """Assert that both give the same wherever the protocol speaks."""
    ours, theirs = tested.manifest, folder.manifest
    assert (ours.documents, ours.passages, ours.corpus_root) == (theirs.documents, theirs.passages, theirs.corpus_root)
    assert {name: one.sha256 for name, one in tested.known.items()} == {
        name: one.sha256 for name, one in folder.known.items()
    }
    assert {one.name: (one.title, one.metadata, one.passages) for one in tested.listed()} == {
        one.name: (one.title, one.metadata, one.passages) for one in folder.listed()
    }
    assert tested.facets == folder.facets
    assert sorted(map(by_name(tested), tested.passage_lengths())) == sorted(
        map(by_name(folder), folder.passage_lengths())
    )
    for name in folder.known:
        one, other = tested.document_named(name), folder.document_named(name)
        assert one is not None
        assert other is not None
        assert one[0] == other[0] == tested.document_text(name)
        assert [stored.passage for stored in one[1]] == [stored.passage for stored in other[1]]
        assert tested.page_spans(name) == folder.page_spans(name)
        assert tested.seams_of(name) == folder.seams_of(name)
        numbers = [page for page, _, _ in folder.page_spans(name)]
        assert tested.page_words(name, numbers[1:]) == folder.page_words(name, numbers[1:])
    for theirs_of, ours_of in (
        (folder.encodings(), tested.encodings()),
        (folder.page_counts(), tested.page_counts()),
    ):
        assert sorted(map(by_name(tested), ours_of.items())) == sorted(map(by_name(folder), theirs_of.items()))
    assert tested.document_named("nothing.txt") is None
    assert tested.documents_holding("over the river") == folder.documents_holding("over the river")
    assert sorted(one.text for one in tested.documents()) == sorted(one.text for one in folder.documents())
    for given in ((None, None), ({"author": "ada quist"}, None), ({"date": ">=2020"}, None), (None, ["reports"])):
        within, theirs_within = tested.filtered(*given), folder.filtered(*given)
        assert within.document_count == theirs_within.document_count
        assert within.passage_count == theirs_within.passage_count == len(tested.rows(within))
        for question in QUESTIONS:
            same_signals(tested, folder, within, theirs_within, question, fake)
    with pytest.raises(QuestionError, match="metadata named 'colour'"):
        tested.filtered({"colour": "red"}, None)


def same_signals(
    tested: Snapshot, folder: Snapshot, within: Filtered, theirs: Filtered, question: str, fake: FakeEncoder
) -> None:
    vector = fake.encode_questions([question]).vectors[0]
    terms = question_terms(question)
    for one, other in (
        (tested.search_dense(vector, 5, within), folder.search_dense(vector, 5, theirs)),
        (tested.search_lexical(terms, 5, within), folder.search_lexical(terms, 5, theirs)),
    ):
        assert one[1] == pytest.approx(other[1], abs=1e-4)
        assert texts(tested, one[0]) == texts(folder, other[0])
    rows = tested.search_dense(vector, 5, within)[0]
    their_rows = folder.search_dense(vector, 5, theirs)[0]
    assert tested.lexical is not None
    assert folder.lexical is not None
    assert tested.lexical.score(terms, rows) == pytest.approx(folder.lexical.score(terms, their_rows), abs=1e-4)
    assert tested.lexical.weights(terms) == pytest.approx(folder.lexical.weights(terms))
    assert tested.lexical.known([*terms, "zzzz"]) == folder.lexical.known([*terms, "zzzz"])
    for term in terms:
        assert tested.lexical.holding(term, rows).tolist() == folder.lexical.holding(term, their_rows).tolist()
        assert tested.lexical.documents_with([[term]]) == folder.lexical.documents_with([[term]])
        assert names(tested, tested.lexical.holding_documents([[term]])) == names(
            folder, folder.lexical.holding_documents([[term]])
        )
        assert tested.lexical.occurs(term) == folder.lexical.occurs(term)
        for changes in (1, 2) if len(term) > 4 else ():
            wrong = term[:-changes]
            found = {*texts(tested, tested.lexical.like(wrong, changes, 50, documents=within.documents))}
            whole = {*texts(folder, folder.lexical.like(wrong, changes, 50, documents=theirs.documents))}
            having = {*texts(folder, folder.lexical.search([term], 50, documents=theirs.documents)[0])}
            assert having <= found <= whole
            assert found == whole or changes == 2, "of two changes, an engine may leave out what begins otherwise"
    words = [([[term]], weight) for term, weight in folder.lexical.weights(terms).items()]
    assert names(tested, frozenset(tested.lexical.best_documents(words, 2))) == names(
        folder, frozenset(folder.lexical.best_documents(words, 2))
    )
    assert tested.lexical.long_documents() == folder.lexical.long_documents()
    ids = np.unique(fake.encode_questions([question]).tokens[0].ids)
    assert tested.token_counts(ids).tolist() == folder.token_counts(ids).tolist()
    for its, their in zip(tested.coded(rows.tolist()), folder.coded(their_rows.tolist()), strict=True):
        assert its.codes.tolist() == their.codes.tolist()
        assert its.vector == pytest.approx(their.vector, abs=1e-3)


def texts(snapshot: Snapshot, rows: NDArray[np.int64]) -> list[str]:
    return [snapshot.stored(row).passage.text for row in rows.tolist()]


def names(snapshot: Snapshot, numbers: frozenset[int]) -> list[str]:
    return sorted(one.name for one in snapshot.listed() if one.number in numbers)


def by_name(snapshot: Snapshot) -> Callable[[tuple[int, T]], tuple[str, T]]:
    called = {one.number: one.name for one in snapshot.listed()}
    return lambda pair: (called[pair[0]], pair[1])
