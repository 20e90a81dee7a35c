"""Fixtures that many tests share."""

from __future__ import annotations

import os

if "PYTEST_XDIST_WORKER" in os.environ:
    # Each worker has a core of its own. Libraries that start a thread for every core wait for each other there, and
    # spin: a k-means of a third of a second took half a minute. Said before numpy and torch are imported.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import project
from effort import tries
from fakes import FakeEncoder
from nrqa.cage.launching import environment
from nrqa.corpus.worker import isolation
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.indexing.reindexing import reindex
from nrqa.settings import DEFAULT_MODEL, MULTILINGUAL_MODEL
from nrqa.signals.late import coding

_KEPT: list[tuple[Mapping[str, str], subprocess.Popen[bytes]]] = []
"""The process that reads files, between two runs, with the environment that it was started in."""
_start, _end = isolation._started, isolation._ended


def _around() -> dict[str, str]:
    """The environment, but for the name of the test."""
    return {name: value for name, value in environment().items() if name != "PYTEST_CURRENT_TEST"}


def _kept_or_new(memory: int) -> subprocess.Popen[bytes]:
    while _KEPT:
        around, worker = _KEPT.pop()
        if around == _around():
            return worker
        _end(worker)
    return _start(memory)


def _keep(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is None and not _KEPT:
        _KEPT.append((_around(), worker))
    else:
        _end(worker)


def pytest_sessionfinish() -> None:
    while _KEPT:
        _end(_KEPT.pop()[1])


_REAL = {"encoder", "multilingual", "articles_index", "reference"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests first: whoever runs several at once then does not wait for the last one.

    Slow are also all tests that need the real encoder, or start the command line.
    """
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if _REAL.intersection(fixtures) or item.path.is_relative_to(project.TESTS / "cli"):
            item.add_marker("slow")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


# No test may reach the network, whatever the libraries would like to look up.
os.environ["NRQA_OFFLINE"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.pop("NRQA_INDEX", None)

# First calls import libraries, and machines are shared: time is no measure of right and wrong here.
# CI always tries the same, so that a landing fails for what it changed.
settings.register_profile(
    "nrqa",
    deadline=None,
    max_examples=tries(100),
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("nrqa")


@pytest.fixture(scope="session", autouse=True)
def _same_priority() -> Iterator[None]:
    """Commands that are run in this process must not lower its priority, which nothing could raise again."""
    if hasattr(os, "nice"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "nice", lambda _: 0)
            yield
    else:
        yield


@pytest.fixture(autouse=True)
def reading_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs one after another read by the same process, which takes a fifth of a second to start.

    Tests of that process itself take a new one for each run, as it is for users.
    """
    monkeypatch.setattr(isolation, "_started", _kept_or_new)
    monkeypatch.setattr(isolation, "_ended", _keep)


@pytest.fixture(autouse=True)
def codebook_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """k-means ends early: an index of the fake encoder needs a codebook, and not a good one.

    Tests of codebooks themselves train them as it is for users.
    """
    monkeypatch.setattr(coding, "_ROUNDS", 2)


@pytest.fixture
def fake() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """An empty folder to fill."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A place for an index that is not there yet."""
    return tmp_path / "index"


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real default encoder."""
    return open_for_indexing(DEFAULT_MODEL, offline=True, announce=lambda _: None)


@pytest.fixture(scope="session")
def multilingual() -> Encoder:
    """The real encoder of many languages; whoever uses it is skipped where its package is not installed."""
    return open_for_indexing(MULTILINGUAL_MODEL, offline=True, announce=lambda _: None)


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's own corpus."""
    folder = tmp_path_factory.mktemp("articles") / "corpus"
    shutil.copytree(project.CORPUS, folder)
    return folder


@pytest.fixture(scope="session")
def articles_index(articles: Path, encoder: Encoder) -> Path:
    """The index of the project's own corpus, made with the real encoder. Read it only."""
    folder = articles.parent / "index"
    reindex(articles, folder, encoder=encoder)
    return folder
