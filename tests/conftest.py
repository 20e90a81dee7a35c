"""Fixtures that many tests share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from fakes import FakeEncoder
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.indexing.reindexing import reindex
from nrqa.settings import DEFAULT_MODEL

ROOT = Path(__file__).parent.parent

# No test may reach the network, whatever the libraries would like to look up.
os.environ["NRQA_OFFLINE"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.pop("NRQA_INDEX", None)

# First calls import libraries, and machines are shared: time is no measure of right and wrong here.
# NRQA_EXAMPLES tries more of them; CI always tries the same, so that a landing fails for what it changed.
settings.register_profile(
    "nrqa",
    deadline=None,
    max_examples=int(os.environ.get("NRQA_EXAMPLES", "100")),
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("nrqa")


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
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's own corpus."""
    folder = tmp_path_factory.mktemp("articles") / "corpus"
    shutil.copytree(ROOT / "corpus", folder)
    return folder


@pytest.fixture(scope="session")
def articles_index(articles: Path, encoder: Encoder) -> Path:
    """The index of the project's own corpus, made with the real encoder. Read it only."""
    folder = articles.parent / "index"
    reindex(articles, folder, encoder=encoder)
    return folder
