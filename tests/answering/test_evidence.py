from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.answering.evidence import COMPARED, evidence, words_nowhere, words_to_report
from nrqa.answering.grouping import group
from nrqa.answering.ranking import questions, rank
from nrqa.answering.verdict import Evidence
from nrqa.indexing.reindexing import reindex
from nrqa.signals.lexical import Lexical
from nrqa.text.terms import question_terms

TEXTS = {
    "light.txt": "The lighthouse at Skagen was lit in 1858 and has shone over the two seas ever since that winter.",
    "mill.txt": "The mill by the river ground rye for the whole valley until the flood took its wheel away.",
    "bees.txt": "A beekeeper sells honey at the market on the first Saturday of every month, rain or shine.",
}


def seen(index: Index, text: str) -> Evidence:
    snapshot = index.snapshot
    (question,) = questions([text], [question_terms(text)], index.encode([text]))
    ranked = rank(snapshot, question, 10, snapshot.filtered(None, None))
    return evidence(snapshot, question, ranked, group(snapshot, ranked.rows.tolist(), COMPARED))


def filled(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    for name, text in TEXTS.items():
        (corpus / name).write_text(text)
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


def test_words_that_stand_in_the_passage_are_no_mismatch(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    opened = filled(corpus, index, fake)
    own = seen(opened, "lighthouse at Skagen was lit in 1858")
    assert own.mismatch < 0.05
    assert own.mismatch < seen(opened, "lighthouse at Skagen was lit in 1859").mismatch
    assert own.mismatch < seen(opened, "lighthouse at Grenen was lit in 1858").mismatch


def test_the_margin_is_over_other_passages_not_over_copies(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    question = "lighthouse at Skagen was lit in 1858"
    alone = seen(filled(corpus, index, fake), question)
    (corpus / "copy.txt").write_text(TEXTS["light.txt"])
    reindex(corpus, index, encoder=fake)
    copied = seen(Index.open(index, encoder=fake), question)
    assert copied.margin > alone.margin - 0.1
    assert alone.margin > 0.2


@pytest.mark.slow
def test_documents_that_are_there_twice_leave_the_margin_as_it_is(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    question = "lighthouse at Skagen was lit in 1858"
    words = question.split()
    # From almost the question down to nothing of it, so that the next ten are much alike, or much less.
    near = {f"{at}.txt": f"{' '.join(words[at % 5 :][: 6 - at // 3])} of {at} the rain and rye" for at in range(15)}
    for name, text in near.items():
        (corpus / name).write_text(text)
    alone = seen(filled(corpus, index, fake), question)
    for name, text in {**TEXTS, **near}.items():
        (corpus / f"copy of {name}").write_text(text)
        (corpus / f"third {name}").write_text(text)
    reindex(corpus, index, encoder=fake)
    assert abs(seen(Index.open(index, encoder=fake), question).margin - alone.margin) < 0.03


def test_a_single_passage_has_nothing_to_stand_out_from(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "light.txt").write_text(TEXTS["light.txt"])
    reindex(corpus, index, encoder=fake)
    opened = Index.open(index, encoder=fake)
    assert seen(opened, "lighthouse").margin == opened.ask("lighthouse").hits[0].score


def test_words_that_occur_nowhere_are_told_as_they_are_written(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    snapshot = filled(corpus, index, fake).snapshot
    whole = snapshot.filtered(None, None)
    missing = words_nowhere(snapshot, "Did Finland's lighthouses shine in 1858 or 2027?", whole)
    assert missing == ("Did", "Finland's", "2027")
    assert words_nowhere(snapshot, "honey", snapshot.filtered(None, ["mill.txt"])) == ("honey",)
    assert words_nowhere(snapshot, "mill " * 500 + "unheard", whole) == ()


def test_words_of_what_was_found_under_a_filter_need_not_be_looked_up(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "link.md").write_text("# Harbour\n\nThe [pilots](https://zeppelin.example) wait for the evening tide.\n")
    snapshot = filled(corpus, index, fake).snapshot
    within = snapshot.filtered(None, ["link.md"])
    text = "Do pilots wait for a zeppelin in the harbour?"
    groups = group(snapshot, snapshot.rows(within).tolist(), 5)
    expected = words_nowhere(snapshot, text, within)
    assert "zeppelin" in expected
    looked_up: list[str] = []
    occurs = Lexical.occurs

    def counting(lexical: Lexical, term: str, *, documents: Iterable[int] | None = None) -> bool:
        looked_up.append(term)
        return occurs(lexical, term, documents=documents)

    monkeypatch.setattr(Lexical, "occurs", counting)
    assert words_nowhere(snapshot, text, within, groups) == expected
    assert "harbour" not in looked_up


@pytest.mark.parametrize(
    ("question", "nowhere", "told"),
    [
        ("Did Finland's lights shine in 2027?", ("Did", "Finland's", "shine", "2027"), ["Finland's", "2027"]),
        ("did finland join in 2027", ("did", "finland", "join", "2027"), ["finland", "2027"]),
        ("Oslo", ("Oslo",), []),
        ("2027", ("2027",), ["2027"]),
    ],
)
def test_names_numbers_and_dates_are_worth_telling(question: str, nowhere: tuple[str, ...], told: list[str]) -> None:
    assert words_to_report(question, nowhere) == told
