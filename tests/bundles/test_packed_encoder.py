"""A packed encoder: it answers on a machine that has none, for its own index alone, and only if it is of that model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import onnx
import pytest

from nrqa.bundles.packing import pack
from nrqa.bundles.unpacking import unpack
from nrqa.encoder.converted.files import changed_files, converted_folder, read_record
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.opening import open_for_asking
from nrqa.errors import EncoderError
from nrqa.index.opening import newest_at
from nrqa.index.packed.unpacked import unpacked

QUESTION = "why does Russia oppose missile defense"


@pytest.fixture(scope="session")
def whole(articles_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The articles' index with its encoder."""
    file = tmp_path_factory.mktemp("whole") / "articles.nrqa"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NRQA_CACHE", raising=False)
        pack(articles_index, file, sources=True, encoder=True)
    return file


def asked(index: Path, cache: Path, home: Path) -> dict[str, object]:
    """What a process answers that may not import PyTorch, with another home and another cache."""
    code = (
        "import sys\n"
        "for name in ('torch', 'sentence_transformers', 'transformers'): sys.modules[name] = None\n"
        f"sys.argv[1:] = ['query', {QUESTION!r}, '--json', '--index', {str(index)!r}]\n"
        "from nrqa.cli import main; main()"
    )
    environment = {"HOME": str(home), "NRQA_CACHE": str(cache), "NRQA_OFFLINE": "1", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_a_machine_without_pytorch_gives_the_same_answer(
    articles_index: Path, whole: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = asked(whole, cache, tmp_path)
    monkeypatch.delenv("NRQA_CACHE")
    usual = subprocess.run(
        [sys.executable, "-m", "nrqa", "query", QUESTION, "--json", "--index", str(articles_index)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found == json.loads(usual.stdout)


@pytest.mark.slow
def test_it_stays_out_of_the_users_own_encoders_until_the_user_says_so(
    whole: Path, cache: Path, tmp_path: Path
) -> None:
    model = newest_at(whole).manifest.model
    assert not converted_folder(model.fingerprint).exists()
    assert not unpack(whole, tmp_path / "plain").encoder
    assert not converted_folder(model.fingerprint).exists()
    assert unpack(whole, tmp_path / "told", encoder=True).encoder
    installed = converted_folder(model.fingerprint)
    assert installed.is_relative_to(cache)
    assert changed_files(installed, thorough=True) == ()
    assert asked(tmp_path / "told", cache, tmp_path)["verdict"] == "answered"
    assert not unpack(whole, tmp_path / "twice", encoder=True).encoder


@pytest.mark.slow
def test_it_says_nothing_of_the_machine_where_it_was_converted(whole: Path) -> None:
    record = read_record(unpacked(whole) / "encoder")
    assert record is not None
    assert record.folder == ""


@pytest.mark.slow
def test_one_of_another_model_is_not_used(whole: Path, tmp_path: Path) -> None:
    brought = unpacked(whole) / "encoder"
    model = newest_at(whole).manifest.model
    record = json.loads((brought / "encoder.json").read_text("utf-8"))
    changes: list[dict[str, object]] = [{"fingerprint": "0" * 64}, {"converter": 1}, {"files": {"../../run.py": {}}}]
    for change in changes:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for file in brought.iterdir():
            (folder / file.name).symlink_to(file)
        (folder / "encoder.json").unlink()
        (folder / "encoder.json").write_text(json.dumps({**record, **change}), "utf-8")
        told: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("nrqa.encoder.opening._reference", lambda *_: None)  # in place of PyTorch
            assert open_for_asking(model, announce=told.append, brought=folder) is None
        assert told


@pytest.mark.slow
def test_one_that_does_not_run_is_told_with_the_remedy(whole: Path, tmp_path: Path) -> None:
    brought = tmp_path / "encoder"
    brought.mkdir()
    for file in (unpacked(whole) / "encoder").iterdir():
        (brought / file.name).symlink_to(file)
    (brought / "model.onnx").unlink()
    (brought / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(EncoderError, match="does not run"):
        open_for_asking(newest_at(whole).manifest.model, announce=lambda _: None, brought=brought)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["../model.data", "/etc/passwd"])
def test_weights_outside_its_folder_are_not_read(whole: Path, tmp_path: Path, place: str) -> None:
    """onnxruntime itself refuses that; nothing else stands between a graph and the files that it names."""
    brought = unpacked(whole) / "encoder"
    graph = onnx.load(brought / "model.onnx", load_external_data=False)
    for weights in graph.graph.initializer:
        for entry in weights.external_data:
            entry.value = place if entry.key == "location" else entry.value
    (tmp_path / "encoder").mkdir()
    (tmp_path / "model.data").symlink_to(brought / "model.data")
    (tmp_path / "encoder" / "model.onnx").write_bytes(graph.SerializeToString())
    (tmp_path / "encoder" / "tokenizer.json").symlink_to(brought / "tokenizer.json")
    with pytest.raises(Exception, match="External data path"):
        OnnxEncoder(newest_at(whole).manifest.model, tmp_path / "encoder")
