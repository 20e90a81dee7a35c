"""Completion: what is offered, that it is quick, and that the shells understand it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import nrqa
from fakes import FakeEncoder
from nrqa.cli import application
from nrqa.cli.completing import by_folder, index_of, offered
from nrqa.cli.frame import GROUPS
from nrqa.cli.manual import page
from nrqa.cli.shells import Shell, script
from nrqa.indexing.reindexing import reindex


@pytest.fixture
def library(corpus: Path, index: Path, fake: FakeEncoder) -> Path:
    (corpus / "reports").mkdir()
    (corpus / "reports" / "tea time.txt").write_text("Author: Ann Lee\n\nThe tea grows on the slope.\n")
    (corpus / "reports" / "gone.txt").write_text("The tea is gone.\n")
    (corpus / "notes.md").write_text("# Notes\n\nThe coffee grows.\n")
    reindex(corpus, index, encoder=fake)
    (corpus / "reports" / "gone.txt").unlink()
    reindex(corpus, index, encoder=fake)
    return index


def test_documents_are_offered_by_the_beginning_of_their_path_or_else_of_their_name(library: Path) -> None:
    line = ["nrqa", "show", "--index", str(library)]
    assert offered("document", "", line) == ["notes.md", "reports/tea time.txt"]
    assert offered("document", "rep", line) == ["reports/tea time.txt"]
    assert offered("document", "tea", line) == ["reports/tea time.txt"]
    assert offered("document", "*", line) == []


def test_metadata_keys_then_values_are_offered(library: Path) -> None:
    line = ["nrqa", "query", f"--index={library}"]
    assert "author=" in offered("condition", "au", line)
    assert offered("condition", "author=an", line) == ["author=ann lee"]
    assert offered("condition", "nothing=", line) == []


def test_a_bundle_offers_its_documents_once_it_was_asked(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeEncoder
) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    bundle = tmp_path / "library.nrqa"
    nrqa.pack(library, bundle)
    words = ["nrqa", "show", "--index", str(bundle)]
    assert offered("document", "no", words) == []
    nrqa.Index.open(bundle, encoder=fake)
    assert offered("document", "no", words) == ["notes.md"]


def test_of_many_documents_only_the_folders_are_offered() -> None:
    names = [f"a/{number % 2}/{number}.txt" for number in range(100)]
    assert by_folder(names, "") == ["a/"]
    assert by_folder(names, "a/") == ["a/0/", "a/1/"]
    assert by_folder(names[:5], "a/") == names[:5]


def test_the_index_is_the_one_that_the_line_means(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NRQA_INDEX", raising=False)
    assert index_of(["nrqa", "show"]) == Path("index")
    monkeypatch.setenv("NRQA_INDEX", "/srv/ix")
    assert index_of(["nrqa", "show"]) == Path("/srv/ix")
    assert index_of(["nrqa", "show", "--index", "/other"]) == Path("/other")


@pytest.mark.parametrize("words", [["document", "x"], ["condition", "x="], ["index", ""], ["nonsense", "x"], []])
def test_nothing_is_printed_where_nothing_can_be_offered(words: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nrqa", "--complete", *words, *(["nrqa"] if words else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_press_of_the_tab_key_loads_neither_typer_nor_numpy(library: Path) -> None:
    code = (
        f"import sys; sys.argv = ['nrqa', '--complete', 'document', 'no', 'nrqa', '--index', {str(library)!r}]; "
        "from nrqa.cli import main; main(); print(len(sys.modules), *{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    offer, loaded = done.stdout.splitlines()
    assert offer == "notes.md"
    count, *names = loaded.split()
    assert not {"typer", "rich", "numpy", "tantivy", "platformdirs", "tomllib", "dataclasses", "shutil"} & set(names)
    assert int(count) < 115


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["nrqa", "que"], ["query"]),
        (["nrqa", "query", "--ful"], ["--full"]),
        (["nrqa", "standing", "a"], ["add"]),
        (["nrqa", "show", "te"], ["reports/tea\\ time.txt"]),
        (["nrqa", "query", "--where", "author="], ["author=ann\\ lee"]),
        (["nrqa", "query", "what is te"], []),
    ],
)
def test_bash_completes(library: Path, tmp_path: Path, line: list[str], expected: list[str]) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "nrqa").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nrqa "$@"\n')
    (tmp_path / "bin" / "nrqa").chmod(0o755)
    (tmp_path / "script").write_text(script(Shell.BASH, typer.main.get_command(application())))
    words = " ".join(f"'{word}'" for word in line)
    code = (
        f"COMP_WORDBREAKS=$' \\t\\n'; source '{tmp_path}/script'; COMP_WORDS=({words}); "
        f"COMP_CWORD={len(line) - 1}; _nrqa; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    environment = {**os.environ, "NRQA_INDEX": str(library), "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert done.stdout.split("\n")[:-1] == (expected or [""]), done.stderr


@pytest.mark.parametrize("shell", list(Shell))
def test_each_shell_reads_its_script(shell: Shell, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    (tmp_path / "script").write_text(script(shell, typer.main.get_command(application())))
    done = subprocess.run([shell, "-n", str(tmp_path / "script")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_manual_page_has_every_command_and_option_and_is_read_without_a_warning(tmp_path: Path) -> None:
    root = typer.main.get_command(application())
    text = page(root)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        assert f"\\fBnrqa {name}\\fR".replace("-", "\\-") in text
        for parameter in command.params:
            for option in parameter.opts if parameter.param_type_name == "option" else ():
                assert f"\\fB{option}\\fR".replace("-", "\\-") in text, option
    assert not any(line.startswith("'") for line in text.splitlines())
    if shutil.which("groff"):
        (tmp_path / "nrqa.1").write_text(text)
        words = ["groff", "-man", "-Tutf8", "-ww", "-K", "utf8", str(tmp_path / "nrqa.1")]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0
        assert done.stderr == ""


def test_help_lists_every_command_in_a_group_with_its_whole_summary() -> None:
    root = typer.main.get_command(application())
    named = [name for names in GROUPS.values() for name in names]
    assert set(root.commands) <= set(named)  # type: ignore[attr-defined]
    done = subprocess.run([sys.executable, "-m", "nrqa", "--help"], capture_output=True, text=True, check=True)
    assert not any(line.endswith("...") for line in done.stdout.splitlines()[1:])
    for title in ("Ask:", "Index:", "Audit:", "Judge:"):
        assert f"\n{title}\n" in done.stdout
