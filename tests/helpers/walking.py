"""Pages whose commands are run: each block of ``console`` in order, each line that stands there is printed.

``…`` stands for text that may differ, ``[1]`` for an exit status that is not 0. A line that is only a file's name in
backquotes and a colon gives the block below it to that file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import project

_BLOCK = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


@dataclass
class Step:
    command: str
    expected: list[str] = field(default_factory=list)
    status: int = 0
    file: str = ""
    """The file to be written before the command is run, with these contents."""
    contents: str = ""


def steps(text: str) -> Iterator[Step]:
    for file, language, block in _BLOCK.findall(text):
        if file:
            yield Step("true", file=file, contents=block)
        elif language == "console":
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *lines = part.splitlines()
                step = Step(command, [line for line in lines if line.strip()])
                if step.expected and (status := re.fullmatch(r"\[(\d)\]", step.expected[-1])):
                    step.status = int(status[1])
                    step.expected.pop()
                yield step


def walk(page: Path, folder: Path) -> int:
    """Runs a page's commands in a folder, which gets the articles and the tests' documents; how many there were."""
    shutil.copytree(project.ROOT / "corpus", folder / "corpus")
    (folder / "tests").mkdir()
    (folder / "tests" / "documents").symlink_to(project.ROOT / "tests" / "documents")
    environment = _environment(folder)
    walked = list(steps(page.read_text("utf-8")))
    for step in walked:
        if step.file:
            (folder / step.file).write_text(step.contents, "utf-8")
        if exported := re.fullmatch(r"export (\w+)=(\S+)", step.command):
            environment[exported[1]] = exported[2]
        _run(step, folder, environment)
    return len(walked)


def _run(step: Step, folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["sh", "-c", step.command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == step.status, f"{step.command}\n{done.stdout}{done.stderr}"
    printed = iter(done.stdout.splitlines())
    for line in step.expected:
        pattern = re.compile(re.escape(line).replace("…", ".*"))
        assert any(pattern.fullmatch(one.rstrip()) for one in printed), f"{step.command}\n{line}\n{done.stdout}"


def _environment(folder: Path) -> dict[str, str]:
    """``nrqa`` and ``python`` on the path are those that run the tests."""
    commands = folder / "bin"
    commands.mkdir()
    for name, words in (("nrqa", "-m nrqa"), ("python", "")):
        script = commands / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        script.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name != "NRQA_INDEX"}
    return kept | {"PATH": f"{commands}{os.pathsep}{kept['PATH']}"}
