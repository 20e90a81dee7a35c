"""Tunes the memory and the threads of a process whose only work is to build an index."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

_MMAP_THRESHOLD = -3
"""M_MMAP_THRESHOLD of glibc's malloc.h."""
_LARGE = 1 << 20
_YOUNG = 200_000
"""After this many new objects, instead of 700, Python looks for reference cycles among them."""


def collect_rarely() -> None:
    """Make Python's garbage collector run rarely: listing a corpus creates many small objects without cycles.

    A run that finds ten changes among 100,000 documents takes a sixth less time.
    """
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])


def return_large_blocks() -> None:
    """Make glibc return every freed block of a mebibyte or more to the system; without glibc nothing is done.

    By default glibc raises this threshold to 32 MiB when such blocks are freed, and then keeps them among others: an
    indexing process used 910 MB of its own where 645 MB are enough, and more the longer it ran.
    """
    if sys.platform != "linux":
        return
    import ctypes

    with suppress(OSError, AttributeError):  # musl has no such threshold
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def multiply_in_one_thread() -> None:
    """Make numpy multiply matrices in one thread; this has an effect only if it is called before numpy is imported.

    While token vectors are coded, the encoder has a thread on every core. OpenBLAS's own threads would busy-wait for
    each other there: an index run takes a tenth longer. A number that the user has set is kept.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
