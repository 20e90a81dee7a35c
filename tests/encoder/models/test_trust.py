"""A model is loaded if the user names it or used it before: never because an index says so, nor with its code."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from nrqa.encoder.converted.files import changed_files, converted_folder, read_record, record_of, write_record
from nrqa.encoder.models.location import locate
from nrqa.encoder.models.trust import refuse_foreign_code
from nrqa.encoder.opening import located_of, open_for_asking, open_for_indexing
from nrqa.encoder.protocol import Model
from nrqa.errors import EncoderError
from nrqa.settings import DEFAULT_MODEL

FINGERPRINT = "ab" * 32


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """A model whose module is a class in a Python file of its own, which says when it is imported."""
    folder = tmp_path / "evil"
    folder.mkdir()
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "", "type": "evil.Evil"}]))
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Evil: pass\n")
    (folder / "config.json").write_text("{}")
    (folder / "config_sentence_transformers.json").write_text('{"model_type": "SentenceTransformer"}')
    (folder / "model.safetensors").write_bytes(b"x")
    return folder


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def silent(_: str) -> None:
    """Says nothing."""


def test_an_index_names_no_model_to_be_loaded(evil: Path, tmp_path: Path) -> None:
    found = locate(str(evil), offline=True)
    model = Model(str(evil), str(evil), found.fingerprint, 384, 256)
    for name in (str(evil), "somebody/model", "../evil"):
        with pytest.raises(EncoderError, match=r"never used on this machine.*nrqa index --model"):
            open_for_asking(replace(model, name=name), announce=silent)
        with pytest.raises(EncoderError, match="never used on this machine"):
            open_for_indexing(name, offline=True, announce=silent, fingerprint=found.fingerprint)
    assert not (tmp_path / "ran").exists()


def test_a_fingerprint_leads_to_no_other_folder(cache: Path) -> None:
    assert not cache.exists()
    for fingerprint in ("../../evil", "/etc", "a/b", "..", "\0"):
        with pytest.raises(EncoderError, match="no fingerprint"):
            open_for_asking(Model("x", "", fingerprint, 384, 256), announce=silent)


@pytest.mark.slow
def test_code_of_a_model_is_not_run_whoever_names_it(evil: Path, tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"brings code of its own \(evil.Evil"):
        open_for_indexing(str(evil), offline=True, announce=silent)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("modules.json", [{"type": "os.path"}]),
        ("modules.json", [{"type": "sentence_transformers_evil.Evil"}]),
        ("1_Router/router_config.json", {"types": {"query_0": "evil.Evil"}}),
        ("2_Dense/config.json", {"activation_function": "evil.run"}),
        ("0_Words/wordembedding_config.json", {"tokenizer_class": "evil.Tokenizer"}),
    ],
)
def test_classes_of_others_are_refused_wherever_they_are_named(tmp_path: Path, name: str, content: object) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(json.dumps(content))
    with pytest.raises(EncoderError, match="brings code of its own"):
        refuse_foreign_code(tmp_path)


def test_ordinary_models_are_not_refused(tmp_path: Path) -> None:
    refuse_foreign_code(locate(DEFAULT_MODEL, offline=True).folder)
    (tmp_path / "modules.json").write_text(
        json.dumps(
            [{"type": "sentence_transformers.models.Transformer"}, {"type": "sentence_transformers.models.Dense"}]
        )
    )
    (tmp_path / "config.json").write_text(json.dumps({"activation_function": "torch.nn.modules.activation.Tanh"}))
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer"}))
    (tmp_path / "train_script.py").write_text("raise SystemExit")
    refuse_foreign_code(tmp_path)


def test_a_model_that_was_used_here_is_found_by_its_fingerprint_and_not_by_the_name_in_an_index(
    tmp_path: Path, cache: Path
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "model.safetensors").write_bytes(b"weights")
    found = locate(str(mine), offline=True)
    folder = converted_folder(found.fingerprint)
    folder.mkdir(parents=True)
    assert folder.is_relative_to(cache)
    write_record(folder, Model("mine", str(mine), found.fingerprint, 384, 256, backend="sentence-transformers"))
    located = located_of("/somebody/else", found.fingerprint)
    assert (located.folder, located.name) == (mine, "mine")
    assert record_of("cd" * 32) is None


def test_a_conversion_whose_bytes_changed_is_recognised(tmp_path: Path) -> None:
    folder = tmp_path / "converted"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"graph")
    (folder / "model.data").write_bytes(bytes(2_000_000))
    write_record(folder, Model("x", "", FINGERPRINT, 384, 256))
    assert read_record(folder)
    assert changed_files(folder) == changed_files(folder, thorough=True) == ()
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy, copy_function=shutil.copyfile)  # other times, the same bytes
    assert changed_files(copy) == ()
    (folder / "model.onnx").write_bytes(b"grape")
    assert changed_files(folder) == ("model.onnx",)
    (copy / "model.data").write_bytes(bytes(1_999_999) + b"x")
    assert changed_files(copy) == ("model.data",)
    (copy / "model.data").unlink()
    assert changed_files(copy) == ("model.data",)
