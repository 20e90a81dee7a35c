"""How a process behaves whose only work is to build an index: its memory, and its threads."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

_MMAP_THRESHOLD = -3
"""M_MMAP_THRESHOLD of glibc's malloc.h."""
_LARGE = 1 << 20
_YOUNG = 200_000
"""Objects after which Python looks for circles among the new ones, instead of 700."""


def collect_rarely() -> None:
    """Have Python's garbage collector look seldom: what is listed of a corpus is many small objects without circles.

    A run that finds ten changes among 100,000 documents takes a sixth less.
    """
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])


def return_large_blocks() -> None:
    """Have glibc give every freed block of a mebibyte or more back to the system; elsewhere nothing is done.

    By itself it raises that bound to 32 MiB when such blocks are freed, and keeps them between others: an indexing
    process held 910 MB of its own where 645 are enough, and more the longer it went on.
    """
    if sys.platform != "linux":
        return
    import ctypes

    with suppress(OSError, AttributeError):  # musl has no such bound
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def multiply_in_one_thread() -> None:
    """Have numpy's products of matrices take one thread; to be called before numpy is imported, or nothing is done.

    While token vectors are coded the encoder has a thread on every core. Those of OpenBLAS would wait for each other
    there, spinning: an index run takes a tenth longer. Who has set the number keeps it.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
