from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nrqa.signals import dense, vectors
from nrqa.signals.vectors import Vectors, write

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


def _unit(seed: int, count: int, width: int = 8) -> Floats:
    found = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _part(rows: Rows, units: Floats) -> Vectors:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "vectors.faiss"
        write(file, rows, units.shape[1], lambda: iter([units[:7], units[7:]]))
        data = np.frombuffer(file.read_bytes(), np.uint8)
    return Vectors(rows, data, units.shape[1])


def _parts(seed: int, sizes: list[int]) -> list[Vectors]:
    random = np.random.default_rng(seed)
    parts, row = [], 0
    for at, size in enumerate(sizes):
        rows = row + np.cumsum(random.integers(1, 4, size)).astype(np.int64)
        row = int(rows[-1]) + 1 if size else row
        parts.append(_part(rows, _unit(seed + at, size) if size else np.empty((0, 8), np.float32)))
    return parts


def _kept(part: Vectors) -> Floats:
    return part.restored(np.arange(len(part.rows)))


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
        for at, vector in enumerate(_kept(part))
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


@given(st.integers(0, 1000), st.integers(1, 40))
def test_a_row_s_cosine_is_the_same_to_the_last_digit_among_any_others(seed: int, others: int) -> None:
    units = _unit(seed, 41, 384)
    units[40] = units[7]
    part = _part(np.arange(41, dtype=np.int64), units)
    question = _unit(seed + 1, 1, 384)[0]
    whole = dense.score([part], question, part.rows)
    assert whole[40] == whole[7]
    some = np.random.default_rng(seed).permutation(41)[:others]
    np.testing.assert_array_equal(dense.score([part], question, some), whole[some])


@pytest.mark.parametrize("share", [None, 1.0, 0.5, 0.02])
def test_a_search_gives_its_hits_best_first_and_all_within_the_filter(share: float | None) -> None:
    part = _part(np.arange(10, 3010, dtype=np.int64), _unit(1, 3000, 48))
    places = None if share is None else np.flatnonzero(np.random.default_rng(3).random(3000) < share)
    rows, scores = dense.search([part], _unit(2, 1, 48)[0], 50, allowed=[places])
    assert all(one >= other for one, other in pairwise(scores.tolist()))
    assert places is None or set(rows.tolist()) <= set((places + 10).tolist())
    np.testing.assert_allclose(_kept(part)[rows - 10] @ _unit(2, 1, 48)[0], scores, atol=1e-5)


@pytest.fixture(params=[1, 16], ids=["one list", "lists"])
def large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Vectors:
    """A part of more rows than are all compared."""
    monkeypatch.setattr(vectors, "EXACT", 500)
    monkeypatch.setattr(dense, "EXACT", 500)
    monkeypatch.setattr(dense, "REFINED", 400)
    monkeypatch.setattr(vectors, "ONE_LIST", 4000 if request.param == 1 else 1000)
    monkeypatch.setattr(vectors, "TO_A_LIST", 4000 // 16)
    monkeypatch.setattr(vectors, "_PROBED", 2.5)  # 10 of 16 lists
    found = _part(np.arange(10, 4010, dtype=np.int64), _meaningful(1, 4000))
    assert found.index.lists.nlist == request.param
    return found


def _meaningful(seed: int, count: int) -> Floats:
    """Vectors that have neighbours, as those of texts do: of few directions among many dimensions."""
    found = _unit(seed, count, 24) @ _unit(0, 24, 384)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _recall(part: Vectors, places: Rows | None) -> float:
    """Of the ten best rows, how many the search finds, in the mean of forty questions."""
    kept = _kept(part)
    at = np.arange(len(part.rows)) if places is None else places
    shares = []
    for asked in _meaningful(2, 40):
        found, scores = dense.search([part], asked, 10, allowed=[places])
        best = part.rows[at[np.argsort(-(kept[at] @ asked))[:10]]]
        assert (scores[:-1] >= scores[1:]).all()
        np.testing.assert_allclose(scores, kept[found - 10] @ asked, atol=1e-5)
        np.testing.assert_array_equal(scores, dense.score([part], asked, found))
        shares.append(len(set(found.tolist()) & set(best.tolist())) / 10)
    return float(np.mean(shares))


@pytest.mark.parametrize("share", [None, 1.0, 0.9, 0.5, 0.2])
def test_in_a_large_part_the_best_are_nearly_all_found(large: Vectors, share: float | None) -> None:
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


def test_a_filter_on_one_subject_that_lies_in_other_lists_than_the_question_still_gives_its_rows(
    large: Vectors,
) -> None:
    question = _meaningful(7, 1)[0]
    farthest = np.sort(np.argsort(_kept(large) @ question)[:2500])
    rows, _ = dense.search([large], question, 50, allowed=[farthest])
    assert len(rows) == 50
    assert set(rows.tolist()) <= set((farthest + 10).tolist())
