"""Bytes that have changed are noticed before they are shown, also in files that are too large to be read at opening."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from forging import change_catalog, forge, set_bytes
from nrqa.answering.asking import Index
from nrqa.errors import IndexDamagedError
from nrqa.index.local import generation
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex
from nrqa.signals import vectors

QUESTION = "where did the cat sit"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of four documents, of which one was removed; do not change it."""
    place = tmp_path_factory.mktemp("made")
    (place / "corpus").mkdir()
    for number in range(30):
        text = f"# Notes\n\nThe cat number {number} sat on the mat near the harbour in 19{number:02}.\n"
        (place / "corpus" / f"{number}.md").write_text(text)
    reindex(place / "corpus", place / "index", encoder=FakeEncoder())
    (place / "corpus" / "7.md").unlink()
    reindex(place / "corpus", place / "index", encoder=FakeEncoder())
    return place / "index"


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the generation in a copy, whose files are not read when it is opened, as if they were large."""
    monkeypatch.setattr(generation, "COMPARED", 0)
    shutil.copytree(made, tmp_path / "index")
    return tmp_path / "index" / "000002"


def asked(folder: Path) -> None:
    Index.open(folder.parent, encoder=FakeEncoder()).ask(QUESTION, k=40)


def test_what_nobody_changed_is_answered(folder: Path) -> None:
    asked(folder)
    forge(folder)
    asked(folder)


CHANGES = [
    *(f"documents SET {column} = 'other'" for column in ("name", "title", "encoding", "flags")),
    'documents SET metadata = \'{"a": "b"}\'',
    "documents SET sha256 = zeroblob(32)",
    *(f"documents SET {column} = {column} + 1" for column in ("titled", "passages", "first_row", "pages", "text_at")),
    *(f"passages SET {column} = {column} + 1" for column in ("start", "extent", "byte_shift", "byte_growth")),
    *(f"passages SET {column} = {column} + 1" for column in ("line_start", "lines", "document", "markup", "pages")),
    "passages SET sentences = x'0102'",
    'passages SET locators = \'[["page", "1", "1"]]\'',
    'passages SET flags = \'[["notice", 0, 3, "x"]]\'',
    "sections SET heading = '[\"Other\"]'",
    "sections SET context = 'other'",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_that_was_changed_is_not_shown(folder: Path, change: str) -> None:
    change_catalog(folder, f"UPDATE {change}")
    with pytest.raises(IndexDamagedError, match="verify"):
        asked(folder)


@pytest.mark.parametrize("table", ["documents", "passages", "sections"])
def test_a_row_that_is_missing_is_told(folder: Path, table: str) -> None:
    change_catalog(folder, f"DELETE FROM {table}")  # noqa: S608 - a list of our own
    with pytest.raises(IndexDamagedError, match="verify"):
        asked(folder)


def test_texts_that_changed_places_are_noticed(folder: Path) -> None:
    change_catalog(folder, "UPDATE documents SET text_at = 1000 - text_at WHERE number < 5")
    with pytest.raises(IndexDamagedError):
        asked(folder)


def test_a_document_that_was_removed_does_not_come_back(folder: Path) -> None:
    """The array that says whose rows are whose gives the removed document's row to another one."""
    file = folder / "part-000001" / "documents.npy"
    owners = np.load(file)
    removed = LocalSnapshot.newest(folder.parent).manifest.parts[0].removed
    assert len(removed) == 1
    at = int(np.flatnonzero(owners == removed[0])[0])
    header = file.stat().st_size - owners.nbytes
    set_bytes(file, header + 8 * at, b"\1" + bytes(7))
    with pytest.raises(IndexDamagedError):
        asked(folder)


def test_numbers_out_of_range_are_damage_and_no_crash(folder: Path) -> None:
    part = folder / "part-000001"
    for name, at, data in (
        ("rows.npy", -8, b"\xff" * 8),
        ("token_places.npy", -4, b"\xff" * 4),
        ("token_places.npy", -8, b"\xff" * 4),
        ("vectors.faiss", 0, b"IxF2"),
        ("vectors.faiss", 8, b"\xff" * 8),
        ("vectors.faiss", 110, b"\xff" * 4),
    ):
        whole = (part / name).read_bytes()
        set_bytes(part / name, at, data)
        with pytest.raises(IndexDamagedError):
            asked(folder)
        (part / name).write_bytes(whole)


def test_a_list_of_vectors_that_names_one_that_is_not_there_is_damage_to_whoever_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAISS believes such numbers; the thread that opens vectors while the encoder opens must not end with an error."""
    monkeypatch.setattr(generation, "COMPARED", 0)
    monkeypatch.setattr(vectors, "EXACT", 20)
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for number in range(30):
        (corpus / f"{number}.md").write_text(
            f"The cat number {number} sat on the mat near the harbour in 19{number:02}.\n"
        )
    reindex(corpus, index, encoder=FakeEncoder())
    file = index / "000001" / "part-000001" / "vectors.faiss"
    asked(index / "000001")
    at = file.read_bytes().index((29).to_bytes(8, "little"))
    set_bytes(file, at, b"\xff" * 6)
    LocalSnapshot.newest(index).open_vectors()
    with pytest.raises(IndexDamagedError, match="not there"):
        asked(index / "000001")
    for number in range(30):
        (corpus / f"{number}.md").write_text(f"Another cat, which has the number {number}, sat elsewhere at night.\n")
    (corpus / "0.md").write_text("The cat number 0 sat on the mat near the harbour in 1900.\n")
    with pytest.raises(IndexDamagedError, match="not there"):
        reindex(corpus, index, encoder=FakeEncoder(), replace=True)


def test_damage_is_not_carried_into_the_next_generation(folder: Path, tmp_path: Path) -> None:
    """Documents that are moved to another part are compared with their checksums first."""
    change_catalog(folder, "UPDATE documents SET title = 'other' WHERE name = '3.md'")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(30):
        if number != 7:
            text = f"# Notes\n\nThe cat number {number} sat on the mat near the harbour in 19{number:02}.\n"
            (corpus / f"{number}.md").write_text(text)
    for number in range(20):
        (corpus / f"new{number}.md").write_text(f"A new note, number {number}, about quite another dog.")
    with pytest.raises(IndexDamagedError, match="rebuild"):
        reindex(corpus, folder.parent, encoder=FakeEncoder(), replace=True)
    assert generation.newest(folder.parent) == 2
