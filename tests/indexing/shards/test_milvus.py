"""The same shards for an index that a server keeps."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import project
import shard_worker
from fakes import FakeEncoder
from milvus_server import running
from nrqa.index.local import builder
from nrqa.index.opening import newest_at
from nrqa.index.snapshot import Snapshot
from nrqa.indexing.reindexing import reindex
from nrqa.indexing.shards import cutting, processes

pytest.importorskip("milvus_lite")
pytestmark = pytest.mark.slow


def _rows(snapshot: Snapshot) -> list[tuple[int, bytes, bytes]]:
    rows = snapshot.rows(snapshot.filtered(None, None)).tolist()
    found = zip(rows, snapshot.coded(rows), strict=True)
    return [(row, np.asarray(one.vector, np.float16).tobytes(), one.codes.tobytes()) for row, one in found]


def test_a_server_s_index_is_the_same_and_only_new_text_is_encoded_later(
    corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "SHARD", 2000)
    monkeypatch.setattr(processes, "_command", lambda: [sys.executable, str(Path(shard_worker.__file__))])
    monkeypatch.setenv("PYTHONPATH", str(project.TESTS / "helpers"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    log = tmp_path / "log"
    monkeypatch.setenv(shard_worker.LOG, str(log))
    for at in range(12):
        text = "\n\n".join(f"Paragraph {one} of document {at} says what it says {at * one} times." for one in range(9))
        (corpus / f"document-{at:02}.txt").write_text(text)
    reindex(corpus, index, encoder=FakeEncoder(), processes=2)
    with running(tmp_path / "server") as server:
        place = server.address("shards")
        encoder = FakeEncoder()
        log.unlink()
        with monkeypatch.context() as patch:
            patch.setattr(builder, "document_terms", lambda text: pytest.fail(f"the words of '{text}' were read again"))
            report = reindex(corpus, place, encoder=encoder, processes=2)
        assert report.passages_embedded == report.passages_total == len(log.read_text().splitlines())
        assert _rows(newest_at(place)) == _rows(newest_at(index))
        log.unlink()
        for at in range(12):
            file = corpus / f"document-{at:02}.txt"
            file.write_text(f"{file.read_text()}\n\nA last paragraph that document {at} did not have.")
        again = reindex(corpus, place, encoder=FakeEncoder(), processes=2)
        assert again.passages_embedded == len(log.read_text().splitlines()) < again.passages_total / 2
