"""What the parts of a corpus are called, and the way from a document's name to its file."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nrqa.corpus.files.roots import Corpus, corpus_at, quoted_list


def made(tmp_path: Path, *folders: str) -> list[Path]:
    places = [tmp_path / folder for folder in folders]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
    return places


def names(corpus: Corpus) -> list[str]:
    return [root.name for root in corpus.roots]


def test_a_folder_alone_gives_its_documents_no_prefix(tmp_path: Path) -> None:
    corpus = corpus_at([tmp_path])
    assert corpus.path_of("a/b.txt") == tmp_path.resolve() / "a/b.txt"
    assert corpus.folder == tmp_path.resolve()


def test_folders_of_one_name_are_told_apart_by_what_is_above_them(tmp_path: Path) -> None:
    corpus = corpus_at(made(tmp_path, "2024/reports", "2025/reports", "notes"))
    assert names(corpus) == ["2024/reports", "2025/reports", "notes"]
    assert corpus.folder is None


def test_no_name_leads_into_another_folder(tmp_path: Path) -> None:
    corpus = corpus_at(made(tmp_path, "x/a", "y/a/b", "z/b"))
    assert names(corpus) == ["x/a", "y/a/b", "z/b"]
    # "a/b" alone might be b in x/a.
    assert corpus.path_of("x/a/b/c.txt") == tmp_path.resolve() / "x/a/b/c.txt"


def test_a_file_and_a_folder_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x/notes").write_text("words")
    corpus = corpus_at([tmp_path / "x/notes", *made(tmp_path, "y/notes")])
    assert names(corpus) == ["x/notes", "y/notes"]
    assert [root.is_file for root in corpus.roots] == [True, False]
    assert corpus.path_of("x/notes") == tmp_path.resolve() / "x/notes"
    assert corpus.path_of("x/notes/a") is None


def test_a_link_to_a_file_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store/3f2a").write_text("words")
    (tmp_path / "report.txt").symlink_to("store/3f2a")
    assert names(corpus_at([tmp_path / "report.txt"])) == ["report.txt"]


def test_what_lies_in_no_root_has_no_path(tmp_path: Path) -> None:
    corpus = corpus_at(made(tmp_path, "a", "b"))
    assert corpus.path_of("c/d.txt") is None
    assert corpus.path_of("ab") is None


def test_paths_in_a_sentence() -> None:
    assert quoted_list(["a"]) == "'a'"
    assert quoted_list(["a", "b", "c"]) == "'a', 'b' and 'c'"


PATHS = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join), min_size=1, max_size=6)


@given(PATHS, st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join))
def test_every_file_has_one_name_and_every_name_one_file(places: list[str], inside: str) -> None:
    corpus = corpus_at([Path("/nowhere") / place for place in places])
    files = {root.path / inside for root in corpus.roots}
    named = {f"{root.name}/{inside}" if root.name else inside: root.path / inside for root in corpus.roots}
    assert len(named) == len(files)
    assert all(corpus.path_of(name) == path for name, path in named.items())
    assert all(
        any(
            Path("/nowhere") / place == root.path or (Path("/nowhere") / place).is_relative_to(root.path)
            for root in corpus.roots
        )
        for place in places
    )
