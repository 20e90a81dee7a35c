from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest
from filelock import FileLock

from nrqa.errors import IndexDamagedError, IndexUnusableError
from nrqa.index.local import generation


def _publish(index: Path, text: str = "x", linked: dict[str, dict[str, object]] | None = None) -> int:
    draft = generation.begin(index)
    (draft / "sub").mkdir()
    (draft / "sub" / "file").write_text(text)
    return generation.publish(index, draft, {"what": text}, linked=linked or {}, leave_out=lambda name: name == "lock")


def test_the_highest_number_is_the_index(index: Path) -> None:
    with generation.writing(index):
        assert [_publish(index, text) for text in "abc"] == [1, 2, 3]
    assert generation.newest(index) == 3
    assert generation.read_manifest(generation.folder_of(index, 3))["what"] == "c"


def test_all_but_the_last_two_are_swept(index: Path) -> None:
    with generation.writing(index):
        for text in "abcd":
            _publish(index, text)
    assert sorted(path.name for path in index.iterdir()) == ["000003", "000004", "LOCK"]


def test_there_is_no_generation_in_an_empty_or_missing_folder(index: Path) -> None:
    assert generation.newest(index) is None
    index.mkdir()
    assert generation.newest(index) is None


def test_a_draft_left_by_a_dead_writer_is_never_read_and_is_swept(index: Path) -> None:
    with generation.writing(index):
        _publish(index)
        dead = generation.begin(index)
        (dead / "half").write_text("written")
    assert generation.newest(index) == 1
    with generation.writing(index):
        assert not dead.exists()


def test_a_lock_that_a_dead_writer_s_child_holds_for_a_moment_is_waited_for(index: Path) -> None:
    index.mkdir()
    held = FileLock(index / generation.LOCK, thread_local=False)
    held.acquire()
    Timer(0.1, held.release).start()
    with generation.writing(index):
        assert not held.is_locked


_SECOND_WRITER = """
import sys
from pathlib import Path
from nrqa.index.local import generation
from nrqa.errors import IndexBusyError
try:
    with generation.writing(Path(sys.argv[1])):
        print("wrote")
except IndexBusyError as error:
    print(error)
"""


def _second_writer(index: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", _SECOND_WRITER, str(index)], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.slow
def test_a_second_writer_is_told_that_the_index_is_busy(index: Path) -> None:
    with generation.writing(index):
        assert "Another process is writing" in _second_writer(index)
    assert _second_writer(index) == "wrote\n"


def test_an_existing_lock_file_is_no_lock(index: Path) -> None:
    index.mkdir()
    (index / generation.LOCK).write_text("left behind")
    with generation.writing(index):
        pass


@pytest.mark.parametrize("harm", ["missing", "short", "manifest missing", "manifest garbled"])
def test_damage_is_named_with_file_and_remedy(index: Path, harm: str) -> None:
    with generation.writing(index):
        _publish(index, "some text")
    folder = generation.folder_of(index, 1)
    file = folder / "sub" / "file"
    if harm == "missing":
        file.unlink()
    elif harm == "short":
        file.write_text("some")
    elif harm == "manifest missing":
        file = folder / generation.MANIFEST
        file.unlink()
    else:
        file = folder / generation.MANIFEST
        file.write_text("{")
    with pytest.raises(IndexDamagedError, match="nrqa index --rebuild") as caught:
        generation.read_manifest(folder)
    assert str(file) in str(caught.value)


def test_a_generation_that_was_swept_is_not_called_damaged(index: Path) -> None:
    with pytest.raises(FileNotFoundError):
        generation.read_manifest(generation.folder_of(index, 5))


def test_verifying_finds_a_single_changed_byte(index: Path) -> None:
    with generation.writing(index):
        _publish(index, "some text")
    folder = generation.folder_of(index, 1)
    assert list(generation.damaged_files(folder)) == []
    (folder / "sub" / "file").write_text("sOme text")
    assert list(generation.damaged_files(folder)) == [("sub/file", "has other contents than were written")]


def test_verifying_finds_a_changed_and_an_unreadable_manifest(index: Path) -> None:
    with generation.writing(index):
        _publish(index)
    manifest = generation.folder_of(index, 1) / generation.MANIFEST
    manifest.write_text(manifest.read_text().replace('"what": "x"', '"what": "y"'))
    assert list(generation.damaged_files(manifest.parent)) == [
        ("manifest.json", "has other contents than were written")
    ]
    manifest.write_text("{")
    assert list(generation.damaged_files(manifest.parent)) == [("manifest.json", "is missing or cannot be read")]


def test_files_that_did_not_change_are_linked_not_copied(index: Path) -> None:
    with generation.writing(index):
        _publish(index)
        before = generation.folder_of(index, 1)
        files = json.loads((before / generation.MANIFEST).read_text())["files"]
        draft = generation.begin(index)
        generation.reuse(before, "sub/file", draft)
        generation.publish(index, draft, {}, linked=files, leave_out=lambda _: False)
    after = generation.folder_of(index, 2)
    assert (before / "sub" / "file").stat().st_ino == (after / "sub" / "file").stat().st_ino
    assert list(generation.damaged_files(after)) == []


@pytest.mark.parametrize("name", ["thesis.docx", "photos"])
def test_a_folder_with_other_things_in_it_is_not_taken_for_an_index(index: Path, name: str) -> None:
    index.mkdir()
    (index / name).mkdir()
    with pytest.raises(IndexUnusableError, match=name), generation.writing(index):
        pass
    assert (index / name).exists()


def test_a_file_in_the_index_s_place_is_refused(index: Path) -> None:
    index.write_text("a file")
    with pytest.raises(IndexUnusableError, match="is a file"), generation.writing(index):
        pass


@pytest.mark.skipif(os.name == "nt", reason="file modes are POSIX")
def test_everyone_whom_the_umask_allows_may_read_the_published_files(index: Path) -> None:
    with generation.writing(index):
        draft = generation.begin(index)
        (draft / "private").touch(mode=0o600)
        generation.publish(index, draft, {}, linked={}, leave_out=lambda _: False)
    mask = generation._umask()
    mode = (generation.folder_of(index, 1) / "private").stat().st_mode & 0o777
    assert mode == 0o666 & ~mask
