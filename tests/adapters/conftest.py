"""An index that the retrievers open by its folder, as users do, with the fake encoder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapter_texts import DOCUMENTS
from fakes import FakeEncoder
from nrqa.adapters import retrieving
from nrqa.answering.asking import Index
from nrqa.indexing.reindexing import reindex

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"  # said before it is imported


@pytest.fixture
def folder(corpus: Path, index: Path) -> Iterator[str]:
    for name, text in DOCUMENTS.items():
        (corpus / name).write_text(text, "utf-8")
    encoder = FakeEncoder(max_tokens=24)
    reindex(corpus, index, encoder=encoder)
    opened = Index.open(index, encoder=encoder)
    retrieving._open[index.resolve()] = opened
    yield str(index)
    del opened
