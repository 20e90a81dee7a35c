"""Encoding in processes: the same index as without, and nothing lost or done twice, whoever dies."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cluster_workers
import good_files
import project
import shard_worker
from fakes import DIMENSIONS, FakeEncoder
from nrqa.corpus.worker import isolation
from nrqa.errors import EncoderError
from nrqa.index.local import builder
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing import embedding, reindexing
from nrqa.indexing.reindexing import reindex
from nrqa.indexing.shards import cutting, processes, spreading
from nrqa.indexing.shards.cutting import Shard
from nrqa.indexing.shards.encoding import working
from nrqa.indexing.shards.task import Task
from nrqa.records import IndexReport
from nrqa.signals.late.coding import Codebook, Kept, train

pytestmark = pytest.mark.slow


def _codebook() -> Codebook:
    tokens = np.random.default_rng(0).normal(size=(300, DIMENSIONS)).astype(np.float32)
    return train(Kept(tokens, np.arange(300), np.zeros(300, np.int64), tokens[:1], None))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Small shards, workers with the fake encoder, and a codebook that is there before the first passage."""
    monkeypatch.setattr(cutting, "SHARD", 2000)
    monkeypatch.setattr(processes, "_command", lambda: [sys.executable, str(Path(shard_worker.__file__))])
    monkeypatch.setenv("PYTHONPATH", str(project.TESTS / "helpers"))
    monkeypatch.setenv(shard_worker.LOG, str(tmp_path / "log"))
    monkeypatch.setenv(shard_worker.DEATHS, str(tmp_path / "deaths"))
    (tmp_path / "deaths").mkdir()
    codebook = _codebook()
    monkeypatch.setattr(embedding, "shipped", lambda _: codebook)


def _fill(corpus: Path, documents: int = 24) -> None:
    for at in range(documents):
        text = "\n\n".join(f"Paragraph {one} of document {at} says what it says {at * one} times." for one in range(9))
        (corpus / f"document-{at:02}.txt").write_text(text)


def _logged(tmp_path: Path) -> list[str]:
    """What the workers encoded: each passage's last line."""
    file = tmp_path / "log"
    return [line.split(" ", 1)[1] for line in file.read_text().splitlines()] if file.exists() else []


def _plain(corpus: Path, index: Path) -> IndexReport:
    return reindex(corpus, index.with_name("plain"), encoder=FakeEncoder())


def _same(one: Path, other: Path) -> None:
    ours, theirs = LocalSnapshot.newest(one), LocalSnapshot.newest(other)
    assert ours.manifest.corpus_root == theirs.manifest.corpus_root
    for name in theirs.known:
        assert ours.document_named(name) == theirs.document_named(name)


def test_the_index_is_the_same_byte_for_byte_and_the_build_encodes_nothing(
    corpus: Path, index: Path, tmp_path: Path
) -> None:
    _fill(corpus)
    encoder = FakeEncoder()
    report = reindex(corpus, index, encoder=encoder, processes=2)
    plain = _plain(corpus, index)
    assert encoder.encoded == []
    assert report.passages_embedded == len(_logged(tmp_path)) == plain.passages_embedded
    assert report.encoded_by == "a fake"
    assert len({line.split()[0] for line in (tmp_path / "log").read_text().splitlines()}) == 2
    _same(index, index.with_name("plain"))
    assert _sorted_codes(index) == _sorted_codes(index.with_name("plain"))
    assert not list(index.glob("tmp-*"))


def _sorted_codes(index: Path) -> list[tuple[int, bytes, bytes]]:
    """Vector and codes of every row: token codes lie in the file in the order in which they were put."""
    snapshot = LocalSnapshot.newest(index)
    rows = snapshot.rows(snapshot.filtered(None, None)).tolist()
    return [
        (row, one.vector.tobytes(), one.codes.tobytes()) for row, one in zip(rows, snapshot.coded(rows), strict=True)
    ]


def _of_every_format(corpus: Path) -> None:
    """Files of every format, with pages, tables and words of pages, some of them unreadable."""
    for at, suffix in enumerate(good_files.GOOD):
        paragraphs = [f"Ship {one} of harbour {at} came late, and nobody asked the master why." for one in range(30)]
        good_files.write_good(corpus, f"harbour-{at:02}", suffix, f"Harbour {at}", paragraphs)
    (corpus / "no.pdf").write_bytes(b"no PDF at all")
    (corpus / "nothing.txt").write_bytes(b"")


