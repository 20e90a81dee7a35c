"""Which files, and `nrqa doctor`, as a user meets them on the command line."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nrqa.cli import application


@pytest.fixture
def here(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a corpus of two folders and a file."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(articles, tmp_path / "reports")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/a.md").write_text("# Penguins\n\nPenguins live in Antarctica and eat krill.\n")
    (tmp_path / "single.txt").write_text("A locomotive needs coal and water.")
    return tmp_path


def nrqa(*words: str) -> Result:
    return CliRunner().invoke(application(), list(words))


@pytest.mark.slow
def test_several_folders_and_a_file_are_indexed_asked_shown_and_verified(here: Path) -> None:
    assert nrqa("index", "reports", "notes", "single.txt").exit_code == 0
    asked = nrqa("query", "what do penguins eat", "-k", "1", "--cite")
    assert asked.stdout.startswith("notes/a.md:3")
    assert "3 ▌ Penguins live" in nrqa("show", "notes/a.md:3").stdout
    (here / "text.md").write_text(asked.stdout)
    assert nrqa("verify", "text.md").exit_code == 0
    assert nrqa("verify", "text.md", "--corpus", "reports", "--corpus", "notes").exit_code == 0
    # Without naming them: the index knows.
    assert json.loads(nrqa("index", "--json").stdout)["documents_unchanged"] == 4
    lost = nrqa("index", "reports")
    assert lost.exit_code == 2
    assert "add --replace" in lost.stderr
    assert json.loads(nrqa("index", "reports", "--replace", "--json").stdout)["passages_embedded"] == 0


@pytest.mark.slow
def test_globs_and_sizes_are_kept_and_taken_back(here: Path) -> None:
    nrqa("index", "reports", "notes", "--exclude", "*.md", "--max-file-size", "1MB")
    assert json.loads(nrqa("status", "--json").stdout)["documents"] == 2
    assert json.loads(nrqa("index", "--exclude", "none", "--json").stdout)["documents_added"] == 1
    assert "is no size of a file" in nrqa("index", "--max-file-size", "huge").stderr
    assert "is no glob" in nrqa("index", "--include", "!").stderr
    assert str(here) in nrqa("status").stdout


def test_a_well_index_is_status_0_and_says_so(articles_index: Path) -> None:
    done = nrqa("doctor", "--index", str(articles_index))
    assert done.exit_code == 0
    assert done.stdout.startswith("All is well  20 checks of 2 documents, 41 passages")


@pytest.mark.slow
def test_the_commands_that_doctor_prints_mend_what_it_found(here: Path) -> None:
    nrqa("index", "reports", "notes")
    (here / "notes/photo.jpg").write_bytes(b"jpeg")
    (here / "notes/large.txt").write_text("Some words of no weight. " * 100)
    nrqa("index", "--max-file-size", "20k")
    (here / "notes/large.txt").write_text("Some words of no weight. " * 10_000)
    (here / "notes/a.md").unlink()
    for _ in range(5):
        found = nrqa("doctor", "--json")
        diagnosis = json.loads(found.stdout)
        if diagnosis["well"]:
            break
        assert found.exit_code == 1
        words = shlex.split(diagnosis["findings"][0]["command"])
        assert words[0] == "nrqa"
        assert nrqa(*words[1:]).exit_code == 0
    assert diagnosis["well"]
    assert json.loads(nrqa("status", "--json").stdout)["documents"] == 3
    text = nrqa("doctor")
    assert (text.exit_code, text.stdout.splitlines()[-1][:11]) == (0, "All is well")


def test_a_check_that_cannot_be_done_is_status_2(articles_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nrqa.health import examining

    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(examining, "_CHECKS", (("odd things", broken),))
    done = nrqa("doctor", "--index", str(articles_index))
    assert done.exit_code == 2
    assert "? The check of odd things failed: ZeroDivisionError" in done.stdout
