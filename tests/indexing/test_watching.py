"""Following a corpus: what becomes searchable when, and what goes wrong on the way."""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeEncoder
from nrqa.answering.inspecting import status
from nrqa.errors import CorpusError, IndexBusyError
from nrqa.index import freshness
from nrqa.index.local import generation
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing import planning
from nrqa.indexing.reindexing import reindex
from nrqa.indexing.watching import file_events, relevant_changes, watch
from nrqa.indexing.watching.debouncing import GATHERING, LONGEST, QUIET, UNCLOSED, Debouncing
from nrqa.indexing.watching.relevant_changes import RelevantChanges
from nrqa.records import IndexReport

PATIENCE = 60
"""Seconds: machines that run tests are shared."""


class Follower:
    """A corpus followed in a thread, with the fake encoder."""

    def __init__(self, corpus: Path | list[Path], index: Path, poll: float | None) -> None:
        self.index = index
        self.reports: list[IndexReport] = []
        self.errors: list[Exception] = []
        self.notices: list[str] = []
        self._ended = Event()
        self._following = watch(
            corpus, index, poll=poll, failed=self._failed, announce=self.notices.append, encoder=FakeEncoder()
        )
        self.reports.append(next(self._following))
        self._thread = Thread(target=self._follow, daemon=True)
        self._thread.start()
        time.sleep(0.1)

    def _follow(self) -> None:
        try:
            for report in self._following:
                self.reports.append(report)
                if self._ended.is_set():
                    break
        except SystemExit:
            pass

    def _failed(self, error: Exception) -> None:
        if self._ended.is_set():
            raise SystemExit
        self.errors.append(error)

    def texts(self) -> dict[str, str]:
        snapshot = LocalSnapshot.newest(self.index)
        found = {name: snapshot.document_named(name) for name in snapshot.known}
        return {name: one[0] for name, one in found.items() if one}

    def until(self, holds: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not (holds() and self.reports[-1].generation == generation.newest(self.index)):
            assert time.monotonic() < end, (self.reports, self.errors)
            time.sleep(0.02)

    def end(self, corpus: Path) -> None:
        self._ended.set()
        corpus.mkdir(exist_ok=True)
        (corpus / f"end-{time.monotonic_ns()}.txt").write_text("The end.")
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


Follow = Callable[..., Follower]


@pytest.fixture
def follow(corpus: Path, index: Path) -> Iterator[Follow]:
    begun: list[Follower] = []

    def begin(*roots: Path, poll: float | None = None) -> Follower:
        begun.append(Follower(list(roots) or corpus, index, poll))
        return begun[-1]

    (corpus / "a.txt").write_text("Penguins eat krill.")
    yield begin
    for one in begun:
        one.end(corpus)


@pytest.mark.slow
def test_what_changes_becomes_searchable(corpus: Path, follow: Follow) -> None:
    one = follow()
    (corpus / "b.txt").write_text("Locomotives need coal.")
    one.until(lambda: one.texts().get("b.txt") == "Locomotives need coal.")
    (corpus / "a.txt").write_text("Penguins eat fish.")
    one.until(lambda: one.texts()["a.txt"] == "Penguins eat fish.")
    (corpus / "b.txt").unlink()
    one.until(lambda: one.texts().keys() == {"a.txt"})
    assert [(r.documents_added, r.documents_changed, r.documents_removed) for r in one.reports] == [
        (1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1),
    ]  # fmt: skip


@pytest.mark.slow
def test_what_changed_before_it_began_is_in_the_first_report(corpus: Path, index: Path, follow: Follow) -> None:
    reindex(corpus, index, encoder=FakeEncoder())
    (corpus / "b.txt").write_text("Locomotives need coal.")
    assert follow().reports[0].documents_added == 1


@pytest.mark.slow
def test_many_files_at_once_make_few_generations(corpus: Path, follow: Follow) -> None:
    one = follow()
    for at in range(200):
        (corpus / f"{at}.txt").write_text(f"Number {at} has its own words.")
    one.until(lambda: len(one.texts()) == 201)
    assert len(one.reports) <= 6


@pytest.mark.slow
def test_a_moved_folder_embeds_nothing(corpus: Path, follow: Follow) -> None:
    (corpus / "old/deep").mkdir(parents=True)
    (corpus / "old/deep/b.txt").write_text("Locomotives need coal.")
    one = follow()
    (corpus / "old").rename(corpus / "new")
    one.until(lambda: one.texts().keys() == {"a.txt", "new/deep/b.txt"})
    assert one.reports[-1].passages_embedded == 0
    (corpus / "new/deep/b.txt").write_text("Locomotives need water.")
    one.until(lambda: one.texts()["new/deep/b.txt"] == "Locomotives need water.")


def vim(file: Path, text: str) -> None:
    (file.parent / "4913").touch()
    (file.parent / "4913").unlink()
    swap = file.with_name(f".{file.name}.swp")
    swap.write_text("swap")
    file.rename(f"{file}~")
    file.write_text(text)
    Path(f"{file}~").unlink()
    swap.unlink()


def emacs(file: Path, text: str) -> None:
    lock = file.with_name(f".#{file.name}")
    lock.symlink_to("somebody@nowhere.1234")
    file.with_name(f"#{file.name}#").write_text(text)
    shutil.copy(file, f"{file}~")  # which stays
    file.write_text(text)
    file.with_name(f"#{file.name}#").unlink()
    lock.unlink()


def atomic(file: Path, text: str) -> None:
    beside = file.with_name(f"{file.name}.tmp.4711")
    beside.write_text(text)
    beside.replace(file)


def in_place(file: Path, text: str) -> None:
    with file.open("r+") as opened:
        opened.truncate()
        opened.flush()
        time.sleep(0.05)
        opened.write(text)


@pytest.mark.slow
@pytest.mark.parametrize("save", [vim, emacs, atomic, in_place])
def test_a_file_saved_by_an_editor_is_one_changed_document(
    corpus: Path, follow: Follow, save: Callable[[Path, str], None]
) -> None:
    one = follow()
    for text in ("Penguins eat fish.", "Penguins swim."):
        save(corpus / "a.txt", text)
        one.until(lambda text=text: one.texts() == {"a.txt": text})  # type: ignore[misc]
    assert all((r.documents_added, r.documents_removed) == (0, 0) for r in one.reports[1:])
    assert one.reports[-1].unreadable == ()


@pytest.mark.slow
def test_a_file_that_is_copied_in_slowly_is_not_read_half_and_others_do_not_wait(corpus: Path, follow: Follow) -> None:
    one = follow()
    seen = []
    with (corpus / "slow.txt").open("w") as slow:
        for at in range(40):
            slow.write(f"Line {at} is one of many.\n")
            slow.flush()
            time.sleep(0.1)
            if at == 5:
                (corpus / "b.txt").write_text("Locomotives need coal.")
            seen.append(one.texts())
        told = [skipped.document for skipped in status(one.index).stale]
    assert all("slow.txt" not in texts for texts in seen)
    assert "b.txt" in seen[-1]
    assert told == ["slow.txt"]
    one.until(lambda: "Line 39" in one.texts().get("slow.txt", ""))
    assert len(one.reports) == 3


@pytest.mark.slow
def test_a_changed_file_that_is_still_written_stays_as_it_was(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    file = corpus / "a.txt"
    file.write_text("Penguins eat krill.")
    reindex(corpus, index, encoder=fake)
    file.write_text("Penguins eat fi")
    (corpus / "b.txt").write_text("Locomotives need coal.")
    report = reindex(corpus, index, encoder=fake, unfinished=[file])
    assert (report.documents_unchanged, report.documents_changed, report.documents_added) == (1, 0, 1)
    assert [one.document for one in status(index).stale] == ["a.txt"]
    file.write_text("Penguins eat fish.")
    assert reindex(corpus, index, encoder=fake).documents_changed == 1


@pytest.mark.slow
def test_what_is_left_out_starts_no_run(corpus: Path, follow: Follow, monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / ".nrqaignore").write_text("build/\n*.log.txt\n")
    (corpus / "build").mkdir()
    (corpus / "noise.log.txt").write_text("Noise.")
    one = follow()
    runs = []

    def counted(*words: Any, **options: Any) -> IndexReport:
        runs.append(1)
        return reindex(*words, **options)

    monkeypatch.setattr("nrqa.indexing.watching.reindex", counted)
    for at in range(3):
        (corpus / ".hidden").mkdir(exist_ok=True)
        (corpus / f".hidden/{at}.txt").write_text("Hidden.")
        (corpus / f"build/{at}.txt").write_text("Built.")
        (corpus / "noise.log.txt").write_text(f"Noise {at}.")
        (corpus / f"a.txt{'~' * (at + 1)}").write_text("A copy.")
        time.sleep(0.3)
    time.sleep(1)
    assert not runs
    (corpus / ".nrqaignore").write_text("*.log.txt\n")
    one.until(lambda: len(one.texts()) == 4)
    assert len(runs) == 1


@pytest.mark.slow
def test_an_index_inside_the_corpus_starts_no_run(corpus: Path) -> None:
    (corpus / "a.txt").write_text("Penguins eat krill.")
    one = Follower(corpus, corpus / "index", None)
    (corpus / "b.txt").write_text("Locomotives need coal.")
    one.until(lambda: len(one.texts()) == 2)
    before = (corpus / "index").stat().st_mtime_ns
    time.sleep(1.5)
    assert (corpus / "index").stat().st_mtime_ns == before
    one.end(corpus)


@pytest.mark.slow
def test_a_corpus_that_is_gone_keeps_its_documents_and_is_followed_again(corpus: Path, follow: Follow) -> None:
    one = follow()
    corpus.rename(corpus.with_name("away"))
    one.until(lambda: one.errors)
    assert isinstance(one.errors[0], CorpusError)
    assert one.texts().keys() == {"a.txt"}
    corpus.mkdir()  # the mount point, empty
    one.until(lambda: len(one.errors) == 2)
    assert "is empty" in str(one.errors[1]) or "holds no file" in str(one.errors[1])
    assert one.texts().keys() == {"a.txt"}
    corpus.rmdir()
    corpus.with_name("away").rename(corpus)
    one.until(lambda: len(one.reports) == 2)
    (corpus / "b.txt").write_text("Locomotives need coal.")
    one.until(lambda: one.texts().keys() == {"a.txt", "b.txt"})


@pytest.mark.slow
def test_another_writer_is_told_once_and_then_the_run_is_made_up_for(corpus: Path, follow: Follow) -> None:
    one = follow()
    with generation.writing(one.index):
        (corpus / "b.txt").write_text("Locomotives need coal.")
        one.until(lambda: one.errors)
        time.sleep(1.5)
    assert [type(error) for error in one.errors] == [IndexBusyError]
    one.until(lambda: one.texts().keys() == {"a.txt", "b.txt"})


@pytest.mark.slow
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), ValueError("a library's own full disk"), MemoryError()]
)
def test_an_error_is_told_be_it_without_words_and_the_run_made_up_for(
    corpus: Path, follow: Follow, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    one = follow()

    def full(*_: Any, **__: Any) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(generation, "publish", full)
        (corpus / "b.txt").write_text("Locomotives need coal.")
        one.until(lambda: one.errors)
    assert one.errors[0] is error or one.errors[0].__cause__ is error
    one.until(lambda: one.texts().keys() == {"a.txt", "b.txt"})
    assert not list(one.index.glob("tmp-*"))


@pytest.mark.slow
def test_a_network_folder_that_is_away_is_waited_for(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system says of it neither that it is there nor that it is not: its server is."""
    stat = Path.stat

    def away(path: Path, **options: Any) -> os.stat_result:
        if path == corpus:
            raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")
        return stat(path, **options)

    with RelevantChanges([corpus], index, announce=print) as changes:
        changes.wait(0)
        with monkeypatch.context() as patched:
            patched.setattr(Path, "stat", away)
            patched.setattr(os.path, "isdir", lambda _: False)
            changes.wait(0.1)
        (corpus / "b.txt").write_text("Locomotives need coal.")
        began = time.monotonic()
        changes.wait(PATIENCE)
        assert time.monotonic() < began + PATIENCE - 1


@pytest.mark.slow
def test_an_error_ends_it_where_nobody_takes_it(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "a.txt").write_text("Penguins eat krill.")
    reports = watch(corpus, index, encoder=fake)
    next(reports)
    shutil.rmtree(corpus)
    with pytest.raises(CorpusError, match="does not exist"):
        next(reports)


def test_a_corpus_that_is_not_there_is_an_error_at_once(tmp_path: Path, index: Path, fake: FakeEncoder) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        next(watch(tmp_path / "nowhere", index, encoder=fake))


@pytest.mark.slow
def test_a_single_file_is_followed_through_saves_by_renaming(corpus: Path, tmp_path: Path, follow: Follow) -> None:
    single = tmp_path / "single.txt"
    single.write_text("Mushrooms grow after rain.")
    one = follow(single, corpus)
    atomic(single, "Mushrooms grow in the forest.")
    one.until(lambda: one.texts()["single.txt"] == "Mushrooms grow in the forest.")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be read")
def test_a_folder_that_may_not_be_read_hides_no_others(corpus: Path, follow: Follow) -> None:
    for name in "bcd":
        (corpus / name).mkdir()
    (corpus / "c").chmod(0)
    one = follow()
    (corpus / "d/b.txt").write_text("Locomotives need coal.")
    one.until(lambda: one.texts().keys() == {"a.txt", "d/b.txt"})
    (corpus / "c").chmod(0o700)


@pytest.mark.slow
def test_it_can_look_instead_of_being_told(corpus: Path, follow: Follow) -> None:
    one = follow(poll=0.2)
    (corpus / "new").mkdir()
    (corpus / "new/b.txt").write_text("Locomotives need coal.")
    one.until(lambda: one.texts().keys() == {"a.txt", "new/b.txt"})


@pytest.mark.slow
def test_where_no_more_folders_can_be_watched_it_says_so_and_looks(
    corpus: Path, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_events, "watches_left", lambda: False)
    monkeypatch.setattr(relevant_changes, "_POLL", 0.2)
    one = follow()
    assert "sysctl fs.inotify.max_user_watches" in one.notices[0]
    (corpus / "b.txt").write_text("Locomotives need coal.")
    one.until(lambda: one.texts().keys() == {"a.txt", "b.txt"})
    assert len(one.notices) == 1


@pytest.fixture
def mounts(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """The folders that are mounts, as far as nrqa can see."""
    found: set[Path] = set()
    for module in (freshness, planning):
        monkeypatch.setattr(module, "is_mount", lambda folder: folder.resolve() in found)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("left", ["an empty folder", "a folder with a note", "nothing"])
def test_a_mount_that_vanishes_keeps_its_documents_until_it_is_said_otherwise(
    corpus: Path, index: Path, fake: FakeEncoder, mounts: set[Path], left: str
) -> None:
    disk = corpus / "disk"
    (disk / "deep").mkdir(parents=True)
    (disk / "deep/b.txt").write_text("Locomotives need coal.")
    (disk / "c.txt").write_text("Mushrooms grow after rain.")
    (corpus / "a.txt").write_text("Penguins eat krill.")
    mounts.add(disk.resolve())
    reindex(corpus, index, encoder=fake)
    disk.rename(corpus.parent / "unmounted")
    mounts.clear()
    if left != "nothing":
        disk.mkdir()
    if left == "a folder with a note":
        (disk / "NOT MOUNTED.txt").write_text("Mount it first.")
    (corpus / "d.txt").write_text("Bridges span rivers.")

    report = reindex(corpus, index, encoder=fake)
    assert (report.documents_removed, report.documents_added) == (0, 2 if left == "a folder with a note" else 1)
    assert "disk' is not mounted now, so its 2 documents stay in the index" in report.notices[0]
    assert LocalSnapshot.newest(index).known.keys() > {"disk/c.txt", "disk/deep/b.txt"}
    assert [(one.document, one.reason) for one in status(index).stale] == [
        ("disk", "not mounted now; its documents (2) are in the index as they were")
    ]
    again = reindex(corpus, index, encoder=fake)
    assert (again.generation, again.notices) == (report.generation, report.notices)
    with pytest.raises(CorpusError, match="is not mounted now, and the index must be built anew"):
        reindex(corpus, index, encoder=fake, rebuild=True)

    if disk.exists():
        shutil.rmtree(disk)
    (corpus.parent / "unmounted").rename(disk)
    mounts.add(disk.resolve())
    back = reindex(corpus, index, encoder=fake)
    assert (back.passages_embedded, back.notices) == (0, ())
    assert status(index).stale == ()
    shutil.rmtree(disk)
    assert reindex(corpus, index, encoder=fake, allow_empty=True).documents_removed == 2
    assert reindex(corpus, index, encoder=fake).notices == ()


@pytest.mark.slow
def test_documents_deleted_on_a_mount_that_is_there_are_gone(
    corpus: Path, index: Path, fake: FakeEncoder, mounts: set[Path]
) -> None:
    (corpus / "disk").mkdir()
    for name in ("a.txt", "disk/b.txt", "disk/c.txt"):
        (corpus / name).write_text(f"The text of {name}.")
    mounts.add((corpus / "disk").resolve())
    reindex(corpus, index, encoder=fake)
    (corpus / "disk/b.txt").unlink()
    assert reindex(corpus, index, encoder=fake).documents_removed == 1


def test_a_mount_that_is_left_out_keeps_nothing(
    corpus: Path, index: Path, fake: FakeEncoder, mounts: set[Path]
) -> None:
    (corpus / "disk").mkdir()
    for name in ("a.txt", "disk/b.txt"):
        (corpus / name).write_text(f"The text of {name}.")
    mounts.add((corpus / "disk").resolve())
    reindex(corpus, index, encoder=fake)
    mounts.clear()
    (corpus / "disk/b.txt").unlink()
    report = reindex(corpus, index, encoder=fake, exclude=["disk/"])
    assert (report.documents_removed, report.notices, status(index).stale) == (1, (), ())


@pytest.mark.slow
def test_a_mount_that_is_replaced_by_its_files_is_an_ordinary_folder(
    corpus: Path, index: Path, fake: FakeEncoder, mounts: set[Path]
) -> None:
    (corpus / "disk").mkdir()
    for name in ("a.txt", "disk/b.txt", "disk/c.txt"):
        (corpus / name).write_text(f"The text of {name}.")
    mounts.add((corpus / "disk").resolve())
    reindex(corpus, index, encoder=fake)
    mounts.clear()
    assert reindex(corpus, index, encoder=fake).notices == ()
    (corpus / "disk/b.txt").unlink()
    assert reindex(corpus, index, encoder=fake).documents_removed == 1


times = st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 5), st.booleans()), min_size=1, max_size=30)


@given(times)
def test_whatever_happens_every_change_is_taken_and_none_waits_too_long(steps: list[tuple[str, float, bool]]) -> None:
    debouncing, now = Debouncing(), 0.0
    waiting: dict[str, tuple[float, float, bool]] = {}
    for path, after, unclosed in steps:
        until = now + after
        while (due := debouncing.due(now)) <= until - now:
            now += due
            held = debouncing.take(now)
            for name in set(waiting) - held:
                assert now - waiting[name][1] >= (UNCLOSED if waiting[name][2] else QUIET) - 1e-6 or (
                    now - waiting[name][0] >= LONGEST - 1e-6
                )
                del waiting[name]
            assert held == waiting.keys()
        now = until
        debouncing.note(path, now, unclosed=unclosed)
        waiting[path] = (waiting.get(path, (now,))[0], now, unclosed)
    assert debouncing.due(now) <= UNCLOSED + GATHERING
    while debouncing:
        now += debouncing.due(now)
        debouncing.take(now)
    assert debouncing.due(now) == math.inf


def test_a_file_written_all_the_time_is_taken_now_and_then_and_delays_the_others_little() -> None:
    debouncing, now, taken = Debouncing(), 0.0, 0
    for step in range(1000):
        now = step * 0.1
        debouncing.note("log", now)
        if step == 500:
            debouncing.note("letter", now)
        if debouncing.due(now) == 0 and "log" not in debouncing.take(now):
            taken += 1
        if step == 500 + int(10 * QUIET) + 2:
            assert debouncing.take(now) == {"log"}
    assert taken == 3


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_the_command_tells_each_run_and_ends_with_status_0(articles: Path, tmp_path: Path, by: signal.Signals) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(articles, corpus)
    words = [sys.executable, "-m", "nrqa", "index", str(corpus), "--index", str(tmp_path / "index"), "--watch"]
    as_json = by == signal.SIGINT
    run = subprocess.Popen(
        [*words, *(["--json"] if as_json else [])],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - nothing else runs
    )  # fmt: skip
    assert run.stdout is not None
    assert run.stderr is not None
    first = run.stdout.readline()
    if not as_json:
        assert "Following the corpus" in run.stderr.readline()
    (corpus / "whales.txt").write_text("Whales sing.")
    second = (run.stdout if as_json else run.stderr).readline()
    run.send_signal(by)
    out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0
    if as_json:
        assert json.loads(first)["documents_added"] == 2
        assert (json.loads(second)["documents_added"], json.loads(second)["generation"]) == (1, 2)
        assert (out, err) == ("", "")
    else:
        assert first.startswith("Documents: 2 added")
        assert "  +1 ~0 -0  generation 2  " in second
        assert err == "Stopped following. The published index is whole.\n"
