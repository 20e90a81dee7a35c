"""A replay says identical, or explains each change by what happened to the corpus, the index or nrqa."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from nrqa.answering import asking
from nrqa.answering.asking import Index
from nrqa.auditing.receipts.files import read_receipt
from nrqa.auditing.receipts.making import passage_hash
from nrqa.auditing.receipts.model import Receipt
from nrqa.auditing.replaying import ask_again, ask_first, keep, replay
from nrqa.auditing.replaying.comparing import TOLERANCE, is_close
from nrqa.auditing.replaying.results import HitChange, Replay
from nrqa.errors import IndexMissingError, ReceiptError
from nrqa.indexing.reindexing import reindex
from nrqa.saving import save
from nrqa.signals import fusion

TEXTS = {
    "harbour.txt": "Author: Ann Lee\n\nThe harbour was dug in 1850 by four hundred men who came down from the hills in "
    "spring. Ships of every nation came to the harbour and left their coal there until the war.\n",
    "bridge.txt": "The bridge fell in the storm of 1907, and nobody has built it again since that winter.\n",
    "mill.txt": "The mill ground flour for the whole valley until the river dried up in the summer of 1921.\n",
    "school.txt": "Children of the valley went to school beside the mill, where they learned to read and write.\n",
}
FILLER = (
    "An older story tells of a bell under the lake, which rings whenever somebody in the valley is about to drown, and "
    "of a shepherd who heard it every night for a year and then moved away to the sea, where bells are no wonder at "
    "all since every buoy has one, so that he slept well there."
)
"""Long enough to be a passage of its own."""
QUESTION = "Which ships came to the harbour?"


class Library:
    """A corpus that is edited, its index, and the receipt of a question as it was answered at first."""

    def __init__(self, corpus: Path, index: Path, receipt: Path) -> None:
        self.corpus, self.index, self.file = corpus, index, receipt
        for name, text in TEXTS.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        (self.corpus / name).write_text(text)

    def read(self, name: str) -> str:
        return (self.corpus / name).read_text()

    def ask(self, question: str = QUESTION, **options: Any) -> None:
        """Write the receipt."""
        reindex(self.corpus, self.index, encoder=FakeEncoder())
        options = {"k": 2, **options}
        opened = Index.open(self.index, encoder=FakeEncoder())
        keep(opened, opened.ask(question, **options), self.file, k=options["k"])

    def replay(self, encoder: FakeEncoder | None = None) -> Replay:
        encoder = encoder or FakeEncoder()
        reindex(self.corpus, self.index, encoder=encoder)
        return replay(self.file, self.index, encoder=encoder)

    def alter(self, **changes: Any) -> None:
        """Put another receipt in the file's place, with a hash that is right."""
        save(replace(read_receipt(self.file), **changes).to_dict(), self.file, instead=True)


@pytest.fixture
def library(corpus: Path, index: Path, tmp_path: Path) -> Library:
    return Library(corpus, index, tmp_path / "receipt.json")


def told(found: Replay) -> Mapping[str, tuple[str, ...]]:
    """What is said of the hits, by the document they stood in, or came from."""
    return {_document(one): one.what for one in found.hits}


def _document(change: HitChange) -> str:
    hit = change.before or change.now
    assert hit is not None
    return hit.citation.document


def of(found: Replay, document: str) -> HitChange:
    return next(one for one in found.hits if _document(one) == document)


def loud(found: Replay) -> set[str]:
    """What is said that makes an answer another one."""
    return {what for one in found.hits if not one.is_quiet for what in one.what}


def test_the_same_question_of_the_same_index_is_identical(library: Library) -> None:
    library.ask()
    found = library.replay()
    assert (found.result, found.hits, found.differences, found.same_corpus) == ("identical", (), (), True)


@pytest.mark.slow
def test_it_is_identical_of_an_index_built_again_elsewhere_from_a_copy(library: Library, tmp_path: Path) -> None:
    library.ask()
    other = tmp_path / "other"
    shutil.copytree(library.corpus, other / "corpus")
    for _ in range(2):
        reindex(other / "corpus", other / "index", encoder=FakeEncoder(), rebuild=True)
    shutil.rmtree(library.index)
    found = replay(library.file, other / "index", encoder=FakeEncoder())
    assert found.result == "identical"
    assert found.now is not None
    assert (found.before.generation, found.now.generation) == (1, 2)


