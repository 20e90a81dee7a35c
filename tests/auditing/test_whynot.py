"""Why a passage is not among the hits: each way it can end, with changes that do what they say."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from fakes import FakeEncoder
from nrqa.answering import ranking
from nrqa.answering.asking import Index
from nrqa.auditing.whynot import why_not
from nrqa.auditing.whynot.exact_ranks import score_all
from nrqa.auditing.whynot.locating import Wanted, parse_wanted
from nrqa.auditing.whynot.results import Change, WhyNot
from nrqa.errors import QuestionError
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex
from nrqa.rendering.whynot import render_whynot

MILL = """Author: Ann Lee
Nations: Norway

The old mill

The mill ground flour for the valley until the river had dried up one summer, and then it stood still.
"""
MANY = 130


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of many passages on whales, with one on a mill among them."""
    corpus, index = tmp_path_factory.mktemp("many"), tmp_path_factory.mktemp("whynot") / "index"
    for at in range(MANY):
        food = "krill" + " and squid" * (at % 3)
        text = f"The whale of sea number {at} eats {food} in water of depth {at * 7}, for {at + 3} days.\n"
        (corpus / f"whale-{at:03}.txt").write_text(text)
    (corpus / "mill.txt").write_text(MILL)
    (corpus / "copy.txt").write_text((corpus / "whale-007.txt").read_text())
    reindex(corpus, index, encoder=FakeEncoder())
    return index


@pytest.fixture
def small(corpus: Path, index: Path, fake: FakeEncoder) -> Path:
    """An index of one document, whose corpus may change."""
    (corpus / "mill.txt").write_text(MILL)
    reindex(corpus, index, encoder=fake)
    return index


def asked(index: Path, question: str, document: str, **options: Any) -> WhyNot:
    return why_not(question, document, index, encoder=FakeEncoder(), **options)


def shown(found: WhyNot) -> str:
    console = Console(file=io.StringIO(), width=200, highlight=False)
    console.print(render_whynot(found))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.slow
def test_a_hit_is_one(built: Path) -> None:
    found = asked(built, "the mill ground flour for the valley until the river dried up", "mill.txt")
    assert (found.outcome, found.rank, found.changes) == ("hit", 1, ())
    assert found.standing is not None
    assert found.standing.signals["lexical"].rank == 1
    assert "It is hit 1 of 5 asked for." in shown(found)


@pytest.mark.slow
def test_ranks_are_exact_over_everything(built: Path, fake: FakeEncoder) -> None:
    text = "what does the whale of sea number 5 eat"
    found = asked(built, text, "mill.txt")
    assert found.standing is not None
    snapshot = LocalSnapshot.newest(built)
    (question,) = ranking.prepared(snapshot, [text], fake.encode_questions)
    everything = ranking.rank(snapshot, question, snapshot.manifest.passages, snapshot.filtered(None, None))
    assert len(everything.rows) == snapshot.manifest.passages == found.standing.of
    row = next(one for one in everything.rows.tolist() if snapshot.stored(one).passage == found.passage)
    at = everything.rows.tolist().index(row)
    assert found.standing.rank == at + 1
    for name, scores in everything.signals.items():
        place = found.standing.signals[name]
        if place.rank is not None:
            better = (scores > scores[at]) | ((scores == scores[at]) & (everything.rows < row))
            assert place.rank == 1 + int(np.count_nonzero(better)), name
        assert place.score == pytest.approx(float(scores[at]), abs=1e-5)


@pytest.mark.slow
def test_what_no_search_finds_is_outside_the_candidates(built: Path) -> None:
    found = asked(built, "which whale eats krill in water", "mill.txt")
    assert found.outcome == "outside"
    assert found.standing is not None
    assert found.standing.place is None
    assert found.standing.common == ()
    assert found.standing.missing == ("which", "whale", "eats", "krill", "in", "water")
    assert found.standing.signals["lexical"].rank is None
    assert found.standing.signals["late"].lead < 0
    text = shown(found)
    assert "It is not among the 50 best of dense, nor of lexical" in text
    assert "no common term" in text
    assert "has none of the question's" in text


def _does_what_it_says(index: Path, found: WhyNot, change: Change, **options: Any) -> None:
    opened = Index.open(index, encoder=FakeEncoder())
    question = f"{found.question} {change.value}" if change.kind == "word" else found.question
    k = int(change.value) if change.kind == "k" else found.k
    only = [change.value] if change.kind == "only" else options.get("only")
    answer = opened.ask(question, k=k, only=only, where=options.get("where"))
    assert found.passage is not None
    hit = next(hit for hit in answer.hits if hit.passage.citation == found.passage.citation)
    assert (hit.rank, answer.verdict) == (change.rank, change.verdict)


