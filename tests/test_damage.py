"""Bytes change by lot: nothing untrue is shown, and nothing but nrqa's own errors is raised.

benchmarks/evidence/damage.py does the same two thousand times, with the real encoder and with failing system calls.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import pytest

from effort import tries
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.answering.contents import contents
from nrqa.answering.inspecting import Place, show
from nrqa.errors import IndexUnusableError, NrqaError
from nrqa.index.local import failures, generation
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex
from nrqa.records import Passage, citation_to_dict


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of several parts, with documents that were changed and removed; do not change it."""
    place = tmp_path_factory.mktemp("made")
    corpus = place / "corpus"
    corpus.mkdir()
    for number in range(25):
        (corpus / f"{number}.md").write_text(
            f"# Ferry {number}\n\nThe ferry number {number} leaves from pier {number}.\n"
        )
    reindex(corpus, place / "index", encoder=FakeEncoder())
    (corpus / "3.md").write_text("# Ferry\n\nIt leaves no more.\n")
    (corpus / "4.md").unlink()
    reindex(corpus, place / "index", encoder=FakeEncoder())
    return place / "index"


def written(passage: Passage) -> str:
    return json.dumps([passage.text, citation_to_dict(passage.citation)], sort_keys=True)


def test_nothing_untrue_is_shown(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = LocalSnapshot.newest(made)
    documents = sorted(snapshot.known)
    true = {written(one.passage) for name in documents for one in (snapshot.document_named(name) or ("", []))[1]}
    listed = contents(made)
    monkeypatch.setattr(generation, "COMPARED", 0)  # as in a large index
    told = 0
    for seed in range(tries(400)):
        lot = random.Random(seed)
        index = tmp_path / str(seed)
        shutil.copytree(made, index, copy_function=os.link)
        files = sorted(
            file for file in (index / snapshot.folder.name).rglob("*") if file.is_file() and file.stat().st_size
        )
        file = lot.choice(files)
        data = bytearray(file.read_bytes())
        at = lot.randrange(len(data))
        size = lot.choice((1, 1, 16, 4096))
        data[at : at + size] = lot.randbytes(len(data[at : at + size]))
        file.unlink()
        file.write_bytes(bytes(data))
        try:
            answer = Index.open(index, encoder=FakeEncoder()).ask("where does the ferry leave from", k=12)
            assert {written(hit.passage) for hit in answer.hits} <= true, (seed, file)
            shown = show(Place(lot.choice(documents), lines=(1, 1)), index)
            assert {written(one) for one in shown.passages} <= true, (seed, file)
            assert contents(index).documents == listed.documents, (seed, file)
        except NrqaError:
            told += 1
        shutil.rmtree(index, ignore_errors=True)  # what broke in tantivy may still hold its lock
    assert told


def test_an_error_that_is_no_damage_is_not_called_so(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of nrqa's own must show itself."""

    def fail(*_: object, **__: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("nrqa.answering.asking.group", fail)
    with pytest.raises(IndexError):
        Index.open(made, encoder=FakeEncoder()).ask("where does the ferry leave from")


@pytest.mark.parametrize(
    "error",
    [
        OSError(5, "Input/output error", "/x/catalog.sqlite"),
        ValueError("An IO error occurred: 'Input/output error (os error 5)'"),
        ValueError("Failed to open file for read: 'IoError { io_error: Os { code: 5, kind: Uncategorized } }'"),
    ],
)
def test_an_error_of_the_system_is_told_as_one_whichever_library_met_it(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    (corpus / "a.txt").write_text("The ferry leaves from the pier.")
    reindex(corpus, index, encoder=FakeEncoder())
    (corpus / "b.txt").write_text("Another ferry leaves from another pier.")

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("nrqa.signals.lexical.write", fail)
        with pytest.raises(IndexUnusableError, match=r"(?i)input/output error.*published index is as it was"):
            reindex(corpus, index, encoder=FakeEncoder())
    assert generation.newest(index) == 1
    assert not list(index.glob("tmp-0*"))
    reindex(corpus, index, encoder=FakeEncoder())


def test_a_thread_of_tantivy_that_failed_is_told(index: Path) -> None:
    with pytest.raises(IndexUnusableError, match="writer was killed"), failures.writing(index):
        raise ValueError(
            "An error occurred in a thread: 'An index writer was killed.. A worker thread encountered an error'"
        )


def test_too_little_memory_is_told_as_such(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("nrqa.answering.asking.group", fail)
    with pytest.raises(NrqaError, match="too little memory"):
        Index.open(made, encoder=FakeEncoder()).ask("where does the ferry leave from")


def test_a_panic_is_damage(made: Path) -> None:
    """tantivy's panics are raised as a class of that name, which is no Exception."""
    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(IndexUnusableError, match="damaged"), failures.reading(made):
        raise panic("index out of bounds")
