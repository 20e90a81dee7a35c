from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.index.local.names import document_names, metadata_keys, metadata_values
from nrqa.indexing.reindexing import reindex


@pytest.fixture
def library(corpus: Path, index: Path, fake: FakeEncoder) -> Path:
    (corpus / "a").mkdir()
    for number in range(5):
        (corpus / "a" / f"n{number}.txt").write_text(f"Author: Ann {number}\n\nThe tea number {number} grows.\n")
    reindex(corpus, index, encoder=fake)
    (corpus / "a" / "n3.txt").unlink()
    (corpus / "b[x].txt").write_text("Author: Bob\n\nThe coffee grows.\n")
    reindex(corpus, index, encoder=fake)
    return index


def test_names_of_all_parts_without_those_removed(library: Path) -> None:
    assert document_names(library, "a/", 10) == ["a/n0.txt", "a/n1.txt", "a/n2.txt", "a/n4.txt"]
    assert document_names(library, "n", 2) == ["a/n0.txt", "a/n1.txt"]
    assert document_names(library, "b[", 10) == ["b[x].txt"]
    assert document_names(library, "z", 10) == []


def test_metadata(library: Path) -> None:
    assert "author" in metadata_keys(library)
    assert metadata_values(library, "author", "b", 10) == ["bob"]
    assert len(metadata_values(library, "author", "a", 3)) == 3


def test_no_index_has_no_names(tmp_path: Path) -> None:
    assert document_names(tmp_path, "a", 10) == []


def test_a_catalog_with_a_program_in_it_is_not_read(library: Path) -> None:
    catalog = next(library.glob("000002/part-*/catalog.sqlite"))
    copy = catalog.with_name("copy")
    shutil.copy(catalog, copy)
    with sqlite3.connect(copy) as database:
        database.execute("ALTER TABLE documents RENAME TO theirs")
        database.execute("CREATE VIEW documents AS SELECT 1 AS number, 'a/evil' AS name")
    database.close()
    copy.replace(catalog)
    with pytest.raises(ValueError, match="other tables"):
        document_names(library, "a/", 10)