@pytest.mark.slow
@pytest.mark.parametrize("document", ["mill.txt", "whale-099.txt", "whale-128.txt"])
def test_every_change_does_what_it_says(built: Path, document: str) -> None:
    found = asked(built, "which whale in water of depth 14 eats krill", document)
    assert found.outcome in ("outside", "behind")
    kinds = [change.kind for change in found.changes]
    assert "word" in kinds
    assert "only" in kinds
    for change in found.changes:
        _does_what_it_says(built, found, change)


@pytest.mark.slow
def test_the_number_of_hits_that_brings_it_up_is_the_least(built: Path) -> None:
    for document in ("mill.txt", "whale-099.txt", "whale-128.txt", "whale-031.txt"):
        found = asked(built, "which whale eats krill in water of depth 14", document)
        change = next(one for one in found.changes if one.kind == "k")
        opened = Index.open(built, encoder=FakeEncoder())
        fewer = opened.ask(found.question, k=int(change.value) - 1)
        assert found.passage is not None
        assert found.passage.citation not in [hit.passage.citation for hit in fewer.hits], document


@pytest.mark.slow
def test_a_candidate_behind_the_others_is_told_its_place(built: Path) -> None:
    question = "which whale eats krill in water of depth 14"
    sixth = Index.open(built, encoder=FakeEncoder()).ask(question, k=6).hits[5].passage.citation.document
    found = asked(built, question, sixth)
    assert found.outcome == "behind"
    assert found.standing is not None
    assert found.standing.place == 6
    assert found.changes[0] == Change("k", "6", 6, found.verdict)
    assert "It would be number 6, and 5 were asked for." in shown(found)


def test_a_copy_is_told_of_what(built: Path) -> None:
    question = "The whale of sea number 7 eats krill and squid in water of depth 49, for 10 days."
    answer = Index.open(built, encoder=FakeEncoder()).ask(question)
    first, (other,) = answer.hits[0].passage.citation.document, (one.document for one in answer.hits[0].also)
    assert {first, other} == {"copy.txt", "whale-007.txt"}  # which is first, the words of their names decide
    found = asked(built, question, f"{other}:1")
    assert found.outcome == "copy"
    assert found.copy_of is not None
    assert found.copy_of.document == first
    assert [change.kind for change in found.changes] == ["only"]
    _does_what_it_says(built, found, found.changes[0])
    assert f"It has the words of {first}:1" in shown(found)


@pytest.mark.slow
def test_what_is_nearest_but_no_answer_is_below_the_threshold(articles_index: Path) -> None:
    found = why_not("sourdough bread hydration", "nato-russia.txt", articles_index, k=41)
    assert found.outcome == "unanswered"
    assert found.verdict in ("absent", "unknown")
    assert all(change.kind == "word" for change in found.changes)
    assert "The verdict is that nothing answers" in shown(found)


def test_filters_that_keep_it_out_are_named_and_the_others_stay(built: Path) -> None:
    question = "the mill ground flour for the valley until the river dried up"
    found = asked(built, question, "mill.txt", where={"author": ["Bob"], "nations": ["Norway"]}, only=["m*"])
    assert (found.outcome, found.filters) == ("filtered", ("--where author=Bob",))
    assert found.changes[0] == Change("without", "--where author=Bob", 1, found.changes[0].verdict)
    found = asked(built, question, "mill.txt", only=["whale-*", "copy.txt"])
    assert found.filters == ("--only 'whale-*'", "--only copy.txt")
    assert found.rank is None
    assert "does not pass --only 'whale-*' --only copy.txt." in shown(found)
    assert "without --only 'whale-*' --only copy.txt   → number 1" in shown(found)


