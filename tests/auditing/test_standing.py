"""Standing questions outlive builds, tell what changed since it was accepted, and lose nothing."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.auditing import standing
from nrqa.auditing.receipts.files import read_receipt
from nrqa.auditing.replaying import ask_again, replay
from nrqa.auditing.standing import StandingReport
from nrqa.errors import IndexMissingError, QuestionError, ReceiptError
from nrqa.indexing.reindexing import reindex

HARBOUR = "The harbour was dug in 1850, and ships of every nation came to the harbour for coal.\n"
TEXTS = {
    "harbour.txt": HARBOUR,
    "bridge.txt": "The bridge fell in the storm of 1907, and nobody has built it again since that winter.\n",
    "mill.txt": "The mill ground flour for the whole valley until the river dried up in the summer of 1921.\n",
}
QUESTIONS = ("When was the harbour dug?", "When did the bridge fall?")


class Kept:
    """An index with two standing questions."""

    def __init__(self, corpus: Path, index: Path) -> None:
        self.corpus, self.index = corpus, index
        for name, text in TEXTS.items():
            (corpus / name).write_text(text)
        self.reindex()
        for question in QUESTIONS:
            self.add(question, k=1)

    def reindex(self, **options: Any) -> None:
        reindex(self.corpus, self.index, encoder=FakeEncoder(), **options)

    def add(self, question: str, **options: Any) -> tuple[int, bool]:
        one, is_new = standing.add(question, self.index, encoder=FakeEncoder(), **options)
        return one.number, is_new

    def report(self, **options: Any) -> StandingReport:
        return standing.report(self.index, encoder=FakeEncoder(), **options)

    def results(self, **options: Any) -> dict[int, str]:
        return {number: one.result for number, one in self.report(**options).replays}

    def files(self) -> set[str]:
        return {path.name for path in (self.index / "standing").iterdir()} - {".lock"}

    def edit(self) -> None:
        (self.corpus / "harbour.txt").write_text(HARBOUR.replace("1850", "1851"))
        self.reindex()


@pytest.fixture
def kept(corpus: Path, index: Path) -> Kept:
    return Kept(corpus, index)


def test_questions_are_numbered_and_listed_with_the_answer_that_was_accepted(kept: Kept) -> None:
    found = standing.listed(kept.index)
    assert [(one.number, one.receipt.question) for one in found] == list(enumerate(QUESTIONS, 1))
    assert found[0].to_dict()["verdict"] == found[0].receipt.verdict
    assert found[0].receipt.hits[0].text == HARBOUR.strip()
    assert found[0].receipt.documents is not None
    assert set(found[0].receipt.documents) == set(TEXTS)


def test_nothing_changes_where_nothing_changed(kept: Kept) -> None:
    report = kept.report()
    assert (report.changed, [one.result for _, one in report.replays]) == (0, ["identical"] * 2)


def test_an_edit_changes_the_answers_it_is_about_and_no_others_and_shows_the_words(kept: Kept) -> None:
    kept.edit()
    report = kept.report()
    assert {number: one.result == "changed" for number, one in report.replays} == {1: True, 2: False}
    fate = report.replays[0][1].hits[0].fate
    assert fate is not None
    assert [(one.kind, one.before or one.after) for one in fate.words if one.kind != "same"] == [
        ("removed", "1850"),
        ("added", "1851"),
    ]


def test_a_report_writes_nothing_and_says_the_same_again(kept: Kept) -> None:
    kept.edit()
    before = {path: path.read_bytes() for path in kept.index.rglob("*") if path.is_file()}
    assert kept.results() == kept.results()
    assert {path: path.read_bytes() for path in kept.index.rglob("*") if path.is_file()} == before


def test_what_is_accepted_is_what_the_next_report_compares_with(kept: Kept) -> None:
    kept.edit()
    report = kept.report(accept=True)
    assert (report.changed, report.accepted) == (1, True)
    assert kept.results() == {1: "identical", 2: "identical"}
    assert standing.listed(kept.index)[0].receipt.hits[0].text == HARBOUR.strip().replace("1850", "1851")


def test_accepting_writes_no_file_where_nothing_is_new(kept: Kept) -> None:
    folder = kept.index / "standing"
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    kept.report(accept=True)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_the_documents_of_a_corpus_are_kept_once_and_only_while_a_receipt_is_of_it(kept: Kept) -> None:
    assert len(kept.files()) == 3
    before = kept.files()
    kept.edit()
    kept.add("Who ground flour?")
    assert len(kept.files()) == 5
    kept.report(accept=True)
    assert len(kept.files()) == 4
    assert not {name for name in before if name.startswith("corpus-")} & kept.files()


@pytest.mark.slow
def test_builds_leave_them_alone(kept: Kept) -> None:
    before = kept.files()
    for year in range(1851, 1855):
        (kept.corpus / "harbour.txt").write_text(HARBOUR.replace("1850", str(year)))
        kept.reindex(rebuild=year % 2 == 0)
    assert kept.files() == before
    assert kept.results()[2] in ("identical", "same answer")
    # Also where every generation is gone.
    for path in kept.index.glob("0*"):
        path.rename(kept.corpus.parent / path.name)
    kept.reindex()
    assert kept.results()[1] == "changed"


def test_the_same_question_stands_once_and_with_other_filters_again(kept: Kept) -> None:
    assert kept.add(QUESTIONS[0], k=1) == (1, False)
    assert kept.add(QUESTIONS[0], k=2) == (3, True)
    assert kept.add(QUESTIONS[0], k=1, only=["harbour*"]) == (4, True)
    assert kept.add(QUESTIONS[0], k=1, only=["harbour*"]) == (4, False)


def test_adding_again_does_not_accept(kept: Kept) -> None:
    kept.edit()
    assert kept.add(QUESTIONS[0], k=1) == (1, False)
    assert kept.results()[1] == "changed"


def test_a_removed_question_is_gone_and_the_others_keep_their_numbers(kept: Kept) -> None:
    standing.remove(1, kept.index)
    assert [one.number for one in standing.listed(kept.index)] == [2]
    assert kept.add("Who ground flour?") == (3, True)
    with pytest.raises(QuestionError, match=r"no standing question 1 .*standing list"):
        standing.remove(1, kept.index)


@pytest.mark.slow
def test_who_adds_at_once_loses_nothing_and_keeps_no_question_twice(kept: Kept) -> None:
    others = [f"Who ground flour number {at}?" for at in range(3)]
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(kept.add, [*others, *["Who ground flour?"] * 5]))
    assert sum(is_new for _, is_new in added) == 4
    listed = [one.receipt.question for one in standing.listed(kept.index)]
    assert sorted(listed) == sorted([*QUESTIONS, *others, "Who ground flour?"])


def test_what_was_removed_or_accepted_meanwhile_stays_so(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.edit()
    asked = ask_again

    def and_meanwhile(index: Index, receipts: Any) -> Any:
        monkeypatch.undo()
        found = asked(index, receipts)
        standing.remove(1, kept.index)
        return found

    monkeypatch.setattr(standing, "ask_again", and_meanwhile)
    assert kept.report(accept=True).changed == 1
    assert [one.number for one in standing.listed(kept.index)] == [2]


def test_what_a_process_that_died_was_writing_is_swept_and_its_lock_holds_nobody(kept: Kept) -> None:
    (kept.index / "standing" / ".3.json.0a1b2c3d").write_text("{")
    assert kept.add("Who ground flour?") == (3, True)
    standing.remove(3, kept.index)
    assert {name for name in kept.files() if name.startswith(".")} == set()


def test_a_folder_or_an_index_that_is_not_there_is_not_taken_for_one_without_questions(
    kept: Kept, tmp_path: Path
) -> None:
    typo = tmp_path / "typo"
    for call in (
        lambda: kept.report(folder=typo),
        lambda: standing.listed(folder=typo),
        lambda: standing.listed(typo),
        lambda: standing.remove(1, kept.index, folder=typo),
    ):
        with pytest.raises(ReceiptError, match=r"no folder .*typo"):
            call()
    assert not typo.exists()


def test_the_report_names_the_generation_that_answered(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ask_again

    def and_meanwhile(index: Index, receipts: Any) -> Any:
        found = asked(index, receipts)
        kept.edit()
        return found

    monkeypatch.setattr(standing, "ask_again", and_meanwhile)
    assert kept.report().generation == 1


def test_a_file_that_was_altered_is_named_with_both_ways_on(kept: Kept) -> None:
    file = kept.index / "standing" / "1.json"
    file.write_text(file.read_text().replace("dug", "built"))
    with pytest.raises(ReceiptError, match=r"1\.json' was altered.*nrqa standing remove 1"):
        kept.report()
    standing.remove(1, kept.index)
    assert kept.results() == {2: "identical"}


@pytest.mark.parametrize("harm", ["gone", "other", "no json"])
def test_without_the_list_of_documents_the_report_is_there_all_the_same(kept: Kept, harm: str) -> None:
    (file,) = (kept.index / "standing").glob("corpus-*")
    if harm == "gone":
        file.unlink()
    else:
        file.write_text(json.dumps({"other.txt": "0" * 64}) if harm == "other" else "{")
    assert kept.results() == {1: "identical", 2: "identical"}
    kept.edit()
    report = kept.report(accept=True)
    assert (report.changed, report.replays[0][1].corpus) == (1, None)
    assert standing.listed(kept.index)[0].receipt.documents is not None


def test_they_may_be_kept_elsewhere(kept: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "questions" / "of mine"
    assert kept.add("Who ground flour?", folder=folder) == (1, True)
    assert [one.receipt.question for one in standing.listed(folder=folder)] == ["Who ground flour?"]
    assert kept.results(folder=folder) == {1: "identical"}
    standing.remove(1, folder=folder)
    assert [path.name for path in folder.iterdir()] == [".lock"]


def test_a_folder_that_cannot_be_written_is_named_with_the_way_out(kept: Kept) -> None:
    with pytest.raises(ReceiptError, match=r"mill\.txt.*--folder DIR"):
        kept.add("Who ground flour?", folder=kept.corpus / "mill.txt" / "questions")


def test_each_is_a_receipt_that_replay_takes(kept: Kept) -> None:
    file = kept.index / "standing" / "2.json"
    assert read_receipt(file).question == QUESTIONS[1]
    assert replay(file, kept.index, encoder=FakeEncoder()).result == "identical"


def test_all_are_asked_in_one_batch(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    original = Index.ask_many

    def counted(self: Index, questions: list[str], **options: Any) -> Any:
        calls.append(len(questions))
        return original(self, questions, **options)

    monkeypatch.setattr(Index, "ask_many", counted)
    kept.report()
    assert calls == [2]


@pytest.mark.slow
def test_a_question_that_can_be_asked_no_more_is_told_and_not_accepted(kept: Kept) -> None:
    (kept.corpus / "mill.txt").write_text("Author: Ann Lee\n\n" + TEXTS["mill.txt"])
    kept.reindex()
    kept.add("Who ground flour?", where={"author": "Ann Lee"})
    (kept.corpus / "mill.txt").write_text(TEXTS["mill.txt"])
    kept.reindex(rebuild=True)
    for _ in range(2):
        report = kept.report(accept=True)
        assert (report.replays[2][1].result, report.replays[2][1].now) == ("changed", None)
        assert "author" in report.replays[2][1].refused


def test_without_questions_and_without_an_index(kept: Kept, tmp_path: Path) -> None:
    for number in (1, 2):
        standing.remove(number, kept.index)
    assert kept.report().replays == ()
    assert kept.report().to_dict()["questions"] == []
    for call in (standing.report, lambda index: standing.add("x", index)):
        with pytest.raises(IndexMissingError):
            call(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
