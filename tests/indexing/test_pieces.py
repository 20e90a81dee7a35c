"""Pieces are found whole or not at all."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.indexing.checkpoint import Checkpoint, clear, pieces_folder
from nrqa.indexing.pieces import PIECE_FORMAT, Facts, Pieces, packed_piece

FACTS = Facts(3, 1, 5, "onnxruntime")
KEYS = [bytes([at]) * 16 for at in range(5)]
RECORDS = dict(zip(KEYS, [b"", b"first", b"second" * 50, b"x", b"last"], strict=True))
SAVED = st.dictionaries(st.binary(min_size=16, max_size=16), st.binary(max_size=60), max_size=6)


def test_what_workers_made_is_found_like_a_checkpoint_s_own_records(tmp_path: Path) -> None:
    pieces = Pieces(pieces_folder(tmp_path, "model"))
    pieces.save("one", packed_piece(dict(list(RECORDS.items())[:3]), FACTS))
    pieces.save("two", packed_piece(dict(list(RECORDS.items())[3:]), FACTS))
    found = Checkpoint(tmp_path, "model")
    found.save([(b"a" * 16, b"own")])
    assert {key: found.get(key) for key in KEYS} == RECORDS
    assert all(key in found for key in KEYS)
    assert b"b" * 16 not in found
    assert Checkpoint(tmp_path, "another model").get(KEYS[1]) is None
    found.close()


def test_only_a_whole_piece_is_finished(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path / "pieces")
    piece = packed_piece(RECORDS, FACTS)
    assert pieces.facts("one") is None
    pieces.save("one", piece)
    assert pieces.facts("one") == FACTS
    assert pieces.facts("two") is None
    pieces.save("one", piece[:-1])
    assert pieces.facts("one") is None


def _piece(its: bytes, contents: bytes, **head: object) -> bytes:
    """A piece with this table, whose hash is right, and with these contents, that says of itself what is given."""
    whole = {**asdict(FACTS), "format": PIECE_FORMAT, "records": len(its) // 28, "table": sha256(its).hexdigest()}
    said = json.dumps({**whole, **head}).encode()
    return len(said).to_bytes(4, "little") + said + its + contents


def _table(*ends: int) -> bytes:
    keys = b"".join(bytes([at]) * 16 for at in range(len(ends)))
    return keys + b"".join(end.to_bytes(8, "little") for end in ends) + b"\0" * 4 * len(ends)


@pytest.mark.parametrize(
    "piece",
    [
        _piece(_table(4), b"four", format=1),
        _piece(_table(4), b"four", format=None),
        _piece(_table(4), b"four", records=2),
        _piece(_table(4), b"four", records="1"),
        _piece(_table(4), b"four", records=-1),
        _piece(_table(4), b"four", records=10**12),
        _piece(_table(4), b"four", encoded="5"),
        _piece(_table(4), b"four", engine=7),
        _piece(_table(4), b"four", table="of another"),
        _piece(_table(5), b"four"),
        _piece(_table(2**64 - 1, 4), b"four"),
        _piece(_table(3, 2, 4), b"four"),
        b"",
        b"\xff" * 100,
        (3).to_bytes(4, "little") + b"[1]",
        (200_000).to_bytes(4, "little") + b"[" * 200_000,
    ],
)
def test_what_is_no_piece_of_this_format_is_not_used(piece: bytes, tmp_path: Path) -> None:
    pieces = Pieces(tmp_path)
    pieces.save("right", _piece(_table(4), b"four"))
    assert pieces.facts("right") == FACTS
    pieces.save("wrong", piece)
    assert pieces.facts("wrong") is None
    found = Pieces(tmp_path)
    assert found.get(KEYS[1]) is None
    assert found.get(KEYS[0]) is None  # its checksum is wrong


def test_a_damaged_record_is_not_given(tmp_path: Path) -> None:
    piece = bytearray(packed_piece(RECORDS, FACTS))
    piece[-1] ^= 1
    pieces = Pieces(tmp_path)
    pieces.save("one", bytes(piece))
    assert pieces.get(KEYS[4]) is None
    assert pieces.get(KEYS[2]) == RECORDS[KEYS[2]]


def test_more_pieces_than_are_kept_open_are_all_found(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path)
    for at in range(40):
        pieces.save(f"{at}", packed_piece({bytes([at]) * 16: b"%d" % at}, FACTS))
    for at in [*range(40), 0, 39]:
        assert pieces.get(bytes([at]) * 16) == b"%d" % at
    pieces.close()


def test_keys_that_begin_alike_are_told_apart(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path)
    for at in range(3):
        pieces.save(f"{at}", packed_piece({b"alike---" + bytes([at]) * 8: b"%d" % at}, FACTS))
    assert [pieces.get(b"alike---" + bytes([at]) * 8) for at in range(4)] == [b"0", b"1", b"2", None]


def test_clearing_removes_the_pieces(tmp_path: Path) -> None:
    Pieces(pieces_folder(tmp_path, "model")).save("one", packed_piece(RECORDS, FACTS))
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_same_records_give_the_same_bytes_in_any_order() -> None:
    assert packed_piece(RECORDS, FACTS) == packed_piece(dict(reversed(RECORDS.items())), FACTS)


@given(SAVED, st.integers(0, 700), st.integers(1, 255), st.integers(0, 700))
def test_whatever_happens_to_the_file_what_is_found_is_what_was_saved(
    saved: dict[bytes, bytes], damaged: int, flip: int, cut: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        piece = bytearray(packed_piece(saved, FACTS))
        if damaged < len(piece):
            piece[damaged] ^= flip
        Pieces(folder).save("one", bytes(piece[: max(0, len(piece) - cut)]))
        found = Pieces(folder)
        assert all(found.get(key) in (None, content) for key, content in saved.items())
        found.close()


@given(SAVED)
def test_records_of_any_length_are_found_again(saved: dict[bytes, bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        found = Pieces(Path(name))
        found.save("one", packed_piece(saved, FACTS))
        assert {key: found.get(key) for key in saved} == saved
        assert found.get(b"another key then") is None
        found.close()
