from __future__ import annotations

from pathlib import Path

from nrqa.salvage import Salvage, clear, codebook_file, codebook_files

KEYS = [bytes([at]) * 16 for at in range(5)]
CONTENTS = [b"", b"first", b"second" * 50, b"x", b"last"]
RECORDS = list(zip(KEYS, CONTENTS, strict=True))


def test_what_was_saved_is_found_by_the_next_run(tmp_path: Path) -> None:
    Salvage(tmp_path, "model").save(RECORDS[:3])
    found = Salvage(tmp_path, "model")
    for key, content in RECORDS[:3]:
        assert found.get(key) == content
    assert found.get(KEYS[3]) is None


def test_a_record_cut_short_loses_itself_only_and_writing_goes_on(tmp_path: Path) -> None:
    Salvage(tmp_path, "model").save(RECORDS[:3])
    file = next(tmp_path.iterdir())
    file.write_bytes(file.read_bytes()[:-5])
    again = Salvage(tmp_path, "model")
    assert again.get(KEYS[2]) is None
    again.save(RECORDS[3:])
    last = Salvage(tmp_path, "model")
    assert [last.get(key) is not None for key in KEYS] == [True, True, False, True, True]


def test_a_damaged_record_is_passed_over(tmp_path: Path) -> None:
    Salvage(tmp_path, "model").save(RECORDS[:3])
    file = next(tmp_path.iterdir())
    data = bytearray(file.read_bytes())
    data[file.stat().st_size - len(CONTENTS[2]) - 25] ^= 1  # in what the second one holds
    file.write_bytes(data)
    found = Salvage(tmp_path, "model")
    assert [found.get(key) is not None for key in KEYS[:3]] == [True, False, True]


def test_another_model_s_vectors_are_not_used(tmp_path: Path) -> None:
    Salvage(tmp_path, "model").save(RECORDS[:1])
    assert Salvage(tmp_path, "other").get(KEYS[0]) is None


def test_clearing_removes_what_any_model_left(tmp_path: Path) -> None:
    Salvage(tmp_path, "model").save(RECORDS[:1])
    codebook_file(tmp_path, "model", 7).touch()
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_trained_codebook_is_found_with_the_number_of_its_passages(tmp_path: Path) -> None:
    file = codebook_file(tmp_path, "model", 7)
    file.touch()
    assert list(codebook_files(tmp_path, "model")) == [(file, 7)]
    assert list(codebook_files(tmp_path, "other")) == []
