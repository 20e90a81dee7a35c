"""Nothing leaves the machine: with every socket refused, indexing and asking work."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nrqa.encoder.converted.files import converted_folder
from nrqa.encoder.models.location import locate
from nrqa.errors import EncoderError, OfflineError

# An audit hook sees every socket of this process, whoever opens it; it cannot be taken off again.
_NO_SOCKETS = """
import sys
def refuse(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        raise RuntimeError(f"{event} {arguments}")
sys.addaudithook(refuse)
from nrqa.cli import application
application()(sys.argv[1:])
"""


def _run(*words: str, cache: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("NRQA_OFFLINE", "HF_HUB_OFFLINE")}
    return subprocess.run(
        [sys.executable, "-c", _NO_SOCKETS, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "NRQA_CACHE": str(cache)},
    )


@pytest.mark.slow
def test_indexing_and_asking_open_no_socket_not_even_to_convert_the_encoder(articles: Path, tmp_path: Path) -> None:
    index = str(tmp_path / "index")
    cache = tmp_path / "cache"
    built = _run("index", str(articles), "--index", index, cache=cache)
    assert built.returncode == 0, built.stderr
    assert (cache / "models").is_dir()  # it was converted here, with no network
    asked = _run("query", "why does Russia oppose missile defense", "--index", index, cache=cache)
    assert asked.returncode == 0, asked.stderr
    assert "nato-russia.txt:29" in asked.stdout
    # Even with the conversion gone: sentence-transformers answers, and the cache is not written.
    shutil.rmtree(cache)
    again = _run("query", "why does Russia oppose missile defense", "--index", index, cache=cache)
    assert again.returncode == 0, again.stderr
    assert "nato-russia.txt:29" in again.stdout
    assert not cache.exists()


@pytest.mark.slow
def test_no_library_keeps_events_in_the_home_folder_to_send_them_later(articles_index: Path, tmp_path: Path) -> None:
    words = ["query", "why does Russia oppose missile defense", "--index", str(articles_index)]
    around = {**os.environ, "NRQA_CACHE": str(converted_folder("").parents[1]), "HOME": str(tmp_path)}
    around.pop("XDG_CACHE_HOME", None)
    done = subprocess.run(
        [sys.executable, "-m", "nrqa", *words], capture_output=True, text=True, check=False, env=around
    )
    assert done.returncode == 0, done.stderr
    assert [str(path) for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_hook_would_notice_a_socket(tmp_path: Path) -> None:
    script = _NO_SOCKETS.split("from nrqa", maxsplit=1)[0] + "import socket; socket.create_connection(('127.0.0.1', 9))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "RuntimeError: socket." in run.stderr


def test_a_model_that_is_not_here_is_an_error_offline() -> None:
    with pytest.raises(OfflineError, match="not on this machine"):
        locate("nobody/has-this-model", offline=True)


def test_a_folder_without_weights_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no model weights"):
        locate(str(tmp_path), offline=True)
