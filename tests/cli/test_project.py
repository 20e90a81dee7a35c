"""nrqa.toml, and which index is meant where none is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from nrqa.cli import application, finding
from nrqa.cli.finding import defaults, index_above, named_index
from nrqa.cli.project import Project, own_file, read_project
from nrqa.errors import NrqaError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder, in which nrqa is called; the user has no file of their own."""
    place = tmp_path / "project"
    place.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(finding, "own_file", lambda: tmp_path / "config" / "nrqa" / "nrqa.toml")
    monkeypatch.chdir(place)
    finding._project.cache_clear()
    return place


def written(place: Path, text: str) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    (place / "nrqa.toml").write_text(text)
    return place / "nrqa.toml"


def published(index: Path) -> Path:
    (index / "000001").mkdir(parents=True)
    return index


def of(command: str) -> dict[str, Any]:
    root = typer.main.get_command(application())
    found: dict[str, Any] = defaults(root)[command]  # type: ignore[arg-type]
    return found


def test_options_by_command_and_for_all_of_them(home: Path) -> None:
    written(home, '[all]\nindex = "built"\nk = 3\n[query]\nk = 7\nonly = "reports/"\nmax-file-size = "1MB"\n'.replace(
        'max-file-size = "1MB"\n', ""
    ))  # fmt: skip
    assert of("query") == {"indexes": [str(home / "built")], "k": 7, "only": ["reports/"]}
    assert of("why-not") == {"index": str(home / "built"), "k": 3}
    assert of("status") == {"index": str(home / "built")}
    assert of("standing")["add"] == {"index": str(home / "built"), "k": 3}


def test_the_file_is_found_upwards_and_its_paths_are_from_its_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(home, '[all]\nindex = "built"\n[index]\ncorpus = ["texts", "more"]\n')
    (home / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(home / "a" / "b")
    assert of("show") == {"index": str(home / "built")}
    assert of("index") == {"index": str(home / "built"), "corpus": [str(home / "texts"), str(home / "more")]}


def test_the_users_own_file_may_say_more_and_the_project_is_nearer(home: Path, tmp_path: Path) -> None:
    written(
        tmp_path / "config" / "nrqa", '[query]\nk = 9\nrerank = "big"\n[indexes]\npress = "/srv/press"\nown = "x"\n'
    )
    written(home, '[query]\nk = 2\n[indexes]\nown = "here"\n')
    assert of("query") == {"k": 2, "rerank": "big"}
    assert named_index(Path("press")) == Path("/srv/press")
    assert named_index(Path("own")) == home / "here"
    assert named_index(Path("./own")) == Path("own") or named_index(Path("./own")) == home / "here"
    assert named_index(Path("elsewhere/own")) == Path("elsewhere/own")
    assert named_index(Path("unknown")) == Path("unknown")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[all]\nindex = "/etc"\n', "outside its folder"),
        ('[all]\nindex = "../other"\n', "outside its folder"),
        ('[indexes]\nnews = "~/news"\n', ""),
        ('[indexes]\nnews = "link"\n', "outside its folder"),
        ('[index]\ncorpus = ["texts", "/home"]\n', "outside its folder"),
        ('[query]\nrerank = "theirs"\n', "not for a project's file"),
        ('[index]\nmodel = "theirs"\n', "not for a project's file"),
        ('[query]\nreceipt = "x"\n', "not for a project's file"),
        ('[query]\nbatch = "x"\n', "not for a project's file"),
        ('[standing]\nfolder = "x"\n', "not for a project's file"),
        ("[query]\njson = true\n", "not for a project's file"),
        ("[query]\nwords = 3\n", "no option that a file may set for nrqa query"),
        ("[qery]\nk = 3\n", "no command"),
        ("k = 3\n", "stands in no table"),
        ("[query]\nk = {}\n", "a text, a number"),
        ("[query\n", "cannot be read"),
        ("# " + "x" * 70_000, "larger than 64 KiB"),
    ],
)
def test_a_projects_file_says_nothing_that_could_harm_and_nothing_unknown(home: Path, text: str, said: str) -> None:
    (home / "link").symlink_to("/etc")
    file = written(home, text)
    if not said:  # "~" is a folder like any other in a project's file
        assert read_project(file, None).indexes == {"news": home / "~/news"}
        return
    with pytest.raises(NrqaError, match=r"nrqa\.toml") as raised:
        of("query")
    assert said in str(raised.value)


def test_nothing_is_said_where_there_is_no_file(home: Path) -> None:
    assert read_project(None, None) == Project({}, {})
    assert of("query") == {}
    assert home.is_dir()


def test_the_own_file_lies_where_the_system_keeps_such_files() -> None:
    from platformdirs import user_config_path

    assert own_file() == user_config_path("nrqa", appauthor=False) / "nrqa.toml"


def test_an_index_above_is_found_and_one_here_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "a" / "b" / "index").mkdir(parents=True)
    assert index_above(home / "a") is None
    published(home / "index")
    assert index_above(home / "a") == home / "index"
    assert index_above(home) is None  # that is the default
    assert index_above(home / "a" / "b") is None  # something called index is here
    monkeypatch.chdir(home / "a")
    assert of("query") == {"indexes": [str(home / "index")]}
    assert "index" not in of("index")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_what_others_put_above_is_not_followed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index, file = published(home / "index"), written(home, "[query]\nk = 1\n")
    (home / "a").mkdir()
    monkeypatch.chdir(home / "a")
    assert of("query")["k"] == 1
    os.chown(index, 4321, 4321)
    os.chown(file, 4321, 4321)
    finding._project.cache_clear()
    assert of("query") == {}


def test_commands_take_what_the_file_says(articles_index: Path, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "ix").symlink_to(articles_index)
    written(tmp_path / "config" / "nrqa", f'[indexes]\narticles = "{articles_index}"\n')
    written(tmp_path, "[query]\nk = 1\n")
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}
    command = [sys.executable, "-m", "nrqa", "query", "missile defense", "--json", "--index", "articles"]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path / "deep", env=environment)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["hits"]) == 1
    written(tmp_path, "[query]\nk = 1\nreceipt = 'x'\n")
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path / "deep", env=environment)
    assert done.returncode == 2
    assert "not for a project's file" in json.loads(done.stdout)["error"]["message"]
