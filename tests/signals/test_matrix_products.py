from __future__ import annotations

import numpy as np
import pytest

from nrqa.signals.matrix_products import product


@pytest.mark.parametrize(
    ("rows", "inner", "columns"), [(0, 3, 2), (1, 1, 1), (384, 384, 14), (1000, 384, 300), (7, 0, 2)]
)
def test_a_product_in_blocks_is_the_product(rows: int, inner: int, columns: int) -> None:
    dice = np.random.default_rng(0)
    left, right = dice.random((rows, inner), np.float32), dice.random((inner, columns), np.float32)
    found = product(left, right)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, left @ right, rtol=1e-5)
    np.testing.assert_allclose(product(right.T, left.T), (left @ right).T, rtol=1e-5)
