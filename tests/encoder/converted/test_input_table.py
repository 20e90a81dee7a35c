"""Rows of a model's input embeddings, plain and of four bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nrqa.encoder.converted.files import TABLE
from nrqa.encoder.converted.input_table import open_table, packed


def test_rows_of_four_bits_are_their_numbers_times_their_scale(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    scales = chance.random(6 * 2).astype(np.float16)
    numbers = chance.integers(0, 16, (6 * 2, 32))
    nibbles = (numbers[:, :16] | numbers[:, 16:] << 4).astype(np.uint8)
    np.save(tmp_path / TABLE, packed(scales, nibbles, 64))
    table = open_table(tmp_path)
    assert table is not None
    assert (len(table), table.shape) == (6, (6, 64))
    expected = ((numbers - 8) * scales.astype(np.float32)[:, None]).astype(np.float32).reshape(6, 64)
    np.testing.assert_array_equal(table[np.array([4, 0, 4])], expected[[4, 0, 4]])
    np.testing.assert_array_equal(table[np.array([[1, 2], [5, 3]])], expected[[[1, 2], [5, 3]]])


def test_a_plain_table_is_read_as_it_is_and_may_be_missing(tmp_path: Path) -> None:
    assert open_table(tmp_path) is None
    rows = np.arange(12, dtype=np.float32).reshape(4, 3)
    np.save(tmp_path / TABLE, rows)
    table = open_table(tmp_path)
    assert table is not None
    np.testing.assert_array_equal(table[np.array([3, 1])], rows[[3, 1]])
