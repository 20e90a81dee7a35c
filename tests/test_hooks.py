"""The hooks and the GitHub Action do what they say: run by pre-commit itself, and by bash as GitHub does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import project
from nrqa.checking.reading.formats import _SUFFIXES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="hooks and Action are tried in a POSIX shell"),
    pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit needs git"),
]

HOOKS = yaml.safe_load((project.ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION = yaml.safe_load((project.ROOT / "action.yml").read_text("utf-8"))
QUOTED = "It sees “a direct threat to its nuclear deterrent” (nato-russia.txt:29).\n"
MISQUOTED = QUOTED.replace("direct threat", "clear threat")
NOTHING = "Nothing is cited here.\n"


def _git(folder: Path, *words: str) -> str:
    named = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", "-C", str(folder), *named, *words], capture_output=True, text=True, check=True
    ).stdout.strip()


def _repository(folder: Path, files: dict[str, str]) -> str:
    """A git repository with these files; gives its commit."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "first")
    return _git(folder, "rev-parse", "HEAD")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """``nrqa`` on the path is ours, and pre-commit keeps its own things in a folder of the test."""
    commands = tmp_path / "bin"
    commands.mkdir()
    script = commands / "nrqa"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nrqa "$@"\n')
    script.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name != "NRQA_INDEX" and not name.startswith("GIT_")}
    path = f"{commands}{os.pathsep}{kept['PATH']}"
    return kept | {"PATH": path, "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"), "PRE_COMMIT_COLOR": "never"}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository with sources, a text without fault, and one without a citation."""
    folder = tmp_path / "work"
    hooks = tmp_path / "hooks"
    commit = _repository(
        hooks, {".pre-commit-hooks.yaml": (project.ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")}
    )
    # The nrqa that is installed, as the docs have it; pre-commit would else install one of its own.
    ours = {"language": "system", "additional_dependencies": []}
    hook = {"id": "nrqa-verify", "args": ["--corpus", "corpus"], **ours}
    config = {"repos": [{"repo": str(hooks), "rev": commit, "hooks": [hook]}]}
    source = (project.CORPUS / "nato-russia.txt").read_text("utf-8")
    files = {"memo one.md": QUOTED, "notes.md": NOTHING, "corpus/nato-russia.txt": source, "data.csv": "a,b\n"}
    _repository(folder, files | {".pre-commit-config.yaml": yaml.safe_dump(config)})
    return folder


def _pre_commit(work: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"]
    return subprocess.run(words, cwd=work, env=environment, capture_output=True, text=True, check=False)


def test_the_hook_passes_texts_without_fault_and_stops_a_commit_with_one(
    work: Path, environment: dict[str, str]
) -> None:
    done = _pre_commit(work, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 citation: 1 intact" in done.stdout
    (work / "memo one.md").write_text(MISQUOTED, "utf-8")
    _git(work, "add", "--all")
    done = _pre_commit(work, environment)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "[-clear-] {+direct+}" in done.stdout


def test_the_hook_notices_a_source_that_changed_under_a_citation(work: Path, environment: dict[str, str]) -> None:
    source = work / "corpus" / "nato-russia.txt"
    source.write_text(source.read_text("utf-8").replace("a direct threat to its", "no threat to its"), "utf-8")
    _git(work, "add", "--all")
    done = _pre_commit(work, environment)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "memo one.md" in done.stdout


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_each_hook_calls_a_command_that_there_is(hook: dict[str, str], environment: dict[str, str]) -> None:
    command, verb, *options = hook["entry"].split()
    done = subprocess.run([command, verb, "--help"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert all(option in done.stdout for option in options)


def test_the_hook_for_drafts_takes_no_file_that_is_none() -> None:
    pattern = next(hook["files"] for hook in HOOKS if hook["id"] == "nrqa-check")
    suffixes = re.findall(r"\w+\??", pattern.partition("(")[2].rstrip(")$"))
    for suffix in suffixes:
        for one in (suffix.replace("?", ""), suffix[:-2] if suffix.endswith("?") else suffix):
            assert f".{one}" in _SUFFIXES, one


def test_the_hook_that_verifies_installs_all_it_needs(work: Path, environment: dict[str, str], tmp_path: Path) -> None:
    """In an environment of its own it reads every kind of source, and takes none of nrqa's dependencies by itself."""
    options, *named = HOOKS[0]["additional_dependencies"]
    assert options == "--no-deps"
    venv.create(tmp_path / "lean", symlinks=True)
    (packages,) = (tmp_path / "lean").glob("lib/python3*/site-packages")
    for one in named:
        found = distribution(Requirement(one).name)
        for file in found.files or ():
            if ".." not in file.parts:
                (packages / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file.locate(), packages / file)
    (packages / "nrqa.pth").write_text(str(project.ROOT / "src"))
    shutil.copytree(project.ROOT / "tests" / "documents", work / "corpus" / "documents")
    # What stands nowhere is looked for everywhere.
    (work / "gone.md").write_text(
        "It is “a sentence that none of all the sources has” (nato-russia.txt:29).\n", "utf-8"
    )
    words = [
        str(tmp_path / "lean" / "bin" / "python"),
        "-m",
        "nrqa",
        "verify",
        "gone.md",
        "--corpus",
        "corpus",
        "--json",
    ]
    done = subprocess.run(words, cwd=work, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["counts"]["gone"] == 1
    assert [one["document"] for one in said["unreadable"]] == ["documents/pdf/encrypted.pdf"]
    assert said["documents"] > 60


@pytest.mark.parametrize("check", ["true", "false"])
def test_the_action_installs_no_more_than_is_asked_for(check: str, tmp_path: Path, environment: dict[str, str]) -> None:
    log = tmp_path / "log"
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\necho "$@" >> "{log}"\n[ "$2" = venv ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python"\nexit 0\n'
    )
    python.chmod(0o755)
    step = ACTION["runs"]["steps"][0]
    given = {"INSTALL": "action", "PYTHON": str(python), "CHECK": check, "TORCH_INDEX": "https://example.org/cpu"}
    assert set(step["env"]) == set(given)
    runner = {"RUNNER_TEMP": str(tmp_path), "GITHUB_PATH": str(tmp_path / "path")}
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    where = environment | given | runner | {"GITHUB_ACTION_PATH": str(project.ROOT)}
    done = subprocess.run(words, env=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "path").read_text() == f"{tmp_path}/nrqa/bin\n"
    pip = "-m pip --quiet --disable-pip-version-check install"
    lean = " ".join(HOOKS[0]["additional_dependencies"])
    asked = [f"{pip} torch --index-url https://example.org/cpu", f"{pip} {project.ROOT}"]
    expected = asked if check == "true" else [f"{pip} {project.ROOT} {lean}"]
    assert log.read_text().splitlines() == [f"-m venv {tmp_path}/nrqa", *expected]


def _act(work: Path, environment: dict[str, str], **inputs: str) -> subprocess.CompletedProcess[str]:
    """The Action's second step as GitHub runs it, with its inputs."""
    step = ACTION["runs"]["steps"][1]
    defaults = {name: str(one.get("default", "")) for name, one in ACTION["inputs"].items()}
    values = defaults | inputs
    given = {name: values[value.removeprefix("${{ inputs.").removesuffix(" }}")] for name, value in step["env"].items()}
    script = work.parent / "step.sh"
    script.write_text(step["run"], "utf-8")
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    return subprocess.run(words, cwd=work, env=environment | given, capture_output=True, text=True, check=False)


def test_the_action_shows_each_finding_at_its_line(work: Path, environment: dict[str, str]) -> None:
    done = _act(work, environment, files="*.md nowhere/**/*.md")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 citation: 1 intact" in done.stdout
    (work / "memo one.md").write_text(f"A line before.\n\n{MISQUOTED}", "utf-8")
    done = _act(work, environment, files="**/*.md")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "::error file=memo one.md,line=3,title=edited::nato-russia.txt:29" in done.stdout


def test_the_action_checks_quotations_against_an_index_of_its_own(work: Path, environment: dict[str, str]) -> None:
    (work / "memo one.md").write_text(MISQUOTED, "utf-8")
    done = _act(work, environment, files="*.md", verify="false", check="true")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "::error file=memo one.md,line=1,endLine=1,col=9," in done.stdout
    assert "notes.md: 0 quotations to look at of 0" in done.stdout


def test_the_action_says_where_no_file_matches(work: Path, environment: dict[str, str]) -> None:
    done = _act(work, environment, files="articles/*.md\n$(touch${IFS}owned)* `touch${IFS}owned`*")
    assert done.returncode == 2
    assert done.stdout.startswith("::error::No file matches: articles/*.md")
    assert not (work / "owned").exists()


def test_the_action_hands_no_input_to_the_shell_as_code() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]


def test_verifying_needs_neither_encoder_nor_index(work: Path, environment: dict[str, str]) -> None:
    """What a hook or a CI job needs at least: no PyTorch, no onnxruntime, no FAISS, no numpy."""
    without = (
        "torch sentence_transformers transformers onnx onnxruntime tokenizers faiss tantivy numpy scipy sklearn".split()
    )
    code = f"""
import sys
for name in {without}: sys.modules[name] = None
sys.argv = ["nrqa", "verify", "memo one.md", "--corpus", "corpus"]
from nrqa.cli import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=work, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "1 citation: 1 intact" in done.stdout