def _content(index: Path) -> dict[str, object]:
    """All that is in the newest generation, but for what is drawn by lot: names of tantivy's files, marks, times."""
    folder = LocalSnapshot.newest(index).folder
    found: dict[str, object] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.name == "manifest.json":
            manifest = json.loads(file.read_text())
            found[name] = {
                one: manifest[one] for one in ("corpus_root", "unreadable", "documents", "passages", "unread")
            }
        elif file.name == "catalog.sqlite":
            with closing(sqlite3.connect(file)) as database:
                found[name] = [line for line in database.iterdump() if "user_version" not in line]
        elif file.is_file() and file.suffix != ".json" and not file.name.endswith(".lock"):
            found[f"{file.parent.name}/{file.suffix or file.name}"] = file.read_bytes()
    return found


def test_files_of_every_format_are_neither_read_nor_split_nor_their_words_read_again_and_the_index_is_the_same(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _of_every_format(corpus)
    read_here: list[str] = []
    plain = isolation._answered

    def answered(worker: Any, asked: Any, *rest: Any) -> Any:
        read_here.append(asked["name"])
        return plain(worker, asked, *rest)

    monkeypatch.setattr(isolation, "_answered", answered)
    encoder = FakeEncoder()
    with monkeypatch.context() as patch:
        patch.setattr(builder, "document_terms", lambda text: pytest.fail(f"the words of '{text}' were read again"))
        first = reindex(corpus, index, encoder=encoder, processes=2)
    assert read_here == encoder.encoded == []
    # The same pieces in a build to which all that was read there, and all terms, are of another version.
    again = index.with_name("again")
    with monkeypatch.context() as patch:
        patch.setattr(reindexing, "conditions", lambda *_: b"others")
        second = reindex(corpus, again, encoder=encoder, processes=2)
    assert set(read_here) == {file.name for file in corpus.iterdir()}
    assert encoder.encoded == []
    assert [one.document for one in first.unreadable] == ["no.pdf", "nothing.txt"]
    assert replace(first, seconds=second.seconds) == second
    ours, theirs = _content(index), _content(again)
    assert ours.keys() == theirs.keys()
    assert len(ours) > 10
    for name in ours:
        assert ours[name] == theirs[name], name


def test_a_file_that_changes_before_the_build_is_read_by_the_build(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(corpus)
    encode = spreading.encode_ahead

    def then_changed(*args: Any) -> tuple[int, str]:
        found = encode(*args)
        # As long as before, and of the same time: nothing but its bytes tells.
        file = corpus / "document-07.txt"
        before, text = file.stat(), file.read_text()
        file.write_text(text.replace("says what it says", "knew what it knew"))
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        (corpus / "document-08.txt").unlink()
        return found

    encoder = FakeEncoder()
    with monkeypatch.context() as patch:
        patch.setattr(reindexing, "encode_ahead", then_changed)
        report = reindex(corpus, index, encoder=encoder, processes=2)
    assert [one.document for one in report.unreadable] == ["document-08.txt"]
    assert encoder.encoded
    assert all("knew what it knew" in text for text in encoder.encoded)
    assert "knew what it knew" in str(LocalSnapshot.newest(index).document_named("document-07.txt"))
    (corpus / "document-08.txt").write_text("")
    _plain(corpus, index)
    assert _sorted_codes(index) == _sorted_codes(index.with_name("plain"))


def test_a_document_that_two_pieces_hold_is_in_the_index_once(corpus: Path, index: Path, tmp_path: Path) -> None:
    _fill(corpus)

    def stopped(*_: object) -> tuple[int, int | None]:
        raise RuntimeError("the driver is stopped before it builds")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reindexing, "embed", stopped)
        with pytest.raises(RuntimeError):
            reindex(corpus, index, encoder=FakeEncoder(), processes=2)
        patch.setattr(cutting, "SHARD", 5000)
        with pytest.raises(RuntimeError):
            reindex(corpus, index, encoder=FakeEncoder(), processes=2)
    encoder = FakeEncoder()
    reindex(corpus, index, encoder=encoder, processes=2)
    plain = _plain(corpus, index)
    assert encoder.encoded == []
    assert len(_logged(tmp_path)) == 2 * plain.passages_embedded
    assert _sorted_codes(index) == _sorted_codes(index.with_name("plain"))


def test_a_damaged_piece_costs_time_and_nothing_else(corpus: Path, index: Path) -> None:
    _fill(corpus)
    encode = spreading.encode_ahead

    def then_damaged(*args: Any) -> tuple[int, str]:
        found = encode(*args)
        for at, piece in enumerate(sorted(index.glob("tmp-vectors-*/*.piece"))):
            content = bytearray(piece.read_bytes())
            for place in range(len(content) // 2 + at, len(content), 997):
                content[place] ^= 1
            piece.write_bytes(content)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reindexing, "encode_ahead", then_damaged)
        encoder = FakeEncoder()
        reindex(corpus, index, encoder=encoder, processes=2)
    assert encoder.encoded
    _plain(corpus, index)
    _same(index, index.with_name("plain"))
    assert _sorted_codes(index) == _sorted_codes(index.with_name("plain"))


def test_a_worker_that_dies_is_replaced_and_loses_only_its_shard(corpus: Path, index: Path, tmp_path: Path) -> None:
    _fill(corpus)
    for name in ("first", "second"):
        (tmp_path / "deaths" / name).touch()
    encoder = FakeEncoder()
    reindex(corpus, index, encoder=encoder, processes=2)
    plain = _plain(corpus, index)
    assert not list((tmp_path / "deaths").iterdir())
    assert encoder.encoded == []
    assert len(_logged(tmp_path)) == plain.passages_embedded
    assert _sorted_codes(index) == _sorted_codes(index.with_name("plain"))


def test_a_shard_that_always_kills_its_worker_is_told_and_what_is_finished_is_kept(
    corpus: Path, index: Path, tmp_path: Path
) -> None:
    _fill(corpus)
    for at in range(3):
        (tmp_path / "deaths" / str(at)).touch()
    with pytest.raises(EncoderError, match=r"died 3 times over the files 'document-00.txt' to .*SIGKILL"):
        reindex(corpus, index, encoder=FakeEncoder(), processes=1)
    reindex(corpus, index, encoder=FakeEncoder(), processes=1)
    assert max(Counter(_logged(tmp_path)).values()) == 1


_DRIVER = """
import os
import signal
import sys
from pathlib import Path
import shard_worker
from fakes import FakeEncoder
from nrqa.indexing import checkpoint, embedding
from nrqa.indexing.reindexing import reindex
from nrqa.indexing.shards import cutting, processes
from nrqa.signals.codebook import read_codebook
corpus, index, codebook = map(Path, sys.argv[1:4])
stage, at = sys.argv[4], int(sys.argv[5])
cutting.SHARD = 2000
processes._command = lambda: [sys.executable, shard_worker.__file__]
embedding.shipped = lambda _: read_codebook(codebook)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def deletes_one(folder, **_):
    next(folder.iterdir()).unlink()
    die()

def progress(now, done, _):
    if now == stage and done >= at:
        die()

if stage == "deleting":
    checkpoint.shutil.rmtree = deletes_one
reindex(corpus, index, encoder=FakeEncoder(), processes=2, progress=progress)
"""


def test_a_driver_that_is_killed_goes_on_where_it_was(
    corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nrqa.signals.codebook import read_codebook, write_codebook

    _fill(corpus, 40)
    monkeypatch.setenv(shard_worker.SLOW, ".1")
    codebook = tmp_path / "codebook.npy"
    write_codebook(codebook, _codebook())
    monkeypatch.setattr(embedding, "shipped", lambda _: read_codebook(codebook))
    driver = subprocess.Popen([sys.executable, "-c", _DRIVER, corpus, index, codebook, "", "0"])
    try:
        _wait(lambda: len(list(index.glob("tmp-vectors-*/*.piece"))) >= 3)
    finally:
        os.kill(driver.pid, signal.SIGKILL)
        driver.wait()
    finished = {file.name for file in index.glob("tmp-vectors-*/*.piece")}
    time.sleep(0.5)  # workers notice that nobody waits
    before = len(_logged(tmp_path))
    encoder = FakeEncoder()
    report = reindex(corpus, index, encoder=encoder, processes=2)
    plain = _plain(corpus, index)
    assert encoder.encoded == []
    again = _logged(tmp_path)[before:]
    assert report.passages_embedded == len(again) < plain.passages_embedded
    assert len(finished) >= 3
    assert _sorted_codes(index) == _sorted_codes(index.with_name("plain"))


@pytest.mark.parametrize(
    "dies", [("reading", "7"), ("writing the index", "0"), ("deleting", "0")], ids=lambda dies: dies[0]
)
def test_a_driver_that_is_killed_after_the_last_shard_leaves_nothing_to_encode(
    corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: tuple[str, str]
) -> None:
    from nrqa.signals.codebook import read_codebook, write_codebook

    _fill(corpus)
    codebook = tmp_path / "codebook.npy"
    write_codebook(codebook, _codebook())
    monkeypatch.setattr(embedding, "shipped", lambda _: read_codebook(codebook))
    driver = subprocess.run([sys.executable, "-c", _DRIVER, corpus, index, codebook, *dies], check=False)
    assert driver.returncode == -signal.SIGKILL
    assert list(index.glob("tmp-vectors-*/*.piece"))
    assert (index / "000001").exists() == (dies[0] == "deleting")
    before = _logged(tmp_path)
    encoder = FakeEncoder()
    report = reindex(corpus, index, encoder=encoder, processes=2)
    plain = _plain(corpus, index)
    assert report.generation == 1
    assert report.passages_embedded == 0
    assert encoder.encoded == []
    assert _logged(tmp_path) == before
    assert len(before) == plain.passages_embedded
    assert not list(index.glob("tmp-*"))
    _same(index, index.with_name("plain"))
    assert _sorted_codes(index) == _sorted_codes(index.with_name("plain"))


def test_an_encoder_that_fails_is_told_at_once_with_its_files(
    corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(corpus)
    monkeypatch.setattr(processes, "_command", lambda: [sys.executable, str(Path(cluster_workers.__file__)), "failing"])
    monkeypatch.setenv(cluster_workers.LOG, str(tmp_path / "asked"))
    with pytest.raises(EncoderError) as told:
        reindex(corpus, index, encoder=FakeEncoder(), processes=2)
    assert str(told.value).startswith("A worker failed over the files 'document-")
    assert str(told.value).endswith(
        "RuntimeError: the card fell off the bus. What is finished is kept: run it again when that is mended"
    )
    assert 1 <= len((tmp_path / "asked").read_text().splitlines()) <= 2


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_file_that_changes_between_two_runs_is_encoded_anew_and_its_shard_alone(
    corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(corpus)

    def stopped(*_: object) -> tuple[int, int | None]:
        raise RuntimeError("the driver is stopped before it builds")

    with monkeypatch.context() as patch:
        patch.setattr("nrqa.indexing.reindexing.embed", stopped)
        with pytest.raises(RuntimeError):
            reindex(corpus, index, encoder=FakeEncoder(), processes=2)
    before = len(_logged(tmp_path))
    (corpus / "document-07.txt").write_text("Now it says something that nobody has read before.")
    encoder = FakeEncoder()
    reindex(corpus, index, encoder=encoder, processes=2)
    again = _logged(tmp_path)[before:]
    assert encoder.encoded == []
    assert "Now it says something that nobody has read before." in again
    assert len(again) < before / 4
    _plain(corpus, index)
    _same(index, index.with_name("plain"))


def test_only_new_text_is_encoded_of_an_index_that_is_there(corpus: Path, index: Path, tmp_path: Path) -> None:
    _fill(corpus)
    reindex(corpus, index, encoder=FakeEncoder())
    for at in range(24):
        file = corpus / f"document-{at:02}.txt"
        file.write_text(f"{file.read_text()}\n\nA last paragraph that document {at} did not have.")
    encoder = FakeEncoder()
    report = reindex(corpus, index, encoder=encoder, processes=2)
    assert encoder.encoded == []
    assert len(_logged(tmp_path)) == report.passages_embedded < report.passages_total


def test_without_a_codebook_one_is_trained_on_files_from_all_over_the_corpus(
    corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "shipped", lambda _: None)
    _fill(corpus)
    encoder = FakeEncoder()
    reindex(corpus, index, encoder=encoder, processes=2)
    sampled = encoder.encoded
    snapshot = LocalSnapshot.newest(index)
    assert snapshot.codebook is not None
    assert 0 < snapshot.manifest.codebook_passages == len(sampled)
    assert len(_logged(tmp_path)) == snapshot.manifest.passages


def test_workers_with_another_model_are_refused(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(corpus)
    monkeypatch.setattr(spreading, "Task", lambda **words: Task(**{**words, "fingerprint": "of another model"}))
    with pytest.raises(EncoderError, match="another one than that of the build"):
        reindex(corpus, index, encoder=FakeEncoder(), processes=2)


@pytest.mark.parametrize("processes", [0, -1])
def test_a_number_of_processes_that_cannot_be_is_refused(corpus: Path, index: Path, processes: int) -> None:
    with pytest.raises(EncoderError, match="encode nothing"):
        reindex(corpus, index, encoder=FakeEncoder(), processes=processes)


def test_two_ways_at_once_are_refused(corpus: Path, index: Path) -> None:
    with pytest.raises(EncoderError, match="not both"):
        reindex(corpus, index, encoder=FakeEncoder(), processes=2, ray="auto")


def test_a_function_of_the_user_s_may_map_the_shards(corpus: Path, index: Path) -> None:
    _fill(corpus)
    given: list[str] = []

    def mapped(task: Task, shards: Sequence[tuple[str, Shard]]) -> Iterator[tuple[str, bytes]]:
        with working(task, lambda its: FakeEncoder(name=its.model)) as encode:
            for name, shard in reversed(shards):
                given.append(name)
                yield name, encode(shard)

    encoder = FakeEncoder()
    reindex(corpus, index, encoder=encoder, spread=mapped)
    _plain(corpus, index)
    assert encoder.encoded == []
    assert len(given) > 3
    assert _sorted_codes(index) == _sorted_codes(index.with_name("plain"))
