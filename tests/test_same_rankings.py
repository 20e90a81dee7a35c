"""The small install encodes by onnxruntime, the full one loads by sentence-transformers: both find the same.

The carried encoder is a copy of the converted one, made here from what sentence-transformers loads. The real wheel is
compared in its own environment by ``benchmarks/scale/installs.py``.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

import project
from nrqa.answering.asking import Index
from nrqa.bundles.encoder import packed_encoder
from nrqa.encoder import carried
from nrqa.encoder.models.location import locate
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.opening import _reference, open_for_asking
from nrqa.encoder.protocol import Encoder
from nrqa.indexing.reindexing import reindex
from nrqa.settings import DEFAULT_MODEL

pytestmark = pytest.mark.slow
PAGES = ("bundles.md", "citations.md", "glossary.md", "safety.md", "verdict.md", "why-not.md")
"""Of the documentation: many documents about many things, of which the articles are none."""


@pytest.fixture(scope="module")
def loaded() -> Encoder:
    """The default model as sentence-transformers runs it."""
    return _reference(locate(DEFAULT_MODEL, offline=True))


@pytest.fixture
def small(encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, articles_index: Path) -> Encoder:
    """The encoder that nrqa-slim carries, as it opens it: without a cache, and where there is no PyTorch."""
    folder = tmp_path / "carried_files"
    folder.mkdir()
    for name, content in packed_encoder(encoder.model, None).items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            shutil.copy2(content, folder / name)
    monkeypatch.setattr(carried, "CARRIED", folder)
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "no cache"))
    model = Index.open(articles_index).snapshot.manifest.model
    with pytest.MonkeyPatch.context() as without:
        for name in ("torch", "sentence_transformers", "transformers", "sklearn"):
            without.setitem(sys.modules, name, None)
        found = open_for_asking(model, announce=pytest.fail)
        found.encode_questions(["a word"])
    assert isinstance(found, OnnxEncoder)
    return found


def same(place: Path, questions: list[str], small: Encoder, loaded: Encoder) -> None:
    """Both give the same hits in the same order, with the same highlights and verdict, for all of the questions."""
    answers = [Index.open(place, encoder=one).ask_many(questions) for one in (small, loaded)]
    for mine, theirs in zip(*answers, strict=True):
        assert [hit.passage for hit in mine.hits] == [hit.passage for hit in theirs.hits], mine.question
        assert [hit.highlights for hit in mine.hits] == [hit.highlights for hit in theirs.hits], mine.question
        assert mine.verdict == theirs.verdict
        assert [hit.score for hit in mine.hits] == pytest.approx([hit.score for hit in theirs.hits], abs=1e-4)


def test_of_the_articles_for_all_questions(articles_index: Path, small: Encoder, loaded: Encoder) -> None:
    lines = (project.TESTS / "questions.jsonl").read_text("utf-8").splitlines()
    same(articles_index, [json.loads(line)["question"] for line in lines], small, loaded)


def test_of_other_documents(tmp_path: Path, small: Encoder, loaded: Encoder) -> None:
    """The headings of the pages are the questions."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    questions = []
    for name in PAGES:
        text = (project.ROOT / "docs" / name).read_text("utf-8")
        (corpus / name).write_text(text, "utf-8")
        questions += re.findall(r"^#+ (.*)", text, re.MULTILINE)
    reindex(corpus, tmp_path / "index", encoder=small)
    assert len(questions) > 25
    same(tmp_path / "index", questions, small, loaded)
