from __future__ import annotations

import os
import subprocess
import sys

import pytest

from nrqa.encoder.batches import cores

CODE = """
import sys
from nrqa.indexing.process_tuning import return_large_blocks
def own():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1])
if sys.argv[1] == "given back":
    return_large_blocks()
bytearray(24 << 20)  # freed at once, which raises the bound where it may rise
before = own()
kept = []
for _ in range(20):
    large = bytearray(8 << 20)
    kept.append(bytearray(1000))  # stands above it in the heap
    large[:] = b"1" * len(large)
    kept.append(bytearray(1000))
    del large
print(own() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
def test_large_blocks_that_are_freed_are_given_back() -> None:
    words = [sys.executable, "-c", CODE, "given back"]
    grown = int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    assert grown < 8 << 10


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
@pytest.mark.skipif(cores() < 2, reason="one core has one thread anyway")
def test_matrices_are_multiplied_in_one_thread_where_that_was_asked_for_before_numpy_is_there() -> None:
    code = """
# These import no numpy by themselves.
import nrqa.answering.inspecting, nrqa.cli.indexing, nrqa.corpus.readers.tables.columns, nrqa.indexing.reindexing
from nrqa.indexing.process_tuning import multiply_in_one_thread
multiply_in_one_thread()
import numpy, os
numpy.ones((500, 500)) @ numpy.ones((500, 500))
print(len(os.listdir("/proc/self/task")))
"""
    clean = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=clean)
    assert int(found.stdout) == 1
