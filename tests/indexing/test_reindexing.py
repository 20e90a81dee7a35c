from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.answering.inspecting import corpus_of_index
from nrqa.corpus.shaping import Settings
from nrqa.errors import CorpusError, IndexUnusableError
from nrqa.index.local import builder
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing import embedding, reindexing
from nrqa.indexing.reindexing import reindex
from nrqa.records import IndexReport
from nrqa.text.terms import question_terms

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau".split()


def paragraph(number: int, *, sentences: int = 4) -> str:
    """A paragraph of its own: no two numbers give the same."""
    lines = []
    for at in range(sentences):
        words = [WORDS[(number * 7 + at * 3 + step * (number + 1)) % len(WORDS)] for step in range(6)]
        lines.append(f"The {words[0]} of {number} is {' '.join(words[1:])} number {at}.")
    return " ".join(lines)


def fill(corpus: Path, documents: int = 5, paragraphs: int = 6) -> None:
    for at in range(documents):
        text = "\n\n".join(paragraph(at * 100 + one) for one in range(paragraphs))
        (corpus / f"document-{at}.txt").write_text(text)


def all_texts(index: Path) -> dict[str, list[str]]:
    """The passages of every document that is in, by name."""
    snapshot = LocalSnapshot.newest(index)
    found = {}
    for name in snapshot.known:
        document = snapshot.document_named(name)
        assert document is not None
        found[name] = [one.passage.text for one in document[1]]
    return found


