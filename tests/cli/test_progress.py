"""What a first index says where nobody sees a bar: a few plain lines."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nrqa.cli.progress import progress_bar


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_each_stage_is_told_as_it_begins_and_a_long_one_with_its_rate(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress_bar(quiet=False, lines=True) as (announce, progress):
        progress("loading the encoder", 0, 1)
        announce("Preparing the encoder")
        progress("loading the encoder", 1, 1)
        for done in range(961):
            progress("encoding", done, 960)
            clock[0] += 1 / 16
        progress("encoding", 960, 960)
    assert capsys.readouterr().err.splitlines() == [
        "nrqa: loading the encoder",
        "Preparing the encoder",
        "nrqa: encoding 960 passages",
        "nrqa: encoding 240 of 960 passages, 16/s, 45 s left",
        "nrqa: encoding 480 of 960 passages, 16/s, 30 s left",
        "nrqa: encoding 720 of 960 passages, 16/s, 15 s left",
    ]


def test_what_has_nothing_to_do_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(quiet=False, lines=True) as (_, progress):
        progress("encoding", 0, 0)
        progress("reading", 5, 5)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("options", [{"quiet": True, "lines": True}, {"quiet": False}])
def test_nobody_is_told_who_does_not_watch(options: dict[str, bool], capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(**options) as (announce, progress):
        announce("notice")
        progress("reading", 0, 5)
    assert capsys.readouterr().err == ""


def test_a_bar_counts_what_can_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    with progress_bar(quiet=False) as (_, progress):
        progress("loading the encoder", 0, 1)
        progress("reading", 1, 1200)
        time.sleep(0.3)  # rich draws ten times a second
    assert "loading the encoder" in screen.getvalue()
    assert "1/1,200" in screen.getvalue()
    assert "0/1 " not in screen.getvalue()


def test_a_first_index_says_what_it_does_and_a_second_nothing(corpus: Path, index: Path) -> None:
    (corpus / "one.txt").write_text("The harbour was built in 1801.")
    command = [sys.executable, "-m", "nrqa", "index", str(corpus), "--index", str(index)]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2))
    told = first.stderr.splitlines()
    assert told[:2] == ["nrqa: looking at the corpus", "nrqa: loading the encoder"]
    assert told[-1] == "nrqa: writing the index"
    assert second.stderr == ""
