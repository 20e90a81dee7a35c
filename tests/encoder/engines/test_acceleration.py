"""Faster engines: opened when it pays, trusted when they agree, and let go of when they fail."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

from nrqa.encoder.batches import run_sorted
from nrqa.encoder.converted.files import converted_folder
from nrqa.encoder.engines.acceleration import FasterEngines, Opener
from nrqa.encoder.engines.gpu import GpuEngine, open_gpu, peak_of
from nrqa.encoder.engines.openvino import OpenVinoEngine, compiled, open_openvino, silently_imported
from nrqa.encoder.models.location import locate
from nrqa.encoder.models.reference import load
from nrqa.encoder.onnx_encoder import OnnxEncoder, OnnxEngine
from nrqa.encoder.opening import open_for_asking
from nrqa.encoder.protocol import Encoder, Engine, Pair
from nrqa.records import IndexReport
from nrqa.rendering.index_state import render_report
from nrqa.settings import DEFAULT_MODEL


class _Told:
    """An engine that gives what another one gives, altered."""

    most_texts = 3
    most_tokens = 200

    def __init__(self, engine: Engine, alter: Callable[[Pair], Pair] = lambda pair: pair) -> None:
        self._engine, self._alter = engine, alter
        self.name = "a faster one"
        self.shapes: list[tuple[int, int]] = []

    def run(self, batches: Sequence[Sequence[Sequence[int]]]) -> list[Pair]:
        self.shapes += [(len(batch), max(map(len, batch))) for batch in batches]
        return [self._alter(pair) for pair in self._engine.run(batches)]


@pytest.fixture(scope="module")
def usual(encoder: Encoder) -> OnnxEngine:
    return OnnxEngine(converted_folder(encoder.model.fingerprint))


@pytest.fixture(scope="module")
def folder(encoder: Encoder) -> Path:
    return converted_folder(encoder.model.fingerprint)


TEXTS = [f"Passage {at} says {'more ' * (7 * at % 23)}of treaty {at}." for at in range(12)]


def _encoder(encoder: Encoder, folder: Path, openers: list[tuple[int, Opener]]) -> tuple[OnnxEncoder, list[str]]:
    said: list[str] = []
    return OnnxEncoder(encoder.model, folder, acceleration=FasterEngines(folder, folder, said.append, openers)), said


def test_a_faster_engine_takes_over_when_enough_is_encoded(encoder: Encoder, folder: Path, usual: OnnxEngine) -> None:
    faster = _Told(usual)
    ours, said = _encoder(encoder, folder, [(20, lambda: faster)])
    ours.encode_passages(TEXTS)
    assert (faster.shapes, ours.engine_name()) == ([], "onnxruntime")
    found = ours.encode_passages(TEXTS)
    assert ours.engine_name() == "a faster one"
    assert said == ["Encoding by a faster one"]
    expected = open_for_asking(encoder.model, announce=lambda _: None).encode_passages(TEXTS)
    np.testing.assert_allclose(found.vectors, expected.vectors, atol=1e-5)
    seen = len(faster.shapes)
    ours.encode_questions(TEXTS)
    assert len(faster.shapes) == seen


def test_batches_keep_to_what_the_engine_takes(usual: OnnxEngine) -> None:
    engine = _Told(usual)
    texts = [[101, *[2000 + at] * at, 102] for at in (3, 90, 5, 70, 1, 2, 300, 6, 4, 0)]
    found = run_sorted(engine, texts)
    assert all(count <= 3 and (count == 1 or count * longest <= 200) for count, longest in engine.shapes)
    assert sum(count for count, _ in engine.shapes) == len(texts)
    for text, (vector, words) in zip(texts, found, strict=True):
        ((alone, its_words),) = run_sorted(usual, [text])
        np.testing.assert_allclose(vector, alone, atol=1e-5)
        np.testing.assert_allclose(words[: len(text)], its_words, atol=1e-4)


def test_an_engine_whose_vectors_differ_is_not_used(encoder: Encoder, folder: Path, usual: OnnxEngine) -> None:
    ours, said = _encoder(encoder, folder, [(1, lambda: _Told(usual, lambda pair: (pair[0][:, ::-1], pair[1])))])
    ours.encode_passages(TEXTS)
    assert ours.engine_name() == "onnxruntime"
    assert "differ" in said[0]


@pytest.mark.slow
def test_an_engine_that_cannot_be_opened_or_breaks_stops_nothing(
    encoder: Encoder, folder: Path, usual: OnnxEngine
) -> None:
    def refuse() -> Engine:
        raise RuntimeError("no such driver")

    runs = 0

    def breaks(pair: Pair) -> Pair:
        nonlocal runs
        runs += 1
        if runs > 6:
            raise MemoryError
        return pair

    ours, said = _encoder(encoder, folder, [(1, refuse), (1, lambda: None), (1, lambda: _Told(usual, breaks))])
    expected = open_for_asking(encoder.model, announce=lambda _: None).encode_passages(TEXTS).vectors
    for _ in range(3):
        np.testing.assert_allclose(ours.encode_passages(TEXTS).vectors, expected, atol=1e-5)
    assert "no such driver" in said[0]
    assert "MemoryError" in said[-1]
    assert ours.engine_name() == "onnxruntime"


def test_openvino_s_vectors_are_near_enough_to_lie_beside_onnxruntime_s(encoder: Encoder, folder: Path) -> None:
    # Where the processor has no bf16, the same code in single precision.
    engine = open_openvino(folder) or compiled(silently_imported().Core(), folder, "f32")
    ours, _ = _encoder(encoder, folder, [(1, lambda: engine)])
    found = ours.encode_passages(TEXTS)
    assert ours.engine_name() == engine.name
    expected = open_for_asking(encoder.model, announce=lambda _: None).encode_passages(TEXTS)
    assert (found.vectors * expected.vectors).sum(axis=1).min() >= 0.9999
    for one, other in zip(found.tokens, expected.tokens, strict=True):
        np.testing.assert_array_equal(one.spans, other.spans)
        assert (one.vectors * other.vectors).sum(axis=1).min() >= 0.998


@pytest.mark.parametrize("where", [0, 1])
def test_an_engine_whose_numbers_are_none_is_not_trusted(
    encoder: Encoder, folder: Path, usual: OnnxEngine, where: int
) -> None:
    def spoilt(pair: Pair) -> Pair:
        vectors = [one.copy() for one in pair]
        vectors[where][-1] = np.nan
        return vectors[0], vectors[1]

    ours, said = _encoder(encoder, folder, [(1, lambda: _Told(usual, spoilt))])
    assert np.isfinite(ours.encode_passages(TEXTS).vectors).all()
    assert ours.engine_name() == "onnxruntime"
    assert "cosine nan" in said[0]


class _Compiled:
    """A graph as OpenVINO compiles it, and a request for it, that remembers what shapes it was given."""

    inputs = (SimpleNamespace(get_any_name=lambda: "input_ids"),)

    def __init__(self) -> None:
        self.shapes: list[tuple[int, int]] = []

    def create_infer_request(self) -> _Compiled:
        return self

    def infer(self, given: dict[str, NDArray[np.int64]]) -> None:
        self.shapes.append(given["input_ids"].shape)

    def get_tensor(self, _: str) -> SimpleNamespace:
        return SimpleNamespace(data=np.ones((*self.shapes[-1], 2), np.float32))


def test_openvino_is_given_few_lengths_and_none_beyond_what_the_model_reads() -> None:
    """It prepares code for every shape, and keeps it."""
    compiled = _Compiled()
    engine = OpenVinoEngine(compiled, 100)
    compiled.shapes.clear()
    for tokens in (1, 16, 17, 96, 97, 100):
        engine.run([[[1] * tokens]])
    assert [length for _, length in compiled.shapes] == [16, 16, 32, 96, 100, 100]


@pytest.mark.parametrize(
    ("listed", "imports"),
    [
        ("processor\t: 0\nflags\t\t: fpu avx2 avx512f avx512_vnni\n", 0),
        ("processor\t: 0\nflags\t\t: fpu avx2 avx512f avx512_bf16\n", 1),
        ("processor\t: 0\nflags\t\t: fpu avx2 amx_bf16 amx_tile\n", 1),
        ("processor\t: 0\n", 1),
        (None, 1),
    ],
)
def test_openvino_is_not_loaded_where_the_system_lists_a_processor_without_bf16(
    listed: str | None, imports: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a second for nothing; where the system does not say, OpenVINO is asked."""
    if listed is not None:
        (tmp_path / "cpuinfo").write_text(listed)
    asked: list[str] = []

    def core() -> SimpleNamespace:
        asked.append("imported")
        return SimpleNamespace(get_property=lambda *_: ["FP32"])

    monkeypatch.setattr("nrqa.encoder.engines.openvino._PROCESSORS", tmp_path / "cpuinfo")
    monkeypatch.setattr("nrqa.encoder.engines.openvino.silently_imported", lambda: SimpleNamespace(Core=core))
    assert open_openvino(folder) is None
    assert len(asked) == imports


