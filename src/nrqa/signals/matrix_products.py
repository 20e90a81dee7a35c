"""Multiplies small matrices in the calling thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

_ALONE = 1 << 18
"""Up to this many multiplications, OpenBLAS (which comes with numpy) wakes no other thread: 65,536 times
GEMM_MULTITHREAD_THRESHOLD in its interface/gemm.c."""
_LEAST = 8


def product(left: Matrix, right: Matrix) -> Matrix:
    """``left @ right`` (float32, two axes each), in blocks so small that OpenBLAS computes them in the calling thread.

    Otherwise OpenBLAS shares the work with one thread per core, and waits for these threads if other work keeps the
    cores busy: that took 55 ms in one of twenty questions. Here it takes half a millisecond, whatever else runs.
    """
    import numpy as np

    rows = max(_LEAST, _ALONE // max(1, right.size))
    found = np.empty((len(left), right.shape[1]), np.float32)
    for first in range(0, len(left), rows):
        np.matmul(left[first : first + rows], right, out=found[first : first + rows])
    return found
