"""`nrqa replay` and `nrqa standing` as a user meets them: a walk on the two articles with the real encoder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nrqa.cli import application

QUESTION = "why does Russia oppose missile defense"
PLACE = "nato-russia.txt:29"


def run(*words: str, index: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nrqa", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NRQA_INDEX": str(index)},
    )


@pytest.fixture
def own(articles_index: Path, tmp_path: Path) -> Path:
    """An index and corpus of the articles that may be changed; gives the index."""
    shutil.copytree(articles_index.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / articles_index.name


@pytest.mark.slow
def test_a_walk_from_the_receipt_to_the_explained_change(own: Path, tmp_path: Path) -> None:
    file = tmp_path / "missile-defense.json"
    asked = run("query", QUESTION, "-k", "3", "--receipt", str(file), index=own)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert asked.stdout.startswith(f"1  {PLACE}")
    same = run("replay", str(file), index=own)
    assert (same.returncode, same.stderr) == (0, "")
    assert re.match(rf"identical  {QUESTION}\n   (answered|weak), confidence [01]\.\d\d ", same.stdout)
    # Somebody edits the sentence, puts a line above it, and adds a document that speaks of it as well.
    article = tmp_path / "corpus" / "nato-russia.txt"
    text = article.read_text("utf-8")
    assert "as a direct threat to its nuclear deterrent" in text
    article.write_text(
        text.replace("as a direct threat to its nuclear", "as an indirect threat to its nuclear"), "utf-8"
    )
    (tmp_path / "corpus" / "new.txt").write_text(
        "Why does Russia oppose missile defense? Russia opposes missile defense in Europe since it fears that missile "
        "defense could make its nuclear deterrent worthless.\n"
    )
    assert run("index", index=own).returncode == 0
    found = run("replay", str(file), index=own)
    assert found.returncode == 1
    assert found.stdout.startswith(f"changed  {QUESTION}\n")
    told = found.stdout
    assert "nato-russia.txt was edited, and this text stands nowhere any more; 3 of its 4 sentences at" in told
    assert "+  new.txt:1  “Why does Russia oppose missile defense? Russia opposes" in told
    assert "new: hit 1; its document was added" in told
    assert "outranked: still at nato-russia.txt:" in told
    assert "corpus  1 added: new.txt; 1 edited: nato-russia.txt" in told
    as_json = run("replay", str(file), "--json", index=own)
    assert (as_json.returncode, as_json.stderr) == (1, "")
    assert json.loads(as_json.stdout)["result"] == "changed"
    # With everything as it was, it is identical again, in an index built anew.
    article.write_text(text, "utf-8")
    (tmp_path / "corpus" / "new.txt").unlink()
    assert run("index", "--rebuild", index=own).returncode == 0
    assert run("replay", str(file), index=own).returncode == 0


@pytest.mark.slow
def test_a_walk_with_standing_questions(own: Path, tmp_path: Path) -> None:
    none = run("standing", index=own)
    assert (none.returncode, none.stdout) == (0, 'There are no standing questions. Add one: nrqa standing add "…"\n')
    assert run("standing", "add", *QUESTION.split(), "-k", "2", index=own).stdout.startswith(f"1  {QUESTION}  ")
    again = run("standing", "add", QUESTION, "-k", "2", index=own)
    assert (again.returncode, again.stderr) == (0, "nrqa: that question stands already\n")
    assert json.loads(run("standing", "add", "sourdough bread hydration", "--json", index=own).stdout)["added"] is True
    listed = run("standing", "list", index=own).stdout.splitlines()
    assert [line.split("  ")[:2] for line in listed] == [["1", QUESTION], ["2", "sourdough bread hydration"]]
    assert run("standing", index=own).returncode == 0
    article = tmp_path / "corpus" / "nato-russia.txt"
    article.write_text(article.read_text("utf-8").replace("as a direct threat", "as an indirect threat"), "utf-8")
    assert run("index", index=own).returncode == 0
    report = run("standing", index=own)
    assert report.returncode == 1
    assert report.stdout.startswith(f"1  changed  {QUESTION}\n")
    assert "[-a direct-] {+an indirect+}" in report.stdout
    assert "1 of 2 answers changed · generation 2" in report.stdout
    accepted = run("standing", "--accept", "--json", index=own)
    assert (accepted.returncode, json.loads(accepted.stdout)["changed"]) == (1, 1)
    assert run("standing", index=own).returncode == 0
    assert run("index", "--rebuild", index=own).returncode == 0
    assert run("standing", index=own).stdout.splitlines()[:2] == [
        f"1  identical  {QUESTION}",
        "2  identical  sourdough bread hydration",
    ]
    assert run("standing", "remove", "2", index=own).returncode == 0
    assert len(run("standing", "list", index=own).stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["replay", "/nowhere.json"], "The receipt '/nowhere.json' cannot be read"),
        (["replay", __file__], "is no receipt"),
        (["query", "hello", "--receipt", __file__], "is there already, and a receipt replaces nothing"),
        (["standing", "remove", "3"], "There is no standing question 3"),
        (["standing", "add", "?!"], "no word or number"),
        (["standing", "add", "hello", "--where", "nations"], "Write KEY=VALUE"),
        (["standing", "--accept", "list"], "Write options behind the word: nrqa standing list … --accept"),
        (["standing", "accept"], "No such command"),
        (["standing", "list", "--index", "/nowhere"], "There is no folder '/nowhere'"),
        (["standing", "--folder", "/nowhere"], "There is no folder '/nowhere'"),
        (["standing", "--index", "/nowhere"], "There is no index in '/nowhere'"),
    ],
)
def test_every_error_is_status_2_with_one_message(articles_index: Path, words: list[str], message: str) -> None:
    done = run(*words, index=articles_index)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_an_error_under_json_is_one_object(articles_index: Path) -> None:
    for words in (["replay", "/nowhere.json", "--json"], ["standing", "remove", "3", "--json"]):
        done = run(*words, index=articles_index)
        assert done.returncode == 2
        assert list(json.loads(done.stdout)) == ["error"]


def test_help() -> None:
    for words in (["replay"], ["standing"], ["standing", "add"], ["standing", "list"], ["standing", "remove"]):
        done = CliRunner().invoke(application(), [*words, "--help"])
        assert done.exit_code == 0
        assert "Usage:" in done.output
