"""How fast text is indexed, beside sentence-transformers; README.md says what is compared."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.shared import machine
from benchmarks.shared.question_sets import DATA, mean, sampled
from benchmarks.speed.cold import medians
from benchmarks.speed.squad_files import encoder_inputs, write_files
from nrqa.encoder.converted.files import converted_folder
from nrqa.encoder.engines.acceleration import FasterEngines
from nrqa.encoder.engines.openvino import compiled, silently_imported
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.opening import open_for_asking, open_for_indexing
from nrqa.encoder.protocol import Encoder, Model
from nrqa.settings import DEFAULT_MODEL

PLAIN = str(Path(__file__).resolve().parent / "plain_script.py")
TURN = 256
"""Strings that each way is given in turn; each sorts them by length itself."""

NOT_USED = "(nrqa does not use it here)"
_READ = 5
"""Runs of reading and splitting alone."""

Vectors = NDArray[np.float32]
Way = Callable[[list[str]], Vectors]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--strings", type=int, default=1024, help="strings that every way encodes")
    options.add_argument("--files", type=int, default=2067, help="files of whole indexing runs, 0 for none")
    options.add_argument("--runs", type=int, default=3, help="rounds of whole indexing")
    options.add_argument(
        "--more",
        type=int,
        default=6000,
        help="passages of the second measurement of memory; the third has twice as many",
    )
    options.add_argument("--name", default="bulk", help="name of the files in results/")
    given = options.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"  # neither side shall wait for the network
    os.environ["NRQA_OFFLINE"] = "1"
    model = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print).model
    squad = given.data / "squad_v1_dev" / "corpus.jsonl"
    results: dict[str, Any] = {"machine": machine.describe()}
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        if given.files:
            corpus = write_files(squad, place / "corpus")
            for file in sorted(corpus.iterdir())[given.files :]:
                file.unlink()
            results["indexing"] = indexing(corpus, place, given.runs)
            strings = sampled(encoder_inputs(place / "index")[0], given.strings)
        else:
            strings = sampled([json.loads(line)["text"] for line in squad.open(encoding="utf-8")], given.strings)
        results["encoding"] = encoding(strings, model)
        if given.more:
            results["memory"] = [
                memory(squad, place / f"memory-{count}", count) for count in (2000, given.more, 2 * given.more)
            ]
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write(given.name, results, tables(results), targets(results))


def ways(model: Model) -> dict[str, Way]:
    """Every way to encode that this machine has, by name; sentence-transformers itself first."""
    from benchmarks.speed.plain_script import load_model

    theirs = load_model()
    found: dict[str, Way] = {
        "sentence-transformers": lambda texts: np.asarray(theirs.encode(texts, normalize_embeddings=True)),
        "onnxruntime": partial(_vectors, open_for_asking(model, announce=print)),
    }
    fastest = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
    fastest.encode_passages(["Opens what is faster."] * 1024)
    if fastest.engine_name() != "onnxruntime":
        found[f"{fastest.engine_name().partition(',')[0]} (nrqa's default here)"] = partial(_vectors, fastest)
    elif find_spec("openvino") is not None:
        found[f"OpenVINO in fp32 {NOT_USED}"] = partial(_vectors, _in_single_precision(model))
    return found


def _in_single_precision(model: Model) -> Encoder:
    """OpenVINO where the processor has no bf16: nrqa's choice of onnxruntime there rests on what this measures."""
    folder = converted_folder(model.fingerprint)
    engine = compiled(silently_imported().Core(), folder, "f32")
    faster = FasterEngines(folder, folder, print, [(0, lambda: engine)])
    return OnnxEncoder(model, folder, acceleration=faster)


def _vectors(encoder: Encoder, texts: list[str]) -> Vectors:
    return encoder.encode_passages(texts).vectors


def encoding(strings: list[str], model: Model) -> list[dict[str, Any]]:
    """Every way over the same strings, in turns: A B C, A B C, ...; wall and processor seconds of each turn."""
    found = ways(model)
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in found}
    cosines: dict[str, list[float]] = {name: [] for name in found}
    for way in found.values():
        way(strings[:16])
    for first in range(0, len(strings), TURN):
        some = strings[first : first + TURN]
        theirs: Vectors | None = None
        for name, way in found.items():
            began, worked = time.perf_counter(), time.process_time()
            vectors = way(some)
            seconds[name].append((time.perf_counter() - began, time.process_time() - worked))
            theirs = vectors if theirs is None else theirs
            cosines[name].extend((vectors * theirs).sum(axis=1).tolist())
    base = seconds["sentence-transformers"]
    return [
        {
            "way": name,
            "strings": len(strings),
            "a_second": len(strings) / sum(wall for wall, _ in one),
            "times": sum(wall for wall, _ in base) / sum(wall for wall, _ in one),
            "turns": [theirs[0] / ours[0] for theirs, ours in zip(base, one, strict=True)],
            "times_processor": median(theirs[1] / ours[1] for theirs, ours in zip(base, one, strict=True)),
            "least_cosine": min(cosines[name]),
            "mean_cosine": mean(cosines[name]),
            "seconds": one,
        }
        for name, one in seconds.items()
    ]


