"""docs/walkthrough.md is true: its commands are run, in order, and print what stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import project

ROOT = project.ROOT
PAGE = ROOT / "docs" / "walkthrough.md"
DRAFT = """Russia sees the installations as “a direct threat to its nuclear deterrent” (nato-russia.txt:29).

The alliance calls them “primarily aimed at countering real threats from states such as Iran”.
"""


@dataclass
class Step:
    command: str
    expected: list[str]
    status: int = 0


def steps(text: str) -> Iterator[Step]:
    for block in re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.splitlines()
            step = Step(command, [line for line in lines if line.strip()])
            if step.expected and (status := re.fullmatch(r"\[(\d)\]", step.expected[-1])):
                step.status = int(status[1])
                step.expected.pop()
            yield step


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the page is written for a POSIX shell")
def test_the_walk_goes_as_it_is_written(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    (tmp_path / "draft.md").write_text(DRAFT)
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, words in (("nrqa", "-m nrqa"), ("python", "")):
        script = commands / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        script.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "NRQA_INDEX"}
    environment["PATH"] = f"{commands}{os.pathsep}{environment['PATH']}"
    walked = list(steps(PAGE.read_text("utf-8")))
    assert len(walked) > 20
    for step in walked:
        done = subprocess.run(
            ["sh", "-c", step.command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == step.status, f"{step.command}\n{done.stdout}{done.stderr}"
        printed = iter(done.stdout.splitlines())
        for line in step.expected:
            pattern = re.compile(re.escape(line).replace("…", ".*"))
            assert any(pattern.fullmatch(one.rstrip()) for one in printed), f"{step.command}\n{line}\n{done.stdout}"