def test_importing_openvino_sends_nothing(folder: Path, tmp_path: Path) -> None:
    """Where its telemetry is loaded it reports the import, and keeps a number for the user in the home folder."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom nrqa.encoder.engines.openvino import compiled, silently_imported\n"
        "compiled(silently_imported().Core(), Path(sys.argv[1]), 'f32')\n"
        "print('openvino' in sys.modules, any(name.startswith('openvino_telemetry') for name in sys.modules))"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "False"]
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_what_runs_on_a_card_agrees_and_tells_its_share(encoder: Encoder, folder: Path) -> None:
    """On the processor, in bf16, under a card's name: no card is needed for what nrqa itself does."""
    loaded = load(locate(DEFAULT_MODEL, offline=True).folder)
    engine = GpuEngine(loaded, "cpu", "NVIDIA L4")
    assert engine.name == "NVIDIA L4 in bf16"
    ours, said = _encoder(encoder, folder, [(1, lambda: engine)])
    found = ours.encode_passages(TEXTS)
    assert said == [f"Encoding by {engine.name}"] or "NVIDIA L4 in bf16" in said[0]
    assert "% of its peak" in ours.engine_name()
    expected = open_for_asking(encoder.model, announce=lambda _: None).encode_passages(TEXTS)
    assert (found.vectors * expected.vectors).sum(axis=1).min() >= 0.9999
    # Six layers of 12 * 384² weights each, a multiplication and an addition for each; the pooler runs, too.
    assert engine._per_token == pytest.approx(2 * 6 * 12 * 384**2, rel=0.02)
    assert engine._per_pair == 4 * 6 * 384