def assert_true_to(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    """The index holds what a fresh build of the corpus holds: texts, vectors, and lexical entries."""
    fresh = index.parent / f"fresh-{time.monotonic_ns()}"
    reindex(corpus, fresh, encoder=fake)
    assert all_texts(index) == all_texts(fresh)
    snapshots = [LocalSnapshot.newest(index), LocalSnapshot.newest(fresh)]
    assert snapshots[0].manifest.corpus_root == snapshots[1].manifest.corpus_root
    for snapshot in snapshots:
        within = snapshot.filtered(None, None)
        question = fake.encode_questions(["everything"]).vectors[0]
        rows, _ = snapshot.search_dense(question, 10_000, within)
        assert len(rows) == snapshot.manifest.passages == within.passage_count
        for row in rows.tolist():
            stored = snapshot.stored(row)
            vector = fake.encode_questions([f"{stored.context}\n{stored.passage.text}".strip()]).vectors[0]
            (coded,) = snapshot.coded([row])
            # The fake's vectors have few different numbers, which bytes make all longer or all shorter.
            length = float(np.linalg.norm(coded.vector))
            assert abs(length - 1) < 0.03
            assert float(coded.vector @ vector) / length > 0.999
        assert snapshot.lexical is not None
        found, _ = snapshot.search_lexical(question_terms("the is number of"), 10_000, within)
        assert sorted(found.tolist()) == sorted(rows.tolist())
    shutil.rmtree(fresh)


@pytest.mark.slow
def test_a_first_build_embeds_everything_once(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    report = reindex(corpus, index, encoder=fake)
    assert (report.generation, report.documents_added, report.passages_embedded) == (1, 5, report.passages_total)
    assert report.passages_total == len(fake.encoded) == len(set(fake.encoded))
    assert_true_to(corpus, index, fake)


@pytest.mark.slow
def test_nothing_changed_means_no_new_generation_and_nothing_embedded(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    fill(corpus)
    first = reindex(corpus, index, encoder=fake)
    second = reindex(corpus, index, encoder=fake)
    assert second.generation == first.generation
    assert (second.documents_unchanged, second.passages_embedded) == (5, 0)
    assert second.passages_total == first.passages_total


@pytest.mark.slow
def test_editing_one_document_embeds_no_more_than_its_passages(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    edited = corpus / "document-2.txt"
    edited.write_text(edited.read_text().replace("number 2.", "number two.", 1))
    report = reindex(corpus, index, encoder=fake)
    assert (report.documents_changed, report.documents_unchanged, report.documents_added) == (1, 4, 0)
    assert report.passages_embedded == 1
    assert_true_to(corpus, index, fake)


@pytest.mark.slow
@pytest.mark.parametrize("paragraphs", [40, 120])
def test_a_paragraph_put_at_the_top_embeds_only_itself_and_its_neighbour(
    corpus: Path, index: Path, fake: FakeEncoder, paragraphs: int
) -> None:
    fill(corpus, documents=1, paragraphs=paragraphs)
    reindex(corpus, index, encoder=fake)
    file = corpus / "document-0.txt"
    file.write_text(paragraph(999) + "\n\n" + file.read_text())
    report = reindex(corpus, index, encoder=fake)
    assert report.passages_total > paragraphs // 2
    assert report.passages_embedded <= 3
    assert_true_to(corpus, index, fake)


@pytest.mark.slow
def test_renaming_and_moving_embed_nothing(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    (corpus / "deep" / "er").mkdir(parents=True)
    (corpus / "document-0.txt").rename(corpus / "deep" / "er" / "document-0.txt")
    (corpus / "document-1.txt").rename(corpus / "renamed.txt")
    report = reindex(corpus, index, encoder=fake)
    assert (report.documents_added, report.documents_removed, report.passages_embedded) == (2, 2, 0)
    assert "deep/er/document-0.txt" in all_texts(index)
    assert_true_to(corpus, index, fake)


@pytest.mark.slow
def test_a_deleted_document_is_gone_at_once(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    (corpus / "document-3.txt").unlink()
    report = reindex(corpus, index, encoder=fake)
    assert (report.documents_removed, report.passages_embedded) == (1, 0)
    assert "document-3.txt" not in all_texts(index)
    assert_true_to(corpus, index, fake)


@pytest.mark.slow
def test_of_two_identical_files_one_deleted_the_other_still_answers(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    fill(corpus, documents=2)
    shutil.copy(corpus / "document-0.txt", corpus / "copy.txt")
    first = reindex(corpus, index, encoder=fake)
    assert first.passages_embedded < first.passages_total  # the copy was embedded once
    (corpus / "document-0.txt").unlink()
    report = reindex(corpus, index, encoder=fake)
    assert report.passages_embedded == 0
    assert set(all_texts(index)) == {"copy.txt", "document-1.txt"}
    assert_true_to(corpus, index, fake)


@pytest.mark.slow
def test_many_rounds_of_changes_leave_the_index_true_and_in_few_parts(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    fill(corpus, documents=8)
    reindex(corpus, index, encoder=fake)
    for at in range(30):
        match at % 5:
            case 0:
                (corpus / f"new-{at}.txt").write_text(paragraph(5000 + at))
            case 1:
                (corpus / f"document-{at % 8}.txt").write_text(paragraph(6000 + at) + "\n\n" + paragraph(7000 + at))
            case 2:
                sorted(corpus.iterdir())[at % 3].unlink()
            case 3:
                file = min(corpus.iterdir())
                file.rename(corpus / f"moved-{at}.txt")
            case _:
                file = max(corpus.iterdir())
                file.write_text(file.read_text() + "\n\n" + paragraph(8000 + at))
        reindex(corpus, index, encoder=fake)
    assert len(LocalSnapshot.newest(index).manifest.parts) <= 6
    assert_true_to(corpus, index, fake)


@pytest.mark.slow
def test_a_small_change_links_the_large_part_instead_of_writing_it_again(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    fill(corpus, documents=20)
    reindex(corpus, index, encoder=fake)
    before = LocalSnapshot.newest(index)
    large = before.folder / before.manifest.parts[0].name / "vectors.faiss"
    (corpus / "new.txt").write_text(paragraph(9999))
    reindex(corpus, index, encoder=fake)
    after = LocalSnapshot.newest(index)
    assert (after.folder / large.relative_to(before.folder)).stat().st_ino == large.stat().st_ino


@pytest.mark.slow
def test_a_touched_file_is_not_a_changed_file(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    os.utime(corpus / "document-0.txt", (1, 1))
    assert reindex(corpus, index, encoder=fake).documents_changed == 0
    # Its new stamp is known from now on: nothing has to be read again to tell that it is the same.
    stamp = (corpus / "document-0.txt").stat()
    known = LocalSnapshot.newest(index).known["document-0.txt"]
    assert known.stamp[1:] == (stamp.st_mtime_ns, stamp.st_ctime_ns)
    assert_true_to(corpus, index, fake)


def test_a_file_whose_stamp_alone_is_new_is_not_read_again(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(corpus, 2)
    reindex(corpus, index, encoder=fake)
    os.utime(corpus / "document-0.txt", (1, 1))
    monkeypatch.setattr(reindexing, "drafting", lambda *_: pytest.fail)
    report = reindex(corpus, index, encoder=fake)
    assert (report.documents_unchanged, report.documents_unreadable) == (2, 0)


@pytest.mark.slow
def test_a_bad_file_written_again_and_still_bad_is_not_stale_for_ever(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    fill(corpus)
    (corpus / "bad.txt").touch()
    reindex(corpus, index, encoder=fake)
    time.sleep(0.15)
    (corpus / "bad.txt").write_bytes(b"")
    opened = Index.open(index, encoder=fake)
    assert [one.document for one in opened.ask("alpha").searched.stale] == ["bad.txt"]
    time.sleep(0.15)
    reindex(corpus, index, encoder=fake)
    assert opened.ask("alpha").searched.stale == ()


@pytest.mark.slow
@pytest.mark.parametrize("removed", [1, 55])
def test_after_deletes_weights_and_confidence_are_those_of_a_fresh_build(
    corpus: Path, index: Path, fake: FakeEncoder, removed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # tantivy goes on counting what was deleted; our own weights once turned negative by it.
    for at in range(60):
        (corpus / f"whale-{at}.txt").write_text(f"The whale number {at} eats krill and swims in the sea all day long.")
    (corpus / "clam.txt").write_text("The clam feeds on plankton that it takes from the cold water of the sea.")
    reindex(corpus, index, encoder=fake)
    for at in range(removed):
        (corpus / f"whale-{at}.txt").unlink()
    reindex(corpus, index, encoder=fake)
    fresh = index.parent / "fresh"
    # The codebook of token vectors is of the first build's passages.
    monkeypatch.setattr(embedding, "shipped", lambda _: LocalSnapshot.newest(index).codebook)
    reindex(corpus, fresh, encoder=fake)
    answers = [Index.open(place, encoder=fake).ask("what does the clam eat in the sea") for place in (index, fresh)]
    assert answers[0].confidence == pytest.approx(answers[1].confidence, rel=0.01)
    for name in ("dense", "lexical"):
        first, second = ([hit.signals[name] for hit in answer.hits] for answer in answers)
        assert first == pytest.approx(second)
    snapshots = [LocalSnapshot.newest(place) for place in (index, fresh)]
    ours, theirs = (snapshot.counted_tokens() for snapshot in snapshots)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.slow
def test_a_large_lexical_index_is_not_written_anew_for_a_small_removal(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "_SMALL", 10)
    fill(corpus, documents=30)
    reindex(corpus, index, encoder=fake)
    (corpus / "document-3.txt").unlink()
    reindex(corpus, index, encoder=fake)
    snapshot = LocalSnapshot.newest(index)
    assert snapshot.manifest.lexical_dead > 0
    assert snapshot.lexical is not None
    assert all(weight >= 0 for weight in snapshot.lexical.weights(question_terms("the number of alpha is")).values())
    assert_true_to(corpus, index, fake)
    for at in range(4, 8):
        (corpus / f"document-{at}.txt").unlink()
        reindex(corpus, index, encoder=fake)
    assert LocalSnapshot.newest(index).manifest.lexical_dead < 20
    assert_true_to(corpus, index, fake)


def test_a_vanished_corpus_is_not_replaced_by_another(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    corpus.rename(corpus.parent / "unmounted")
    other = corpus.parent / "other"
    other.mkdir()
    (other / "unrelated.txt").write_text(paragraph(1))
    with pytest.raises(CorpusError, match="is of the corpus"):
        reindex(other, index, encoder=fake)
    with pytest.raises(CorpusError, match="is not there"):
        corpus_of_index(index)


@pytest.mark.slow
def test_rebuilding_keeps_the_model_of_the_index(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    asked: list[str] = []

    def opening(name: str, **_: object) -> FakeEncoder:
        asked.append(name)
        return fake

    monkeypatch.setattr(reindexing, "open_for_indexing", opening)
    reindex(corpus, index, rebuild=True)
    next(index.glob("000002/part-*/vectors.faiss")).unlink()
    reindex(corpus, index)
    assert asked == ["fake", "fake"]


def test_half_a_character_in_front_matter_does_not_stop_the_run(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "odd.md").write_text('---\ntitle: "x \\ud800 y"\n---\nSome text that can be found by anybody.\n')
    assert reindex(corpus, index, encoder=fake).documents_added == 1


@pytest.mark.slow
def test_deeply_nested_folders_are_walked(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    deep = corpus
    for _ in range(450):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text(paragraph(1))
    assert reindex(corpus, index, encoder=fake).documents_added == 1


@pytest.mark.slow
def test_a_dead_build_whose_change_was_undone_leaves_nothing(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    (corpus / "new.txt").write_text(paragraph(77))
    with pytest.raises(KeyboardInterrupt):
        reindex(corpus, index, encoder=_DyingEncoder(after=0))
    (index / "tmp-vectors-fake-fingerprint").write_bytes(b"x")
    (corpus / "new.txt").unlink()
    reindex(corpus, index, encoder=fake)
    assert not list(index.glob("tmp-*"))


@pytest.mark.slow
def test_an_edit_that_keeps_size_and_time_stamp_is_seen(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    file = corpus / "document-0.txt"
    before = file.stat()
    reindex(corpus, index, encoder=fake)
    file.write_text(file.read_text().replace("alpha", "omega"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert reindex(corpus, index, encoder=fake).documents_changed == 1


def test_bad_files_are_listed_and_the_rest_is_indexed(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus, documents=1)
    (corpus / "empty.txt").touch()
    (corpus / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (corpus / "photo.jpg").write_bytes(b"jpeg")
    (corpus / ".hidden.txt").write_text("hidden words")
    report = reindex(corpus, index, encoder=fake)
    assert {one.document: one.reason.partition(";")[0] for one in report.unreadable} == {
        "empty.txt": "empty file",
        "binary.txt": "binary data, not text",
        "photo.jpg": ".jpg files are not supported: a picture, not a text",
    }
    assert [one.document for one in report.excluded] == [".hidden.txt"]
    assert report.documents_unreadable == 3
    assert LocalSnapshot.newest(index).manifest.unreadable == report.unreadable
    # A bad file that is mended becomes a document.
    (corpus / "empty.txt").write_text(paragraph(1))
    assert reindex(corpus, index, encoder=fake).documents_added == 1


@pytest.mark.slow
def test_a_document_that_becomes_unreadable_leaves_the_index_and_is_listed(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    (corpus / "document-0.txt").write_bytes(b"")
    report = reindex(corpus, index, encoder=fake)
    assert report.unreadable[0].document == "document-0.txt"
    assert "document-0.txt" not in all_texts(index)


@pytest.mark.slow
@pytest.mark.parametrize("state", ["missing", "empty", "nothing readable", "all empty files", "file"])
def test_an_empty_or_missing_corpus_is_an_error_and_not_a_deletion(
    corpus: Path, index: Path, fake: FakeEncoder, state: str
) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    shutil.rmtree(corpus)
    if state == "file":
        corpus.write_text("a file")
    elif state != "missing":
        corpus.mkdir()
    if state == "all empty files":
        for at in range(5):
            (corpus / f"document-{at}.txt").touch()
    if state == "nothing readable":
        (corpus / "scan.pdf").write_bytes(b"%PDF")
    with pytest.raises(CorpusError):
        reindex(corpus, index, encoder=fake)
    assert len(all_texts(index)) == 5


@pytest.mark.slow
def test_allowing_an_empty_corpus_empties_the_index(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    shutil.rmtree(corpus)
    corpus.mkdir()
    report = reindex(corpus, index, encoder=fake, allow_empty=True)
    assert (report.documents_removed, report.passages_total) == (5, 0)
    assert all_texts(index) == {}
    fill(corpus)
    assert reindex(corpus, index, encoder=fake).documents_added == 5


@pytest.mark.slow
def test_another_corpus_does_not_silently_replace_the_first(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    other = corpus.parent / "other"
    other.mkdir()
    fill(other, documents=1)
    with pytest.raises(CorpusError, match="is of the corpus"):
        reindex(other, index, encoder=fake)
    assert len(all_texts(index)) == 5
    assert reindex(other, index, encoder=fake, rebuild=True).documents_added == 1


@pytest.mark.slow
def test_a_corpus_that_moved_is_the_same_corpus(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    moved = corpus.rename(corpus.parent / "moved")
    report = reindex(moved, index, encoder=fake)
    assert (report.documents_unchanged, report.passages_embedded) == (5, 0)
    assert "moved" in report.notices[0]


def test_corpus_and_index_may_not_be_the_same_nor_the_corpus_inside_the_index(corpus: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    with pytest.raises(CorpusError, match="same folder"):
        reindex(corpus, corpus, encoder=fake)
    with pytest.raises(CorpusError, match="inside the index"):
        reindex(corpus, corpus.parent, encoder=fake)


@pytest.mark.slow
def test_an_index_inside_its_corpus_is_not_indexed(corpus: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    inside = corpus / "the index"
    reindex(corpus, inside, encoder=fake)
    report = reindex(corpus, inside, encoder=fake)
    assert (report.generation, report.unreadable) == (1, ())
    assert [one.document for one in report.excluded] == ["the index"]


@pytest.mark.slow
def test_another_model_says_so_and_embeds_everything_anew(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    first = reindex(corpus, index, encoder=fake)
    report = reindex(corpus, index, encoder=FakeEncoder(name="other"))
    assert report.passages_embedded == first.passages_total
    assert "The model changed from fake to other" in report.notices[0]


@pytest.mark.slow
def test_another_setting_rebuilds_and_keeps_the_vectors_of_unchanged_passages(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    monkeypatch.setattr(reindexing, "Settings", lambda **given: Settings(analysis=99, **given))
    report = reindex(corpus, index, encoder=fake)
    assert "settings changed" in report.notices[0]
    assert (report.generation, report.passages_embedded, report.documents_unchanged) == (2, 0, 5)


@pytest.mark.slow
def test_a_damaged_index_is_built_anew_and_said(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    next(index.glob("000001/part-*/vectors.faiss")).unlink()
    report = reindex(corpus, index, encoder=fake)
    assert "is damaged" in report.notices[0]
    assert_true_to(corpus, index, fake)


@pytest.mark.slow
def test_another_format_is_rebuilt_never_migrated(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    manifest = index / "000001" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 0}))
    report = reindex(corpus, index, encoder=fake)
    assert "another format" in report.notices[0]
    assert report.generation == 2


class _DyingEncoder(FakeEncoder):
    """Is interrupted after some passages, as by Ctrl-C."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    def encode_passages(self, texts):  # type: ignore[no-untyped-def]
        if self._left <= 0:
            raise KeyboardInterrupt
        self._left -= len(texts)
        return super().encode_passages(texts)


@pytest.mark.slow
def test_an_interrupted_build_leaves_the_old_generation_and_wastes_no_embedding(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "_AT_ONCE", 5)
    monkeypatch.setattr(embedding, "SAMPLE", 5)
    fill(corpus, documents=1)
    reindex(corpus, index, encoder=FakeEncoder())
    fill(corpus, documents=10)
    dying = _DyingEncoder(after=20)
    with pytest.raises(KeyboardInterrupt):
        reindex(corpus, index, encoder=dying)
    assert len(all_texts(index)) == 1
    assert not [path for path in index.iterdir() if path.is_dir() and path.name.startswith("tmp-")]
    fresh = FakeEncoder()
    report = reindex(corpus, index, encoder=fresh)
    assert not set(dying.encoded) & set(fresh.encoded)
    assert report.passages_embedded == len(fresh.encoded)
    assert not list(index.glob("tmp-*"))
    assert_true_to(corpus, index, FakeEncoder())


def test_names_that_differ_in_case_spaces_or_normal_form_stay_apart(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    names = ["a b.txt", "a_b.txt", "A B.txt", "caf\u00e9.txt", "cafe\u0301.txt", "отчёт.md", "报告.TXT"]
    for at, name in enumerate(names):
        (corpus / name).write_text(paragraph(at))
    reindex(corpus, index, encoder=fake)
    assert set(all_texts(index)) == {path.name for path in corpus.iterdir()}


@pytest.mark.slow
def test_building_twice_gives_the_same_passages_vectors_and_rows(
    corpus: Path, tmp_path: Path, fake: FakeEncoder
) -> None:
    fill(corpus)
    places = [tmp_path / "one", tmp_path / "two"]
    for place in places:
        reindex(corpus, place, encoder=fake)
    first, second = (next(place.glob("000001/part-*")) for place in places)
    for name in ("rows.npy", "documents.npy", "vectors.faiss", "texts.zlib"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


@pytest.mark.slow
def test_progress_is_reported_by_stage(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    seen: list[tuple[str, int, int]] = []
    report: IndexReport = reindex(corpus, index, encoder=fake, progress=lambda *step: seen.append(step))
    assert seen[0] == ("looking at the corpus", 0, 1)
    assert next(step for step in seen if step[0] == "reading") == ("reading", 0, 5)
    encoded = [step for step in seen if step[0] == "encoding"]
    assert encoded[-1] == ("encoding", report.passages_total, report.passages_total)
    assert seen[-1] == ("writing the index", 1, 1)


@pytest.mark.slow
def test_no_pickle_is_written(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus)
    reindex(corpus, index, encoder=fake)
    for file in index.glob("000001/part-*/*.npy"):
        np.load(file, allow_pickle=False)
    assert not list(index.rglob("*.pkl"))


def test_an_index_folder_that_cannot_be_written_is_an_error_with_a_remedy(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(corpus)
    index.mkdir()
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != index)
    with pytest.raises(IndexUnusableError, match="may not be written"):
        reindex(corpus, index, encoder=fake)
