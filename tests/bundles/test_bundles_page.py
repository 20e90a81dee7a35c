"""docs/bundles.md is true: its commands, run one after another, do what stands there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import project

PAGE = project.ROOT / "docs" / "bundles.md"


@pytest.mark.slow
def test_the_commands_of_the_page_do_what_it_says(
    articles_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NRQA_CACHE")  # the encoder is in the user's own
    monkeypatch.chdir(tmp_path)
    shutil.copytree(articles_index, tmp_path / "index")
    (tmp_path / "corpus").symlink_to(articles_index.parent / "corpus")
    (shown,) = re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    steps = re.split(r"^\$ nrqa ", shown, flags=re.MULTILINE)[1:]
    assert len(steps) > 5
    for step in steps:
        words, _, expected = step.partition("\n")
        command = [sys.executable, "-m", "nrqa", *shlex.split(words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert _rough(expected) in _rough(done.stdout), words
    assert "0 embedded" in done.stdout


def _rough(text: str) -> str:
    """Without what differs from machine to machine."""
    return re.sub(r"root [0-9a-f]{16}", "root", re.sub(r"[\d.]+ MB", "MB", text))
