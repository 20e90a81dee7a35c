"""Where things lie that tests read."""

from __future__ import annotations

from pathlib import Path

HELPERS = Path(__file__).parent
TESTS = HELPERS.parent
ROOT = TESTS.parent
DOCUMENTS = TESTS / "documents"
"""Documents of each format, by folder."""
SOURCE = ROOT / "src" / "nrqa"
CORPUS = ROOT / "corpus"
"""The two articles."""
