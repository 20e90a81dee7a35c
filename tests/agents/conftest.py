"""The harbour's index, which agents ask in tests."""

from __future__ import annotations

from pathlib import Path

import pytest

import harbour
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.indexing.reindexing import reindex
from nrqa.service.desk import Desk


@pytest.fixture
def desk(corpus: Path, index: Path, fake: FakeEncoder) -> Desk:
    harbour.write(corpus)
    reindex(corpus, index, encoder=fake)
    return Desk(index, index=Index.open(index, encoder=fake))
