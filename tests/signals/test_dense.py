from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nrqa.signals import dense
from nrqa.signals.dense import Vectors, quantised, restored, signs_of

Floats = NDArray[np.float32]


def _unit(seed: int, count: int, width: int = 8) -> Floats:
    found = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _part(rows: NDArray[np.int64], vectors: Floats, *, signs: bool = False) -> Vectors:
    numbers, scales = quantised(vectors)
    return Vectors(rows, numbers, scales, signs_of(numbers) if signs else np.empty((0, 0), np.uint8))


def _parts(seed: int, sizes: list[int]) -> list[Vectors]:
    random = np.random.default_rng(seed)
    parts, row = [], 0
    for at, size in enumerate(sizes):
        rows = row + np.cumsum(random.integers(1, 4, size)).astype(np.int64)
        row = int(rows[-1]) + 1 if size else row
        parts.append(_part(rows, _unit(seed + at, size) if size else np.empty((0, 8), np.float32)))
    return parts


@given(st.integers(0, 1000), st.lists(st.integers(0, 30), max_size=4), st.integers(1, 60), st.data())
def test_search_is_the_naive_ranking_over_all_parts_filters_included(
    seed: int, sizes: list[int], k: int, data: st.DataObject
) -> None:
    parts, question = _parts(seed, sizes), _unit(seed + 9, 1)[0]
    allowed = [
        data.draw(st.none() | st.sets(st.integers(0, len(part.rows) - 1)) if len(part.rows) else st.none())
        for part in parts
    ]
    everything = [
        (int(part.rows[at]), float(vector @ question))
        for part, places in zip(parts, allowed, strict=True)
        for at, vector in enumerate(restored(part.numbers, part.scales))
        if places is None or at in places
    ]
    within = [None if places is None else np.array(sorted(places), np.int64) for places in allowed]
    rows, scores = dense.search(parts, question, k, allowed=within)
    expected = sorted((-score, row) for row, score in everything)[:k]
    assert len(rows) == len(expected)
    np.testing.assert_allclose(-scores, [score for score, _ in expected], atol=1e-5)
    assert set(rows.tolist()) <= {row for row, _ in everything}
    np.testing.assert_allclose(dense.score(parts, question, rows), scores, atol=1e-5)


def test_equal_scores_are_ordered_by_row() -> None:
    part = _part(np.arange(5, dtype=np.int64), np.full((5, 4), 0.5, np.float32))
    rows, _ = dense.search([part], np.full(4, 0.5, np.float32), 3)
    assert rows.tolist() == [0, 1, 2]


@given(st.integers(0, 1000), st.sampled_from([3, 64, 384]))
def test_a_vector_in_bytes_is_nearly_what_it_was_and_stays_what_it_is(seed: int, width: int) -> None:
    vectors = _unit(seed, 20, width)
    numbers, scales = quantised(vectors)
    again = restored(numbers, scales)
    np.testing.assert_allclose(np.linalg.norm(again, axis=1), 1, atol=1e-5)
    assert float((vectors * again).sum(axis=1).min()) > 0.9999
    np.testing.assert_array_equal(quantised(again)[0], numbers)


def test_a_vector_of_nothing_is_no_obstacle() -> None:
    numbers, scales = quantised(np.zeros((1, 8), np.float32))
    assert restored(numbers, scales).tolist() == [[0.0] * 8]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Vectors:
    """A part of more rows than are all compared."""
    monkeypatch.setattr(dense, "EXACT", 500)
    monkeypatch.setattr(dense, "RESCORED", 400)
    return _part(np.arange(10, 4010, dtype=np.int64), _meaningful(1, 4000), signs=True)


def _meaningful(seed: int, count: int) -> Floats:
    """Vectors that have neighbours, as those of texts do: of few directions among many dimensions."""
    found = _unit(seed, count, 24) @ _unit(0, 24, 384)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _recall(part: Vectors, places: NDArray[np.int64] | None) -> float:
    """Of the ten best rows, how many the search finds, in the mean of forty questions."""
    vectors = restored(part.numbers, part.scales)
    at = np.arange(len(part.rows)) if places is None else places
    shares = []
    for asked in _meaningful(2, 40):
        found, scores = dense.search([part], asked, 10, allowed=[places])
        exact = vectors[at] @ asked
        best = part.rows[at[np.argsort(-exact)[:10]]]
        assert (scores[:-1] >= scores[1:]).all()
        np.testing.assert_allclose(scores, vectors[found - 10] @ asked, atol=1e-5)
        shares.append(len(set(found.tolist()) & set(best.tolist())) / 10)
    return float(np.mean(shares))


@pytest.mark.parametrize("share", [None, 1.0, 0.9, 0.5, 0.2])
def test_a_large_part_is_searched_by_signs_and_the_best_are_nearly_all_found(large: Vectors, share: float) -> None:
    places = None
    if share is not None:
        places = np.sort(np.random.default_rng(3).permutation(4000)[: int(4000 * share)])
    assert _recall(large, places) >= 0.9


def test_a_filter_that_leaves_few_rows_of_a_large_part_is_exact(large: Vectors) -> None:
    assert _recall(large, np.arange(0, 4000, 9)) == 1.0


def test_a_filter_is_kept_in_a_large_part_and_none_of_its_rows_is_lost(large: Vectors) -> None:
    question = _unit(5, 1, 384)[0]
    for places in (np.arange(0, 4000, 2), np.arange(100, 4000), np.arange(0, 4000, 5)):
        rows, _ = dense.search([large], question, 5000, allowed=[places])
        assert sorted(rows.tolist()) == (places + 10).tolist()


def test_more_hits_than_are_usually_compared_are_found_all_the_same(large: Vectors) -> None:
    rows, _ = dense.search([large], _unit(6, 1, 384)[0], 1000)
    assert len(set(rows.tolist())) == 1000


@given(st.integers(0, 1000), st.integers(1, 40))
def test_a_row_s_cosine_is_the_same_to_the_last_digit_among_any_others(seed: int, others: int) -> None:
    vectors = _unit(seed, 41, 384)
    vectors[40] = vectors[7]
    part = _part(np.arange(41, dtype=np.int64), vectors)
    question = _unit(seed + 1, 1, 384)[0]
    whole = dense.score([part], question, part.rows)
    assert whole[40] == whole[7]
    some = np.random.default_rng(seed).permutation(41)[:others]
    np.testing.assert_array_equal(dense.score([part], question, some), whole[some])


@pytest.mark.parametrize("width", [8, 100, 384, 768])
def test_rows_of_signs_are_filled_up_and_shorter_ones_are_read_all_the_same(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "EXACT", 50)
    monkeypatch.setattr(dense, "RESCORED", 60)
    monkeypatch.setattr(dense, "_WORTH", 1)
    part = _part(np.arange(200, dtype=np.int64), _unit(1, 200, width), signs=True)
    assert part.signs.shape == (200, dense.sign_bytes(width))
    bare = -(-width // 8)
    assert not part.signs[:, bare:].any()
    older = Vectors(part.rows, part.numbers, part.scales, np.ascontiguousarray(part.signs[:, :bare]))
    question = _unit(2, 1, width)[0]
    rows, scores = dense.search([part], question, 5)
    assert len(rows) == 5
    for found, expected in zip(dense.search([older], question, 5), (rows, scores), strict=True):
        np.testing.assert_array_equal(found, expected)
