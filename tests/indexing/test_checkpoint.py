from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nrqa.indexing.checkpoint import Checkpoint, clear, codebook_file, codebook_files

KEYS = [bytes([at]) * 16 for at in range(5)]
CONTENTS = [b"", b"first", b"second" * 50, b"x", b"last"]
RECORDS = list(zip(KEYS, CONTENTS, strict=True))


def test_what_was_saved_is_found_by_the_next_run(tmp_path: Path) -> None:
    Checkpoint(tmp_path, "model").save(RECORDS[:3])
    found = Checkpoint(tmp_path, "model")
    for key, content in RECORDS[:3]:
        assert found.get(key) == content
    assert found.get(KEYS[3]) is None


def test_a_record_cut_short_loses_itself_only_and_writing_goes_on(tmp_path: Path) -> None:
    Checkpoint(tmp_path, "model").save(RECORDS[:3])
    file = next(tmp_path.iterdir())
    file.write_bytes(file.read_bytes()[:-5])
    again = Checkpoint(tmp_path, "model")
    assert again.get(KEYS[2]) is None
    again.save(RECORDS[3:])
    last = Checkpoint(tmp_path, "model")
    assert [last.get(key) is not None for key in KEYS] == [True, True, False, True, True]


def test_a_damaged_record_is_passed_over(tmp_path: Path) -> None:
    Checkpoint(tmp_path, "model").save(RECORDS[:3])
    file = next(tmp_path.iterdir())
    data = bytearray(file.read_bytes())
    data[file.stat().st_size - len(CONTENTS[2]) - 25] ^= 1  # in what the second one holds
    file.write_bytes(data)
    found = Checkpoint(tmp_path, "model")
    assert [found.get(key) is not None for key in KEYS[:3]] == [True, False, True]


def test_another_model_s_vectors_are_not_used(tmp_path: Path) -> None:
    Checkpoint(tmp_path, "model").save(RECORDS[:1])
    assert Checkpoint(tmp_path, "other").get(KEYS[0]) is None


def test_clearing_removes_what_any_model_left(tmp_path: Path) -> None:
    Checkpoint(tmp_path, "model").save(RECORDS[:1])
    codebook_file(tmp_path, "model", 7).touch()
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_trained_codebook_is_found_with_the_number_of_its_passages(tmp_path: Path) -> None:
    file = codebook_file(tmp_path, "model", 7)
    file.touch()
    assert list(codebook_files(tmp_path, "model")) == [(file, 7)]
    assert list(codebook_files(tmp_path, "other")) == []


SAVED = st.dictionaries(st.binary(min_size=16, max_size=16), st.binary(max_size=60), max_size=6)


@given(SAVED, SAVED, st.integers(0, 400), st.integers(1, 255), st.integers(0, 400))
def test_whatever_happens_to_the_file_what_is_found_is_what_was_saved_and_writing_goes_on(
    first: dict[bytes, bytes], then: dict[bytes, bytes], damaged: int, flip: int, cut: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Checkpoint(folder, "model").save(first.items())
        file = next(folder.iterdir())
        data = bytearray(file.read_bytes())
        if damaged < len(data):
            data[damaged] ^= flip
        file.write_bytes(data[: max(0, len(data) - cut)])
        again = Checkpoint(folder, "model")
        assert all(again.get(key) in (None, content) for key, content in first.items())
        again.save(then.items())
        last = Checkpoint(folder, "model")
        assert all(last.get(key) in (None, content, then.get(key)) for key, content in first.items())
        assert {key: last.get(key) for key in then} == then


@given(SAVED)
def test_records_of_any_length_are_found_again(saved: dict[bytes, bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        one = Checkpoint(Path(name), "model")
        one.save(saved.items())
        for found in (Checkpoint(Path(name), "model"), one):
            assert found.get(b"another key then") is None
        assert {key: Checkpoint(Path(name), "model").get(key) for key in saved} == saved
