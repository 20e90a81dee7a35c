from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa import dense
from nrqa.dense import Vectors


def _parts(seed: int, sizes: list[int]) -> list[Vectors]:
    random = np.random.default_rng(seed)
    parts, row = [], 0
    for size in sizes:
        matrix = random.normal(size=(size, 8)).astype(np.float32)
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        rows = row + np.cumsum(random.integers(1, 4, size)).astype(np.int64)
        row = int(rows[-1]) + 1 if size else row
        parts.append(Vectors(rows, matrix))
    return parts


@given(st.integers(0, 1000), st.lists(st.integers(0, 30), max_size=4), st.integers(1, 60), st.data())
def test_search_is_the_naive_ranking_over_all_parts_filters_included(
    seed: int, sizes: list[int], k: int, data: st.DataObject
) -> None:
    parts = _parts(seed, sizes)
    question = _parts(seed + 1, [1])[0].matrix[0]
    everything = [
        (row, float(vector @ question))
        for one in parts
        for row, vector in zip(one.rows.tolist(), one.matrix, strict=True)
    ]
    allowed = data.draw(st.none() | st.sets(st.sampled_from([row for row, _ in everything]))) if everything else None
    within = None if allowed is None else np.array(sorted(allowed), np.int64)
    rows, scores = dense.search(parts, question, k, allowed=within)
    expected = sorted((-score, row) for row, score in everything if allowed is None or row in allowed)[:k]
    assert len(rows) == len(expected)
    np.testing.assert_allclose(-scores, [score for score, _ in expected], atol=1e-5)
    assert set(rows.tolist()) <= {row for row, _ in everything}
    np.testing.assert_allclose(dense.score(parts, question, rows), scores, atol=1e-5)


def test_equal_scores_are_ordered_by_row() -> None:
    part = Vectors(np.arange(5, dtype=np.int64), np.full((5, 4), 0.5, np.float32))
    rows, _ = dense.search([part], np.full(4, 0.5, np.float32), 3)
    assert rows.tolist() == [0, 1, 2]


@pytest.mark.parametrize("few", [0, 3])
def test_leaving_many_rows_out_gives_the_same_as_leaving_few_out(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    parts = _parts(5, [40])
    question = parts[0].matrix[0]
    within = parts[0].rows[::2]
    expected = dense.search(parts, question, 7, allowed=within)
    monkeypatch.setattr(dense, "FEW", few)
    monkeypatch.setattr(dense, "BLOCK", 6)
    rows, scores = dense.search(parts, question, 7, allowed=within)
    assert rows.tolist() == expected[0].tolist()
    np.testing.assert_allclose(scores, expected[1], atol=1e-6)