def indexing(corpus: Path, place: Path, count: int) -> dict[str, Any]:
    """Whole processes, from files to a finished index, in turns; and what reading and splitting alone takes of it."""
    commands: dict[str, Sequence[object]] = {
        "plain": (PLAIN, "index", corpus, place / "plain"),
        "nrqa": ("-m", "nrqa", "index", corpus, "--index", place / "index", "--rebuild"),
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(count):
        for name, words in commands.items():
            seconds[name].append(run(words)[0])
    reading = [
        run(("-m", "benchmarks.speed.bulk", "--reading", corpus, place / f"reading-{at}"))[0] for at in range(_READ)
    ]
    return {"files": len(list(corpus.iterdir())), "seconds": seconds, "reading": reading}


def spread(seconds: list[float]) -> tuple[str, str, str, int]:
    return f"{median(seconds):.1f}", f"{min(seconds):.1f}", f"{max(seconds):.1f}", len(seconds)


def run(words: Sequence[object]) -> tuple[float, float]:
    """Seconds and peak memory in MB of a fresh process of this Python; it must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *map(str, words)], stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        # Not getrusage: what it says of a child is never less than what this process had when it began.
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{process.pid}/status").read_text("utf-8").splitlines()
            peak = float(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{words} failed")
    return time.perf_counter() - began, peak


def memory(squad: Path, place: Path, passages: int) -> dict[str, Any]:
    """Peak memory of `nrqa index` of so many passages that differ: the sentences of the set's, shuffled."""
    corpus = place / "corpus"
    corpus.mkdir(parents=True)
    texts = [json.loads(line)["text"] for line in squad.open(encoding="utf-8")]
    dice = np.random.default_rng(0)
    for at in range(-(-passages // 100)):
        chosen = dice.integers(len(texts), size=(min(100, passages - at * 100), 2))
        paragraphs = (f"{texts[one][:60]} {texts[other][60:400]} ({at}, {one})." for one, other in chosen.tolist())
        (corpus / f"{at}.txt").write_text("\n\n".join(paragraphs), "utf-8")
    seconds, peak = run(("-m", "nrqa", "index", corpus, "--index", place / "index"))
    return {"passages": passages, "seconds": seconds, "peak_mb": peak}


def targets(results: dict[str, Any]) -> Iterator[machine.Target]:
    for one in (way for way in results["encoding"][1:] if NOT_USED not in way["way"]):
        what = f"the same strings by {one['way']}, times as fast as sentence-transformers"
        yield machine.Target(what, one["times"], 2.5, at_least=True)
    if "indexing" in results:
        seconds = medians(results["indexing"]["seconds"])
        yield machine.Target("whole processes, times as fast", seconds["plain"] / seconds["nrqa"], 2.5, at_least=True)
        share = median(results["indexing"]["reading"]) / seconds["nrqa"]
        yield machine.Target("reading and splitting alone, share of indexing", share, 0.1)
    if "memory" in results:
        for one in results["memory"]:
            yield machine.Target(
                f"peak memory of `nrqa index` of {one['passages']:,} passages, MB", one["peak_mb"], 1500
            )


def tables(results: dict[str, Any]) -> Iterator[str]:
    encoded = results["encoding"]
    yield f"The same {encoded[0]['strings']} strings in turns of {TURN}:"
    yield machine.table(
        ("way", "strings a second", "times as fast", "turns", "by processor time", "least cosine", "mean cosine"),
        (
            (
                one["way"],
                f"{one['a_second']:.1f}",
                f"{one['times']:.2f}",
                f"{min(one['turns']):.2f} to {max(one['turns']):.2f}",
                f"{one['times_processor']:.2f}",
                f"{one['least_cosine']:.6f}",
                f"{one['mean_cosine']:.6f}",
            )
            for one in encoded
        ),
    )
    if "indexing" in results:
        whole = results["indexing"]
        yield f"Whole processes, {whole['files']} files:"
        yield machine.table(
            ("", "median s", "least", "most", "runs"),
            (
                *((name, *spread(one)) for name, one in whole["seconds"].items()),
                ("nrqa, reading and splitting alone", *spread(whole["reading"])),
            ),
        )
    if "memory" in results:
        yield "Peak memory of `nrqa index`:"
        yield machine.table(
            ("passages", "MB", "s"),
            ((f"{one['passages']:,}", f"{one['peak_mb']:.0f}", f"{one['seconds']:.0f}") for one in results["memory"]),
        )


class _NoEncoder:
    """Counts tokens as the real one, and ends the process when all is read."""

    def __init__(self, encoder: Encoder) -> None:
        self.model = encoder.model
        self.count_tokens, self.passage_room = encoder.count_tokens, encoder.passage_room
        self.tokens_of_passages, self.encode_questions = encoder.tokens_of_passages, encoder.encode_questions
        self.engine_name = encoder.engine_name

    def encode_passages(self, texts: Sequence[str]) -> Any:
        del texts
        raise KeyboardInterrupt


def read_only(corpus: Path, index: Path) -> None:
    """Indexing up to the first passage that would be encoded."""
    import nrqa

    try:
        nrqa.reindex(corpus, index, encoder=_NoEncoder(open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)))
    except KeyboardInterrupt:
        os._exit(0)  # as `nrqa index` leaves


if __name__ == "__main__":
    if sys.argv[1:2] == ["--reading"]:
        read_only(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
