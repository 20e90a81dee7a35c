"""The prompt that asks again and again, and opening what was found."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.cli.opening import editor_command, open_hit
from nrqa.cli.prompting import Talk, answer_line
from nrqa.errors import NrqaError
from nrqa.indexing.reindexing import reindex


@pytest.fixture
def talk(corpus: Path, index: Path, fake: FakeEncoder) -> Talk:
    (corpus / "tea.txt").write_text("Notes.\n\nThe tea grows on the southern slope of the mountain.\n")
    (corpus / "coffee.md").write_text("# Coffee\n\nThe coffee grows on the northern slope of the hill.\n")
    reindex(corpus, index, encoder=fake)
    return Talk({"index": Index.open(index, encoder=fake)}, {"k": 5, "where": {}, "only": None})


def said(talk: Talk, line: str, capsys: pytest.CaptureFixture[str]) -> str:
    answer_line(talk, line)
    written = capsys.readouterr()
    return written.out + written.err


def test_questions_are_answered_and_their_hits_shown_and_cited(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    assert "1  tea.txt:1-3" in said(talk, "where does the tea grow", capsys)
    assert "3 ▌ The tea grows" in said(talk, "show 1", capsys)
    assert said(talk, "cite 1", capsys).startswith("tea.txt:1-3 #")
    assert "1  tea.txt:1-3" in said(talk, "full", capsys)


def test_settings_hold_from_then_on(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    answer_line(talk, "k 1")
    assert "2  " not in said(talk, "which slope grows", capsys)
    answer_line(talk, ":only *.md")
    assert "1  coffee.md:3" in said(talk, "where does the tea grow", capsys)
    answer_line(talk, ":only")
    assert "1  tea.txt:1-3" in said(talk, "where does the tea grow", capsys)
    answer_line(talk, ":where title=Coffee")
    assert talk.options["where"] == {"title": ["Coffee"]}


@pytest.mark.parametrize("question", ["open questions of the tea", "where does it grow", "only tea", "show me tea"])
def test_what_only_begins_like_a_command_is_a_question(
    talk: Talk, question: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "generation 1" in said(talk, question, capsys)


@pytest.mark.parametrize(
    ("line", "message"),
    [("open 1", "ask something first"), ("full", "Nothing was asked"), (":where tea", "no condition")],
)
def test_what_cannot_be_done_is_an_error_and_the_prompt_goes_on(talk: Talk, line: str, message: str) -> None:
    with pytest.raises(NrqaError, match=message):
        answer_line(talk, line)
    answer_line(talk, "where does the tea grow")
    with pytest.raises(NrqaError, match="There is no hit 9; there are 2"):
        answer_line(talk, "open 9")


def test_a_hit_is_opened_at_its_line_in_the_users_editor(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log, editor = tmp_path / "log", tmp_path / "vim"
    editor.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{log}"\n')
    editor.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{editor} -n")
    answer_line(talk, "where does the tea grow")
    assert "opened" in said(talk, "open 1", capsys)
    place = next(iter(talk.indexes.values())).folder.parent / "corpus" / "tea.txt"
    assert log.read_text() == f"-n|+3|{place.resolve()}|"


def test_a_file_that_is_gone_or_a_desktop_that_is_not_there_is_said(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VISUAL", "EDITOR", "NRQA_EDITOR", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    index = next(iter(talk.indexes.values()))
    hit = index.ask("where does the tea grow").hits[0]
    if sys.platform == "linux":
        with pytest.raises(NrqaError, match="no desktop"):
            open_hit(hit, index)
    (index.folder.parent / "corpus" / "tea.txt").unlink()
    with pytest.raises(NrqaError, match="is not there any more"):
        open_hit(hit, index)


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("vim", ["vim", "+7", "/a b.txt"]),
        ("/usr/bin/nano -w", ["/usr/bin/nano", "-w", "+7", "/a b.txt"]),
        ("code --wait", ["code", "--wait", "-g", "/a b.txt:7"]),
        ("subl", ["subl", "/a b.txt:7"]),
        ("pycharm", ["pycharm", "--line", "7", "/a b.txt"]),
        ("ours", ["ours", "/a b.txt"]),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_way(editor: str, words: list[str]) -> None:
    assert editor_command(editor, Path("/a b.txt"), 7) == words


@pytest.mark.slow
def test_on_a_terminal_a_query_without_a_question_asks_for_one(articles_index: Path) -> None:
    master, slave = pty.openpty()
    words = [sys.executable, "-m", "nrqa", "query", "--index", str(articles_index)]
    with subprocess.Popen(
        words, stdin=slave, stdout=slave, stderr=slave, env={**os.environ, "TERM": "dumb"}
    ) as process:
        os.close(slave)
        seen, typed = b"", [b"who is NATO's rival?\n", b"show 1\n", b"\x04"]
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                chunk = os.read(master, 65536)
            except OSError:
                break
            seen += chunk
            if not chunk:
                break
            if seen.count(b"nrqa> ") > 3 - len(typed) and typed:
                os.write(master, typed.pop(0))
        os.close(master)
    assert process.returncode == 0
    assert b"2 documents, 41 passages" in seen
    assert seen.count(b"generation 1") == 1
    assert "▌".encode() in seen


def test_without_a_terminal_it_is_an_error(articles_index: Path) -> None:
    words = [sys.executable, "-m", "nrqa", "query", "--index", str(articles_index)]
    done = subprocess.run(words, input="x\n", capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "There is no question" in done.stderr
