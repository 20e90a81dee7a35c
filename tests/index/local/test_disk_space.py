from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import pytest

from nrqa.errors import CorpusError, DiskFullError, IndexUnusableError
from nrqa.index.local import generation
from nrqa.index.local.disk_space import is_disk_full, reserve

FULL = Path("/dev/full")


def _by_the_system() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _by_a_quota() -> None:
    raise OSError(errno.EDQUOT, "Disk quota exceeded")


def _by_sqlite() -> None:
    database = sqlite3.connect(":memory:")
    database.execute("PRAGMA max_page_count = 2")
    database.execute("CREATE TABLE one (text)")
    database.execute("INSERT INTO one VALUES (?)", ("x" * 100_000,))


def _by_tantivy() -> None:
    raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")


def _by_faiss() -> None:
    index = faiss.IndexFlat(100)
    index.add(np.zeros((10_000, 100), np.float32))
    faiss.write_index(index, str(FULL))


def _by_another_error() -> None:
    try:
        _by_the_system()
    except OSError as error:
        raise IndexUnusableError("The index folder cannot be used") from error


@pytest.mark.parametrize("fill", [_by_the_system, _by_a_quota, _by_sqlite, _by_tantivy, _by_another_error])
def test_a_full_disk_is_told_as_such_whoever_met_it(index: Path, fill: Callable[[], None]) -> None:
    with pytest.raises(DiskFullError, match="The disk is full") as told, generation.writing(index):
        fill()
    assert str(index) in str(told.value)
    assert "nrqa index" in str(told.value)


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_faiss_on_a_full_disk_is_understood(index: Path) -> None:
    with pytest.raises(DiskFullError), generation.writing(index):
        _by_faiss()


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_numpy_on_a_full_disk_tells_no_reason_and_is_understood() -> None:
    with pytest.raises(OSError, match="requested") as told, FULL.open("wb") as file:
        np.zeros(1_000_000).tofile(file)
    assert is_disk_full(told.value)


@pytest.mark.parametrize("can", [True, False])
def test_the_room_of_a_new_file_is_taken_and_what_is_in_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, can: bool
) -> None:
    if not can:
        monkeypatch.delattr("os.posix_fallocate", raising=False)
    file = tmp_path / "numbers.npy"
    numbers = np.lib.format.open_memmap(file, mode="w+", dtype=np.int8, shape=(3_000_000,))
    reserve(file)
    assert file.stat().st_blocks * 512 >= 3_000_000
    numbers[:] = 7
    del numbers
    assert (np.load(file) == 7).all()


@pytest.mark.parametrize(
    "error", [CorpusError("No file 'The disk is full.txt'"), OSError(errno.EACCES, "Permission denied")]
)
def test_other_errors_stay_what_they_are(index: Path, error: Exception) -> None:
    with pytest.raises(type(error)) as told, generation.writing(index):
        raise error
    assert told.value is error


def test_the_next_writer_has_the_lock_after_a_full_disk(index: Path) -> None:
    with pytest.raises(DiskFullError), generation.writing(index):
        _by_the_system()
    with generation.writing(index):
        pass


def test_an_error_that_led_to_itself_is_looked_at_once() -> None:
    one, other = ValueError("a request failed"), RuntimeError("a call failed")
    one.__cause__, other.__cause__ = other, one
    assert not is_disk_full(one)
