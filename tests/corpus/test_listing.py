"""Which files a corpus has, and the reason for every one that is not read."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from nrqa.corpus import listing as module
from nrqa.corpus.listing import Listing, list_corpus, read_source
from nrqa.errors import CorpusError, UnreadableError


def names(listing: Listing) -> list[str]:
    return [source.name for source in listing.sources]


def reasons(listing: Listing) -> dict[str, str]:
    return {one.document: one.reason for one in listing.unreadable}


def excluded(listing: Listing) -> dict[str, str]:
    return {one.document: one.reason for one in listing.excluded}


def write(path: Path, text: str = "Some words.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_names_with_spaces_unicode_and_only_another_case_are_all_listed(corpus: Path) -> None:
    wanted = ["A.txt", "a b.txt", "a.TXT", "a.txt", "été/日本 語.md", "😀.md", "-rf.txt", "a\nb.txt", "'q\".txt"]
    for name in wanted:
        write(corpus / name)
    assert names(list_corpus(corpus)) == sorted(wanted)


def test_every_other_file_is_listed_with_its_reason(corpus: Path) -> None:
    for name in ("a.pdf", "b.docx", "Makefile", "c.txt~", "d.md.gz", "sub/e.PNG"):
        write(corpus / name)
    found = reasons(list_corpus(corpus))
    assert sorted(found) == sorted(["a.pdf", "b.docx", "Makefile", "c.txt~", "d.md.gz", "sub/e.PNG"])
    assert ".pdf files are not supported" in found["a.pdf"]
    assert "no file extension" in found["Makefile"]


def test_hidden_names_and_the_index_are_no_part_of_the_corpus(corpus: Path) -> None:
    write(corpus / ".git/config.txt")
    write(corpus / ".hidden.txt")
    write(corpus / "index/000001/manifest.json")
    listing = list_corpus(corpus, index=corpus / "index")
    assert names(listing) == []
    assert reasons(listing) == {}
    assert excluded(listing) == {".git": "hidden", ".hidden.txt": "hidden", "index": "the index itself"}


def test_a_link_that_leaves_the_corpus_is_refused_and_listed(corpus: Path, tmp_path: Path) -> None:
    write(tmp_path / "secret.txt")
    write(tmp_path / "outside/secret.txt")
    (corpus / "file.txt").symlink_to(tmp_path / "secret.txt")
    (corpus / "folder").symlink_to(tmp_path / "outside")
    (corpus / "up.txt").symlink_to("../secret.txt")
    write(tmp_path / "corpus-2/near.txt")
    (corpus / "near.txt").symlink_to(tmp_path / "corpus-2/near.txt")
    found = reasons(list_corpus(corpus))
    assert sorted(found) == ["file.txt", "folder", "near.txt", "up.txt"]
    assert all("leaves the corpus" in reason for reason in found.values())


def test_a_link_loop_and_a_dangling_link_lead_nowhere(corpus: Path) -> None:
    (corpus / "loop.txt").symlink_to("loop.txt")
    (corpus / "a.txt").symlink_to("b.txt")
    (corpus / "b.txt").symlink_to("a.txt")
    (corpus / "gone.txt").symlink_to("nothing.txt")
    found = reasons(list_corpus(corpus))
    assert found == dict.fromkeys(["a.txt", "b.txt", "gone.txt", "loop.txt"], "a link that leads nowhere")


def test_a_link_to_a_file_inside_is_a_source_and_to_a_folder_inside_is_not_walked(corpus: Path) -> None:
    write(corpus / "sub/real.txt")
    (corpus / "alias.txt").symlink_to("sub/real.txt")
    (corpus / "sub/self").symlink_to(corpus)
    listing = list_corpus(corpus)
    assert names(listing) == ["alias.txt", "sub/real.txt"]
    assert list(excluded(listing)) == ["sub/self"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_listed_and_hangs_nothing(corpus: Path) -> None:
    os.mkfifo(corpus / "pipe.txt")
    assert reasons(list_corpus(corpus)) == {"pipe.txt": "not a regular file"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_put_in_the_place_of_a_file_hangs_nothing(corpus: Path) -> None:
    path = write(corpus / "a.txt")
    source = list_corpus(corpus).sources[0]
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UnreadableError, match="not a regular file"):
        read_source(source)


def test_a_file_without_permission_says_so(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(corpus / "a.txt")
    source = list_corpus(corpus).sources[0]

    def refuse(*_: Any) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UnreadableError, match="no permission to read it"):
        read_source(source)


def test_a_folder_without_permission_is_listed_and_the_rest_is_read(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "a.txt")
    write(corpus / "closed/b.txt")
    scan = os.scandir

    def refuse(path: Path) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    listing = list_corpus(corpus)
    assert names(listing) == ["a.txt"]
    assert reasons(listing) == {"closed": "folder not read: no permission to read it"}


def test_a_file_that_vanishes_says_so(corpus: Path) -> None:
    path = write(corpus / "a.txt")
    source = list_corpus(corpus).sources[0]
    path.unlink()
    with pytest.raises(UnreadableError, match="vanished"):
        read_source(source)


@pytest.mark.skipif(sys.platform != "linux", reason="such names exist on Linux only")
def test_a_name_that_is_not_utf8_is_listed_and_can_be_printed(corpus: Path) -> None:
    folder = os.fsencode(corpus)
    with open(folder + b"/caf\xe9.txt", "wb") as file:  # noqa: PTH123 - Path takes no bytes
        file.write(b"words")
    os.mkdir(folder + b"/d\xff")  # noqa: PTH102 - as above
    found = reasons(list_corpus(corpus))
    assert found == {
        "caf\\xe9.txt": "its name is not valid UTF-8; rename it",
        "d\\xff": "its name is not valid UTF-8; rename it",
    }


def test_a_file_over_the_limit_is_listed_by_its_size(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    write(corpus / "a.txt", "x" * 10)
    write(corpus / "b.txt", "x" * 11)
    listing = list_corpus(corpus)
    assert names(listing) == ["a.txt"]
    assert reasons(listing)["b.txt"].startswith("too large")


def test_a_file_that_grew_over_the_limit_since_it_was_listed_is_refused(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(corpus / "a.txt", "x" * 10)
    source = list_corpus(corpus).sources[0]
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    path.write_text("x" * 20)
    with pytest.raises(UnreadableError, match="too large"):
        read_source(source)


def test_the_bytes_come_with_the_stamp_they_were_read_under(corpus: Path) -> None:
    write(corpus / "a.txt", "words")
    source = list_corpus(corpus).sources[0]
    assert read_source(source) == (b"words", source.stamp)


def test_a_missing_folder_and_a_file_in_its_place_are_errors(corpus: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        list_corpus(corpus / "nothing")
    with pytest.raises(CorpusError, match="is a file, not a folder"):
        list_corpus(write(corpus / "a.txt"))


def test_deep_folders_are_walked(corpus: Path) -> None:
    deep = corpus.joinpath(*["d"] * 200)
    write(deep / "a.txt")
    assert len(names(list_corpus(corpus))) == 1
