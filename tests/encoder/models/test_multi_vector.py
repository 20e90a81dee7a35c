"""Models with a vector for each token: those are the late signal, their mean is the dense one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import MultiVectorEncoder

import small_models
from nrqa.answering.asking import Index
from nrqa.encoder.models import centring
from nrqa.encoder.models.multi_vector import is_multi_vector
from nrqa.encoder.models.reference import ReferenceEncoder
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.opening import open_for_indexing
from nrqa.indexing.reindexing import reindex

TEXTS = ["who was the founder?", "the river is in russia", "a"]


@pytest.mark.slow
@pytest.mark.parametrize("attend", [False, True])
def test_its_token_vectors_are_those_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, attend: bool
) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(centring, "_SQUEEZED", 2)
    folder = small_models.multi_vector_model(tmp_path, attend=attend)
    assert is_multi_vector(folder)
    assert not is_multi_vector(tmp_path / "bert")
    ours = open_for_indexing(str(folder), offline=True, announce=lambda _: None)
    # Where tokens that expand a question are seen by its words, the model itself has to put them there.
    assert isinstance(ours, ReferenceEncoder if attend else OnnxEncoder)
    assert (ours.model.question_prompt, ours.model.passage_prompt) == ("question ", "passage ")
    assert (ours.model.token_width, ours.model.dimensions, ours.model.max_tokens) == (16, 16, 48)
    theirs = MultiVectorEncoder(str(folder), device="cpu")
    for encoded, expected in (
        (ours.encode_passages(TEXTS), theirs.encode_document(TEXTS, convert_to_numpy=True)),
        (ours.encode_questions(TEXTS), theirs.encode_query(TEXTS, convert_to_numpy=True)),
    ):
        for one, other in zip(encoded.tokens, expected, strict=True):
            # Theirs have the prompt's token after the first one; what expands a question comes last.
            kept = np.delete(np.asarray(other), 1, axis=0)[: len(one.ids)]
            np.testing.assert_allclose(one.vectors, kept, atol=1e-4)
    vectors = ours.encode_passages(TEXTS).vectors
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    mean = np.asarray(theirs.encode_document(TEXTS[1:2], convert_to_numpy=True)[0]).mean(axis=0)
    assert float(vectors[1] @ (mean / np.linalg.norm(mean))) > 0.9999


@pytest.mark.slow
def test_an_index_of_it_answers_by_all_three_signals(
    corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    (corpus / "a.txt").write_text("the alliance nato was founded in russia.")
    (corpus / "b.txt").write_text("what bread is in the river.")
    folder = small_models.multi_vector_model(tmp_path / "model")
    reindex(corpus, index, model=str(folder))
    answer = Index.open(index).ask("who founded the alliance", explain=True)
    assert answer.hits[0].passage.citation.document == "a.txt"
    assert set(answer.hits[0].signals) == {"dense", "lexical", "late"}