@pytest.mark.slow
def test_a_filtered_passage_may_need_more_than_the_filter_dropped(built: Path) -> None:
    found = asked(built, "which whale eats krill in water", "mill.txt", only=["whale-*"])
    assert found.outcome == "filtered"
    assert [change.kind for change in found.changes if change.kind == "without"] == []
    assert any(change.kind == "word" for change in found.changes)
    for change in found.changes:
        _does_what_it_says(built, found, change)
    assert "(without these filters)" in shown(found)


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ("mill.txt:1", "metadata"), ("mill.txt:2", "metadata"), ("mill.txt:4", "title"),
        ('mill.txt:"The old mill"', "title"), ("mill.txt:3", "blank"), ("mill.txt:a wheel", None),
    ],
)  # fmt: skip
def test_words_in_no_passage_are_told_from_words_that_are_not_there(built: Path, wanted: str, kind: str | None) -> None:
    found = asked(built, "mill", wanted)
    if kind is None:
        assert found.outcome == "no such words"
    else:
        assert (found.outcome, found.detail) == ("no passage", kind)
    assert found.passage is None
    assert shown(found)


@pytest.mark.slow
def test_headings_notices_and_what_pages_leave_over_are_in_no_passage(articles_index: Path) -> None:
    for wanted, kind in (
        ("nato-russia.txt:1", "source notice"),
        ("nato-russia.txt:4", "heading"),
        ("russia-nato-tensions.txt:1", "title"),
        ("russia-nato-tensions.txt:3", "metadata"),
        ('russia-nato-tensions.txt:"Share:"', "left out"),
    ):
        found = why_not("why does Russia oppose missile defense", wanted, articles_index)
        assert (found.outcome, found.detail) == ("no passage", kind)


def test_words_are_found_whatever_their_typography_and_elsewhere_if_they_are_there(built: Path) -> None:
    found = asked(built, "mill", "mill.txt:“ground  flour\nfor the valley”")
    assert found.passage is not None
    elsewhere = asked(built, "mill", 'whale-001.txt:"ground flour for the valley"')
    assert (elsewhere.outcome, elsewhere.detail) == ("no such words", "mill.txt")
    assert "They are in 'mill.txt'." in shown(elsewhere)


def test_files_that_are_no_documents_are_told_with_their_reason(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "mill.txt").write_text(MILL)
    (corpus / "scan.xyz").write_bytes(b"%PDF")
    (corpus / ".hidden.txt").write_text("hidden\n")
    reindex(corpus, index, encoder=fake)
    (corpus / "new.txt").write_text("The clam is new here.\n")
    for name, outcome, reason in (
        ("scan.xyz", "unreadable", ".xyz files are not supported"),
        (".hidden.txt", "excluded", "hidden"),
        ("new.txt:1", "added", "added since the index was built"),
        ("mil.txt", "unknown", "mill.txt"),
    ):
        found = asked(index, "clam", name)
        assert found.outcome == outcome
        assert reason in found.detail
        assert (found.changes == (Change("index", "nrqa index"),)) is (outcome == "added")
        assert found.detail in shown(found)


def test_words_that_came_since_need_the_index_brought_up_to_date(small: Path, corpus: Path, fake: FakeEncoder) -> None:
    (corpus / "mill.txt").write_text(
        MILL + "\nIts wheel was sold in the town, for little money, to somebody unknown.\n"
    )
    found = asked(small, "wheel", "mill.txt:wheel was sold")
    assert (found.outcome, found.changes) == ("changed", (Change("index", "nrqa index"),))
    assert asked(small, "wheel", "mill.txt").stale
    reindex(corpus, small, encoder=fake)
    assert asked(small, "who was its wheel sold to", "mill.txt:wheel was sold").passage is not None


def test_lines_that_are_not_there_and_questions_without_words_are_errors(built: Path) -> None:
    with pytest.raises(QuestionError, match="has 7 lines; there is no line 60"):
        asked(built, "mill", "mill.txt:60")
    with pytest.raises(QuestionError, match="no word or number"):
        asked(built, "?!", "mill.txt")
    with pytest.raises(QuestionError, match="which passage"):
        asked(built, "mill", " ")
    with pytest.raises(QuestionError, match="k is 0"):
        asked(built, "mill", "mill.txt", k=0)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a b.txt", Wanted("a b.txt")),
        ("a.txt:29", Wanted("a.txt", (29, 29))),
        ("a.txt:29-31  § One › Two", Wanted("a.txt", (29, 31))),
        ("a%20b.txt:29 §One #a1b2c3d4e5+411", Wanted("a b.txt", (29, 29))),
        ("a.txt:29:7", Wanted("a.txt", (29, 29))),
        ("a.txt:9-5", Wanted("a.txt", (9, 9))),
        ("odd:1:29", Wanted("odd:1", (29, 29))),
        ("odd:1:", Wanted("odd:1")),
        ('a.txt:"No, 3"', Wanted("a.txt", quote="No, 3")),
        ("a.txt: «mots»", Wanted("a.txt", quote="mots")),
        ("a.txt:some words: more", Wanted("a.txt", quote="some words: more")),
        ("odd:name.txt", Wanted("odd:name.txt")),
        ("odd:name.txt:“x”", Wanted("odd:name.txt", quote="x")),
        ("odd:1", Wanted("odd:1")),
    ],
)
def test_a_passage_may_be_told_by_file_line_or_words(text: str, wanted: Wanted) -> None:
    assert parse_wanted(text, {"odd:name.txt", "odd:1"}) == wanted


