from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import project
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.encoder.protocol import Encoder
from nrqa.indexing.reindexing import reindex
from nrqa.service.batching import answer_lines

QUESTIONS = project.TESTS / "questions.jsonl"


@pytest.fixture
def opened(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    (corpus / "tea.md").write_text("# Tea\n\nThe tea grows on the southern slope of the mountain.\n")
    (corpus / "coffee.txt").write_text("Title: Coffee\nNations: Kenya\n\nThe coffee grows on the northern slope.\n")
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


def lines(*contents: Any) -> list[bytes]:
    return [json.dumps(one).encode() + b"\n" for one in contents]


def test_every_line_is_answered_as_it_would_be_alone(opened: Index) -> None:
    asked = lines(
        "where does the tea grow",
        {"question": "where does the coffee grow", "id": 7, "k": 1},
        {"question": "what grows", "id": None, "where": {"nations": ["Kenya"]}},
        {"question": "what grows", "only": "*.md"},
        {"question": "what grows", "only": ["*.txt"], "k": None},
    )
    assert list(answer_lines(opened, asked)) == [
        opened.ask("where does the tea grow").to_dict(),
        {"id": 7, **opened.ask("where does the coffee grow", k=1).to_dict()},
        {"id": None, **opened.ask("what grows", where={"nations": "Kenya"}).to_dict()},
        opened.ask("what grows", only="*.md").to_dict(),
        opened.ask("what grows", only="*.txt").to_dict(),
    ]


def test_what_a_line_does_not_say_is_said_for_all(opened: Index) -> None:
    asked = lines("what grows", {"question": "what grows", "only": "*.txt"})
    one, other = answer_lines(opened, asked, k=1, only=["*.md"])
    assert [hit["citation"]["document"] for hit in one["hits"]] == ["tea.md"]
    assert [hit["citation"]["document"] for hit in other["hits"]] == ["coffee.txt"]


@pytest.mark.parametrize(
    "line",
    [
        "where does the tea grow?",
        '"Tea" on which slope?',
        '"where',
        "1801",
        "null",
        "\ufeffwhere does the tea grow",
        "  tea \r",
    ],
)
def test_a_plain_line_is_a_question_as_it_stands(opened: Index, line: str) -> None:
    (answer,) = answer_lines(opened, [f"{line}\n".encode()])
    assert answer["question"] == line.removeprefix("\ufeff").strip()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"{nonsense\n", "no JSON"),
        (b"\xff\n", "no JSON"),
        (b"[" * 100_000 + b"\n", "no JSON"),
        (b"[1]\n", "neither a question nor an object"),
        (b'{"text": "tea"}\n', "no question"),
        (b'{"question": 1}\n', "no question"),
        (b'{"question": "tea", "wher": {}}\n', "'wher' is nothing that a line may say"),
        (b'{"question": "tea", "k": true}\n', "k is true"),
        (b'{"question": "tea", "k": 0}\n', "k is 0"),
        (b'{"question": "tea", "where": "nations=Kenya"}\n', '"where" has'),
        (b'{"question": "tea", "where": {"nations": [{}]}}\n', '"where" has'),
        (b'{"question": "tea", "where": {"colour": "red"}}\n', "metadata named 'colour'"),
        (b'{"question": "tea", "only": 7}\n', '"only" is'),
        (b'"???"\n', "no word or number"),
        (b'{"id": NaN, "question": "tea"}\n', "NaN is no number of JSON"),
        (b'{"id": 1e999, "question": "tea"}\n', "1e999 is no number of JSON"),
        (b'{"question": "tea", "only": "*.md", "only": "*"}\n', 'the key "only" is given twice'),
        (b'{"question": "tea", "where": {"a": 1, "a": 2}}\n', 'the key "a" is given twice'),
        (b'{"question": "tea", "only": "nosuch*"}\n', "No document passes the filter only 'nosuch*'"),
    ],
)
def test_a_bad_line_becomes_an_error_in_its_place_and_the_rest_goes_on(opened: Index, bad: bytes, said: str) -> None:
    good = lines("where does the tea grow")
    before, error, after = answer_lines(opened, [*good, b"\n", bad, *good])
    assert before == after == opened.ask("where does the tea grow").to_dict()
    assert error["line"] == 3
    assert error["error"]["type"] == "QuestionError"
    assert said in error["error"]["message"]


