"""Corpora of several folders and files, and what is refused because it would lose documents."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import project
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.answering.inspecting import corpus_of_index, status
from nrqa.citations.verifying import verify
from nrqa.errors import CorpusError, IndexDamagedError, IndexUnusableError
from nrqa.index.freshness import corpus_of
from nrqa.index.local import snapshot
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex
from nrqa.rendering.formats import Format, written
from nrqa.rendering.formats.item import Sources


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Two folders and a single file."""
    reports, notes, single = tmp_path / "reports", tmp_path / "notes", tmp_path / "papers/single.txt"
    write(reports / "2025/a.txt", "Penguins live in Antarctica and eat krill.")
    write(reports / "b.txt", "The bridge was crossed by American troops in March.")
    write(notes / "a.md", "# Heading\n\nMushrooms grow in the forest after rain.")
    write(single, "A locomotive needs coal and water.")
    write(single.parent / "other.txt", "Not named, so not part of it.")
    return reports, notes, single


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def known(index: Path) -> list[str]:
    return sorted(LocalSnapshot.newest(index).known)


ALL = ["notes/a.md", "reports/2025/a.txt", "reports/b.txt", "single.txt"]


def test_an_index_that_cannot_be_opened_for_a_moment_is_not_built_anew(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    reindex(folders, index, encoder=fake)

    def fail(error: Exception) -> Callable[..., None]:
        def raising(*_: object) -> None:
            raise error

        return raising

    for error in (OSError(errno.EMFILE, "Too many open files"), ValueError("a library's own too many open files")):
        with monkeypatch.context() as patched:
            patched.setattr(snapshot, "Lexical", fail(error))
            with pytest.raises(IndexUnusableError, match="too many open files") as told:
                reindex(folders, index, encoder=fake)
            assert not isinstance(told.value, IndexDamagedError)
    assert reindex(folders, index, encoder=fake).generation == 1


@pytest.mark.slow
def test_a_damaged_index_is_built_anew_and_that_is_said(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder
) -> None:
    reindex(folders, index, encoder=fake)
    rows = next(index.glob("*/part-*/rows.npy"))
    rows.write_bytes(bytes(rows.stat().st_size))
    report = reindex(folders, index, encoder=fake)
    assert "is damaged" in report.notices[0]
    assert (report.generation, report.passages_embedded) == (2, 4)


def test_several_folders_and_a_file_make_one_index(folders: tuple[Path, ...], index: Path, fake: FakeEncoder) -> None:
    assert reindex(folders, index, encoder=fake).documents_added == 4
    assert known(index) == ALL
    assert status(index).stale == ()
    answer = Index.open(index, encoder=fake).ask("Penguins live in Antarctica", k=1)
    assert answer.hits[0].passage.citation.document == "reports/2025/a.txt"
    again = reindex(folders, index, encoder=fake)
    assert (again.generation, again.documents_unchanged) == (1, 4)


def test_links_lead_to_the_files(folders: tuple[Path, ...], index: Path, fake: FakeEncoder) -> None:
    reindex(folders, index, encoder=fake)
    corpus = corpus_of(LocalSnapshot.newest(index).manifest, index)
    assert corpus is not None
    for name, path in zip(ALL, (folders[1] / "a.md", folders[0] / "2025/a.txt", folders[0] / "b.txt", folders[2])):  # noqa: B905 - as many
        answer = Index.open(index, encoder=fake).ask("penguins bridge mushrooms coal", k=1, only=name)
        assert path.resolve().as_uri() in written(answer, Format.MARKDOWN, Sources(corpus))


def test_citations_are_verified_against_all_of_them(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder, tmp_path: Path
) -> None:
    reindex(folders, index, encoder=fake)
    text = write(
        tmp_path / "text.md",
        '"live in Antarctica and eat krill" (reports/2025/a.txt:1), "needs coal and water" (single.txt:1).',
    )
    for corpus in (None, list(folders)):
        found = verify([text], corpus, index=index)
        assert [one.judgment.status for one in found.files[0][1]] == ["intact", "intact"]


def test_without_a_corpus_named_it_is_the_one_that_it_was(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder
) -> None:
    reindex(folders, index, encoder=fake)
    corpus = corpus_of_index(index)
    assert corpus is not None
    assert [root.path for root in corpus.roots] == [path.resolve() for path in folders]


def test_corpus_and_index_may_be_moved_together(tmp_path: Path, fake: FakeEncoder) -> None:
    write(tmp_path / "before/x/reports/a.txt", "Penguins eat krill.")
    write(tmp_path / "before/y/reports/a.txt", "Locomotives need coal.")
    roots = [tmp_path / "before/x/reports", tmp_path / "before/y/reports"]
    reindex(roots, tmp_path / "before/index", encoder=fake)
    moved = (tmp_path / "before").rename(tmp_path / "after")
    index = moved / "index"
    assert known(index) == ["x/reports/a.txt", "y/reports/a.txt"]
    assert status(index).stale == ()
    corpus = corpus_of_index(index)
    assert corpus is not None
    assert corpus.path_of("y/reports/a.txt") == moved.resolve() / "y/reports/a.txt"
    report = reindex([root.path for root in corpus.roots], index, encoder=fake)
    assert (report.generation, report.documents_unchanged) == (1, 2)


def test_names_stay_when_a_folder_above_is_renamed(tmp_path: Path, fake: FakeEncoder) -> None:
    write(tmp_path / "x/reports/a.txt", "Penguins eat krill.")
    write(tmp_path / "y/reports/a.txt", "Locomotives need coal.")
    index = tmp_path / "index"
    reindex([tmp_path / "x/reports", tmp_path / "y/reports"], index, encoder=fake)
    shutil.move(tmp_path, tmp_path.parent / f"{tmp_path.name}-renamed")
    renamed = tmp_path.parent / f"{tmp_path.name}-renamed"
    roots = [renamed / "y/reports", renamed / "x/reports"]
    report = reindex(roots, renamed / "index", encoder=fake)
    assert (report.documents_unchanged, report.documents_removed) == (2, 0)


@pytest.mark.slow
def test_a_folder_that_comes_in_embeds_nothing_that_was_in(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder
) -> None:
    reports, notes, _ = folders
    before = reindex(reports, index, encoder=fake)
    assert known(index) == ["2025/a.txt", "b.txt"]
    report = reindex([reports, notes], index, encoder=fake)
    assert known(index) == ["notes/a.md", "reports/2025/a.txt", "reports/b.txt"]
    assert report.passages_embedded == report.passages_total - before.passages_total
    assert "and is" in report.notices[0]


@pytest.mark.slow
def test_a_folder_left_out_is_an_error_unless_it_is_meant(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder
) -> None:
    reports, notes, single = folders
    reindex(folders, index, encoder=fake)
    with pytest.raises(CorpusError, match=r"left out: '.*notes'.*--replace"):
        reindex([reports, single], index, encoder=fake)
    assert known(index) == ALL
    report = reindex([reports, single], index, encoder=fake, replace=True)
    assert (report.documents_removed, report.passages_embedded) == (1, 0)
    assert known(index) == ["reports/2025/a.txt", "reports/b.txt", "single.txt"]
    assert notes.exists()


def test_another_corpus_may_take_its_place_without_embedding_what_it_shares(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder, tmp_path: Path
) -> None:
    reports, notes, _ = folders
    reindex(reports, index, encoder=fake)
    shutil.copytree(reports, tmp_path / "copied")
    with pytest.raises(CorpusError, match="is of the corpus"):
        reindex([tmp_path / "copied", notes], index, encoder=fake)
    fake.encoded.clear()
    reindex([tmp_path / "copied", notes], index, encoder=fake, replace=True)
    assert len(fake.encoded) == 1


@pytest.mark.parametrize("state", ["missing", "empty"])
def test_a_folder_that_is_gone_is_an_error_that_names_it_and_no_deletion(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder, state: str
) -> None:
    reindex(folders, index, encoder=fake)
    shutil.rmtree(folders[1])
    if state == "empty":
        folders[1].mkdir()
    else:
        with pytest.raises(CorpusError, match=r"A part of the corpus .* is not there: '.*notes'. Mount"):
            corpus_of_index(index)
    with pytest.raises(CorpusError, match=r"notes' is (not there|empty)"):
        reindex(folders, index, encoder=fake)
    assert known(index) == ALL
    if state == "empty":
        assert reindex(folders, index, encoder=fake, allow_empty=True).documents_removed == 1


def test_of_a_folder_that_is_away_nothing_is_said_to_be_removed(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder
) -> None:
    reindex(folders, index, encoder=fake)
    folders[1].rename(folders[1].parent / "away")
    away = str(folders[1])
    assert [one.document for one in status(index).stale] == [away]
    (folders[0] / "b.txt").unlink()
    assert [one.document for one in status(index).stale] == [away, "reports/b.txt"]
    assert "notes" not in str(status(index).corpus)


def test_an_index_inside_one_of_the_folders_is_not_indexed(folders: tuple[Path, ...], fake: FakeEncoder) -> None:
    inside = folders[0] / "the index"
    reindex(folders, inside, encoder=fake)
    report = reindex(folders, inside, encoder=fake)
    assert [one.document for one in report.excluded] == ["reports/the index"]
    with pytest.raises(CorpusError, match="inside the index"):
        reindex([folders[1], inside / "000001"], inside, encoder=fake)


@pytest.mark.slow
def test_globs_are_kept_until_they_are_taken_back(folders: tuple[Path, ...], index: Path, fake: FakeEncoder) -> None:
    reindex(folders, index, encoder=fake)
    fake.encoded.clear()
    report = reindex(folders, index, encoder=fake, exclude=["notes/"])
    assert (report.documents_removed, report.passages_embedded) == (1, 0)
    assert reindex(folders, index, encoder=fake).documents_removed == 0
    assert known(index) == ALL[1:]
    assert status(index).stale == ()
    report = reindex(folders, index, encoder=fake, exclude=["none"])
    assert known(index) == ALL
    assert fake.encoded == [] or len(fake.encoded) == 1


def test_a_glob_that_changes_no_document_is_kept_all_the_same(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder
) -> None:
    reindex(folders, index, encoder=fake)
    assert reindex(folders, index, encoder=fake, exclude=["*.csv"]).documents_unchanged == 4
    write(folders[0] / "table.csv", "a,b\n1,2\n")
    assert status(index).stale == ()
    assert reindex(folders, index, encoder=fake).documents_added == 0


def test_a_rebuild_keeps_the_globs(folders: tuple[Path, ...], index: Path, fake: FakeEncoder) -> None:
    reindex(folders, index, encoder=fake, include=["*.txt"], max_file_size="1MB")
    reindex(folders, index, encoder=fake, rebuild=True)
    selection = LocalSnapshot.newest(index).manifest.selection
    assert (selection.include, selection.max_file_size) == (("*.txt",), 1_000_000)
    assert "notes/a.md" not in known(index)


def test_globs_that_leave_nothing_say_so(folders: tuple[Path, ...], index: Path, fake: FakeEncoder) -> None:
    with pytest.raises(CorpusError, match=r"holds no file that nrqa can read \(such as .*: not among --include \*.pfd"):
        reindex(folders, index, encoder=fake, include=["*.pfd"])


@pytest.mark.slow
def test_a_folder_whose_files_are_all_left_out_is_not_taken_for_a_mount_that_is_away(
    folders: tuple[Path, ...], index: Path, fake: FakeEncoder
) -> None:
    reindex(folders, index, encoder=fake)
    (folders[1] / ".nrqaignore").write_text("*")
    stale = status(index).stale
    assert [(one.document, one.reason) for one in stale] == [("notes/a.md", "left out by notes/.nrqaignore, line 1: *")]
    assert reindex(folders, index, encoder=fake).documents_removed == 1


def test_the_same_content_under_two_names_is_embedded_once_and_cited_under_both(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    text = "Penguins live in Antarctica and eat krill.\n"
    for name in ("a.txt", "copy.md", "sub/again.txt"):
        write(corpus / name, text)
    assert reindex(corpus, index, encoder=fake).passages_total == 3
    assert len(set(fake.encoded)) == len(fake.encoded) == 1
    (hit,) = Index.open(index, encoder=fake).ask("What do penguins eat?").hits
    assert sorted([hit.passage.citation.document, *(one.document for one in hit.also)]) == [
        "a.txt",
        "copy.md",
        "sub/again.txt",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_same_file_twice_is_embedded_once_and_cited_under_both(
    corpus: Path, index: Path, fake: FakeEncoder, kind: str
) -> None:
    sample = next(iter(sorted((project.DOCUMENTS / kind).glob(f"*.{kind}"))))
    shutil.copy(sample, corpus / f"one.{kind}")
    alone = reindex(corpus, index, encoder=fake)
    once = len(fake.encoded)
    shutil.copy(sample, corpus / f"two.{kind}")
    report = reindex(corpus, index, encoder=fake)
    assert report.passages_total == 2 * alone.passages_total
    assert len(fake.encoded) == once
    passages = LocalSnapshot.newest(index).document_named(f"one.{kind}")
    assert passages is not None
    words = passages[1][0].passage.text
    hit = Index.open(index, encoder=fake).ask(words, k=1).hits[0]
    assert {hit.passage.citation.document, *(one.document for one in hit.also)} == {f"one.{kind}", f"two.{kind}"}
