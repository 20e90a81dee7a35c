"""What the faster encoding of passages does to rankings; README.md says what is compared."""

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.shared import machine
from benchmarks.shared.question_sets import DATA, SETS, answers, build, mean, questions_of
from nrqa.encoder.converted.files import converted_folder
from nrqa.encoder.engines.acceleration import FasterEngines
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.opening import open_for_asking, open_for_indexing
from nrqa.encoder.protocol import Encoder, Model
from nrqa.evaluation.measures import ranking
from nrqa.settings import DEFAULT_MODEL


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--questions", type=int, default=0, help="questions a set; 0: all")
    options.add_argument("--sets", default=",".join(SETS), help="sets to ask, with commas between them")
    options.add_argument("--work", type=Path, help="where the sets' corpora and indexes are kept for the next run")
    given = options.parse_args()
    os.environ["NRQA_OFFLINE"] = "1"
    model = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print).model
    results: dict[str, Any] = {"machine": machine.describe()}
    with tempfile.TemporaryDirectory() as temporary:
        results["sets"] = {
            name: rankings(given.data / name, (given.work or Path(temporary)) / name, given.questions, model)
            for name in given.sets.split(",")
            if (given.data / name).is_dir()
        }
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write("rankings", results, tables(results), targets(results))


def rankings(source: Path, place: Path, most: int, model: Model) -> dict[str, Any]:
    """nDCG@10 of the product over the same questions, the passages encoded by onnxruntime and by what is faster."""
    questions, _ = questions_of(source, most)
    relevant = {one.id: one.relevant for one in questions}
    asking = open_for_asking(model, announce=print)
    found: dict[str, Any] = {"questions": len(questions)}
    firsts = []
    for name, encoder in (("onnxruntime", asking), ("default", _from_the_start(model))):
        built = build(source, place.with_name(f"{place.name}-{name}"), encoder)
        ranks: dict[str, list[str]] = {}
        for one, answer in zip(questions, answers(built.index, [q.text for q in questions], 10), strict=True):
            names = (cited.document for hit in answer.hits for cited in (hit.passage.citation, *hit.also))
            ranks[one.id] = list(dict.fromkeys(built.names[name] for name in names))[:10]
        found[name] = mean(one["nDCG@10"] for one in ranking(relevant, ranks).values())
        firsts.append({question: names[:1] for question, names in ranks.items()})
        print(source.name, name, found[name], flush=True)
        found[f"{name} is"] = encoder.engine_name()
    found["same_first"] = mean(firsts[0][one] == firsts[1][one] for one in firsts[0])
    return found


def _from_the_start(model: Model) -> Encoder:
    """What is faster, from the first passage on, so that no vector is onnxruntime's."""
    folder = converted_folder(model.fingerprint)
    usual = FasterEngines(Path(model.folder), folder, print)
    return OnnxEncoder(model, folder, acceleration=usual.eager())


def targets(results: dict[str, Any]) -> Iterator[machine.Target]:
    for name, one in results["sets"].items():
        difference = abs(one["onnxruntime"] - one["default"])
        yield machine.Target(f"nDCG@10 moved by what is faster, {name}", difference, 0.002)


def tables(results: dict[str, Any]) -> Iterator[str]:
    yield "nDCG@10 of the product over the same questions, by what encoded the passages:"
    yield machine.table(
        ("set", "questions", "onnxruntime", "default", "difference", "same first document"),
        (
            (
                name,
                one["questions"],
                f"{one['onnxruntime']:.4f}",
                f"{one['default']:.4f}",
                f"{one['default'] - one['onnxruntime']:+.4f}",
                f"{one['same_first']:.1%}",
            )
            for name, one in results["sets"].items()
        ),
    )


if __name__ == "__main__":
    main()
