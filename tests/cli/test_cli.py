"""The command line as a user meets it: what it prints, where, and with which exit status."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.progress import Progress
from typer.testing import CliRunner

from nrqa.cli import application
from nrqa.cli.progress import progress_bar

QUESTION = "why does Russia oppose missile defense"


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nrqa", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_an_answered_question_is_status_0_and_shows_place_heading_text_and_notice(articles_index: Path) -> None:
    done = run("query", *QUESTION.split(), "-k", "1", "--index", str(articles_index))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "1  nato-russia.txt:29  § Disputes over missile defense systems in Europe"
    assert lines[1].startswith("   Disputes over missile defense systems in Europe have significantly influenced")
    assert lines[2].startswith(" ▌ Russia perceives NATO missile defense installations as a direct threat")
    assert lines[2].endswith("regional missile threats.")
    assert lines[3].startswith("   source notice: 📝 Note for Readers: This piece includes AI-assisted content.")
    assert lines[-1].startswith("answered  confidence ")
    assert "searched 2 documents, 41 passages · generation 1" in lines[-1]


def test_nothing_found_is_status_1_and_says_so_first(articles_index: Path) -> None:
    done = run("query", "sourdough bread hydration", "--index", str(articles_index))
    assert done.returncode == 1
    assert done.stdout.startswith("Nothing in the corpus answers this. Nearest passages, which are not answers:")
    assert "absent  confidence 0.0" in done.stdout


def test_json_is_exactly_one_object_of_the_contract(articles_index: Path) -> None:
    done = run("query", QUESTION, "--json", "-k", "2", NRQA_INDEX=str(articles_index))
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert list(answer) == ["question", "verdict", "confidence", "generation", "hits", "searched", "notices"]
    assert list(answer["searched"]) == [
        "documents", "passages", "unreadable", "stale", "corpus", "where", "only", "nowhere", "nearest",
    ]  # fmt: skip
    hit = answer["hits"][0]
    assert list(hit) == ["rank", "score", "signals", "text", "highlights", "citation", "also"]
    assert list(hit["citation"]) == [
        "document", "title", "heading", "start", "end", "line_start", "line_end", "page", "sha256", "metadata",
        "locators", "rectangles", "flags",
    ]  # fmt: skip
    assert all(list(span) == ["start", "end"] for one in answer["hits"] for span in one["highlights"])
    source = (articles_index.parent / "corpus" / "nato-russia.txt").read_text("utf-8")
    assert hit["text"] == source[hit["citation"]["start"] : hit["citation"]["end"]]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["query", "hello", "--index", "/nowhere"], "There is no index in '/nowhere'"),
        (["query", "?!"], "no word or number"),
        (["query", "hello", "-k", "0"], "k is 0"),
        (["query", "hello", "--where", "nations"], "Write KEY=VALUE"),
        (["query", "hello", "--where", "country=x"], "No document has metadata named 'country'"),
        (["show", "nato-russia.txt:"], "is no citation"),
        (["show", "nato-rusia.txt:3"], "Did you mean nato-russia.txt"),
        (["show", "nato-russia.txt:1000"], "has 59 lines"),
        (["show", "nato-russia.txt@5-99999"], "is no span of it"),
        (["status", "--index", "/nowhere"], "There is no index in '/nowhere'"),
        (["index", "/nowhere"], "does not exist"),
        (["query"], "There is no question"),
        (["query", "hello", "--bogus"], "No such option"),
    ],
)
def test_every_error_is_status_2_with_one_message_on_stderr(
    articles_index: Path, words: list[str], message: str
) -> None:
    if "--index" not in words:
        words = [*words, "--index", str(articles_index)]
    done = run(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_output_in_a_narrow_encoding_is_no_error(articles_index: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nrqa", "query", QUESTION, "--index", str(articles_index)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "📝".encode() in done.stdout


def test_half_a_character_in_an_argument_is_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable.encode(), b"-m", b"nrqa", b"query", b"x", b"--json", b"--index", b"/nowhere/\xff"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert json.loads(done.stdout)["error"]["type"] == "IndexMissingError"


def test_an_error_under_json_is_one_object_too() -> None:
    done = run("query", "hello", "--json", "--index", "/nowhere")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["type"] == "IndexMissingError"


@pytest.mark.slow
def test_filters_on_the_command_line(articles_index: Path) -> None:
    where = run("query", "tensions", "--json", "--where", "Nations=russie", "--index", str(articles_index))
    assert {hit["citation"]["document"] for hit in json.loads(where.stdout)["hits"]} == {"russia-nato-tensions.txt"}
    only = run("query", "tensions", "--json", "--only", "nato-*", "--index", str(articles_index))
    assert {hit["citation"]["document"] for hit in json.loads(only.stdout)["hits"]} == {"nato-russia.txt"}


@pytest.mark.slow
def test_the_whole_life_of_an_index(articles: Path, tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", str(tmp_path / "index")
    shutil.copytree(articles, corpus)
    built = json.loads(run("index", str(corpus), "--index", index, "--json").stdout)
    assert {name: built[name] for name in built if name.startswith(("documents", "generation"))} == {
        "generation": 1,
        "documents_added": 2,
        "documents_changed": 0,
        "documents_removed": 0,
        "documents_unchanged": 0,
        "documents_unreadable": 0,
    }
    assert built["passages_embedded"] == built["passages_total"] == 41
    file = corpus / "nato-russia.txt"
    file.write_text("A paragraph that was not there before stands at the top of the file now.\n" + file.read_text())
    (corpus / "picture.png").write_bytes(b"png")
    stale = run("query", QUESTION, "--index", index)
    assert "Changed since the index was built (run `nrqa index`): 2 files" in stale.stdout
    # Without naming the corpus: the index knows it.
    again = run("index", "--index", index, "--json")
    report = json.loads(again.stdout)
    assert (report["documents_changed"], report["documents_unreadable"]) == (1, 1)
    assert report["passages_embedded"] <= 2
    answer = json.loads(run("query", QUESTION, "--index", index, "--json").stdout)
    assert answer["hits"][0]["citation"]["line_start"] == 30
    assert answer["searched"]["unreadable"][0]["document"] == "picture.png"
    status = json.loads(run("status", "--verify", "--index", index, "--json").stdout)
    assert (status["documents"], status["damaged"], status["stale"]) == (2, [], [])
    text = run("status", "--index", index).stdout
    assert "Not searchable: 1 file\n  picture.png  .png files are not supported" in text
    # A single changed byte is found and named.
    vectors = next(Path(index).glob("000002/part-*/vectors.faiss"))
    data = bytearray(vectors.read_bytes())
    data[-1] ^= 1
    vectors.write_bytes(data)
    verified = run("status", "--verify", "--index", index)
    assert verified.returncode == 2
    assert f"damaged  {vectors.parent.name}/vectors.faiss has other contents than were written" in verified.stdout


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "nice"), reason="no priorities here")
def test_an_index_run_steps_back_where_questions_may_be_asked_meanwhile(corpus: Path, index: Path) -> None:
    (corpus / "one.txt").write_text("The harbour was built in 1801.")
    code = (
        "import os, sys; from nrqa.cli import application; print(os.nice(0)); "
        "application()(sys.argv[1:], standalone_mode=False); print(os.nice(0))"
    )
    words = [sys.executable, "-c", code, "index", str(corpus), "--index", str(index), "--json"]
    runs = [subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines() for _ in range(2)]
    before = int(runs[0][0])
    assert int(runs[0][-1]) == before
    assert int(runs[1][-1]) == min(before + 10, 19)


def test_show_prints_the_lines_around_a_citation(articles_index: Path) -> None:
    done = run("show", "nato-russia.txt:29", "--around", "1", "--index", str(articles_index))
    lines = done.stdout.splitlines()
    assert lines[0] == "nato-russia.txt:29  § Disputes over missile defense systems in Europe"
    assert lines[2] == "28   Disputes over missile defense systems in Europe"
    assert lines[3].startswith("29 ▌ Disputes over missile defense systems in Europe have")
    assert lines[4].startswith("30   The deployment")


@pytest.mark.parametrize(
    "citation",
    [
        "nato-russia.txt:29",
        "corpus/nato-russia.txt:29",
        "nato-russia.txt:29-29",
        "nato-russia.txt@8300-8310",
        "nato-russia.txt:29 §Disputes over missile defense systems in Europe #a1b2c3",
    ],
)
def test_show_takes_a_citation_in_every_form_it_is_printed_in(articles_index: Path, citation: str) -> None:
    done = run("show", citation, "--json", "--index", str(articles_index))
    assert [one["citation"]["line_start"] for one in json.loads(done.stdout)["passages"]] == [29]


def test_a_reader_who_leaves_early_is_no_error(articles_index: Path) -> None:
    command = f"'{sys.executable}' -m nrqa query '{QUESTION}' --index '{articles_index}' | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("closed", [1, 2])
@pytest.mark.parametrize(("command", "status"), [("index", 2), ("query 'what is it'", 2), ("index --help", 0)])
def test_the_exit_status_is_the_same_where_a_stream_is_closed(
    tmp_path: Path, command: str, status: int, closed: int
) -> None:
    line = f"'{sys.executable}' -m nrqa {command} {closed}>&-"
    done = subprocess.run(["bash", "-c", line], capture_output=True, cwd=tmp_path, check=False)
    assert done.returncode == status


@pytest.mark.slow
def test_on_a_terminal_there_are_colours_and_in_a_pipe_there_are_none(articles_index: Path) -> None:
    piped = run("query", QUESTION, "--index", str(articles_index))
    assert "\x1b" not in piped.stdout
    master, slave = pty.openpty()
    words = [sys.executable, "-m", "nrqa", "query", QUESTION, "-k", "1", "--index", str(articles_index)]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "60"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(words, stdout=slave, stderr=slave, env=environment) as process:
        os.close(slave)
        seen = b""
        while True:
            try:
                chunk = os.read(master, 65536)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not chunk:
                break
            seen += chunk
        assert process.wait() == 0
    os.close(master)
    assert b"\x1b[" in seen
    assert b"nato-russia.txt:29" in seen


def test_a_bar_is_not_drawn_for_every_file(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[float] = []
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(Progress, "update", lambda _, __, completed, **___: drawn.append(completed))
    with progress_bar(quiet=False) as (_, progress):
        for at in range(20_001):
            progress("reading", at, 20_000)
    assert drawn[0] == 0
    assert drawn[-1] == 20_000
    assert len(drawn) < 200


def test_version_and_help() -> None:
    runner = CliRunner()
    assert runner.invoke(application(), ["--version"]).output.startswith("nrqa 0.")
    for command in ([], ["index"], ["query"], ["show"], ["status"]):
        done = runner.invoke(application(), [*command, "--help"])
        assert done.exit_code == 0
        assert "Usage:" in done.output
