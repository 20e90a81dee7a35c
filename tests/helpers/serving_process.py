"""`nrqa serve` as users start it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def served(index: Path, *words: str) -> Iterator[tuple[str, str]]:
    """The address of a server of that index, and the address with a one-time token that it prints."""
    command = [sys.executable, "-u", "-m", "nrqa", "serve", "--port", "0", "--offline", "--index", str(index), *words]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        try:
            assert process.stdout
            assert "Open this once" in process.stdout.readline()
            once = process.stdout.readline().strip()
            address = process.stdout.readline().split()[-1].rstrip("/")
            assert once.startswith(f"{address}/enter?token="), once
            yield address, once
        finally:
            process.terminate()
            process.wait(20)