@pytest.mark.slow
def test_an_edited_passage_is_told_with_the_sentences_that_stayed_and_the_hit_it_is_now(library: Library) -> None:
    library.ask()
    library.write("harbour.txt", library.read("harbour.txt").replace("coal", "iron"))
    found = library.replay()
    assert found.result == "changed"
    change = of(found, "harbour.txt")
    assert change.what == ("edited",)
    assert change.fate is not None
    assert change.fate.kept == 1
    assert change.now is not None
    assert change.now.rank == 1
    assert loud(found) == {"edited"}
    assert found.corpus is not None
    assert found.corpus.edited == ("harbour.txt",)


@pytest.mark.slow
def test_an_edit_elsewhere_in_the_document_leaves_the_same_answer(library: Library) -> None:
    library.write("harbour.txt", library.read("harbour.txt") + f"\n{FILLER}\n")
    library.ask(k=1)
    library.write("harbour.txt", library.read("harbour.txt").replace("older", "newer"))
    found = library.replay()
    assert found.result == "same answer"
    assert told(found)["harbour.txt"][0] == "elsewhere"


@pytest.mark.slow
def test_a_passage_at_other_lines_is_moved_and_the_answer_is_the_same(library: Library) -> None:
    library.ask(k=1)
    library.write("harbour.txt", "Topic: Sea\nCountry: none\n" + library.read("harbour.txt"))
    found = library.replay()
    assert found.result == "same answer"
    change = of(found, "harbour.txt")
    assert change.what[0] == "moved"
    assert change.before is not None
    assert change.now is not None
    assert (change.before.citation.line_start, change.now.citation.line_start) == (3, 5)


@pytest.mark.slow
def test_a_renamed_document_is_told_from_one_that_only_holds_the_same_text(library: Library) -> None:
    library.ask()
    (library.corpus / "harbour.txt").rename(library.corpus / "port.txt")
    found = library.replay()
    assert found.result == "changed"
    assert told(found)["harbour.txt"][0] == "renamed"
    assert found.corpus is not None
    assert found.corpus.renamed == (("harbour.txt", "port.txt"),)
    library.write("port.txt", library.read("port.txt").replace("Ann", "Eve"))
    assert told(library.replay())["harbour.txt"][0] == "relocated"


@pytest.mark.slow
def test_a_removed_document_and_the_hit_that_comes_in_its_place(library: Library) -> None:
    library.ask()
    (library.corpus / "harbour.txt").unlink()
    found = library.replay()
    assert found.result == "changed"
    assert of(found, "harbour.txt").what == ("removed",)
    came = [one for one in found.hits if one.before is None]
    assert [(one.what, one.origin) for one in came] == [(("new",), "unchanged")]
    assert found.corpus is not None
    assert found.corpus.removed == ("harbour.txt",)


@pytest.mark.slow
def test_a_document_that_cannot_be_read_any_more(library: Library) -> None:
    library.ask()
    (library.corpus / "harbour.txt").write_bytes(b"\0\1" * 500)
    found = library.replay()
    change = of(found, "harbour.txt")
    assert change.what == ("unreadable",)
    assert change.fate is not None
    assert any(one.name == "unreadable.harbour.txt" and one.now == change.fate.reason for one in found.differences)


@pytest.mark.slow
def test_a_hit_that_a_new_document_pushed_out_is_outranked_and_its_rank_is_told(library: Library) -> None:
    library.ask()
    before = read_receipt(library.file)
    last = before.hits[-1].citation.document
    library.write("new.txt", "Every day new ships came to the harbour, and of these ships the harbour was full.\n")
    found = library.replay()
    assert found.result == "changed"
    change = of(found, last)
    assert (change.what, change.rank, change.now) == (("outranked",), 3, None)
    came = of(found, "new.txt")
    assert (came.what, came.origin) == (("new",), "added")
    assert found.corpus is not None
    assert found.corpus.added == ("new.txt",)


