"""The tables and targets of large.py."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchmarks.shared import machine

Sizes = Mapping[str, Any]

_KB, _MB = 1024, 1_000_000
_MEASURES: tuple[tuple[str, float, bool, Callable[[Any], float]], ...] = (
    ("warm question, p50 ms", 25, False, lambda one: one["ask"]["milliseconds"]["p50"]),
    ("warm question, p95 ms", 60, False, lambda one: one["ask"]["milliseconds"]["p95"]),
    ("recall@10 of the dense search", 0.98, True, lambda one: one["compare"]["recall@10"]),
    ("resident after 300 questions, MB", 1200, False, lambda one: one["ask"]["memory"]["resident"]),
    ("disk with the late signal, KB a passage", 4, False, lambda one: a_passage(one)["in all"] / _KB),
    ("disk without it, KB a passage", 1.2, False, lambda one: a_passage(one)["without token codes"] / _KB),
    ("cold `nrqa query`, s", 1.5, False, lambda one: one["cold"]["corpus there"]["median"]),
    ("peak memory of its own while building, MB", 1500, False, lambda one: one["build"]["peak own"]),
    ("passages outside a filter", 0, False, lambda one: sum(f["outside"] for f in _filters(one))),
    ("least recall@10 under a filter", 0.98, True, lambda one: min(f["recall@10"] for f in _filters(one))),
)
"""What, its bound, whether the bound is from below, and where it stands."""


def targets(sizes: Sizes) -> Iterator[machine.Target]:
    """What was aimed at, at the largest size."""
    largest = sizes[list(sizes)[-1]]
    for what, bound, at_least, of in _MEASURES:
        try:
            value = of(largest)
        except KeyError:
            value = None
        yield machine.Target(f"{what} ({_count(largest)} passages)", value, bound, at_least)


def sections(sizes: Sizes, name: str) -> Iterator[str]:
    yield f"![How it grows]({name}.svg)"
    for title, columns in _TABLES:
        yield title
        yield machine.table(
            ("passages", *columns),
            ([_count(one), *(_shown(column, one) for column in columns.values())] for one in sizes.values()),
        )
    yield "Under a filter:"
    yield machine.table(
        ("passages", "filter", "within it", "outside", "recall@10", "first ms", "p50 ms", "p95 ms", "p99 ms", "most"),
        (
            (
                _count(one),
                name,
                f"{f['passages']:,}",
                f["outside"],
                f"{f['recall@10']:.4f}",
                f["first"],
                *f["milliseconds"].values(),
            )
            for one in sizes.values()
            if "compare" in one
            for name, f in one["compare"]["filters"].items()
        ),
    )

    yield "Which commit each step was measured at, and the machine's load then:"
    steps = list(dict.fromkeys(step for one in sizes.values() for step in one))
    yield machine.table(
        ("passages", *steps), ((_count(one), *(_when(one.get(step)) for step in steps)) for one in sizes.values())
    )


def _when(step: Any) -> str:
    return "–" if step is None else f"{step['commit']} ({step.get('load', '?')})"


def a_passage(one: Any) -> dict[str, float]:
    """Bytes on the disk a passage, by what they are for."""
    passages, found = one["build"]["passages"], one["build"]["bytes"]
    whole = sum(found.values())
    found = {**found, "in all": whole, "without token codes": whole - found["token codes"]}
    return {name: size / passages for name, size in found.items()}


def _filters(one: Any) -> list[Any]:
    return list(one["compare"]["filters"].values())


def _count(one: Any) -> str:
    return f"{one['build']['passages']:,}"


def _shown(column: Callable[[Any], Any], one: Any) -> str:
    try:
        value = column(one)
    except KeyError:
        return "–"
    return (
        f"{value:,.0f}" if isinstance(value, int) or value >= 1000 else f"{value:.3g}" if value < 10 else f"{value:.1f}"
    )


def _bytes_of(kind: str) -> Callable[[Any], Any]:
    return lambda one: a_passage(one)[kind]


def _of(*path: str) -> Callable[[Any], Any]:
    def column(one: Any) -> Any:
        for name in path:
            one = one[name]
        return one

    return column


_TABLES: tuple[tuple[str, dict[str, Callable[[Any], Any]]], ...] = (
    ("Building, seconds (vectors are lent; most of that goes on beside reading and splitting):", {
        "documents": _of("build", "documents"),
        "in all": _of("build", "seconds"),
        "until all is read and split": _of("build", "seconds until all was read"),
        "lending vectors, beside": _of("build", "seconds in the encoder"),
        "tokenizing": _of("build", "seconds tokenizing"),
        "after the last vector": _of("build", "seconds after the last vector"),
        "peak resident MB": _of("build", "peak resident"),
        "peak own MB": _of("build", "peak own"),
    }),
    ("On the disk, bytes a passage:", {
        name: _bytes_of(name)
        for name in ("vectors", "token codes", "lexical", "catalog and texts", "other", "in all", "without token codes")
    }),
    ("A warm question with k=5, milliseconds:", {
        "p50": _of("ask", "milliseconds", "p50"),
        "p95": _of("ask", "milliseconds", "p95"),
        "p99": _of("ask", "milliseconds", "p99"),
        "most": _of("ask", "milliseconds", "most"),
        "p50, files not cached": _of("uncached", "milliseconds", "p50"),
        "p95, files not cached": _of("uncached", "milliseconds", "p95"),
        **{
            name: _of("ask", "parts", name)
            for name in ("encoding", "lexical, beside", "dense", "lexical", "late", "document", "rest")
        },
    }),
    ("After the questions, megabytes; and a cold `nrqa query`, seconds:", {
        "resident": _of("ask", "memory", "resident"),
        "its own": _of("ask", "memory", "own"),
        "of files": _of("ask", "memory", "files"),
        "before opening": _of("ask", "memory before", "resident"),
        "cold, corpus there": _of("cold", "corpus there", "median"),
        "cold, corpus gone": _of("cold", "corpus gone", "median"),
    }),
    ("What is found, beside an exact dense search:", {
        "recall@10": _of("compare", "recall@10"),
        "recall@50": _of("compare", "recall@50"),
        "same first hit": _of("compare", "same first hit"),
        "same ten hits": _of("compare", "same ten hits"),
        "planted passage first": _of("ask", "hit@1"),
        "nDCG@10": _of("ask", "nDCG@10"),
    }),
    ("Others, given the same vectors and texts (one question at a time, encoding left out):", {
        "nrqa dense p50 ms": _of("ask", "parts", "dense"),
        "FAISS flat p50 ms": _of("faiss flat", "milliseconds", "p50"),
        "by one thread": _of("faiss flat", "milliseconds of one thread", "p50"),
        "its MB": _of("faiss flat", "megabytes"),
        "FAISS HNSW p50 ms": _of("faiss hnsw", "milliseconds", "p50"),
        "its recall@10": _of("faiss hnsw", "recall@10"),
        "its MB ": _of("faiss hnsw", "megabytes"),
        "s to build": _of("faiss hnsw", "seconds to build"),
        "nrqa BM25 p50 ms": _of("sqlite fts5", "nrqa, milliseconds", "p50"),
        "SQLite FTS5 p50 ms": _of("sqlite fts5", "milliseconds", "p50"),
    }),
)  # fmt: skip