@pytest.mark.parametrize(
    ("card", "peak"),
    [
        ("NVIDIA H100 80GB HBM3", 989e12),
        ("NVIDIA H100 PCIe", 756e12),
        ("NVIDIA H200", 989e12),
        ("NVIDIA L4", 121e12),
        ("NVIDIA L40S", 362e12),
        ("NVIDIA A100-SXM4-80GB", 312e12),
        ("NVIDIA A10G", None),
        ("Tesla T4", None),
    ],
)
def test_a_card_s_peak_is_told_by_its_name(card: str, peak: float | None) -> None:
    assert peak_of(card) == peak


def test_without_a_card_pytorch_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nrqa.encoder.engines.gpu.version", lambda _: "2.13.0+cpu")
    assert open_gpu(Path("nowhere"), Path("nowhere")) is None


def test_the_report_names_what_is_not_the_usual() -> None:
    report = IndexReport(1, 2, 0, 0, 0, 0, 41, 41, 1.0, encoded_by="OpenVINO in bf16")
    assert "41 embedded by OpenVINO in bf16" in _shown(report)
    assert "by" not in _shown(replace(report, encoded_by="onnxruntime"))
    assert report.to_dict()["encoded_by"] == "OpenVINO in bf16"


def _shown(report: IndexReport) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(render_report(report))
    return captured.get()
