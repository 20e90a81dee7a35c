"""How a module of nrqa is run as a process of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nrqa


def command(module: str, *words: str) -> list[str]:
    """The command that runs the module, as the Python that runs this."""
    # -P: a file of that name in the folder nrqa is called from is not Python's.
    return [sys.executable, "-P", "-m", module, *words]


def environment() -> dict[str, str]:
    """The environment in which such a process finds nrqa."""
    paths = [str(Path(nrqa.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
