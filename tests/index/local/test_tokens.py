"""The token codes of a part."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nrqa.index.local.tokens import TokenFile

CODES = np.arange(60, dtype=np.uint8).reshape(20, 3)
PLACES = np.array([[0, 4], [4, 0], [4, 6], [0, 4], [10, 10]], np.uint32)


@pytest.fixture
def tokens(tmp_path: Path) -> TokenFile:
    (tmp_path / "tokens.u8").write_bytes(CODES.tobytes())
    return TokenFile(tmp_path / "tokens.u8", PLACES, 3)


def test_each_row_has_its_own_codes(tokens: TokenFile) -> None:
    for at, (start, count) in enumerate(PLACES.tolist()):
        np.testing.assert_array_equal(tokens.of(at), CODES[start : start + count])


def test_rows_that_share_codes_are_told_together(tokens: TokenFile) -> None:
    at = np.array([3, 4, 1, 0])
    found = {tuple(at[places].tolist()): codes.tolist() for places, codes in tokens.distinct(at)}
    assert found == {(3, 0): CODES[:4].tolist(), (4,): CODES[10:].tolist(), (1,): []}
    assert list(tokens.distinct(np.empty(0, np.int64))) == []


def test_without_a_file_no_row_has_any() -> None:
    nothing = TokenFile(None, np.empty((0, 2), np.uint32), 1)
    assert nothing.of(5).shape == (0, 1)
    ((places, codes),) = nothing.distinct(np.array([7, 8]))
    assert places.tolist() == [0, 1]
    assert codes.shape == (0, 1)


def test_a_file_that_is_removed_can_still_be_read_and_one_that_was_cut_is_told(
    tokens: TokenFile, tmp_path: Path
) -> None:
    with (tmp_path / "tokens.u8").open("r+b") as file:
        file.truncate(40)
    (tmp_path / "tokens.u8").unlink()
    assert len(tokens.of(0)) == 4
    with pytest.raises(ValueError, match="shorter"):
        tokens.of(4)