@pytest.mark.slow
def test_what_came_from_an_edited_document_is_told_from_what_came_from_a_new_or_renamed_one(library: Library) -> None:
    library.ask(k=1)
    new = "Which ships came to the harbour? Every day new ships came, and of these ships the harbour was full.\n"
    library.write("school.txt", f"{library.read('school.txt')}\n{FILLER}\n\n{FILLER}\n\n{new}")
    assert of(library.replay(), "school.txt").origin == "edited"
    library.write("school.txt", TEXTS["school.txt"])
    (library.corpus / "harbour.txt").unlink()
    (library.corpus / "bridge.txt").unlink()
    (library.corpus / "school.txt").rename(library.corpus / "academy.txt")
    came = of(library.replay(), "academy.txt")
    assert (came.origin, came.origin_name) == ("renamed", "school.txt")


@pytest.mark.slow
def test_a_hit_that_was_a_near_miss_is_told_with_the_rank_it_had(library: Library) -> None:
    library.ask(k=1)
    missed = read_receipt(library.file).nearest[0]
    (library.corpus / "harbour.txt").unlink()
    found = library.replay()
    new = next(one for one in found.hits if one.before is None)
    assert new.now is not None
    assert (new.now.passage, new.rank) == (missed.passage, 2)
    assert new.to_dict()["rank_before"] == 2


@pytest.mark.slow
def test_a_word_that_occurs_now_or_nowhere_any_more_is_no_identical_answer(library: Library) -> None:
    library.ask("Which ships and zeppelins came to the harbour?")
    assert "zeppelins" in read_receipt(library.file).searched.nowhere
    library.write("air.txt", "Zeppelins.\n")
    found = library.replay()
    assert found.now is not None
    assert "zeppelins" not in found.now.searched.nowhere
    assert found.result != "identical"
    save(found.now.to_dict(), library.file, instead=True)
    assert library.replay().result == "identical"
    library.alter(searched=replace(found.now.searched, nowhere=("ships",)))
    assert library.replay().result == "same answer"


@pytest.mark.slow
def test_without_the_list_of_documents_it_is_said_that_it_cannot_be_told(library: Library) -> None:
    library.ask()
    library.alter(documents=None)
    assert library.replay().result == "identical"
    library.write("new.txt", "Every day new ships came to the harbour, and of these ships the harbour was full.\n")
    found = library.replay()
    assert found.corpus is None
    assert of(found, "new.txt").origin == "unlisted"


@pytest.mark.slow
def test_text_that_is_cut_into_other_passages(library: Library) -> None:
    library.ask()
    library.write("harbour.txt", library.read("harbour.txt").replace("\n\n", "\n\nHear this. "))
    found = library.replay()
    change = of(found, "harbour.txt")
    assert change.what == ("recut",)
    assert change.now is not None
    assert change.now.citation.document == "harbour.txt"
    assert found.result == "changed"


@pytest.mark.slow
def test_a_document_that_the_filters_let_in_no_more(library: Library) -> None:
    library.ask(where={"author": "Ann Lee"})
    library.write("harbour.txt", library.read("harbour.txt").replace("Ann Lee", "Eve Lee"))
    library.write("mill.txt", "Author: Ann Lee\n\n" + library.read("mill.txt"))
    found = library.replay()
    assert of(found, "harbour.txt").what == ("filtered",)


@pytest.mark.slow
def test_a_filter_that_no_document_knows_any_more_is_a_change_and_not_an_error(library: Library) -> None:
    library.ask(where={"author": "Ann Lee"})
    library.write("harbour.txt", library.read("harbour.txt").partition("\n\n")[2])
    reindex(library.corpus, library.index, encoder=FakeEncoder(), rebuild=True)
    found = library.replay()
    assert (found.result, found.now) == ("changed", None)
    assert "author" in found.refused


@pytest.mark.slow
def test_a_copy_that_comes_or_goes_leaves_the_same_answer(library: Library) -> None:
    library.ask()
    library.write("z-copy.txt", library.read("harbour.txt"))
    found = library.replay()
    assert found.result == "same answer"
    assert "copies" in told(found)["harbour.txt"]


