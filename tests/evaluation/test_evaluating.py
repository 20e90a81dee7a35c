"""Evaluating goes a user's way from files to answers, and tells the truth about what was found."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import nrqa
import project
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.cli import application
from nrqa.errors import NrqaError, QuestionSetError
from nrqa.evaluation.evaluating import evaluate
from nrqa.evaluation.judgments.model import Question
from nrqa.evaluation.question_runs import ask_all
from nrqa.indexing.reindexing import reindex
from nrqa.records import Hit
from sets import write_lines, write_set, write_table

ROOT = project.ROOT


@pytest.fixture
def farm(tmp_path: Path) -> Path:
    return write_set(tmp_path / "farm")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "nrqa", "eval", *words], capture_output=True, text=True, check=False)


def test_a_set_with_documents_is_written_indexed_asked_and_measured(farm: Path, fake: FakeEncoder) -> None:
    found = evaluate(farm, encoder=fake)
    assert found.measures == {
        "nDCG@10": 1, "MRR@10": 1, "hit@1": 1, "hit@5": 1, "Recall@100": 1, "passage hit@1": 1, "passage hit@5": 1,
        "span recall@5": 1,
        "span precision@5": found.measures["span precision@5"], "span IoU@5": found.measures["span IoU@5"],
    }  # fmt: skip
    assert (found.set_name, found.ranked, found.documents, found.passages, found.unjudged) == (
        "farm", "documents", 4, 4, 1,
    )  # fmt: skip
    assert [(one.id, one.document, one.first_relevant) for one in found.questions] == [
        ("q1", "tea", 1), ("q2", "coal/mine", 1), ("q3", "bread", 1), ("q4", found.questions[3].document, None),
    ]  # fmt: skip
    assert found.questions[1].citation == "coal%2Fmine.txt:3"
    assert found.questions[3].measures == {}
    assert [sum(counts.values()) for counts in found.verdicts.values()] == [3, 1]
    assert found.questions_per_second > 0
    # The span of q1 is 26 characters of the four passages, each its document's text.
    whole = sum(len(text) for text in (open_text(farm, name) for name in ("tea", "coal/mine", "Bread", "bread")))
    assert found.questions[0].measures["span precision@5"] == pytest.approx(26 / whole, abs=1e-6)


def open_text(farm: Path, name: str) -> str:
    documents = map(json.loads, (farm / "corpus.jsonl").read_text().splitlines())
    return next(str(one["text"]) for one in documents if one["_id"] == name)


def test_wrong_judgments_are_seen_as_misses(farm: Path, fake: FakeEncoder) -> None:
    write_table(farm / "qrels.tsv", ("query-id", "corpus-id", "score"), [("q1", "bread", 1), ("q2", "coal/mine", 1)])
    found = evaluate(farm, encoder=fake)
    first = found.questions[0]
    assert first.measures["hit@1"] == 0
    assert first.first_relevant is not None
    assert first.first_relevant > 1
    assert found.measures["hit@1"] == 0.5
    # The gold span is in the tea all the same, which is the first hit.
    assert first.measures["passage hit@1"] == 1


def test_a_work_folder_makes_the_next_run_embed_nothing_and_gives_the_same(
    farm: Path, fake: FakeEncoder, tmp_path: Path
) -> None:
    first = evaluate(farm, work=tmp_path / "work", encoder=fake)
    encoded = len(fake.encoded)
    again = evaluate(farm, work=tmp_path / "work", encoder=fake)
    assert len(fake.encoded) == encoded > 0
    assert again.questions == first.questions
    assert again.measures == first.measures
    assert {one.name for one in (tmp_path / "work").iterdir()} == {"corpus", "index", "nrqa-eval.txt"}


def test_quotes_are_asked_of_the_users_own_index(corpus: Path, index: Path, fake: FakeEncoder, tmp_path: Path) -> None:
    (corpus / "tea.txt").write_text("Tea was grown on the\nsouthern slope.\n\nThe harvest began in April.\n")
    (corpus / "coal.txt").write_text("Coal was mined below the village, and the southern slope was bare.\n")
    reindex(corpus, index, encoder=fake)
    questions = [
        {"question": "where was tea grown", "quotes": ["the southern slope"], "document": "tea*"},
        {"question": "coal mined below the village", "quotes": ["no such words", "Coal was mined"]},
        {"question": "tea grown", "quotes": ["a mistyped quote"]},
        {"question": "dragons", "quotes": []},
    ]
    found = evaluate(write_lines(tmp_path / "mine.jsonl", questions), index, encoder=fake)
    assert (found.set_name, found.ranked, found.unjudged) == ("mine", "passages", 0)
    assert [one.first_relevant for one in found.questions] == [1, 1, None, None]
    assert found.measures["hit@1"] == pytest.approx(2 / 3)
    assert not any(name.startswith(("span", "passage")) for name in found.measures)
    assert found.questions[0].document == "tea.txt"
    (notice,) = found.notices
    assert notice.startswith("1 answerable question has no quote that stands in a document of the index")
    assert "'tea grown'" in notice
    (corpus / "tea.txt").unlink()
    changed, _ = evaluate(tmp_path / "mine.jsonl", index, encoder=fake).notices
    assert changed == "1 file has changed since the index was built (run `nrqa index`)"


@pytest.mark.slow
def test_a_set_of_nothing_but_unanswerable_questions_counts_verdicts(articles_index: Path, tmp_path: Path) -> None:
    questions = [{"question": "sourdough bread \ud800", "quotes": []}]
    mine, saved = write_lines(tmp_path / "mine.jsonl", questions), tmp_path / "run.json"
    found = evaluate(mine, articles_index)
    assert found.measures == {}
    assert found.verdicts["unanswerable"]["absent"] == 1
    done = CliRunner().invoke(application(), ["eval", str(mine), "--index", str(articles_index), "--save", str(saved)])
    assert done.exit_code == 0
    assert json.loads(saved.read_text("utf-8"))["questions"][0]["question"] == "sourdough bread ?"


def test_of_several_passages_with_quotes_the_first_is_the_one_that_counts(
    corpus: Path, index: Path, fake: FakeEncoder, tmp_path: Path
) -> None:
    for at in range(4):
        (corpus / f"{at}.txt").write_text(f"Tea was grown on slope number {at} of the mountain.\n")
    reindex(corpus, index, encoder=fake)
    file = write_lines(tmp_path / "mine.jsonl", [{"question": "tea grown on a slope", "quotes": ["Tea was grown"]}])
    assert evaluate(file, index, encoder=fake).measures["nDCG@10"] == 1


def test_the_spans_of_articles_are_measured_by_paragraph_and_their_answers_covered(
    tmp_path: Path, fake: FakeEncoder
) -> None:
    paragraphs = [f"Paragraph {at} speaks of {word} and of nothing else at all." for at, word in enumerate(WORDS)]
    text = "\n\n".join(paragraphs)
    folder = write_set(tmp_path / "set", questions={"q": f"what speaks of {WORDS[7]}"}, relevant=[], spans=None)
    write_lines(folder / "articles.jsonl", [{"_id": "a", "title": "All", "text": text}])
    start, answer = text.index(paragraphs[7]), text.index(WORDS[7])
    header = ("query-id", "article-id", "para_start", "para_end", "ans_start", "ans_end")
    row = ("q", "a", start, start + len(paragraphs[7]), answer, answer + len(WORDS[7]))
    write_table(folder / "article_spans.tsv", header, [row])
    found = evaluate(folder, documents="articles.jsonl", spans="article_spans.tsv", k=1, encoder=fake)
    assert found.passages > 1
    assert found.measures["passage hit@1"] == 1
    assert found.measures["span recall@1"] == 1
    assert 0 < found.measures["span precision@1"] == found.measures["span IoU@1"]


WORDS = "tea coal bread butter stone harvest village cellar mountain oven slope shaft".split()


@pytest.mark.slow
def test_the_deepest_relevant_document_is_found_however_many_passages_stand_before_it(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    """One document has hundreds of passages that match better than the relevant one."""
    (corpus / "loud.txt").write_text(
        "\n\n".join(
            f"Tea tea harvest {at}: the tea harvest of the year {1500 + at} was rich in tea." for at in range(300)
        )
    )
    (corpus / "quiet.txt").write_text("Something else entirely stands here, with a word on harvest and much besides.\n")
    reindex(corpus, index, encoder=fake)
    opened = Index.open(index, encoder=fake)
    question = Question("q", "tea harvest", answerable=True)

    def document(_: Question, hit: Hit) -> list[str]:
        return [hit.passage.citation.document]

    hundred = opened.ask("tea harvest", k=100).hits
    assert [hit.passage.citation.document for hit in hundred] == ["loud.txt"] * 100
    (found,), _ = ask_all(opened, [question], [frozenset({"quiet.txt"})], document, 5, lambda *_: None)
    assert list(found.units) == ["loud.txt", "quiet.txt"]
    assert [one.document for one in found.stretches] == ["loud.txt"] * 10


@pytest.mark.slow
def test_what_a_question_finds_first_is_what_a_user_gets(articles_index: Path) -> None:
    found = evaluate(ROOT / "tests" / "questions.jsonl", articles_index, sample=10)
    index = Index.open(articles_index)
    for one in found.questions:
        answer = index.ask(one.question)
        assert one.verdict == answer.verdict
        assert one.confidence == pytest.approx(answer.confidence, abs=1e-4)
        assert one.citation == answer.hits[0].passage.citation.place
    assert [one.answerable for one in found.questions].count(True) == 10
    assert len(found.questions) == 20


@given(st.integers(1, 60), st.integers(1, 60))
def test_a_smaller_sample_is_part_of_a_larger_one(one: int, other: int) -> None:
    from nrqa.evaluation.evaluating import _sampled

    questions = [Question(str(at), "q", answerable=at % 3 > 0) for at in range(60)]
    small, large = (_sampled(questions, most) for most in sorted((one, other)))
    assert {question.id for question in small} <= {question.id for question in large}
    assert sum(question.answerable for question in small) == min(one, other, 40)
    assert sum(not question.answerable for question in small) == min(one, other, 20)


@pytest.mark.slow
def test_comparing_with_a_saved_run(farm: Path, fake: FakeEncoder, tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    saved.write_text(json.dumps(evaluate(farm, encoder=fake).to_dict()))
    same = evaluate(farm, compare_with=saved, encoder=fake).comparison
    assert same is not None
    assert (same.questions, same.better, same.worse, same.other_files) == (3, (), (), ())
    write_table(farm / "qrels.tsv", ("query-id", "corpus-id", "score"), [("q1", "bread", 1), ("q2", "coal/mine", 1)])
    worse = evaluate(farm, compare_with=saved, encoder=fake).comparison
    assert worse is not None
    assert [one.id for one in worse.worse] == ["q1"]
    assert worse.other_files == ("qrels.tsv",)
    assert (worse.only_before, worse.only_now) == (1, 0)
    other = write_set(tmp_path / "other", questions={"x": "tea"}, relevant=[("x", "tea", 1)], spans=None)
    with pytest.raises(QuestionSetError, match="no answerable question in common"):
        evaluate(other, compare_with=saved, encoder=fake)


def test_options_that_would_have_no_effect_are_refused(farm: Path, tmp_path: Path) -> None:
    mine = write_lines(tmp_path / "mine.jsonl", [{"question": "tea?", "quotes": []}])
    with pytest.raises(QuestionSetError, match="Leave out --index"):
        evaluate(farm, tmp_path)
    with pytest.raises(QuestionSetError, match="Leave out --work and --model"):
        evaluate(mine, model="other")
    with pytest.raises(QuestionSetError, match="k is 0"):
        evaluate(mine, k=0)
    with pytest.raises(QuestionSetError, match="sample is 0"):
        evaluate(mine, sample=0)


def test_without_the_library_nothing_is_begun(farm: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(NrqaError, match="pip install"):
        nrqa.evaluate(farm, work=tmp_path / "work")
    assert not (tmp_path / "work").exists()


@pytest.mark.slow
def test_the_command_prints_measures_verdicts_and_changes(articles_index: Path, tmp_path: Path) -> None:
    questions = [
        {"id": "m", "question": "why does Russia oppose missile defense", "quotes": ["have significantly influenced"]},
        {"id": "s", "question": "sourdough bread hydration", "quotes": []},
    ]
    mine = str(write_lines(tmp_path / "mine.jsonl", questions))
    where = ("--index", str(articles_index))
    saved = str(tmp_path / "run.json")
    done = run(mine, *where, "--save", saved)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "mine  2 questions · 2 documents, 41 passages · all-MiniLM-L6-v2"
    assert lines[2:4] == ["by passage", "nDCG@10                 1.000"]
    assert "verdicts             answered      weak    absent   unknown" in lines
    assert "1 answerable                1         0         0         0" in lines
    assert "1 unanswerable              0         0         1         0" in lines
    assert lines[-1].endswith("questions a second")
    run_before = json.loads(Path(saved).read_text("utf-8"))
    assert run_before["questions"][0]["citation"] == "nato-russia.txt:29"
    # As if it had been worse.
    run_before["questions"][0]["measures"]["nDCG@10"] = 0.5
    Path(saved).write_text(json.dumps(run_before))
    again = run(mine, *where, "--compare", saved)
    assert (
        f"Compared with {saved} (nrqa 0.1.0, all-MiniLM-L6-v2) over 1 answerable question that both have"
        in again.stdout
    )
    assert "nDCG@10                 0.500     1.000    +0.500   +0.500 to +0.500  better" in again.stdout
    assert "Better by nDCG@10: 1\n  0.50 → 1.00  m  why does Russia oppose missile defense\n" in again.stdout
    assert again.stdout.endswith("Worse by nDCG@10: 0\n")
    as_json = run(mine, *where, "--compare", saved, "--json")
    assert (as_json.returncode, as_json.stderr) == (0, "")
    found = json.loads(as_json.stdout)
    assert list(found) == [
        "version", "created", "set", "k", "sample", "model", "settings", "corpus", "ranked", "measures", "verdicts",
        "questions_per_second", "notices", "comparison", "questions",
    ]  # fmt: skip
    assert found["comparison"]["better"] == [
        {"id": "m", "question": questions[0]["question"], "before": 0.5, "after": 1.0}
    ]
    assert list(found["questions"][0]) == [
        "id", "question", "answerable", "measures", "first_relevant", "verdict", "confidence", "document", "citation",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["/nowhere"], "'/nowhere' does not exist"),
        (["{mine}", "--index", "/nowhere"], "There is no index in '/nowhere'"),
        (["{mine}", "--save", "/nowhere/run.json"], "cannot be saved as '/nowhere/run.json'"),
        (["{mine}", "--compare", "/nowhere"], "The earlier run '/nowhere' cannot be read"),
        (["{mine}", "--spans", "spans.tsv"], "--documents and --spans are for sets"),
        (["{farm}", "--index", "index"], "Leave out --index"),
        (["{farm}", "--documents", "articles.jsonl"], "There is no 'articles.jsonl'"),
        ([], "Missing argument"),
    ],
)
def test_every_error_is_status_2_with_one_message(farm: Path, tmp_path: Path, words: list[str], message: str) -> None:
    mine = write_lines(tmp_path / "mine.jsonl", [{"question": "tea?", "quotes": []}])
    done = CliRunner().invoke(application(), ["eval", *(word.format(mine=mine, farm=farm) for word in words)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_index_of_the_environment_is_asked(
    articles_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRQA_INDEX", str(articles_index))
    shutil.copy(ROOT / "tests" / "questions.jsonl", tmp_path)
    done = run(str(tmp_path), "--sample", "1", "--json")
    assert json.loads(done.stdout)["corpus"]["documents"] == 2