def test_a_bad_line_keeps_its_id(opened: Index) -> None:
    (error,) = answer_lines(opened, lines({"question": "", "id": "seven"}))
    assert error["id"] == "seven"


@pytest.mark.slow
def test_answers_come_before_all_is_read_and_memory_does_not_hold_the_file(opened: Index) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b'"where does the tea grow"\n'

    answers = answer_lines(opened, endless())
    for asked in range(1, 200):
        next(answers)
        assert taken < asked + 100


@pytest.mark.slow
def test_many_questions_get_the_same_answers_as_one_by_one_from_the_real_encoder(
    articles_index: Path, encoder: Encoder
) -> None:
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    opened = Index.open(articles_index, encoder=encoder)
    for one, alone in zip(opened.ask_many(questions), map(opened.ask, questions), strict=True):
        assert [hit.passage for hit in one.hits] == [hit.passage for hit in alone.hits]
        assert [hit.highlights for hit in one.hits] == [hit.highlights for hit in alone.hits]
        assert one.verdict == alone.verdict
        # Questions of other lengths beside it move a vector by some 1e-7.
        assert one.confidence == pytest.approx(alone.confidence, abs=1e-5)
        assert [hit.score for hit in one.hits] == pytest.approx([hit.score for hit in alone.hits], abs=1e-5)


def batch(text: str, index: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nrqa", "query", "--batch", "-", "--index", str(index), *words],
        input=text, capture_output=True, text=True, check=False, env={**os.environ, "NRQA_OFFLINE": "1"},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ('"why does Russia oppose missile defense"\n', 0),
        ("", 0),
        ('"why does Russia oppose missile defense"\n"how do I bake sourdough bread in a cast iron pot"\n', 1),
        ('"how do I bake sourdough bread in a cast iron pot"\n"???"\n', 2),
    ],
)
def test_the_exit_status_is_that_of_the_worst_line(articles_index: Path, asked: str, status: int) -> None:
    done = batch(asked, articles_index)
    assert done.returncode == status, done.stderr
    assert len(done.stdout.splitlines()) == len(asked.splitlines())
    assert all("question" in one or "error" in one for one in map(json.loads, done.stdout.splitlines()))


@pytest.mark.slow
def test_a_line_of_a_batch_is_what_json_gives(articles_index: Path) -> None:
    question = "why does Russia oppose missile defense"
    alone = subprocess.run(
        [sys.executable, "-m", "nrqa", "query", question, "--json", "--index", str(articles_index)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    together = batch(json.dumps({"question": question}), articles_index)
    # A process that asks once opens the encoder in a quicker way, whose last digits differ.
    ours, theirs = (json.loads(one.stdout, parse_float=lambda text: round(float(text), 4)) for one in (together, alone))
    assert ours == theirs


@pytest.mark.parametrize("words", [["what is it"], ["--cite"], ["--certificate"], ["--format", "csv"]])
def test_what_a_batch_cannot_have_is_refused(articles_index: Path, words: list[str]) -> None:
    done = batch("", articles_index, *words)
    assert done.returncode == 2
    assert "--batch asks what stands in its file" in done.stderr


def test_questions_that_are_not_there_are_an_error(articles_index: Path, tmp_path: Path) -> None:
    missing = tmp_path / "none.jsonl"
    done = subprocess.run(
        [sys.executable, "-m", "nrqa", "query", "--batch", str(missing), "--index", str(articles_index)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"The questions in '{missing}' cannot be read" in done.stderr
