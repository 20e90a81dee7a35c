from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from nrqa.citations.annotation import annotation
from nrqa.citations.line import cite_line
from nrqa.citations.making import citations_of
from nrqa.citations.relocating.corpus_search import judgments
from nrqa.citations.relocating.source import Source
from nrqa.citations.verifying import Verification, verify
from nrqa.corpus.readers.document import read_document
from nrqa.errors import QuestionError
from nrqa.records import Passage, Span

_FIRST = "Russia perceives these systems as threats, while NATO views them as vital for regional security."
_SECOND = "NATO was established in 1949 primarily as a collective defense alliance against the Soviet Union."
_TEXT = f"A first paragraph stands here, and it is of no interest.\n\n{_FIRST}\n\n{_SECOND}\n"


@pytest.fixture
def source(corpus: Path) -> Path:
    file = corpus / "a b.txt"
    file.write_text(_TEXT, "utf-8")
    return file


def _passage(words: str) -> Passage:
    start = _TEXT.index(words)
    return Source(*read_document("a b.txt", _TEXT.encode())).passage(Span(start, start + len(words)))


def _verified(file: Path, corpus: Path, *, update: bool = False) -> Verification:
    return verify([file], corpus, index=corpus / "no index", update=update)


def _statuses(found: Verification) -> list[str]:
    return [one.judgment.status for _, citations in found.files for one in citations]


def _memo(folder: Path, text: str, name: str = "memo.md") -> Path:
    file = folder / name
    file.write_text(text, "utf-8", newline="")
    return file


def test_every_citation_of_a_memo_is_told_with_its_line(source: Path, corpus: Path, tmp_path: Path) -> None:
    value = json.dumps(annotation(_passage(_SECOND), _TEXT), indent=1)
    memo = _memo(tmp_path, f"# Memo\n\n“{_FIRST}” ({cite_line(_passage(_FIRST))})\n\n```json\n{value}\n```\n")
    found = _verified(memo, corpus)
    assert _statuses(found) == ["intact", "intact"]
    assert [one.line for one in found.files[0][1]] == [3, 6]
    assert found.good
    source.write_text(_TEXT.replace("1949", "1948").replace(f"{_FIRST}\n\n", ""), "utf-8")
    found = _verified(memo, corpus)
    assert _statuses(found) == ["gone", "edited"]
    assert not found.good


def test_updating_changes_the_moved_citations_and_no_other_byte(source: Path, corpus: Path, tmp_path: Path) -> None:
    line, other = cite_line(_passage(_FIRST)), cite_line(_passage(_SECOND))
    text = f"\ufeff# Memo\r\n\r\nSee {line}, and\t{line};  {other}\r\nno end of line"
    memo = _memo(tmp_path, text)
    memo.chmod(0o640)
    source.write_text("A new line.\n" + _TEXT.replace("1949", "1948"), "utf-8")
    assert _statuses(_verified(memo, corpus)) == ["moved", "moved", "gone"]
    assert memo.read_bytes() == text.encode()
    found = _verified(memo, corpus, update=True)
    assert [one.updated for one in found.files[0][1]] == [True, True, False]
    assert not found.good
    assert memo.read_bytes() == text.replace(line, line.replace("txt:3 ", "txt:4 ")).encode()
    assert stat.S_IMODE(memo.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "memo.md"]
    assert _statuses(_verified(memo, corpus)) == ["intact", "intact", "gone"]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_a_memo_is_written_back_in_its_encoding(source: Path, corpus: Path, tmp_path: Path, encoding: str) -> None:
    line = cite_line(_passage(_FIRST))
    memo = tmp_path / "memo.txt"
    memo.write_bytes(f"Über alles: {line}\n".encode(encoding))
    source.write_text("A new line.\n" + _TEXT, "utf-8")
    assert _verified(memo, corpus, update=True).good
    assert memo.read_bytes() == f"Über alles: {line.replace('txt:3', 'txt:4')}\n".encode(encoding)