@pytest.mark.slow
def test_a_hit_that_became_a_copy_of_a_better_one(library: Library) -> None:
    library.ask()
    text = library.read("harbour.txt").partition("\n\n")[2]
    # The same words under a title that the question asks for: it stands above.
    library.write("ships.md", "# Which ships came to the harbour\n\n" + text.replace("spring. ", "spring.  "))
    found = library.replay()
    change = of(found, "harbour.txt")
    assert change.what == ("duplicate",)
    assert change.now is not None
    assert change.now.citation.document == "ships.md"


@pytest.mark.slow
def test_other_weights_are_named(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.ask()
    monkeypatch.setattr(fusion, "WEIGHTS", {**fusion.WEIGHTS, "late": 0.1, "dense": 0.5})
    reindex(library.corpus, library.index, encoder=FakeEncoder(), rebuild=True)
    found = library.replay()
    assert found.result != "identical"
    assert {"weights.late", "weights.dense"} == {one.name for one in found.differences}
    assert any("rescored" in one.what for one in found.hits)
    assert found.same_corpus


@pytest.mark.slow
def test_another_encoder_is_named(library: Library) -> None:
    library.ask()
    found = library.replay(FakeEncoder(name="other"))
    changed = {one.name: (one.before, one.now) for one in found.differences}
    assert changed["encoder.name"] == ("fake", "other")
    assert changed["encoder.fingerprint"] == ("fake-fingerprint", "other-fingerprint")


def test_another_version_and_other_settings_are_named_even_where_the_answer_is_identical(library: Library) -> None:
    library.ask()
    made_by = dict(read_receipt(library.file).made_by)
    library.alter(made_by={**made_by, "nrqa": "0.0.1", "settings": {**made_by["settings"], "passage_tokens": 90}})
    found = library.replay()
    assert found.result == "identical"
    assert {one.name: one.before for one in found.differences} == {"nrqa": "0.0.1", "settings.passage_tokens": 90}


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is believed to be an answer."""
    monkeypatch.setattr(asking, "verdict", lambda _, *, complete: "absent" if complete else "unknown")


@pytest.mark.usefixtures("unsure")
def test_another_verdict_is_a_change_and_other_near_misses_are_none(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.ask()
    assert read_receipt(library.file).verdict == "absent"
    library.alter(hits=read_receipt(library.file).hits[1:])
    found = library.replay()
    assert (found.result, loud(found)) == ("same answer", {"new"})
    monkeypatch.setattr(asking, "verdict", lambda *_, **__: "answered")
    found = library.replay()
    assert found.now is not None
    assert (found.now.verdict, found.result) == ("answered", "changed")


@pytest.mark.usefixtures("unsure")
def test_absent_becomes_unknown_where_a_file_cannot_be_searched(library: Library) -> None:
    library.ask()
    (library.corpus / "scan.pdf").write_bytes(b"%PDF")
    found = library.replay()
    assert found.now is not None
    assert (found.now.verdict, found.result) == ("unknown", "changed")
    assert [one.name for one in found.differences] == ["unreadable.scan.pdf"]


def test_a_file_that_changed_since_the_index_was_built_is_named(library: Library) -> None:
    library.ask()
    library.write("mill.txt", "Another text.\n")
    found = replay(library.file, library.index, encoder=FakeEncoder())
    assert found.result == "same answer"
    assert [one.name for one in found.differences] == ["stale.mill.txt"]


def test_scores_within_the_tolerance_are_the_same(library: Library) -> None:
    library.ask()
    before = read_receipt(library.file)
    for shift, result in ((0.9, "identical"), (1.5, "same answer")):
        first = before.hits[0]
        other = replace(first, score=first.score + shift * TOLERANCE)
        library.alter(hits=(other, *before.hits[1:]))
        found = library.replay()
        assert found.result == result
        assert [one.what for one in found.hits] == ([] if result == "identical" else [("rescored",)])
    assert is_close(20.0, 20.015)
    assert not is_close(20.0, 20.05)


def test_another_order_after_the_first_is_the_same_answer_and_another_first_is_not(library: Library) -> None:
    library.ask("the harbour, the bridge, the mill and the school", k=3)
    before = read_receipt(library.file)
    first, second, third = before.hits
    library.alter(hits=(first, replace(third, rank=2), replace(second, rank=3)))
    found = library.replay()
    assert (found.result, [one.what for one in found.hits]) == ("same answer", [("reranked",)] * 2)
    library.alter(hits=(replace(second, rank=1), replace(first, rank=2), third))
    assert library.replay().result == "changed"


def test_where_nothing_recorded_differs_and_the_answer_does_no_cause_is_made_up(library: Library) -> None:
    library.ask()
    before = read_receipt(library.file)
    library.alter(verdict="weak", confidence=0.5, hits=before.hits)
    found = library.replay()
    assert (found.result, found.differences, found.same_corpus) == ("changed", (), True)


def test_an_altered_receipt_and_a_missing_index_are_errors(library: Library, tmp_path: Path) -> None:
    library.ask()
    with pytest.raises(IndexMissingError):
        replay(library.file, tmp_path / "nowhere", encoder=FakeEncoder())
    library.file.write_text(library.file.read_text().replace('"rank": 1', '"rank": 2'))
    with pytest.raises(ReceiptError, match="altered"):
        library.replay()


@pytest.mark.slow
def test_many_receipts_are_asked_in_one_batch_for_each_set_of_filters(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    reindex(library.corpus, library.index, encoder=FakeEncoder())
    opened = Index.open(library.index, encoder=FakeEncoder())
    asked: list[Receipt] = []
    for at in range(10):
        where = {"author": "Ann Lee"} if at % 2 else None
        asked.append(ask_first(opened, f"harbour {at}", k=2, where=where, only=None))
    calls: list[int] = []
    original = Index.ask_many

    def counted(self: Index, questions: list[str], **options: Any) -> Any:
        calls.append(len(questions))
        return original(self, questions, **options)

    monkeypatch.setattr(Index, "ask_many", counted)
    assert [one.result for one in ask_again(opened, asked)] == ["identical"] * 10
    assert calls == [5, 5]


def test_a_question_that_cannot_be_asked_does_not_stop_the_others(library: Library) -> None:
    library.ask()
    good = read_receipt(library.file)
    bad = replace(good, question="?!")
    opened = Index.open(library.index, encoder=FakeEncoder())
    found = ask_again(opened, [bad, good])
    assert [one.result for one in found] == ["changed", "identical"]
    assert "no word" in found[0].refused


@pytest.mark.slow
def test_the_receipt_is_of_the_generation_that_answered_though_a_newer_one_is_there(library: Library) -> None:
    reindex(library.corpus, library.index, encoder=FakeEncoder())
    opened = Index.open(library.index, encoder=FakeEncoder())
    answer = opened.ask(QUESTION, k=2)
    library.write("new.txt", "Something new.\n")
    reindex(library.corpus, library.index, encoder=FakeEncoder())
    receipt = keep(opened, answer, library.file, k=2)
    assert receipt.generation == 1
    assert receipt.documents is not None
    assert "new.txt" not in receipt.documents


@pytest.mark.slow
def test_the_json_says_all_of_it(library: Library) -> None:
    library.ask()
    library.write("harbour.txt", library.read("harbour.txt").replace("coal", "iron"))
    found = json.loads(json.dumps(library.replay().to_dict()))
    assert list(found) == [
        "question", "result", "receipt", "before", "now", "refused", "hits", "differences", "corpus",
    ]  # fmt: skip
    assert found["receipt"] == json.loads(library.file.read_text())["sha256"]
    change = found["hits"][0]
    assert (change["what"], change["rank_now"]) == (["edited"], 1)
    assert change["fate"]["sentences_kept"] == 1
    (came,) = change["fate"]["sentences_new"]
    assert "left their iron there" in came
    assert found["before"]["nowhere"] == found["now"]["nowhere"] == ["Which"]
    assert [len(found[when]["nearest"]) for when in ("before", "now")] == [2, 2]
    assert (
        change["before"]["passage"]
        != change["now"]["passage"]
        == passage_hash(library.read("harbour.txt").partition("\n\n")[2].strip())
    )
    assert found["corpus"] == {"added": [], "removed": [], "edited": ["harbour.txt"], "renamed": []}
