"""Packing: what goes in, the same bytes each time, and back again the same folder."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fakes import FakeEncoder
from memory_index import memory_indexes
from nrqa.bundles.packing import pack
from nrqa.bundles.unpacking import unpack
from nrqa.errors import (
    DiskFullError,
    EncoderError,
    IndexBusyError,
    IndexDamagedError,
    IndexMissingError,
    IndexUnusableError,
)
from nrqa.index import merkle
from nrqa.index.opening import ENGINES
from nrqa.index.packed import writing
from nrqa.index.packed.listing import Member, written
from nrqa.indexing.reindexing import reindex


def tree(folder: Path) -> dict[str, bytes]:
    """The files in a folder, but for locks, which belong to no generation."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.upper().endswith("LOCK"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_packing_twice_gives_the_same_bytes_whatever_the_times_and_modes(built: Path, tmp_path: Path) -> None:
    pack(built, tmp_path / "a.nrqa", sources=True)
    for file in [*built.rglob("*"), *(tmp_path / "corpus").rglob("*.md")]:
        os.utime(file, (1_000_000_000, 1_000_000_000))
        file.chmod(0o700)
    pack(built, tmp_path / "b.nrqa", sources=True)
    assert (tmp_path / "a.nrqa").read_bytes() == (tmp_path / "b.nrqa").read_bytes()


def test_unpacking_gives_the_generation_and_the_sources_back_byte_for_byte(
    built: Path, bundle: Path, corpus: Path, tmp_path: Path
) -> None:
    found = unpack(bundle, tmp_path / "again", sources=tmp_path / "files")
    assert tree(tmp_path / "again" / "000001") == tree(built / "000001")
    assert tree(tmp_path / "files") == tree(corpus)
    assert (found.generation, found.packed_sources, found.packed_encoder) == (1, 2, False)


def test_an_unpacked_index_goes_on_and_embeds_only_what_is_new(bundle: Path, tmp_path: Path, fake: FakeEncoder) -> None:
    unpack(bundle, tmp_path / "again", sources=tmp_path / "files")
    (tmp_path / "files" / "new.txt").write_text("Hail in June broke the glass of the palm house.", "utf-8")
    report = reindex(tmp_path / "files", tmp_path / "again", encoder=fake, replace=True)
    assert (report.documents_added, report.documents_unchanged, report.passages_embedded) == (1, 2, 1)
    assert report.generation == 2


def test_a_bundle_is_a_zip_file_with_a_hash_tree_over_all_its_members(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        listed = json.loads(archive.read("bundle.json"))["members"]
        hashes = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in names[1:]}
        assert archive.comment.decode().split()[-1] == merkle.root(hashes.items())
    assert names == ["bundle.json", *sorted(hashes)]
    assert {name: sha256 for name, _, sha256 in listed} == hashes
    assert {"sources/rivers.txt", "sources/notes/storm ä.md", "licences/nrqa/LICENSE"} <= hashes.keys()


def test_a_source_that_is_not_as_it_was_indexed_is_told_and_not_packed(
    built: Path, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "rivers.txt").write_text("Other words.", "utf-8")
    (corpus / "notes" / "storm ä.md").unlink()
    found = pack(built, tmp_path / "two.nrqa", sources=True)
    assert found.sources == 0
    assert {one.document: one.reason for one in found.left_out} == {
        "notes/storm ä.md": "it is not in the corpus any more",
        "rivers.txt": "it has changed since it was indexed",
    }


def test_a_source_that_has_become_a_link_out_of_the_corpus_is_not_packed(
    built: Path, corpus: Path, tmp_path: Path
) -> None:
    same = tmp_path / "elsewhere.txt"
    same.write_bytes((corpus / "rivers.txt").read_bytes())
    (corpus / "rivers.txt").unlink()
    (corpus / "rivers.txt").symlink_to(same)
    found = pack(built, tmp_path / "two.nrqa", sources=True)
    assert [(one.document, one.reason) for one in found.left_out] == [
        ("rivers.txt", "it has become a link that leaves the corpus")
    ]


def test_without_sources_none_is_packed_and_the_corpus_need_not_be_there(
    built: Path, corpus: Path, tmp_path: Path
) -> None:
    corpus.rename(tmp_path / "away")
    found = pack(built, tmp_path / "two.nrqa")
    assert (found.sources, found.left_out) == (0, ())


def test_a_calibration_goes_along_and_standing_questions_stay(built: Path, tmp_path: Path) -> None:
    (built / "calibration.json").write_text("{}", "utf-8")
    (built / "standing").mkdir()
    (built / "standing" / "1.json").write_text("{}", "utf-8")
    assert pack(built, tmp_path / "two.nrqa").calibration
    with zipfile.ZipFile(tmp_path / "two.nrqa") as archive:
        names = archive.namelist()
    assert "index/calibration.json" in names
    assert not any("standing" in name for name in names)


