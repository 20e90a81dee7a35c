"""How to run a module of nrqa as a separate process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[3]
"""The folder that package nrqa lies in."""


def command(module: str, *words: str) -> list[str]:
    """The command that runs the module with the same Python as this process."""
    # -P: Python must not import a file of the same name from the folder in which the user calls nrqa.
    return [sys.executable, "-P", "-m", module, *words]


def environment() -> dict[str, str]:
    """The environment in which such a process finds nrqa."""
    paths = [str(_SOURCE), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