def test_a_json_file_is_updated_in_its_layout_and_is_intact_then(source: Path, corpus: Path, tmp_path: Path) -> None:
    passages = [_passage(_FIRST), _passage(_SECOND)]
    values = [{"cite": cite_line(one), "annotation": annotation(one, _TEXT)} for one in passages]
    text = json.dumps({"mine": [1.50, "é"], "citations": values}, indent=3).replace("1.5,", "1.50,")
    file = _memo(tmp_path, text, "citations.json")
    source.rename(corpus / "renamed § 1.txt")
    found = _verified(file, corpus, update=True)
    assert _statuses(found) == ["moved", "moved"]
    assert found.good
    now = file.read_text("utf-8")
    assert now.startswith('{\n   "mine": [\n      1.50,\n      "\\u00e9"\n   ]')
    assert json.loads(now)["citations"][0]["annotation"]["target"]["source"] == "renamed%20%C2%A7%201.txt"
    assert _statuses(_verified(file, corpus)) == ["intact", "intact"]


def test_a_memo_in_the_corpus_is_no_source_of_its_own_quotations(source: Path, corpus: Path) -> None:
    memo = _memo(corpus, f"> {_FIRST}\n>\n> — {cite_line(_passage(_FIRST))}\n")
    source.write_text(_TEXT.replace(_FIRST, "Nothing is left of it at all."), "utf-8")
    assert _statuses(_verified(memo, corpus)) == ["gone"]


def test_a_document_that_cannot_be_read_is_not_called_gone(source: Path, corpus: Path, tmp_path: Path) -> None:
    memo = _memo(tmp_path, cite_line(_passage(_FIRST)))
    source.write_bytes(b"\0\1\2\3" * 100)
    found = _verified(memo, corpus)
    assert _statuses(found) == ["unchecked"]
    assert "binary" in found.files[0][1][0].judgment.notes[0]
    assert [one.document for one in found.unreadable] == ["a b.txt"]


def test_the_folder_before_a_name_is_no_other_document(source: Path, corpus: Path, tmp_path: Path) -> None:
    assert source.exists()
    memo = _memo(tmp_path, f"corpus/{cite_line(_passage(_FIRST))} and ./corpus/{cite_line(_passage(_SECOND))}")
    assert _statuses(_verified(memo, corpus)) == ["intact", "intact"]


def test_a_place_alone_cannot_be_vouched_for_but_with_its_quotation(source: Path, corpus: Path, tmp_path: Path) -> None:
    assert source.exists()
    found = _verified(_memo(tmp_path, f"It is so (a b.txt:3).\n\nHe said “{_SECOND}” (a b.txt:5)."), corpus)
    assert _statuses(found) == ["unchecked", "intact"]
    assert not found.good


def test_what_json_lines_and_answers_cite_is_found(source: Path, corpus: Path, tmp_path: Path) -> None:
    assert source.exists()
    value = annotation(_passage(_FIRST), _TEXT)
    hit = {"rank": 1, "text": _FIRST, "citation": {k: v for k, v in value["citation"].items() if "column" not in k}}
    answer = {"question": "?", "hits": [hit], "searched": {"nearest": [hit["citation"]]}}
    file = _memo(tmp_path, f"{json.dumps(value)}\n{json.dumps(answer)}\n", "kept.jsonl")
    assert _statuses(_verified(file, corpus)) == ["intact", "intact"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "memo.md",
            "No citation here.",
            "There is no citation in '.*memo.md'. One looks like this: nato-russia.txt:31",
        ),
        ("memo.json", '{"cite": ', "is no JSON"),
        ("memo.md", "", "empty file"),
        (".", "", "cannot be read"),
        ("nowhere.md", None, "there is no such file"),
    ],
)
def test_what_cannot_be_verified_is_an_error_with_a_remedy(
    source: Path, corpus: Path, tmp_path: Path, name: str, text: str | None, message: str
) -> None:
    assert source.exists()
    if text is not None and name != ".":
        _memo(tmp_path, text, name)
    with pytest.raises(QuestionError, match=message):
        _verified(tmp_path / name, corpus)


def test_a_file_that_cannot_be_written_back_is_left_alone(source: Path, corpus: Path, tmp_path: Path) -> None:
    memo = tmp_path / "memo.md"
    memo.write_bytes("Ünder “quotes” ".encode() * 20 + b"\xff " + cite_line(_passage(_FIRST)).encode())
    before = memo.read_bytes()
    source.write_text("A new line.\n" + _TEXT, "utf-8")
    with pytest.raises(QuestionError, match="cannot be written"):
        _verified(memo, corpus, update=True)
    assert memo.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_link_to_a_memo_stays_a_link(source: Path, corpus: Path, tmp_path: Path) -> None:
    memo = _memo(tmp_path, cite_line(_passage(_FIRST)))
    link = tmp_path / "link.md"
    link.symlink_to(memo)
    source.write_text("A new line.\n" + _TEXT, "utf-8")
    assert _verified(link, corpus, update=True).good
    assert link.is_symlink()
    assert ":4 " in memo.read_text("utf-8")


