"""A packed index of two documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.bundles.packing import pack
from nrqa.indexing.reindexing import reindex

CALM = "Reports on rivers.\n\nThe level of the river rose by two metres in spring.\n"
STORM = "# Storms\n\nA storm in October felled ninety trees near the mill.\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's cache of its own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("NRQA_CACHE", str(folder))
    return folder


@pytest.fixture
def built(corpus: Path, index: Path, fake: FakeEncoder) -> Path:
    """The index of two documents, one in a folder."""
    (corpus / "rivers.txt").write_text(CALM, "utf-8")
    (corpus / "notes").mkdir()
    (corpus / "notes" / "storm ä.md").write_text(STORM, "utf-8")
    reindex(corpus, index, encoder=fake)
    return index


@pytest.fixture
def bundle(built: Path, tmp_path: Path) -> Path:
    """That index with its sources, in one file."""
    file = tmp_path / "two.nrqa"
    pack(built, file, sources=True)
    return file
