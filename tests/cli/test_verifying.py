"""`nrqa verify`, and `--cite`, as a user meets them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nrqa.cli import application

QUESTION = "why does Russia oppose missile defense"


@pytest.fixture(autouse=True)
def _index(articles_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRQA_INDEX", str(articles_index))


def _run(*words: str, given: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(application(), list(words), input=given)
    return done.exit_code, done.stdout


def test_what_a_question_cites_is_verified_shown_and_read_from_a_pipe() -> None:
    status, lines = _run("query", QUESTION, "--cite", "-k", "2")
    assert status == 0
    first, _ = lines.splitlines()
    assert first.startswith("nato-russia.txt:29 §Disputes over missile defense systems in Europe #")
    assert _run("show", first)[1].startswith("nato-russia.txt:29")
    assert _run("show", "nato-russia.txt:29", "--cite") == (0, f"{first}\n")
    status, told = _run("verify", "-", given=lines)
    assert (status, told.splitlines()[-1].split("  ")[0]) == (0, "2 citations: 2 intact")


def test_the_json_of_a_question_has_its_citations_and_is_verified(tmp_path: Path) -> None:
    status, told = _run("query", QUESTION, "--cite", "--json", "-k", "2")
    assert status == 0
    hit = json.loads(told)["hits"][0]
    assert hit["annotation"]["cite"] == hit["cite"]
    assert hit["annotation"]["target"]["selector"][0]["exact"] == hit["text"]
    file = tmp_path / "answer.json"
    file.write_text(told, "utf-8")
    status, told = _run("verify", str(file), "--json")
    assert (status, json.loads(told)["counts"]["intact"]) == (0, 2)


def test_the_exit_status_is_for_ci(articles: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(articles, corpus)
    memo = tmp_path / "memo.md"
    memo.write_text(_run("query", QUESTION, "--cite", "-k", "1")[1], "utf-8")
    source = corpus / "nato-russia.txt"
    source.write_text("A new line.\n" + source.read_text("utf-8"), "utf-8")
    verify = ("verify", str(memo), "--corpus", str(corpus))
    assert _run(*verify)[0] == 1
    assert _run(*verify, "--update")[0] == 0
    assert _run(*verify)[0] == 0
    source.write_text(source.read_text("utf-8").replace("significantly", "hardly"), "utf-8")
    status, told = _run(*verify)
    assert status == 1
    assert "gone" in told
    assert _run("verify", str(tmp_path / "none.md"))[0] == 2
    assert _run("query", QUESTION, "--cite", "--format", "csv")[0] == 2
