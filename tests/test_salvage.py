from __future__ import annotations

from pathlib import Path

import numpy as np

from nrqa.salvage import Salvage

KEYS = [bytes([at]) * 16 for at in range(5)]
VECTORS = np.arange(15, dtype=np.float32).reshape(5, 3)


def test_what_was_saved_is_found_by_the_next_run(tmp_path: Path) -> None:
    Salvage(tmp_path, "model", 3).save(KEYS[:3], VECTORS[:3])
    found = Salvage(tmp_path, "model", 3)
    for key, vector in zip(KEYS[:3], VECTORS[:3], strict=True):
        np.testing.assert_array_equal(found.get(key), vector)
    assert found.get(KEYS[3]) is None


def test_a_record_cut_short_loses_itself_only_and_writing_goes_on(tmp_path: Path) -> None:
    Salvage(tmp_path, "model", 3).save(KEYS[:3], VECTORS[:3])
    file = next(tmp_path.iterdir())
    file.write_bytes(file.read_bytes()[:-5])
    again = Salvage(tmp_path, "model", 3)
    assert again.get(KEYS[2]) is None
    again.save(KEYS[3:], VECTORS[3:])
    last = Salvage(tmp_path, "model", 3)
    assert [last.get(key) is not None for key in KEYS] == [True, True, False, True, True]


def test_a_damaged_record_is_passed_over(tmp_path: Path) -> None:
    Salvage(tmp_path, "model", 3).save(KEYS[:3], VECTORS[:3])
    file = next(tmp_path.iterdir())
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    found = Salvage(tmp_path, "model", 3)
    assert [found.get(key) is not None for key in KEYS[:3]] == [True, False, True]


def test_another_model_s_vectors_are_not_used(tmp_path: Path) -> None:
    Salvage(tmp_path, "model", 3).save(KEYS[:1], VECTORS[:1])
    assert Salvage(tmp_path, "other", 3).get(KEYS[0]) is None


def test_clearing_removes_what_any_model_left(tmp_path: Path) -> None:
    Salvage(tmp_path, "model", 3).save(KEYS[:1], VECTORS[:1])
    Salvage(tmp_path, "other", 3).clear()
    assert list(tmp_path.iterdir()) == []
