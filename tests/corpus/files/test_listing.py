"""Which files a corpus has, and the reason for every one that is not read."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from nrqa.corpus.files import listing as listing_module
from nrqa.corpus.files.listing import Listing, list_corpus, place_of_open, read_source
from nrqa.corpus.files.roots import Corpus, corpus_at
from nrqa.corpus.files.selecting import Selection
from nrqa.errors import CorpusError, UnreadableError
from nrqa.indexing.reindexing import reindex


def at(*paths: Path, **selection: Any) -> Corpus:
    return corpus_at(paths, Selection(**selection))


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
    assert names(list_corpus(at(corpus))) == sorted(wanted)


def test_every_other_file_is_listed_with_its_reason(corpus: Path) -> None:
    for name in ("a.pgp", "c.txt2", "sub/e.PNG"):
        write(corpus / name)
    found = reasons(list_corpus(at(corpus)))
    assert sorted(found) == sorted(["a.pgp", "c.txt2", "sub/e.PNG"])
    assert found["a.pgp"] == ".pgp files are not supported"
    assert ".png files" in found["sub/e.PNG"]


def test_a_file_without_an_extension_is_read_if_it_begins_as_text_does(corpus: Path) -> None:
    write(corpus / "Makefile", "all:")
    (corpus / "program").write_bytes(b"\x7fELF" + bytes(100_000))
    found = {source.name: source for source in list_corpus(at(corpus)).sources}
    assert read_source(found["Makefile"])[0] == b"all:"
    with pytest.raises(UnreadableError, match="a program, no text"):
        read_source(found["program"])


def test_archives_are_listed_and_not_opened(corpus: Path) -> None:
    archives = ["a.zip", "b.tar", "c.tar.gz", "d.7Z", "e.txt.gz", "sub/f.rar"]
    for name in archives:
        write(corpus / name)
    found = reasons(list_corpus(at(corpus)))
    assert found == dict.fromkeys(archives, "archive: not opened; unpack it to have its files read")


def test_hidden_names_and_the_index_are_no_part_of_the_corpus(corpus: Path) -> None:
    write(corpus / ".git/config.txt")
    write(corpus / ".hidden.txt")
    write(corpus / "index/000001/manifest.json")
    listing = list_corpus(at(corpus), index=corpus / "index")
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
    found = reasons(list_corpus(at(corpus)))
    assert sorted(found) == ["file.txt", "folder", "near.txt", "up.txt"]
    assert all("leaves the corpus" in reason for reason in found.values())


def test_a_link_loop_and_a_dangling_link_lead_nowhere(corpus: Path) -> None:
    (corpus / "loop.txt").symlink_to("loop.txt")
    (corpus / "a.txt").symlink_to("b.txt")
    (corpus / "b.txt").symlink_to("a.txt")
    (corpus / "gone.txt").symlink_to("nothing.txt")
    found = reasons(list_corpus(at(corpus)))
    assert found == dict.fromkeys(["a.txt", "b.txt", "gone.txt", "loop.txt"], "a link that leads nowhere")


def test_a_link_to_a_file_inside_is_a_source_and_to_a_folder_inside_is_not_walked(corpus: Path) -> None:
    write(corpus / "sub/real.txt")
    (corpus / "alias.txt").symlink_to("sub/real.txt")
    (corpus / "sub/self").symlink_to(corpus)
    listing = list_corpus(at(corpus))
    assert names(listing) == ["alias.txt", "sub/real.txt"]
    assert list(excluded(listing)) == ["sub/self"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_listed_and_hangs_nothing(corpus: Path) -> None:
    os.mkfifo(corpus / "pipe.txt")
    assert reasons(list_corpus(at(corpus))) == {"pipe.txt": "not a regular file"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_put_in_the_place_of_a_file_hangs_nothing(corpus: Path) -> None:
    path = write(corpus / "a.txt")
    source = list_corpus(at(corpus)).sources[0]
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UnreadableError, match="not a regular file"):
        read_source(source)


def test_a_file_without_permission_says_so(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(corpus / "a.txt")
    source = list_corpus(at(corpus)).sources[0]

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
    listing = list_corpus(at(corpus))
    assert names(listing) == ["a.txt"]
    assert reasons(listing) == {"closed": "folder not read: no permission to read it"}


def test_a_file_that_vanishes_says_so(corpus: Path) -> None:
    path = write(corpus / "a.txt")
    source = list_corpus(at(corpus)).sources[0]
    path.unlink()
    with pytest.raises(UnreadableError, match="vanished"):
        read_source(source)


@pytest.mark.skipif(sys.platform != "linux", reason="such names exist on Linux only")
def test_a_name_that_is_not_utf8_is_listed_and_can_be_printed(corpus: Path) -> None:
    folder = os.fsencode(corpus)
    with open(folder + b"/caf\xe9.txt", "wb") as file:  # noqa: PTH123 - Path takes no bytes
        file.write(b"words")
    os.mkdir(folder + b"/d\xff")  # noqa: PTH102 - as above
    found = reasons(list_corpus(at(corpus)))
    assert found == {
        "caf\\xe9.txt": "its name is not valid UTF-8; rename it",
        "d\\xff": "its name is not valid UTF-8; rename it",
    }


def test_a_file_over_the_limit_is_listed_by_its_size(corpus: Path) -> None:
    write(corpus / "a.txt", "x" * 10)
    write(corpus / "b.txt", "x" * 11)
    listing = list_corpus(at(corpus, max_file_size=10))
    assert names(listing) == ["a.txt"]
    assert reasons(listing)["b.txt"] == (
        "too large: 11 bytes, the limit is 10 bytes; raise it with --max-file-size 1MiB"
    )


def test_a_file_that_grew_over_the_limit_since_it_was_listed_is_refused(corpus: Path) -> None:
    path = write(corpus / "a.txt", "x" * 10)
    source = list_corpus(at(corpus, max_file_size=10)).sources[0]
    path.write_text("x" * 20)
    with pytest.raises(UnreadableError, match="too large: 20 bytes"):
        read_source(source)


def test_the_bytes_come_with_the_stamp_they_were_read_under(corpus: Path) -> None:
    write(corpus / "a.txt", "words")
    source = list_corpus(at(corpus)).sources[0]
    assert read_source(source) == (b"words", source.stamp)


def test_a_missing_folder_is_an_error_that_names_it(corpus: Path) -> None:
    with pytest.raises(CorpusError, match="nothing' does not exist"):
        list_corpus(at(corpus / "nothing"))
    write(corpus / "a.txt")
    with pytest.raises(CorpusError, match="gone' is not there, so nothing was taken out"):
        list_corpus(at(corpus / "a.txt", corpus / "gone"))


def test_deep_folders_are_walked(corpus: Path) -> None:
    deep = corpus.joinpath(*["d"] * 200)
    write(deep / "a.txt")
    assert len(names(list_corpus(at(corpus)))) == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("~$report.docx", "an office program has the document open"),
        (".~lock.report.odt#", "an office program has the document open"),
        ("Thumbs.db", "Windows' thumbnails"),
        ("DESKTOP.INI", "Windows' view of the folder"),
        (".DS_Store", "macOS's view of the folder"),
    ],
)
def test_what_programs_leave_behind_is_no_part_of_the_corpus(corpus: Path, name: str, reason: str) -> None:
    write(corpus / "sub" / name)
    listing = list_corpus(at(corpus))
    assert reason in excluded(listing)[f"sub/{name}"]
    assert not reasons(listing)


def test_the_folder_beside_a_saved_page_is_left_out_and_any_other_is_not(corpus: Path) -> None:
    write(corpus / "page.html")
    write(corpus / "page_files/style.css")
    write(corpus / "page_files/frame.html")
    write(corpus / "Artikel.htm")
    write(corpus / "Artikel-Dateien/a.html")
    write(corpus / "other_files/notes.txt")
    listing = list_corpus(at(corpus))
    assert names(listing) == ["Artikel.htm", "other_files/notes.txt", "page.html"]
    assert excluded(listing) == {
        "page_files": "what the saved page page.html is made of; rename it to have it read",
        "Artikel-Dateien": "what the saved page Artikel.htm is made of; rename it to have it read",
    }


def test_rules_leave_files_and_folders_out_and_say_which_line(corpus: Path) -> None:
    (corpus / ".nrqaignore").write_text("# drafts stay out\n\n/drafts/\n*.csv\n!kept.csv\n")
    for name in ("a.txt", "drafts/b.txt", "sub/drafts/c.txt", "x.csv", "sub/kept.csv"):
        write(corpus / name)
    listing = list_corpus(at(corpus))
    assert names(listing) == ["a.txt", "sub/drafts/c.txt", "sub/kept.csv"]
    assert excluded(listing) == {
        ".nrqaignore": "says which files to leave out",
        "drafts": "left out by .nrqaignore, line 3: /drafts/",
        "x.csv": "left out by .nrqaignore, line 4: *.csv",
    }
    assert reasons(listing) == {}


def test_rules_of_a_folder_go_before_those_above_it(corpus: Path) -> None:
    write(corpus / ".nrqaignore", "*.md\nsub/deep/x.txt")
    write(corpus / "sub/.nrqaignore", "!*.md\n/b.txt")
    for name in ("a.md", "sub/a.md", "sub/b.txt", "sub/deep/b.txt", "sub/deep/x.txt"):
        write(corpus / name)
    listing = list_corpus(at(corpus))
    assert names(listing) == ["sub/a.md", "sub/deep/b.txt"]
    assert excluded(listing)["sub/b.txt"] == "left out by sub/.nrqaignore, line 2: /b.txt"
    assert excluded(listing)["sub/deep/x.txt"] == "left out by .nrqaignore, line 2: sub/deep/x.txt"


@pytest.mark.parametrize(
    ("rules", "inner", "left"),
    [
        # What git makes of them, where the libraries' expressions alone say otherwise.
        ("a/**", "!a*", ["a.txt", "a/a.txt", "b/a.txt"]),
        ("!a/**\n**/b", "!a/b", ["a.txt", "a/a.txt"]),
        ("[ab]\n/c.txt\n!a/", "", ["a.txt", "a/a.txt"]),
        ("*\n!*/\n!a.txt", "", ["a.txt", "a/a.txt", "a/b/a.txt", "b/a.txt"]),
        ("/*\n!/a/\n/a/*\n!/a/b/", "", ["a/b/a.txt", "a/b/c.txt"]),
        ("a/**/", "", ["a.txt", "a/a.txt", "b/a.txt"]),
        ("b/", "", ["a.txt", "a/a.txt"]),
        ("**/b/**", "!/b/a.txt", ["a.txt", "a/a.txt", "a/b/a.txt"]),
    ],
)
def test_rules_say_what_gits_would(corpus: Path, rules: str, inner: str, left: list[str]) -> None:
    for name in ("a.txt", "a/a.txt", "a/b/a.txt", "a/b/c.txt", "b/a.txt"):
        write(corpus / name)
    write(corpus / ".nrqaignore", rules)
    write(corpus / "a/.nrqaignore", inner)
    assert names(list_corpus(at(corpus))) == left


def test_rules_also_silence_what_could_not_be_read(corpus: Path, tmp_path: Path) -> None:
    write(corpus / ".nrqaignore", "photo.jpg\nelsewhere.txt")
    write(corpus / "photo.jpg")
    (corpus / "elsewhere.txt").symlink_to(write(tmp_path / "secret.txt"))
    assert reasons(list_corpus(at(corpus))) == {}


def test_no_rule_brings_in_what_is_hidden_or_the_index(corpus: Path) -> None:
    write(corpus / ".nrqaignore", "*\n!*/\n!*.txt\n!.hidden/")
    for name in ("a.txt", "b.md", ".hidden/c.txt", ".d.txt", "index/e.txt"):
        write(corpus / name)
    assert names(list_corpus(at(corpus), index=corpus / "index")) == ["a.txt"]


def test_lines_that_are_no_pattern_are_told(corpus: Path) -> None:
    write(corpus / ".nrqaignore", "!\n*.md\n[")
    write(corpus / "a.md")
    found = excluded(list_corpus(at(corpus)))
    assert found["a.md"] == "left out by .nrqaignore, line 2: *.md"
    assert "line 1 is no pattern" in found[".nrqaignore"]
    assert "line 3 is no pattern (it matches nothing)" in found[".nrqaignore"]


@pytest.mark.parametrize("state", ["not UTF-8", "a link", "a folder", "too large"])
def test_rules_that_cannot_be_read_stop_the_run(corpus: Path, tmp_path: Path, state: str) -> None:
    rules = corpus / ".nrqaignore"
    if state == "not UTF-8":
        rules.write_bytes(b"caf\xe9")
    elif state == "a link":
        rules.symlink_to(write(tmp_path / "rules"))
    elif state == "a folder":
        rules.mkdir()
    else:
        rules.write_text("x" * 1024 * 1024 + "y")
    write(corpus / "secret.txt")
    with pytest.raises(CorpusError, match="says what to leave out, and cannot be read"):
        list_corpus(at(corpus))


def test_globs_include_and_exclude_by_name(corpus: Path) -> None:
    for name in ("a.txt", "b.md", "reports/c.txt", "reports/old/d.txt", "reports/e.pdf"):
        write(corpus / name)
    assert names(list_corpus(at(corpus, include=("*.txt",)))) == ["a.txt", "reports/c.txt", "reports/old/d.txt"]
    assert names(list_corpus(at(corpus, include=("reports/",)))) == [
        "reports/c.txt",
        "reports/e.pdf",
        "reports/old/d.txt",
    ]
    listing = list_corpus(at(corpus, include=("*.txt", "*.pdf"), exclude=("old/", "/a.txt")))
    assert names(listing) == ["reports/c.txt", "reports/e.pdf"]
    assert excluded(listing) == {
        "a.txt": "left out by --exclude /a.txt",
        "b.md": "not among --include *.txt *.pdf",
        "reports/old": "left out by --exclude old/",
    }


def test_very_many_files_left_out_alike_are_told_by_their_number(corpus: Path) -> None:
    for at_ in range(30):
        write(corpus / f"sub/{at_}.csv")
    write(corpus / "sub/a.txt")
    listing = list_corpus(at(corpus, include=("*.txt",)))
    assert names(listing) == ["sub/a.txt"]
    assert excluded(listing) == {"sub/*": "30 files (30 .csv) not among --include *.txt"}


def test_of_several_folders_and_files_each_document_is_named_from_its_folder_on(tmp_path: Path) -> None:
    write(tmp_path / "x/reports/2025/a.txt")
    write(tmp_path / "notes/b.md")
    single = write(tmp_path / "papers/c.pdf")
    write(tmp_path / "papers/d.pdf")
    corpus = at(tmp_path / "x/reports", tmp_path / "notes", single)
    listing = list_corpus(corpus)
    assert names(listing) == ["c.pdf", "notes/b.md", "reports/2025/a.txt"]
    for source in listing.sources:
        assert corpus.path_of(source.name) == source.path


def test_a_single_file_is_a_corpus(corpus: Path) -> None:
    listing = list_corpus(at(write(corpus / "deep/.hidden/a.txt")))
    assert names(listing) == ["a.txt"]


def test_a_link_from_one_folder_of_the_corpus_into_another_does_not_leave_it(tmp_path: Path) -> None:
    write(tmp_path / "a/one.txt")
    write(tmp_path / "b/two.txt")
    (tmp_path / "a/link.txt").symlink_to(tmp_path / "b/two.txt")
    assert names(list_corpus(at(tmp_path / "a", tmp_path / "b"))) == ["a/link.txt", "a/one.txt", "b/two.txt"]
    assert reasons(list_corpus(at(tmp_path / "a"))) == {
        "link.txt": "a link that leaves the corpus; copy the file or index its folder"
    }


def test_rules_hold_in_their_own_folder_of_several(tmp_path: Path) -> None:
    write(tmp_path / "a/.nrqaignore", "/x.txt")
    for name in ("a/x.txt", "a/sub/x.txt", "b/x.txt"):
        write(tmp_path / name)
    listing = list_corpus(at(tmp_path / "a", tmp_path / "b"))
    assert names(listing) == ["a/sub/x.txt", "b/x.txt"]
    assert excluded(listing)["a/x.txt"] == "left out by a/.nrqaignore, line 1: /x.txt"


def test_each_file_is_listed_once_however_the_roots_overlap(tmp_path: Path) -> None:
    write(tmp_path / "a/b/one.txt")
    write(tmp_path / "a/two.txt")
    roots = (tmp_path / "a/b/one.txt", tmp_path / "a", tmp_path / "a/b", tmp_path / "a/../a")
    assert names(list_corpus(at(*roots))) == ["b/one.txt", "two.txt"]


@pytest.mark.parametrize("swapped", ["file", "folder"])
def test_a_link_that_takes_a_place_after_the_listing_is_not_followed(
    corpus: Path, tmp_path: Path, swapped: str
) -> None:
    write(corpus / "sub/a.txt")
    write(tmp_path / "outside/a.txt")
    (source,) = list_corpus(corpus_at([corpus])).sources
    place = corpus / "sub/a.txt" if swapped == "file" else corpus / "sub"
    place.rename(tmp_path / "away")
    place.symlink_to(tmp_path / "outside/a.txt" if swapped == "file" else tmp_path / "outside")
    with pytest.raises(UnreadableError, match="a link has taken its place"):
        read_source(source)


def test_links_that_the_listing_allowed_are_read(corpus: Path, tmp_path: Path) -> None:
    write(corpus / "sub/real.txt")
    (corpus / "alias.txt").symlink_to("sub/real.txt")
    (tmp_path / "named.txt").symlink_to(write(tmp_path / "elsewhere/target.txt"))
    sources = list_corpus(corpus_at([corpus, tmp_path / "named.txt"])).sources
    assert len(sources) == 3
    assert len({read_source(one)[0] for one in sources}) == 1


def test_a_file_that_is_replaced_while_it_is_open_is_read_as_it_was(corpus: Path, tmp_path: Path) -> None:
    path = write(corpus / "a.txt")
    with path.open("rb") as file:
        write(tmp_path / "new").replace(path)
        assert place_of_open(file.fileno(), str(path)) == str(path)


@pytest.mark.parametrize(("limit", "said"), [("_QUICK", "far more than were indexed"), ("_LONGEST", "takes longer")])
def test_a_question_gives_up_a_corpus_that_is_far_larger_than_the_index_says(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, limit: str, said: str
) -> None:
    for number in range(30):
        write(corpus / f"{number}.txt")
    monkeypatch.setattr(listing_module, "_OFTEN", 1)
    monkeypatch.setattr(listing_module, limit, -1.0)
    monkeypatch.setattr(listing_module, "_MORE", 10 if limit == "_QUICK" else 1000)
    with pytest.raises(CorpusError, match=said):
        list_corpus(at(corpus), expected=1)
    assert len(list_corpus(at(corpus)).sources) == 30  # whoever indexes it names it, and has the time


def test_another_index_in_a_corpus_is_known_as_one_and_left_out_in_a_word(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    write(corpus / "a.txt")
    write(corpus / "old" / "000007" / "part-000001" / "texts.txt")
    manifest = '{"format": 15, "version": "0.1.0", "codebook_passages": 0, "corpus_root": "…"'
    write(corpus / "old" / "000007" / "manifest.json", manifest)
    write(corpus / "days" / "20240101" / "manifest.json", '{"format": "of a picture gallery"}')
    write(corpus / "days" / "20240101" / "b.txt")
    listing = list_corpus(at(corpus))
    assert names(listing) == ["a.txt", "days/20240101/b.txt", "days/20240101/manifest.json"]
    assert excluded(listing) == {"old": "another index of nrqa's"}


def test_a_real_index_is_known_as_one(tmp_path: Path, fake: FakeEncoder) -> None:
    corpus = tmp_path / "corpus"
    write(corpus / "a.txt")
    reindex(corpus, corpus / "notes", encoder=fake)
    assert excluded(list_corpus(at(corpus), index=tmp_path / "elsewhere")) == {"notes": "another index of nrqa's"}