def test_a_damaged_index_is_not_packed(built: Path, tmp_path: Path) -> None:
    file = built / "000001" / "lexical" / "meta.json"
    data = file.read_bytes()
    file.write_bytes(data.replace(b"\n", b" ", 1))
    with pytest.raises(IndexDamagedError):
        pack(built, tmp_path / "two.nrqa")
    assert not (tmp_path / "two.nrqa").exists()


def test_a_file_that_changes_while_it_is_packed_is_noticed_and_nothing_is_left(
    built: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def meanwhile(members: tuple[Member, ...]) -> bytes:
        (corpus / "rivers.txt").write_text("x" * (corpus / "rivers.txt").stat().st_size, "utf-8")
        return written(members)

    monkeypatch.setattr(writing, "written", meanwhile)
    with pytest.raises(IndexBusyError, match=r"rivers\.txt"):
        pack(built, tmp_path / "two.nrqa", sources=True)
    assert not [path for path in tmp_path.iterdir() if "two.nrqa" in path.name]


def test_a_full_disk_leaves_the_bundle_that_was_there(
    built: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bundle.read_bytes()

    def full(_: object) -> bytes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writing, "head", full)
    with pytest.raises(DiskFullError, match="Make room"):
        pack(built, bundle)
    assert bundle.read_bytes() == before
    assert not [path for path in bundle.parent.iterdir() if path.name.startswith(".two")]


def test_what_cannot_be_packed_is_told_with_the_remedy(built: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexUnusableError, match=r"ends in \.nrqa"):
        pack(built, tmp_path / "index.zip")
    with pytest.raises(IndexUnusableError, match="no folder"):
        pack(built, tmp_path / "nowhere" / "x.nrqa")
    with pytest.raises(IndexMissingError):
        pack(tmp_path / "nothing", tmp_path / "x.nrqa")
    with pytest.raises(EncoderError, match="nrqa index"):
        pack(built, tmp_path / "x.nrqa", encoder=True)  # the fake one has no conversion


def test_an_index_that_a_server_keeps_is_not_packed_and_the_way_is_told(
    corpus: Path, tmp_path: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "memory", memory_indexes(tmp_path / "beside"))
    (corpus / "one.txt").write_text("A lighthouse stands on the rock.")
    reindex(corpus, "memory://served", encoder=fake)
    with pytest.raises(IndexUnusableError, match=r"'memory://served' is kept by a server.*nrqa pack FOLDER"):
        pack("memory://served", tmp_path / "one.nrqa")
    assert not (tmp_path / "one.nrqa").exists()


def test_a_packed_index_is_packed_again_with_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    pack(bundle, tmp_path / "again.nrqa", sources=True)
    assert (tmp_path / "again.nrqa").read_bytes() == bundle.read_bytes()


def test_a_folder_that_is_taken_is_not_unpacked_into(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(IndexUnusableError, match="is there already"):
        unpack(bundle, tmp_path / "full")
    with pytest.raises(IndexUnusableError, match="is there already"):
        unpack(bundle, tmp_path / "new", sources=tmp_path / "full")
    assert not (tmp_path / "new").exists()
    (tmp_path / "empty").mkdir()
    unpack(bundle, tmp_path / "empty")
    assert (tmp_path / "empty" / "000001").is_dir()


def test_what_a_bundle_does_not_hold_is_not_promised(built: Path, bundle: Path, tmp_path: Path) -> None:
    pack(built, tmp_path / "bare.nrqa")
    with pytest.raises(IndexUnusableError, match="without sources"):
        unpack(tmp_path / "bare.nrqa", tmp_path / "new", sources=tmp_path / "files")
    with pytest.raises(IndexUnusableError, match="without an encoder"):
        unpack(bundle, tmp_path / "new", encoder=True)


def test_another_place_umask_time_zone_and_order_of_files_give_the_same_bytes(
    built: Path, corpus: Path, tmp_path: Path
) -> None:
    """As on another machine that was given a copy of the index: its files were made in another order."""
    pack(built, tmp_path / "here.nrqa", sources=True)
    moved = tmp_path / "elsewhere" / "moved"
    for file in sorted((one for one in built.rglob("*") if one.is_file()), reverse=True):
        target = moved / file.relative_to(built)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    code = (
        "import os, sys; os.umask(0o077); from nrqa.bundles.packing import pack; "
        "pack(sys.argv[1], sys.argv[2], sources=True)"
    )
    around = {**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "COLUMNS": "20"}
    command = [sys.executable, "-c", code, str(moved), str(tmp_path / "there.nrqa")]
    subprocess.run(command, check=True, env=around, cwd=tmp_path / "elsewhere")
    assert corpus.is_dir()
    assert (tmp_path / "there.nrqa").read_bytes() == (tmp_path / "here.nrqa").read_bytes()


def test_the_command_names_each_source_that_it_leaves_out_for_programs_too(
    built: Path, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "rivers.txt").write_text("Other words.", "utf-8")
    command = [sys.executable, "-m", "nrqa", "pack", str(built), str(tmp_path / "two.nrqa"), "--sources"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Not packed: rivers.txt: it has changed since it was indexed\n"
    assert "1 source file;" in done.stdout
