"""Whoever is given one file asks it as they would ask the folder, and cannot write to it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

import nrqa
from fakes import FakeEncoder
from nrqa.bundles.packing import pack
from nrqa.errors import DiskFullError, IndexMissingError, IndexUnusableError
from nrqa.health.examining import doctor
from nrqa.index.opening import generations_at
from nrqa.index.packed import unpacked
from nrqa.index.packed.reading import root_at
from nrqa.indexing.reindexing import reindex
from nrqa.records import Answer

QUESTION = "how high rose the level of the river"


def asked(place: Path, question: str = QUESTION) -> Answer:
    return nrqa.Index.open(place, encoder=FakeEncoder()).ask(question)


def test_the_answer_is_that_of_the_folder_even_without_corpus_and_index(
    built: Path, bundle: Path, corpus: Path
) -> None:
    expected = asked(built).to_dict()
    shutil.rmtree(corpus)
    shutil.rmtree(built)
    assert asked(bundle).to_dict() == expected
    assert expected["searched"]["stale"] == []


def test_packed_sources_are_the_corpus_whatever_lies_where_it_was(bundle: Path, corpus: Path) -> None:
    (corpus / "rivers.txt").write_text("Forged in the place of the old corpus.", "utf-8")
    (corpus / "more.txt").write_text("Not packed.", "utf-8")
    assert asked(bundle).searched.stale == ()
    found = nrqa.status(bundle)
    assert found.index == str(bundle)
    assert found.stale == ()
    assert found.corpus is not None
    assert "bundles" in found.corpus
    shown = nrqa.show("rivers.txt:3", bundle)
    assert not shown.changed
    assert "two metres" in shown.passages[0].text


def test_citations_are_verified_in_packed_sources(bundle: Path, corpus: Path, tmp_path: Path) -> None:
    shutil.rmtree(corpus)
    opened = nrqa.Index.open(bundle, encoder=FakeEncoder())
    answer = opened.ask(QUESTION)
    draft = tmp_path / "draft.md"
    draft.write_text('They write: "The level of the river rose by two metres" (rivers.txt:3).\n', "utf-8")
    assert [one.finding for one in nrqa.check(draft, index=opened).quotations] == ["exact"]
    citing = tmp_path / "answer.json"
    citing.write_text(json.dumps(answer.to_dict()), "utf-8")
    found = nrqa.verify(citing, index=bundle)
    assert {one.judgment.status for _, those in found.files for one in those} == {"intact"}


def test_without_sources_every_answer_says_that_nobody_compared_them(built: Path, corpus: Path, tmp_path: Path) -> None:
    pack(built, tmp_path / "bare.nrqa")
    answer = asked(tmp_path / "bare.nrqa")
    assert [one.document for one in answer.searched.stale] == [str(corpus.resolve())]
    assert "not packed" in answer.searched.stale[0].reason
    said = str(answer)
    assert "Not packed with the index: 1 file" in said
    assert "Changed since" not in said
    assert answer.hits == asked(built).hits


def test_a_source_that_was_left_out_is_told_in_the_answer(built: Path, corpus: Path, tmp_path: Path) -> None:
    (corpus / "rivers.txt").write_text("Other words.", "utf-8")
    pack(built, tmp_path / "part.nrqa", sources=True)
    assert [one.document for one in asked(tmp_path / "part.nrqa").searched.stale] == ["rivers.txt"]


def test_nothing_is_written_to_a_packed_index(bundle: Path, corpus: Path, fake: FakeEncoder) -> None:
    asked(bundle)
    inner = unpacked.unpacked(bundle) / "index"
    before = sorted(path for path in inner.rglob("*"))
    opened = nrqa.Index.open(bundle, encoder=fake)
    questions = corpus.parent / "questions.jsonl"
    attempts: list[Callable[[], object]] = [
        lambda: reindex(corpus, bundle, encoder=fake),
        lambda: reindex(corpus, inner, encoder=fake),
        lambda: next(nrqa.watch(corpus, bundle, encoder=fake)),
        lambda: nrqa.add_standing(QUESTION, bundle),
        lambda: nrqa.add_standing(QUESTION, opened),
        lambda: nrqa.standing(opened, accept=True),
        lambda: nrqa.calibrate(bundle, questions),
    ]
    for attempt in attempts:
        with pytest.raises(IndexUnusableError, match=r"read-only.*nrqa unpack \S+ FOLDER"):
            attempt()
    assert sorted(path for path in inner.rglob("*")) == before


def test_errors_to_expect_are_measured_of_a_packed_index_and_nothing_is_kept(
    bundle: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nrqa.evaluation.calibrating._LEAST", 1)
    said: list[str] = []
    found = nrqa.calibrate(nrqa.Index.open(bundle, encoder=fake), announce=said.append)
    assert found.questions
    assert found.errors
    assert "read-only" in said[0]
    assert not (unpacked.unpacked(bundle) / "index" / "calibration.json").exists()


def test_a_file_that_takes_the_place_of_a_bundle_is_followed(
    built: Path, bundle: Path, corpus: Path, fake: FakeEncoder
) -> None:
    opened = nrqa.Index.open(bundle, encoder=fake)
    assert opened.snapshot.manifest.documents == 2
    (corpus / "hail.txt").write_text("Hail in June broke the glass of the palm house.", "utf-8")
    reindex(corpus, built, encoder=fake)
    pack(built, bundle, sources=True)
    answer = opened.ask("what broke the glass of the palm house")
    assert answer.generation == 2
    assert answer.hits[0].passage.citation.document == "hail.txt"
    assert answer.searched.stale == ()


def test_the_doctor_finds_a_bundle_well_and_proposes_nothing_that_it_refuses(bundle: Path) -> None:
    found = doctor(bundle)
    assert found.index == str(bundle)
    assert found.failed == ()
    assert [one.check for one in found.findings if one.level == "error"] == []
    assert not [one for one in found.findings if "nrqa index" in one.command]


def test_the_doctor_says_how_a_changed_copy_in_the_cache_is_mended(bundle: Path) -> None:
    place = unpacked.unpacked(bundle)
    file = place / "index" / "000001" / "codebook.npy"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    (damage,) = [one for one in doctor(bundle).findings if one.check == "damage"]
    assert damage.command == f"rm -r {place}"
    shutil.rmtree(place)
    assert asked(bundle).hits


def test_a_bundle_that_was_damaged_after_it_was_unpacked_still_answers_and_is_found_out(bundle: Path) -> None:
    before = asked(bundle)
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    bundle.write_bytes(data)
    assert asked(bundle).hits == before.hits, "the copy in the cache is whole"
    (name, wrong), *others = generations_at(bundle).damage()
    assert name == bundle.name
    assert re.search(r"its member '.+' is not as it was packed", wrong)
    assert not others
    (damage,) = [one for one in doctor(bundle).findings if one.level == "error"]
    assert damage.what == "The bundle is not as it was packed."
    assert damage.where == (bundle.name,)


def test_a_missing_file_and_one_that_is_no_bundle_are_told(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        nrqa.Index.open(tmp_path / "none.nrqa")
    (tmp_path / "notes.txt").write_text("notes", "utf-8")
    with pytest.raises(IndexUnusableError, match="no packed index"):
        nrqa.Index.open(tmp_path / "notes.txt")
    assert doctor(tmp_path / "notes.txt").findings[0].level == "error"


def test_a_cache_that_cannot_be_written_is_told_with_the_remedy(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("a file where the cache should be", "utf-8")
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "taken"))
    with pytest.raises(IndexUnusableError, match="NRQA_CACHE=FOLDER"):
        asked(bundle)


def test_a_disk_without_room_is_told_before_anything_is_written(
    bundle: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(bundle.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(DiskFullError, match="MB left"):
        asked(bundle)
    assert not [path for path in (cache / "bundles").iterdir() if path.is_dir()]


def test_a_disk_that_fills_up_leaves_nothing_behind(bundle: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError):
        asked(bundle)
    assert not [path for path in (cache / "bundles").iterdir() if path.is_dir()]
    monkeypatch.undo()
    monkeypatch.setenv("NRQA_CACHE", str(cache))
    assert asked(bundle).hits


def test_what_a_process_that_died_had_unpacked_is_not_used(bundle: Path, cache: Path) -> None:
    root = root_at(bundle)
    half = cache / "bundles" / f"tmp-{root}" / "index" / "000001"
    half.mkdir(parents=True)
    (half / "manifest.json").write_text("{}", "utf-8")
    assert asked(bundle).hits
    assert sorted(path.name for path in (cache / "bundles").iterdir() if path.is_dir()) == [root]


def _unpack(bundle: str, place: str) -> None:
    Path(place).write_text(str(unpacked.unpacked(Path(bundle))), "utf-8")


@pytest.mark.slow
def test_several_processes_may_unpack_the_same_bundle_at_once(bundle: Path, cache: Path, tmp_path: Path) -> None:
    context = get_context("fork")
    workers = [context.Process(target=_unpack, args=(str(bundle), str(tmp_path / f"{at}.out"))) for at in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
    assert [one.exitcode for one in workers] == [0] * 4
    assert len({(tmp_path / f"{at}.out").read_text("utf-8") for at in range(4)}) == 1
    assert len([path for path in (cache / "bundles").iterdir() if path.is_dir()]) == 1
    assert asked(bundle).hits
