from __future__ import annotations

import threading
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nrqa.signals import dense, vectors
from nrqa.signals.vectors import Vectors, write

Floats = NDArray[np.float32]


def _unit(seed: int, count: int, width: int) -> Floats:
    found = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _written(folder: Path, units: Floats, rows: NDArray[np.int64] | None = None) -> Vectors:
    rows = np.arange(len(units), dtype=np.int64) if rows is None else rows
    write(folder / "vectors.faiss", rows, units.shape[1], lambda: iter([units[:100], units[100:]]))
    return Vectors.opened(folder / "vectors.faiss", rows, units.shape[1])


def _all(part: Vectors) -> Floats:
    return part.restored(np.arange(len(part.rows)))


@pytest.mark.parametrize("width", [1, 3, 64, 100, 384, 1536])
def test_a_vector_in_bytes_is_nearly_what_it_was_and_stays_what_it_is(tmp_path: Path, width: int) -> None:
    units = _unit(1, 200, width)
    kept = _all(_written(tmp_path, units))
    cosines = (units * kept).sum(axis=1) / np.linalg.norm(kept, axis=1)
    assert float(cosines.min()) > 0.9998
    half = kept.astype(np.float16).astype(np.float32)  # what a builder holds of it until it writes
    np.testing.assert_array_equal(_all(_written(tmp_path, half)), kept)


def test_what_a_vector_becomes_does_not_depend_on_the_others(tmp_path: Path) -> None:
    units = _unit(2, 150, 384)
    kept = _all(_written(tmp_path, units))
    np.testing.assert_array_equal(_all(_written(tmp_path, units[140:])), kept[140:])


def test_an_encoder_with_a_few_large_dimensions_keeps_its_cosines(tmp_path: Path) -> None:
    units = _unit(3, 300, 384)
    units[:, 7] = 2.0 + units[:, 8]
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    kept = _all(_written(tmp_path, units))
    np.testing.assert_allclose(kept @ units[0], units @ units[0], atol=0.01)


def test_one_odd_vector_does_not_make_those_of_all_others_coarser(tmp_path: Path) -> None:
    units = _unit(4, 300, 384)
    usual = _all(_written(tmp_path, units))
    units[17] = 0
    units[17, 3] = 1
    kept = _all(_written(tmp_path, units))
    np.testing.assert_array_equal(np.delete(kept, 17, 0), np.delete(usual, 17, 0))


def test_a_vector_of_nothing_is_no_obstacle(tmp_path: Path) -> None:
    part = _written(tmp_path, np.zeros((1, 8), np.float32))
    rows, scores = dense.search([part], _unit(1, 1, 8)[0], 3)
    assert rows.tolist() == [0]
    assert abs(float(scores[0])) < 0.02


def test_whoever_has_faiss_opens_the_file_and_finds_rows(tmp_path: Path) -> None:
    units, rows = _unit(5, 250, 64), np.arange(250, dtype=np.int64) * 3 + 1000
    part = _written(tmp_path, units, rows)
    index = faiss.read_index(str(tmp_path / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC)
    scores, ids = index.search(units[40:41], 5)
    ours, cosines = dense.search([part], units[40], 5)
    assert ids[0].tolist() == ours.tolist()
    assert ids[0][0] == rows[40]
    np.testing.assert_allclose(scores[0], cosines, atol=1e-6)


def test_a_file_that_is_deleted_is_still_read(tmp_path: Path) -> None:
    units = _unit(6, 50, 64)
    part = _written(tmp_path, units)
    (tmp_path / "vectors.faiss").unlink()
    assert dense.search([part], units[11], 1)[0].tolist() == [11]


def test_several_threads_ask_at_once(tmp_path: Path) -> None:
    units = _unit(7, 500, 64)
    part = _written(tmp_path, units)
    found: dict[int, int] = {}

    def ask(at: int) -> None:
        found[at] = int(dense.search([part], units[at], 1)[0][0])

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


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of this size are already large."""
    monkeypatch.setattr(vectors, "EXACT", 100)
    monkeypatch.setattr(vectors, "ONE_LIST", 150)
    monkeypatch.setattr(vectors, "TO_A_LIST", 50)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("width", [1, 3, 4, 9, 20, 100, 384, 768])
@pytest.mark.parametrize("count", [120, 200])
def test_what_faiss_writes_for_a_large_part_is_what_is_expected(tmp_path: Path, width: int, count: int) -> None:
    part = _written(tmp_path, _unit(10, count, width))
    assert part.index.lists.nlist == (1 if count == 120 else 4)
    kept = _all(part)
    np.testing.assert_array_equal(_all(_written(tmp_path, kept)), kept)


@pytest.mark.usefixtures("small")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_byte_in_a_large_part_is_refused_or_leads_nowhere_else(tmp_path: Path, data: st.DataObject) -> None:
    part = _written(tmp_path, _unit(11, 160, 8))
    whole = bytearray((tmp_path / "vectors.faiss").read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        changed = Vectors(part.rows, np.frombuffer(bytes(whole), np.uint8), 8)
        rows, _ = dense.search([changed], _unit(12, 1, 8)[0], 50)
    except ValueError as error:
        assert "vectors" in str(error)  # noqa: PT017 - not every byte is refused
    else:
        assert len(set(rows.tolist())) == 50


@pytest.mark.usefixtures("small")
def test_a_list_that_names_a_vector_that_is_not_there_is_refused(tmp_path: Path) -> None:
    part = _written(tmp_path, _unit(13, 160, 8))
    whole = (tmp_path / "vectors.faiss").read_bytes()
    known = (159).to_bytes(8, "little")
    assert whole.count(known) >= 2  # in a list, and among the ids of all
    lied = whole.replace(known, (1 << 40).to_bytes(8, "little"), 1)
    with pytest.raises(ValueError, match="not there"):
        _ = Vectors(part.rows, np.frombuffer(lied, np.uint8), 8).index


@pytest.mark.usefixtures("small")
def test_whoever_has_faiss_finds_the_nearest_rows_of_a_large_part(tmp_path: Path) -> None:
    units, rows = _unit(14, 400, 64), np.arange(400, dtype=np.int64) * 3 + 1000
    _written(tmp_path, units, rows)
    index = faiss.read_index(str(tmp_path / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC)
    assert index.search(units[:50], 1)[1][:, 0].tolist() == rows[:50].tolist()


@pytest.mark.parametrize("kind", ["Flat", "IVF2,Flat", "HNSW8", "PCA4,Flat", "SQ8"])
def test_another_kind_of_index_is_refused(tmp_path: Path, kind: str) -> None:
    index = faiss.index_factory(8, kind, faiss.METRIC_INNER_PRODUCT)
    units = _unit(9, 200, 8)
    index.train(units)
    index.add(units)
    faiss.write_index(index, str(tmp_path / "vectors.faiss"))
    with pytest.raises(ValueError, match="vectors"):
        Vectors.opened(tmp_path / "vectors.faiss", np.arange(200), 8)
    (tmp_path / "vectors.faiss").write_bytes(b"")
    with pytest.raises(ValueError, match="empty"):
        Vectors.opened(tmp_path / "vectors.faiss", np.arange(200), 8)
