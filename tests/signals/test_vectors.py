from __future__ import annotations

import threading
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nrqa.signals import dense
from nrqa.signals.vectors import Vectors, write

Floats = NDArray[np.float32]


def _unit(seed: int, count: int, width: int) -> Floats:
    found = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _written(folder: Path, vectors: Floats, rows: NDArray[np.int64] | None = None) -> Vectors:
    rows = np.arange(len(vectors), dtype=np.int64) if rows is None else rows
    write(folder / "vectors.faiss", rows, vectors.shape[1], lambda: iter([vectors[:100], vectors[100:]]))
    return Vectors.opened(folder / "vectors.faiss", rows, vectors.shape[1])


def _all(part: Vectors) -> Floats:
    return part.restored(np.arange(len(part.rows)))


@pytest.mark.parametrize("width", [1, 3, 64, 100, 384, 1536])
def test_a_vector_in_bytes_is_nearly_what_it_was_and_stays_what_it_is(tmp_path: Path, width: int) -> None:
    vectors = _unit(1, 200, width)
    kept = _all(_written(tmp_path, vectors))
    cosines = (vectors * kept).sum(axis=1) / np.linalg.norm(kept, axis=1)
    assert float(cosines.min()) > 0.9998
    half = kept.astype(np.float16).astype(np.float32)  # what a builder holds of it until it writes
    np.testing.assert_array_equal(_all(_written(tmp_path, half)), kept)


def test_what_a_vector_becomes_does_not_depend_on_the_others(tmp_path: Path) -> None:
    vectors = _unit(2, 150, 384)
    kept = _all(_written(tmp_path, vectors))
    np.testing.assert_array_equal(_all(_written(tmp_path, vectors[140:])), kept[140:])


def test_an_encoder_with_a_few_large_dimensions_keeps_its_cosines(tmp_path: Path) -> None:
    vectors = _unit(3, 300, 384)
    vectors[:, 7] = 2.0 + vectors[:, 8]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kept = _all(_written(tmp_path, vectors))
    np.testing.assert_allclose(kept @ vectors[0], vectors @ vectors[0], atol=0.01)


def test_one_odd_vector_does_not_make_those_of_all_others_coarser(tmp_path: Path) -> None:
    vectors = _unit(4, 300, 384)
    usual = _all(_written(tmp_path, vectors))
    vectors[17] = 0
    vectors[17, 3] = 1
    kept = _all(_written(tmp_path, vectors))
    np.testing.assert_array_equal(np.delete(kept, 17, 0), np.delete(usual, 17, 0))


def test_a_vector_of_nothing_is_no_obstacle(tmp_path: Path) -> None:
    part = _written(tmp_path, np.zeros((1, 8), np.float32))
    rows, scores = dense.search([part], _unit(1, 1, 8)[0], 3)
    assert rows.tolist() == [0]
    assert abs(float(scores[0])) < 0.02


def test_whoever_has_faiss_opens_the_file_and_finds_rows(tmp_path: Path) -> None:
    vectors, rows = _unit(5, 250, 64), np.arange(250, dtype=np.int64) * 3 + 1000
    part = _written(tmp_path, vectors, rows)
    index = faiss.read_index(str(tmp_path / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC)
    scores, ids = index.search(vectors[40:41], 5)
    ours, cosines = dense.search([part], vectors[40], 5)
    assert ids[0].tolist() == ours.tolist()
    assert ids[0][0] == rows[40]
    np.testing.assert_allclose(scores[0], cosines, atol=1e-6)


def test_a_file_that_is_deleted_is_still_read(tmp_path: Path) -> None:
    vectors = _unit(6, 50, 64)
    part = _written(tmp_path, vectors)
    (tmp_path / "vectors.faiss").unlink()
    assert dense.search([part], vectors[11], 1)[0].tolist() == [11]


def test_several_threads_ask_at_once(tmp_path: Path) -> None:
    vectors = _unit(7, 500, 64)
    part = _written(tmp_path, vectors)
    found: dict[int, int] = {}

    def ask(at: int) -> None:
        found[at] = int(dense.search([part], vectors[at], 1)[0][0])

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == {at: at for at in range(16)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_with_a_changed_byte_outside_of_vectors_and_ids_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    rows, width = 3, 8
    part = _written(tmp_path, _unit(8, rows, width))
    whole = bytearray((tmp_path / "vectors.faiss").read_bytes())
    ids = len(whole) - 8 * rows
    codes = ids - 8 - rows * width
    at = data.draw(st.sampled_from([*range(codes), *range(ids - 8, ids)]))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ValueError, match="vectors"):
        Vectors(part.rows, np.frombuffer(bytes(whole), np.uint8), width)


@pytest.mark.parametrize("kind", ["Flat", "IVF2,Flat", "HNSW8", "PCA4,Flat", "SQ8"])
def test_another_kind_of_index_is_refused(tmp_path: Path, kind: str) -> None:
    index = faiss.index_factory(8, kind, faiss.METRIC_INNER_PRODUCT)
    vectors = _unit(9, 200, 8)
    index.train(vectors)
    index.add(vectors)
    faiss.write_index(index, str(tmp_path / "vectors.faiss"))
    with pytest.raises(ValueError, match="vectors"):
        Vectors.opened(tmp_path / "vectors.faiss", np.arange(200), 8)
    (tmp_path / "vectors.faiss").write_bytes(b"")
    with pytest.raises(ValueError, match="empty"):
        Vectors.opened(tmp_path / "vectors.faiss", np.arange(200), 8)
