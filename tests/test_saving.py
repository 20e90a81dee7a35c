from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from nrqa.saving import rewrite, save


def test_other_bytes_come_into_a_file_and_its_mode_stays(tmp_path: Path) -> None:
    file = tmp_path / ("n" * 240)
    file.write_bytes(b"before")
    file.chmod(0o640)
    rewrite(b"after\r\n\xff", file)
    assert file.read_bytes() == b"after\r\n\xff"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_written_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kept.json"
    save({"kept": 1}, file, instead=False)
    before = file.read_bytes()

    def full(_: int) -> None:
        raise OSError("no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        save({"kept": 2}, file, instead=True)
    with pytest.raises(OSError, match="no space"):
        rewrite(b"other", file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_is_there_is_replaced_only_when_that_is_meant(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    save({"kept": "é"}, file, instead=False)
    with pytest.raises(FileExistsError):
        save({"kept": 2}, file, instead=False)
    assert file.read_text("utf-8") == '{\n  "kept": "é"\n}\n'
    save({"kept": 2}, file, instead=True)
    assert file.read_text("utf-8") == '{\n  "kept": 2\n}\n'