def test_the_json_object_tells_place_changes_and_counts(source: Path, corpus: Path, tmp_path: Path) -> None:
    source.write_text("A new line.\n" + _TEXT.replace("1949", "1948"), "utf-8")
    memo = _memo(tmp_path, f"> {_SECOND}\n> {cite_line(_passage(_SECOND))}\n\nAnd {cite_line(_passage(_FIRST))}.")
    done = _verified(memo, corpus).to_dict()
    assert json.loads(json.dumps(done)) == done
    assert list(done) == ["corpus", "documents", "unreadable", "counts", "files"]
    assert done["counts"] == {"intact": 0, "moved": 1, "edited": 1, "gone": 0, "ambiguous": 0, "unchecked": 0}
    edited, moved = done["files"][0]["citations"]
    assert (edited["status"], edited["place"]["citation"]["line_start"]) == ("edited", 6)
    assert [one["before"].strip() for one in edited["changes"] if one["kind"] == "removed"] == ["1949"]
    assert moved["place"]["cite"] == cite_line(_passage(_FIRST)).replace("txt:3 ", "txt:4 ")


def test_what_an_index_hands_out_is_verified(articles: Path, articles_index: Path, tmp_path: Path) -> None:
    from nrqa.index.local.snapshot import LocalSnapshot

    snapshot = LocalSnapshot.newest(articles_index)
    passages = [one.passage for name in snapshot.known for one in (snapshot.document_named(name) or ("", []))[1]]
    kept = citations_of(passages, snapshot)
    lines = _memo(tmp_path, "\n".join(one["cite"] for one in kept))
    objects = _memo(tmp_path, json.dumps(kept), "kept.json")
    found = verify([lines, objects], index=articles_index)
    assert found.corpus == str(articles)
    assert _statuses(found) == ["intact"] * 2 * len(passages)


def test_half_the_words_in_another_file_are_another_passage(source: Path, corpus: Path, tmp_path: Path) -> None:
    memo = _memo(tmp_path, f"> {_SECOND}\n>\n> — {cite_line(_passage(_SECOND))}\n")
    alike = "NATO was established in 1949 primarily as a collective of many things that had nothing to do with it."
    source.write_text(_TEXT.replace(_SECOND, alike), "utf-8")
    assert _statuses(_verified(memo, corpus)) == ["edited"]
    source.write_text(_TEXT.replace(_SECOND, "Nothing."), "utf-8")
    (corpus / "other.txt").write_text(alike, "utf-8")
    assert _statuses(_verified(memo, corpus)) == ["gone"]


def test_a_line_alone_with_a_copy_elsewhere_is_edited_and_not_moved(source: Path, corpus: Path, tmp_path: Path) -> None:
    memo = _memo(tmp_path, cite_line(_passage(_SECOND)))
    source.write_text(_TEXT.replace("1949", "1948"), "utf-8")
    (corpus / "copy.txt").write_text(_SECOND, "utf-8")
    ((_, (one,)),) = _verified(memo, corpus).files
    assert one.judgment.status == "edited"
    assert [change.before.strip() for change in one.judgment.changes if change.kind == "removed"] == ["1949"]
    assert [other.citation.document for other in one.judgment.others] == ["copy.txt"]


def test_a_document_that_was_emptied_has_lost_its_words(source: Path, corpus: Path, tmp_path: Path) -> None:
    memo = _memo(tmp_path, f"“{_FIRST}” (a b.txt:3)")
    source.write_text("\n", "utf-8")
    assert _statuses(_verified(memo, corpus)) == ["gone"]
    source.rename(corpus / "copy.txt")
    (corpus / "copy.txt").write_text(_TEXT, "utf-8")
    source.write_bytes(b"\0\1\2\3" * 100)
    # Nobody can say that it moved: it may still stand there.
    ((_, (one,)),) = _verified(memo, corpus, update=True).files
    assert (one.judgment.status, one.updated) == ("unchecked", False)
    assert [other.citation.place for other in one.judgment.others] == ["copy.txt:3"]


def test_a_name_that_no_document_has_is_told(source: Path, corpus: Path, tmp_path: Path) -> None:
    assert source.exists()
    memo = _memo(tmp_path, "ab.txt:3 #0123456789+44")
    ((_, (one,)),) = _verified(memo, corpus).files
    assert one.judgment.status == "gone"
    assert one.judgment.notes[-1] == "the corpus has no document of this name"


