from __future__ import annotations

import gc
import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nrqa
from fakes import FakeEncoder
from nrqa.answering import asking, ranking
from nrqa.answering.asking import Index
from nrqa.answering.inspecting import status
from nrqa.encoder.protocol import Encoder
from nrqa.errors import IndexDamagedError, IndexIncompatibleError, IndexMissingError, QuestionError
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex
from nrqa.records import Answer

TEXTS = {
    "harbour.md": "---\nauthor: Ann Lee\ntags: [sea, trade]\ndate: 2021-10-20\n---\n# The harbour\n\n"
    "The harbour was dug in 1850. Ships of every nation came to the harbour and left their coal there.\n",
    "reports/bridge.txt": "The bridge fell in the storm of 1907, and nobody has built it again since that winter.\n",
    "reports/mill.txt": "Author: Ann Lee\nTopic: Flour\n\n"
    "The mill ground flour for the whole valley until the river dried up.\n",
}


@pytest.fixture
def filled(corpus: Path) -> Path:
    for name, text in TEXTS.items():
        (corpus / name).parent.mkdir(exist_ok=True)
        (corpus / name).write_text(text)
    return corpus


@pytest.fixture(autouse=True)
def looks_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine even a look at three files takes so long that it holds for a while."""
    monkeypatch.setattr(asking, "_QUICK", 60.0)


@pytest.fixture
def opened(filled: Path, index: Path, fake: FakeEncoder) -> Index:
    reindex(filled, index, encoder=fake)
    return Index.open(index, encoder=fake)


def documents(answer: Answer) -> list[str]:
    return [hit.passage.citation.document for hit in answer.hits]


def test_every_hit_is_its_span_of_the_file(opened: Index, filled: Path) -> None:
    answer = opened.ask("When was the harbour dug?", k=10)
    assert documents(answer)[0] == "harbour.md"
    for hit in answer.hits:
        citation = hit.passage.citation
        text = (filled / citation.document).read_text()
        assert hit.passage.text == text[citation.start : citation.end]
        lines = text.split("\n")
        first = hit.passage.text.split("\n")[0]
        assert lines[citation.line_start - 1].startswith(first[:40])
        for span in hit.highlights:
            assert citation.start <= span.start < span.end <= citation.end


def test_a_filter_asked_with_again_leaves_the_same_however_many_others_came_between(opened: Index) -> None:
    filters = ["*.md", "reports/*", "*", "harbour.md", "*.txt"]
    first = [opened.ask("harbour", only=glob) for glob in filters]
    again = [opened.ask("harbour", only=glob) for glob in [*filters, *reversed(filters)]]
    assert again == [*first, *reversed(first)]
    assert len({answer.searched.passages for answer in first}) > 2


def test_looking_for_words_meanwhile_changes_nothing(opened: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("harbour", "when was the bridge built", "xyzzy")
    before = [opened.ask(question, only=only) for question in asked for only in (None, "*.md")]
    monkeypatch.setattr(ranking, "_LARGE", 0)
    assert [opened.ask(question, only=only) for question in asked for only in (None, "*.md")] == before


def test_ranks_scores_and_signals_are_in_order(opened: Index) -> None:
    answer = opened.ask("the harbour and the bridge and the mill", k=10)
    assert [hit.rank for hit in answer.hits] == [1, 2, 3]
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(set(hit.signals) == {"dense", "lexical", "late"} for hit in answer.hits)


def test_the_answering_sentence_is_highlighted(opened: Index, filled: Path) -> None:
    hit = opened.ask("Which nations' ships left coal?").hits[0]
    text = (filled / "harbour.md").read_text()
    assert [text[span.start : span.end] for span in hit.highlights] == [
        "Ships of every nation came to the harbour and left their coal there."
    ]


def test_asking_for_more_than_there_is_gives_what_there_is(opened: Index) -> None:
    assert len(opened.ask("harbour", k=10_000).hits) == 3


def test_asking_is_deterministic(opened: Index, index: Path) -> None:
    first = opened.ask("river bridge harbour", k=10).to_dict()
    again = Index.open(index, encoder=FakeEncoder()).ask("river bridge harbour", k=10).to_dict()
    assert first == again


def test_many_questions_get_the_same_answers_as_one_by_one(opened: Index) -> None:
    questions = ["the harbour", "a bridge in a storm", "flour"]
    assert opened.ask_many(questions) == [opened.ask(question) for question in questions]
    assert opened.ask_many([]) == []


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"author": "Ann Lee"}, {"harbour.md", "reports/mill.txt"}),
        ({"author": "ann lee", "topic": "Flour"}, {"reports/mill.txt"}),
        ({"Tags": "trade"}, {"harbour.md"}),
        ({"topic": ["Flour", "Bread"]}, {"reports/mill.txt"}),
        ({"date": "2021-10-20"}, {"harbour.md"}),
        ({"title": "The harbour"}, {"harbour.md"}),
    ],
)
def test_metadata_filters_hold_before_ranking(opened: Index, where: dict[str, str], expected: set[str]) -> None:
    answer = opened.ask("bridge", k=1, where=where)
    assert answer.searched.documents == len(expected)
    assert set(documents(opened.ask("bridge", k=10, where=where))) == expected
    assert len(answer.hits) == min(1, len(expected))


def test_name_globs_hold_before_ranking(opened: Index) -> None:
    assert set(documents(opened.ask("harbour", k=1, only="reports/*"))) < {"reports/bridge.txt", "reports/mill.txt"}
    assert set(documents(opened.ask("harbour", k=10, only=["*.md", "*/mill*"]))) == {"harbour.md", "reports/mill.txt"}


def test_an_unknown_metadata_name_is_an_error_that_names_the_known_ones(opened: Index) -> None:
    with pytest.raises(QuestionError, match="author, date, language, tags, title, topic"):
        opened.ask("harbour", where={"autor": "x"})


@pytest.mark.parametrize("question", ["", "   ", "?!… —", "\n"])
def test_a_question_without_words_is_a_clear_error(opened: Index, question: str) -> None:
    with pytest.raises(QuestionError, match="no word or number"):
        opened.ask(question)


@pytest.mark.parametrize("k", [10**12, 2**62, 2**80])
def test_asking_for_absurdly_many_passages_gives_what_there_is(opened: Index, k: int) -> None:
    assert len(opened.ask("harbour", k=k).hits) == 3


def test_a_filter_s_value_may_be_a_number_and_its_characters_odd(opened: Index) -> None:
    assert opened.ask("harbour", where={"date": 2021}).hits  # type: ignore[dict-item]
    with pytest.raises(QuestionError, match="date: '2020'"):
        opened.ask("harbour", where={"date": 2020})  # type: ignore[dict-item]
    with pytest.raises(QuestionError, match="No document passes the filter author"):
        opened.ask("harbour", where={"author": "\udce9"})


def test_another_encoder_than_the_index_was_built_with_is_refused(opened: Index, index: Path) -> None:
    assert opened.ask("harbour").hits
    with pytest.raises(IndexIncompatibleError, match="cannot be compared"):
        Index.open(index, encoder=FakeEncoder(name="other")).ask("harbour")


def test_a_corpus_in_a_folder_that_may_not_be_looked_into_is_as_good_as_gone(
    opened: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refuse)
    (gone,) = opened.ask("harbour").searched.stale
    assert gone.reason == "not there now; its documents (3) are in the index as they were"


def test_a_corpus_that_is_gone_is_told_and_makes_absent_unknown(
    opened: Index, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "confidence", lambda *_: 0.0)
    assert opened.ask("zxqv wkjh").verdict == "absent"
    filled.rename(filled.with_name("moved"))
    answer = opened.ask("zxqv wkjh")
    assert answer.verdict == "unknown"
    assert [one.document for one in answer.searched.stale] == [str(filled)]


def test_each_root_that_is_gone_is_told_and_the_others_are_looked_at(
    tmp_path: Path, index: Path, fake: FakeEncoder
) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"Words of folder {name}.")
    reindex([tmp_path / "one", tmp_path / "two", tmp_path / "three"], index, encoder=fake)
    shutil.rmtree(tmp_path / "one")
    shutil.rmtree(tmp_path / "three")
    (tmp_path / "two" / "b.txt").write_text("A new file.")
    told = [one.document for one in Index.open(index, encoder=fake).ask("words").searched.stale]
    assert told == [str(tmp_path / "one"), str(tmp_path / "three"), "two/b.txt"]
    assert [one.document for one in status(index).stale] == told


def test_a_corpus_that_cannot_be_listed_is_told(opened: Index, filled: Path) -> None:
    (filled / ".nrqaignore").write_bytes(b"\xff\xfe")
    (told,) = opened.ask("harbour").searched.stale
    assert told.document == str(filled)
    assert "cannot be looked at now" in told.reason
    assert "not UTF-8" in told.reason


def test_k_below_one_is_a_clear_error(opened: Index) -> None:
    with pytest.raises(QuestionError, match="k is 0"):
        opened.ask("harbour", k=0)


@pytest.mark.slow
@given(question=st.text(max_size=300))
def test_whatever_is_asked_there_is_an_answer_or_a_clear_error(
    articles_index: Path, question: str, encoder: Encoder
) -> None:
    try:
        answer = _articles(articles_index, encoder).ask(question)
    except QuestionError:
        return
    assert 0 <= answer.confidence <= 1
    assert len(answer.hits) == 5


_opened: dict[Path, Index] = {}


def _articles(index: Path, encoder: Encoder) -> Index:
    if index not in _opened:
        _opened[index] = Index.open(index, encoder=encoder)
    return _opened[index]


@pytest.mark.slow
@pytest.mark.parametrize("question", ["harbour " * 50_000, " ".join(f"w{n}" for n in range(5000)), "x" * 300_000])
def test_very_long_questions_are_answered(opened: Index, question: str) -> None:
    assert len(opened.ask(question).hits) == 3


def test_half_a_character_from_a_broken_terminal_is_no_obstacle(opened: Index) -> None:
    assert documents(opened.ask("harbour \udc80"))[0] == "harbour.md"


@pytest.mark.usefixtures("opened")
def test_asking_writes_nothing_and_does_not_need_the_corpus(filled: Path, index: Path) -> None:
    shutil.rmtree(filled)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in index.parent.rglob("*")}
    answer = Index.open(index, encoder=FakeEncoder()).ask("harbour", k=10, where={"author": "Ann Lee"})
    assert documents(answer)[0] == "harbour.md"
    assert [one.document for one in answer.searched.stale] == [str(filled)]
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in index.parent.rglob("*")} == before


def test_what_changed_since_the_index_was_built_is_told(
    opened: Index, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_HOLDS", 0)
    assert opened.ask("harbour").searched.stale == ()
    (filled / "new.txt").write_text("Something new.")
    (filled / "reports" / "bridge.txt").unlink()
    (filled / "harbour.md").write_text("Another text of another length.")
    os.utime(filled / "reports" / "mill.txt", (1, 1))  # touched, not changed
    (filled / "scan.pdf").write_bytes(b"%PDF")
    stale = {one.document: one.reason for one in opened.ask("harbour").searched.stale}
    assert set(stale) == {"new.txt", "reports/bridge.txt", "harbour.md", "scan.pdf"}
    assert stale["reports/bridge.txt"].startswith("removed")
    assert stale["harbour.md"].startswith("changed")
    assert stale["new.txt"].startswith("added")


def test_what_took_long_to_see_holds_for_a_while_and_for_a_moment_where_a_verdict_rests_on_it(
    opened: Index, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_QUICK", -1.0)
    monkeypatch.setattr(asking, "_HOLDS", 1e6)
    assert opened.ask("harbour").searched.stale == ()
    (filled / "new.txt").write_text("Something new.")
    assert opened.ask("harbour").searched.stale == ()
    monkeypatch.setattr(asking, "confidence", lambda *_: 0.0)
    monkeypatch.setattr(asking, "_SURE", 1e6)
    assert opened.ask("zxqv wkjh").searched.stale == ()
    monkeypatch.setattr(asking, "_SURE", 0.0)
    absent = opened.ask("zxqv wkjh")
    assert absent.verdict == "unknown"
    assert [one.document for one in absent.searched.stale] == ["new.txt"]
    monkeypatch.undo()
    assert opened.ask("harbour").searched.stale == absent.searched.stale


def test_an_answer_says_what_it_rests_on(opened: Index) -> None:
    searched = opened.ask("did the harbour of Reykjavik freeze in 1742", k=1, only="*").searched
    assert {"Reykjavik", "freeze", "1742"} <= set(searched.nowhere)
    assert "harbour" not in searched.nowhere
    assert searched.corpus == opened.snapshot.manifest.corpus_root
    assert searched.only == ("*",)
    assert len(searched.nearest) == 2


def test_a_word_of_a_document_that_was_filtered_out_occurs_nowhere(opened: Index) -> None:
    assert "bridge" not in opened.ask("bridge and harbour").searched.nowhere
    assert "bridge" in opened.ask("bridge and harbour", only="harbour.md").searched.nowhere


@pytest.mark.slow
def test_a_verdict_of_absent_needs_complete_coverage(
    filled: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "confidence", lambda *_: 0.0)
    question = "zxqv wkjh"
    reindex(filled, index, encoder=fake)
    opened = Index.open(index, encoder=fake)
    assert opened.ask(question).verdict == "absent"
    (filled / "scan.pdf").write_bytes(b"%PDF")
    assert opened.ask(question).verdict == "unknown"  # stale: a file was added
    reindex(filled, index, encoder=fake)
    answer = opened.ask(question)
    assert answer.verdict == "unknown"  # indexed again, and the file cannot be read
    assert [one.document for one in answer.searched.unreadable] == ["scan.pdf"]


def test_an_unreadable_file_that_was_written_again_is_told_as_stale(
    filled: Path, index: Path, fake: FakeEncoder
) -> None:
    (filled / "bad.txt").touch()
    reindex(filled, index, encoder=fake)
    opened = Index.open(index, encoder=fake)
    assert opened.ask("harbour").searched.stale == ()
    time.sleep(0.02)
    (filled / "bad.txt").write_text("Mended now.")
    # Opened anew: where looking at the corpus took long, what was seen holds for a while.
    answer = Index.open(index, encoder=fake).ask("harbour")
    assert [one.document for one in answer.searched.stale] == ["bad.txt"]


def test_a_long_lived_index_follows_new_generations(
    opened: Index, filled: Path, index: Path, fake: FakeEncoder
) -> None:
    first = opened.ask("lighthouse keeper")
    (filled / "light.txt").write_text("The lighthouse keeper lit the lamp every evening of his life.")
    reindex(filled, index, encoder=fake)
    second = opened.ask("lighthouse keeper")
    assert (first.generation, second.generation) == (1, 2)
    assert documents(second)[0] == "light.txt"


@pytest.mark.slow
def test_opening_a_generation_again_and_again_leaves_no_file_open(opened: Index, index: Path) -> None:
    """Without the collector, which a program may have told to come seldom."""
    opened.ask("harbour")
    gc.collect()
    gc.disable()
    try:
        before = len([*Path("/proc/self/fd").iterdir()])
        for _ in range(10):
            assert LocalSnapshot.newest(index).known
        assert len([*Path("/proc/self/fd").iterdir()]) <= before + 2
    finally:
        gc.enable()


def test_threads_that_meet_while_the_model_changes_get_each_the_encoder_of_its_snapshot(
    filled: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FakeEncoder(name="other")
    encoders = {one.model.fingerprint: one for one in (fake, other)}
    monkeypatch.setattr(asking, "open_for_asking", lambda model, **_: encoders[model.fingerprint])
    reindex(filled, index, encoder=fake)
    asked = Index.open(index)
    old = asked.snapshot
    reindex(filled, index, encoder=other)
    new = asked.snapshot
    for snapshot in (old, new, old, new):
        found = asked._encoder_of(snapshot)
        assert found.model.fingerprint == snapshot.manifest.model.fingerprint
    assert asked.ask("harbour").generation == 2


def test_an_index_that_was_deleted_and_made_again_is_followed_too(
    opened: Index, filled: Path, index: Path, fake: FakeEncoder
) -> None:
    opened.ask("harbour")
    shutil.rmtree(index)
    (filled / "harbour.md").unlink()
    reindex(filled, index, encoder=fake)
    answer = opened.ask("harbour", k=10)
    assert (answer.generation, set(documents(answer))) == (1, {"reports/bridge.txt", "reports/mill.txt"})


@pytest.mark.slow
def test_a_reader_keeps_its_generation_after_it_is_swept(
    opened: Index, filled: Path, index: Path, fake: FakeEncoder
) -> None:
    snapshot, swept = opened.snapshot, index / f"{opened.snapshot.manifest.generation:06d}"
    for at in range(4):
        (filled / f"more-{at}.txt").write_text(f"More text number {at}, which says that and nothing else at all.")
        reindex(filled, index, encoder=fake)
    assert not swept.exists()
    within = snapshot.filtered(None, None)
    rows, _ = snapshot.search_dense(fake.encode_questions(["harbour"]).vectors[0], 10, within)
    assert len(rows) == 3
    assert all(snapshot.stored(row).passage.text for row in rows.tolist())
    assert len(snapshot.search_lexical(["harbour"], 10, within)[0]) == 1


def test_no_index_is_an_error_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="nrqa index CORPUS"):
        nrqa.ask("anything", tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["vectors.faiss", "catalog.sqlite", "texts.zlib", "rows.npy"])
@pytest.mark.usefixtures("opened")
def test_a_damaged_index_is_an_error_that_names_the_file(index: Path, name: str) -> None:
    file = next(index.glob(f"000001/part-*/{name}"))
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(IndexDamagedError, match=name):
        Index.open(index)


@pytest.mark.parametrize("name", ["vectors.faiss", "catalog.sqlite", "rows.npy"])
@pytest.mark.usefixtures("opened")
def test_a_file_garbled_at_its_head_is_an_error_and_no_traceback(index: Path, name: str) -> None:
    file = next(index.glob(f"000001/part-*/{name}"))
    data = bytearray(file.read_bytes())
    data[:64] = b"\xff" * 64
    file.write_bytes(data)
    with pytest.raises(IndexDamagedError, match=f"{name}.*nrqa index --rebuild"):
        Index.open(index, encoder=FakeEncoder()).ask("harbour", where={"author": "x"})


def test_an_emptied_index_answers_that_there_is_nothing(filled: Path, index: Path, fake: FakeEncoder) -> None:
    reindex(filled, index, encoder=fake)
    shutil.rmtree(filled)
    filled.mkdir()
    reindex(filled, index, encoder=fake, allow_empty=True)
    answer = Index.open(index, encoder=fake).ask("harbour")
    assert (answer.verdict, answer.hits, answer.searched.passages) == ("absent", (), 0)
