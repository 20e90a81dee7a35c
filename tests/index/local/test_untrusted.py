"""An index that somebody else made is data: whatever it says, it is refused with what is wrong, and does nothing."""

from __future__ import annotations

import json
import os
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from forging import Content, change_catalog, forge
from nrqa.answering.asking import Index
from nrqa.answering.inspecting import Place as Shown
from nrqa.answering.inspecting import show
from nrqa.errors import IndexDamagedError, IndexUnusableError
from nrqa.index.local import generation
from nrqa.indexing.reindexing import reindex

QUESTION = "where did the cat sit"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus and its index, in one folder; do not change it."""
    place = tmp_path_factory.mktemp("made")
    (place / "corpus").mkdir()
    for number in range(4):
        text = f"The cat number {number} sat on the mat near the harbour in 19{number}{number}."
        (place / "corpus" / f"{number}.txt").write_text(text)
    reindex(place / "corpus", place / "index", encoder=FakeEncoder())
    return place


@pytest.fixture
def given(made: Path, tmp_path: Path) -> Path:
    """A copy of the corpus and its index; the folder of its generation is ``index/000001``."""
    shutil.copytree(made, tmp_path / "home" / "given")
    return tmp_path / "home" / "given"


def refused(given: Path, match: str = "damaged") -> str:
    """What every verb says of the index, which all must refuse; nothing outside of it may have changed."""
    index = given / "index"
    asks: list[Callable[[], object]] = [
        lambda: Index.open(index, encoder=FakeEncoder()).ask(QUESTION),
        lambda: show(Shown("1.txt", lines=(1, 1)), index),
    ]
    said = ""
    for ask in asks:
        with pytest.raises(IndexDamagedError, match=match) as told:
            ask()
        said = str(told.value)
    return said


def files_around(given: Path) -> dict[str, tuple[bytes, int]]:
    """Every file outside of the index, with its content and mode."""
    return {
        str(file): (file.read_bytes(), file.stat().st_mode)
        for file in given.parent.rglob("*")
        if file.is_file() and not file.is_relative_to(given / "index")
    }


def test_an_index_that_was_copied_answers(given: Path) -> None:
    assert Index.open(given / "index", encoder=FakeEncoder()).ask(QUESTION).hits
    forge(given / "index" / "000001")
    assert Index.open(given / "index", encoder=FakeEncoder()).ask(QUESTION).hits


@pytest.mark.parametrize(
    "name",
    [
        "../../.bashrc",
        "/etc/passwd",
        "part-000001/../../../.bashrc",
        "part-000001/..",
        "lexical/../../../.bashrc",
        "part-000001/deeper/rows.npy",
        "part-000001/evil.py",
        "lexical/evil.so",
        "part-000009/rows.npy",
        "C:\\evil",
        "",
        ".",
    ],
)
def test_a_manifest_names_files_of_its_generation_only(given: Path, name: str) -> None:
    (given.parent / ".bashrc").write_text("original")
    before = files_around(given)
    forge(given / "index" / "000001", lambda content: content["files"].update({name: {"size": 8, "sha256": "0" * 64}}))
    refused(given)
    report = reindex(given / "corpus", given / "index", encoder=FakeEncoder())
    assert "damaged" in report.notices[0]
    assert files_around(given) == before


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(
    "place", ["000001", "000001/part-000001", "000001/lexical", "000001/part-000001/rows.npy", "000001/manifest.json"]
)
def test_no_link_is_followed(given: Path, place: str) -> None:
    linked = given / "index" / place
    away = given.parent / "elsewhere"
    linked.rename(away)
    linked.symlink_to(away)
    before = files_around(given)
    refused(given)
    (given / "corpus" / "new.txt").write_text("A new note about a dog.")
    reindex(given / "corpus", given / "index", encoder=FakeEncoder())
    before[str(given / "corpus" / "new.txt")] = ((given / "corpus" / "new.txt").read_bytes(), 0o100644)
    assert {name: data for name, (data, _) in files_around(given).items()} == {
        name: data for name, (data, _) in before.items()
    }


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_file_outside_is_not_overwritten_when_the_index_is_continued(given: Path) -> None:
    """The part is reached by a link, so that the name of a file in it leads out of the draft as well."""
    bashrc = given.parent / ".bashrc"
    bashrc.write_text("original")
    folder = given / "index" / "000001"
    deep = folder / "d1" / "d2" / "d3"
    deep.mkdir(parents=True)
    (folder / "part-000001").rename(deep / "part")
    (folder / "part-000001").symlink_to("d1/d2/d3/part")
    (folder / ".bashrc").write_text("payload!")
    facts = {"size": 8, "sha256": "0" * 64}
    forge(folder, lambda content: content["files"].update({"part-000001/../../../../.bashrc": facts}))
    (given / "corpus" / "new.txt").write_text("A new note about a dog.")
    reindex(given / "corpus", given / "index", encoder=FakeEncoder())
    assert bashrc.read_text() == "original"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("name", ["LOCK", "tmp-vectors-x", "tmp-codebook-x"])
def test_a_link_in_the_index_folder_does_not_lead_a_writer_out_of_it(given: Path, name: str) -> None:
    bashrc = given.parent / ".bashrc"
    bashrc.write_text("original")
    link = given / "index" / name
    link.unlink(missing_ok=True)
    link.symlink_to(bashrc)
    (given / "corpus" / "new.txt").write_text("A new note about a dog.")
    if name == "LOCK":
        with pytest.raises(IndexUnusableError, match="no regular file"):
            reindex(given / "corpus", given / "index", encoder=FakeEncoder())
    else:
        reindex(given / "corpus", given / "index", encoder=FakeEncoder())
        assert not link.is_symlink()
    assert bashrc.read_text() == "original"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_asking_creates_no_file_through_the_lock_of_the_lexical_index(given: Path) -> None:
    for lock in (given / "index" / "000001" / "lexical").glob(".tantivy-*.lock"):
        lock.unlink()
        lock.symlink_to(given.parent / "created")
    refused(given, "no regular file")
    assert not (given.parent / "created").exists()


def test_the_lexical_index_deletes_no_file_elsewhere(given: Path) -> None:
    precious = given.parent / "precious"
    precious.write_text("kept")
    managed = given / "index" / "000001" / "lexical" / ".managed.json"
    names = json.loads(managed.read_text())
    managed.write_text(json.dumps([*names, "../../../../precious"]))
    forge(given / "index" / "000001")
    refused(given, "managed")
    (given / "corpus" / "1.txt").unlink()
    with pytest.raises(IndexUnusableError, match="managed"):
        reindex(given / "corpus", given / "index", encoder=FakeEncoder())
    reindex(given / "corpus", given / "index", encoder=FakeEncoder(), rebuild=True)
    assert precious.read_text() == "kept"


LIES: dict[str, Callable[[Content], Any]] = {
    "rows": lambda content: content["parts"][0].update(rows=1 << 60),
    "fewer rows": lambda content: content["parts"][0].update(rows=2),
    "a text for a number": lambda content: content["parts"][0].update(rows="4"),
    "a part elsewhere": lambda content: content["parts"][0].update(name="../part-000001"),
    "two parts in one": lambda content: content["parts"].append(content["parts"][0]),
    "removed before it was there": lambda content: content["parts"][0].update(removed=[99]),
    "removed is no number": lambda content: content["parts"][0].update(removed=["1"]),
    "documents": lambda content: content.update(documents=-1),
    "passages": lambda content: content.update(passages=10**9),
    "generation": lambda content: content.update(generation=7),
    "weights": lambda content: content["fusion"].update(dense=float("inf")),
    "no weights": lambda content: content.update(fusion=[1]),
    "stamps": lambda content: content.update(stamps={"../x": [1, 2, 3]}),
    "unreadable": lambda content: content.update(unreadable=[{"document": 5, "reason": None}]),
    "root of the corpus": lambda content: content["corpus"][0].update(path=5),
    "mounts": lambda content: content["corpus"][0].update(mounts=["../../.."]),
    "fingerprint": lambda content: content["encoder"].update(fingerprint="../../../evil"),
    "backend": lambda content: content["encoder"].update(backend="pickle"),
    "dimensions": lambda content: content["encoder"].update(dimensions=3),
    "sizes": lambda content: next(iter(content["files"].values())).update(size=-1),
    "files": lambda content: content.update(files=["manifest.json"]),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_cannot_be_is_refused(given: Path, lie: str) -> None:
    forge(given / "index" / "000001", LIES[lie])
    with pytest.raises(IndexUnusableError, match=r"damaged|another version"):
        Index.open(given / "index", encoder=FakeEncoder()).ask(QUESTION)
    report = reindex(given / "corpus", given / "index", encoder=FakeEncoder(), rebuild=True)
    assert report.passages_total == 4


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW more AS SELECT 1",
        "CREATE TRIGGER after AFTER INSERT ON keys BEGIN SELECT 1; END",
        "CREATE TABLE more (value)",
        "CREATE INDEX more ON passages (start + 1)",
        "DROP TABLE pages",
    ],
)
def test_a_catalog_with_other_tables_is_refused(given: Path, statement: str) -> None:
    change_catalog(given / "index" / "000001", statement)
    refused(given, "other tables")


def test_an_endless_view_in_place_of_a_table_never_runs(given: Path) -> None:
    change_catalog(
        given / "index" / "000001",
        "ALTER TABLE documents RENAME TO before",
        "CREATE VIEW documents AS SELECT * FROM before WHERE "
        "(WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT count(*) FROM r) > 0",
    )
    refused(given, "other tables")


def test_a_block_that_inflates_to_more_than_a_block_is_refused(given: Path) -> None:
    data = zlib.compress(bytes(1 << 26), 9)
    file = given / "index" / "000001" / "part-000001" / "texts.zlib"
    file.unlink()
    file.write_bytes(data + struct.pack("<QQ", len(data), 1))
    forge(given / "index" / "000001")
    refused(given, "texts")


def test_an_array_that_is_said_to_be_larger_than_its_file_is_refused(given: Path) -> None:
    file = given / "index" / "000001" / "part-000001" / "rows.npy"
    data = file.read_bytes()
    file.unlink()
    file.write_bytes(data.replace(b"(4,), ", b"(9999999999999,), ".ljust(6))[: len(data)])
    forge(given / "index" / "000001", lambda content: content["parts"][0].update(rows=9999999999999))
    refused(given)


def test_a_pickle_in_place_of_an_array_is_not_loaded(given: Path) -> None:
    import numpy as np

    file = given / "index" / "000001" / "part-000001" / "rows.npy"
    file.unlink()
    np.save(file, np.array([print] * 4, object), allow_pickle=True)
    forge(given / "index" / "000001")
    refused(given, "rows.npy")


def test_a_manifest_that_was_changed_without_its_checksum_is_refused(given: Path) -> None:
    manifest = given / "index" / "000001" / generation.MANIFEST
    content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**content, "unreadable": []} | {"documents": 3}))
    assert "other contents" in refused(given)
