from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import sys
from nrqa.allocating import return_large_blocks
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


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
def test_large_blocks_that_are_freed_are_given_back() -> None:
    words = [sys.executable, "-c", CODE, "given back"]
    grown = int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    assert grown < 8 << 10
