"""Ways to search many vectors: how much of the exact result each finds, how fast, and what it takes to build.

    python -m benchmarks.scale.ways --work DIR [--size 100000]

Uses what large.py has built. README.md says what is compared.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.large_steps import index_of, vectors_of
from benchmarks.shared import asked, machine
from benchmarks.shared.corpora import arguments, questions_in, real_encoder
from benchmarks.shared.exact import DEEP, Exact, exact_vectors, recall
from nrqa.index.local.files import VECTORS
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.signals import dense, vectors

TRAINED = 100_000
"""Vectors that an index is trained on."""
TOGETHER = 16_384
SHARES = (16, 8, 4)
"""One list in so many is looked into."""
DEEPER = (20, 60)
"""So many are compared by bytes for each that is wanted."""

Questions = NDArray[np.float32]


def main() -> None:
    options = arguments("Ways to search many vectors")
    options.add_argument("--size", type=int, default=100_000, help="about how many passages")
    options.add_argument("--leave-out", default="", help="factory strings of FAISS, with spaces between")
    given = options.parse_args()
    exact = exact_vectors(vectors_of(given.work, given.size), index_of(given.work, given.size))
    texts = [one.question for one in questions_in(given.work, given.data)]
    questions = real_encoder().encode_questions(texts).vectors
    best = exact.search(questions, 10)[1]
    results: dict[str, Any] = {"machine": machine.describe(), "vectors": len(exact.rows), "ways": []}
    for one in (*ours(given.work, given.size, exact, questions, best), *theirs(given, exact, questions, best)):
        results["ways"].append(one)
        print(one, flush=True)
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write(f"ways-{given.size}", results, tables(results))


def ours(work: Path, size: int, exact: Exact, questions: Questions, best: Questions) -> Iterator[dict[str, Any]]:
    """nrqa's own."""
    folder = LocalSnapshot.newest(index_of(work, size)).folder
    parts = LocalSnapshot.newest(index_of(work, size)).vector_parts
    size = sum(file.stat().st_size for file in folder.glob(f"*/{VECTORS}"))
    yield measured("nrqa", exact, questions, best, lambda one: dense.search(parts, one, 10)[0], size)


def theirs(given: Any, exact: Exact, questions: Questions, best: Questions) -> Iterator[dict[str, Any]]:
    """FAISS's, each searched by one thread as nrqa's are."""
    import faiss

    width = exact.vectors.shape[1]
    lists = max(1, len(exact.rows) // vectors.TO_A_LIST)
    coded = f"IVF{lists},RaBitQfs"
    for name in ("Flat", "SQfp16", "SQ8", "IVF1,RaBitQfs,Refine(SQ8)", f"{coded},Refine(SQ8)", "HNSW32,SQ8"):
        if name in given.leave_out.split():
            continue
        index = faiss.index_factory(width, name, faiss.METRIC_INNER_PRODUCT)
        began = time.perf_counter()
        if not index.is_trained:
            dice = np.random.default_rng(0)
            index.train(
                exact.vectors[np.sort(dice.choice(exact.places, min(TRAINED, len(exact.places)), replace=False))]
            )
        between = time.perf_counter()
        for at in range(0, len(exact.rows), TOGETHER):
            index.add(np.ascontiguousarray(exact.vectors[exact.places[at : at + TOGETHER]]))
        took = {"seconds to train": between - began, "seconds to add": time.perf_counter() - between}
        size = len(faiss.serialize_index(index))
        threads = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(1)
        for told, search in _settings(faiss, index, name):
            yield {**measured(f"FAISS {name}{told}", exact, questions, best, _rows_by(exact, search), size), **took}
        faiss.omp_set_num_threads(threads)


def _settings(faiss: Any, index: Any, name: str) -> Iterator[tuple[str, Callable[[Questions], Any]]]:
    if name.startswith("HNSW"):
        for breadth in (64, 256):
            index.hnsw.efSearch = breadth
            yield f", efSearch {breadth}", lambda one: index.search(one, 10)[1]
    elif name.startswith("IVF"):
        lists = faiss.extract_index_ivf(index)
        for share in SHARES if lists.nlist > 1 else (1,):
            lists.nprobe = max(1, lists.nlist // share)
            for index.k_factor in DEEPER:
                yield (
                    f", nprobe {lists.nprobe}, {index.k_factor * DEEP:,.0f} refined",
                    lambda one: index.search(one, DEEP)[1][:, :10],
                )
    else:
        yield "", lambda one: index.search(one, 10)[1]


def _rows_by(exact: Exact, search: Callable[[Questions], Any]) -> Callable[[Questions], Any]:
    def rows(question: Questions) -> Any:
        at = search(question[None, :])[0]
        return exact.rows[at[at >= 0]]

    return rows


def measured(
    name: str, exact: Exact, questions: Questions, best: Questions, search: Callable[[Questions], Any], size: int
) -> dict[str, Any]:
    """Recall@10, milliseconds and bytes of one way."""
    took, found = [], []
    for question in (*questions[:10], *questions):
        began = time.thread_time()  # others may use the machine meanwhile
        found.append(search(question))
        took.append(time.thread_time() - began)
    recalls = [recall(exact, *one) for one in zip(questions, found[10:], best, strict=True)]
    return {"way": name, "recall@10": float(np.mean(recalls)), "milliseconds": asked.spread(took[10:]), "bytes": size}


def tables(results: dict[str, Any]) -> Iterator[str]:
    yield f"{results['vectors']:,} vectors, one question at a time, one thread:"
    yield machine.table(
        ("way", "recall@10", "p50 ms", "p95 ms", "p99 ms", "most", "bytes a vector", "s to train", "s to add"),
        (
            (
                one["way"],
                f"{one['recall@10']:.4f}",
                *one["milliseconds"].values(),
                f"{one['bytes'] / results['vectors']:,.0f}",
                *(f"{one[name]:.0f}" if name in one else "" for name in ("seconds to train", "seconds to add")),
            )
            for one in results["ways"]
        ),
    )


if __name__ == "__main__":
    main()
