"""The process that reads files, as users have it."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def reading_process() -> None:
    """A new one for each run."""