def test_an_address_is_no_file_of_the_corpus(source: Path, corpus: Path, tmp_path: Path) -> None:
    assert source.exists()
    target = {"source": "https://example.org/a.txt", "selector": {"type": "TextQuoteSelector", "exact": _FIRST}}
    memo = _memo(tmp_path, json.dumps({"type": "Annotation", "target": target}), "memo.json")
    before = memo.read_bytes()
    assert _statuses(_verified(memo, corpus, update=True)) == ["unchecked"]
    assert memo.read_bytes() == before


def test_the_folder_before_a_name_stays_when_it_is_written_anew(source: Path, corpus: Path, tmp_path: Path) -> None:
    line = cite_line(_passage(_FIRST))
    memo = _memo(tmp_path, f"corpus/{line} and _./corpus/{line}_ and corpus\\{line} and {corpus}/{line}")
    source.write_text("A new line.\n" + _TEXT, "utf-8")
    found = _verified(memo, corpus, update=True)
    assert _statuses(found) == ["moved"] * 4
    new = line.replace("txt:3 ", "txt:4 ")
    assert memo.read_text("utf-8") == f"corpus/{new} and _./corpus/{new}_ and corpus\\{new} and {corpus}/{new}"


def test_a_file_named_twice_is_verified_once(source: Path, corpus: Path, tmp_path: Path) -> None:
    memo = _memo(tmp_path, cite_line(_passage(_FIRST)))
    source.write_text("A new line.\n" + _TEXT, "utf-8")
    found = verify([memo, tmp_path / "." / "memo.md"], corpus, index=corpus / "none", update=True)
    assert _statuses(found) == ["moved"]


def test_standard_input_cannot_be_updated(corpus: Path) -> None:
    with pytest.raises(QuestionError, match="Name the file"):
        verify(["-"], corpus, update=True)


def test_a_read_only_file_is_left_alone_and_so_are_the_others(source: Path, corpus: Path, tmp_path: Path) -> None:
    line = cite_line(_passage(_FIRST))
    first, second = _memo(tmp_path, line), _memo(tmp_path, line, "second.md")
    second.chmod(0o444)
    source.write_text("A new line.\n" + _TEXT, "utf-8")
    with pytest.raises(QuestionError, match=r"second\.md' is read-only"):
        verify([first, second], corpus, index=corpus / "none", update=True)
    assert first.read_text("utf-8") == second.read_text("utf-8") == line


def test_a_full_disk_loses_nothing(source: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = cite_line(_passage(_FIRST))
    memo = _memo(tmp_path, line)
    source.write_text("A new line.\n" + _TEXT, "utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(QuestionError, match="cannot be written: no space left"):
        _verified(memo, corpus, update=True)
    assert memo.read_text("utf-8") == line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "memo.md"]


def test_what_somebody_else_wrote_meanwhile_is_kept(
    source: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = cite_line(_passage(_FIRST))
    memo = _memo(tmp_path, line)
    source.write_text("A new line.\n" + _TEXT, "utf-8")

    def slowly(*given: Any) -> Any:
        memo.write_text(f"{line} and a new thought", "utf-8")
        return judgments(*given)

    monkeypatch.setattr("nrqa.citations.verifying.judgments", slowly)
    with pytest.raises(QuestionError, match="left alone"):
        _verified(memo, corpus, update=True)
    assert memo.read_text("utf-8") == f"{line} and a new thought"


def test_a_copy_in_the_same_file_does_not_hide_that_the_cited_place_was_edited(
    source: Path, corpus: Path, tmp_path: Path
) -> None:
    source.write_text(f"{_TEXT.replace('1949', '1948')}\n{_SECOND}\n", "utf-8")
    ((_, (one,)),) = _verified(_memo(tmp_path, cite_line(_passage(_SECOND))), corpus).files
    assert one.judgment.status == "moved"
    assert "was it edited there" in one.judgment.notes[0]
    # What stood around the cited words tells which of the two is the passage.
    memo = _memo(tmp_path, json.dumps(annotation(_passage(_FIRST), _TEXT)), "memo.json")
    source.write_text(f"{_TEXT.replace('perceives', 'sees')}\n{_FIRST}\n", "utf-8")
    ((_, (one,)),) = _verified(memo, corpus).files
    assert (one.judgment.status, [other.citation.line_start for other in one.judgment.others]) == ("edited", [7])