def test_words_that_stand_in_several_passages_mean_the_best_of_them(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    (corpus / "log.md").write_text("".join(f"# Day {at}\n\nThe clam sank on day {at}.\n\n" for at in range(9)))
    reindex(corpus, index, encoder=fake)
    found = asked(index, "day 7", 'log.md:"the  clam sank"')
    assert found.passages == 9
    assert found.passage is not None
    assert "day 7" in found.passage.text


def test_a_name_that_fits_several_files_and_words_without_a_name_are_errors(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    for folder in "ab":
        (corpus / folder).mkdir()
        (corpus / folder / "mill.txt").write_text(f"{folder}: {MILL}")
    reindex(corpus, index, encoder=fake)
    with pytest.raises(QuestionError, match=r"any of 2 files: a/mill\.txt, b/mill\.txt\. Give more"):
        asked(index, "mill", "mill.txt:5")
    with pytest.raises(QuestionError, match="Name the document before the words"):
        asked(index, "mill", "“ground flour”")


@pytest.mark.slow
def test_where_nothing_answers_only_what_makes_it_an_answer_is_told(articles_index: Path) -> None:
    for place in ("nato-russia.txt:31", "nato-russia.txt:29"):
        found = why_not("recipe for carbonara with zebra", place, articles_index)
        assert found.verdict == "absent"
        assert "The verdict is that nothing answers: absent" in shown(found)
        assert {change.kind for change in found.changes} <= {"word", "only"}
        assert {change.verdict for change in found.changes} <= {"answered", "weak"}


@pytest.mark.slow
def test_what_is_told_can_be_pasted(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    for at in range(20):
        (corpus / f"whale [{at}].txt").write_text(f"The whale number {at} eats krill.\n")
    reindex(corpus, index, encoder=fake)
    found = asked(index, "krill of whale number 3", "whale [4].txt", k=1)
    change = next(one for one in found.changes if one.kind == "only")
    _does_what_it_says(index, found, change)
    assert "--only 'whale [[]4].txt'" in shown(found)
    out = asked(index, "krill", "whale [4].txt", only=["whale [[]5*"])
    assert "does not pass --only 'whale [[]5*'." in shown(out)


def test_in_a_very_large_index_only_the_candidates_are_scored(built: Path, fake: FakeEncoder) -> None:
    text = "which whale eats krill in water of depth 14"
    snapshot = LocalSnapshot.newest(built)
    (question,) = ranking.prepared(snapshot, [text], fake.encode_questions)
    row = snapshot.passages_of([snapshot.known["mill.txt"].number])
    stored = next(iter(row))
    scored = score_all(snapshot, question, stored.row, snapshot.filtered(None, None), 5, most=100)
    assert not scored.whole
    assert 50 < len(scored.rows) <= 101
    assert scored.at(stored.row) >= 0


@pytest.mark.slow
def test_the_command_line_prints_one_object_and_tells_by_its_status(articles_index: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "nrqa", "why-not", "why does Russia oppose missile defense"]
        return subprocess.run(
            [*command, *words, "--index", str(articles_index)], capture_output=True, text=True, check=False
        )

    hit = run("--document", "nato-russia.txt:29")
    assert (hit.returncode, hit.stderr) == (0, "")
    assert "It is hit 1 of 5 asked for." in hit.stdout
    behind = run("-d", "nato-russia.txt:5", "--json", "-k", "2")
    assert (behind.returncode, behind.stderr) == (1, "")
    found = json.loads(behind.stdout)
    assert found["outcome"] == "behind"
    assert list(found["standing"]["signals"]) == ["dense", "lexical", "late"]
    assert found["changes"][0]["kind"] == "k"
    wrong = run("-d", "nato-russia.txt:1000")
    assert wrong.returncode == 2
    assert "has 59 lines" in wrong.stderr
