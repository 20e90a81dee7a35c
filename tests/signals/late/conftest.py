"""Codebooks, as users have them."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def codebook_training() -> None:
    """To the end."""
