"""How long questions take, and which part of the product takes how long of it."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from statistics import median, quantiles
from typing import Any

import nrqa

PARTS: dict[str, tuple[str, ...]] = {
    "encoding": ("nrqa.encoder.onnx_encoder.OnnxEncoder.encode_questions",),
    "dense": ("nrqa.index.local.snapshot.LocalSnapshot.search_dense", "nrqa.signals.dense.score"),
    "lexical": tuple(f"nrqa.signals.lexical.Lexical.{name}" for name in ("search", "score", "weights", "occurs")),
    "late": (
        *(f"nrqa.signals.late{module}.{name}" for module in ("", ".matching") for name in ("tables", "scores")),
        "nrqa.index.local.snapshot.LocalSnapshot.coded",
    ),
    "document": tuple(f"nrqa.answering.ranking.{name}" for name in ("naming", "lent", "_rows_of_named")),
}
"""What belongs to each part; a name that is not there is left out."""


def seconds(index: nrqa.Index, questions: Sequence[str], **asked: Any) -> list[float]:
    """How long each question took."""
    found = []
    for question in questions:
        began = time.perf_counter()
        index.ask(question, **asked)
        found.append(time.perf_counter() - began)
    return found


def spread(found: Sequence[float]) -> dict[str, float]:
    """Milliseconds: the median, what 95 and 99 of 100 stay under, and the most."""
    cuts = quantiles(found, n=100) if len(found) > 1 else [found[0]] * 99
    named = {"p50": median(found), "p95": cuts[94], "p99": cuts[98], "most": max(found)}
    return {name: round(value * 1000, 2) for name, value in named.items()}


def parts(index: nrqa.Index, questions: Sequence[str], of: Mapping[str, tuple[str, ...]] = PARTS) -> dict[str, float]:
    """Milliseconds of each part, medians over the questions; "rest" is what is in none.

    What another thread does of a part meanwhile is that part's ``beside``, and in no sum.
    """
    rows: dict[str, list[float]] = {name: [] for name in (*of, *map(beside, of), "rest")}
    with _counted(of) as spent:
        for question in questions:
            spent.update(dict.fromkeys(rows, 0.0))
            began = time.perf_counter()
            index.ask(question, k=5)
            whole = time.perf_counter() - began
            spent["rest"] = whole - sum(spent[name] for name in of)
            for name, found in rows.items():
                found.append(spent[name])
    return {name: round(median(found) * 1000, 2) for name, found in rows.items()}


def beside(part: str) -> str:
    """The name of what another thread does of a part."""
    return f"{part}, beside"


@contextmanager
def _counted(parts_of: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, float]]:
    """Seconds spent in each part; a part within another counts for the outer one."""
    spent: dict[str, float] = {}
    inside = threading.local()
    own = threading.get_ident()
    found = {part: [one for place in places if (one := _found(place))] for part, places in parts_of.items()}
    assert all(found.values()), found
    before = [(owner, name, getattr(owner, name)) for those in found.values() for owner, name in those]
    for part, those in found.items():
        for owner, name in those:
            setattr(owner, name, _timing(getattr(owner, name), part, spent, inside, own))
    try:
        yield spent
    finally:
        for owner, name, original in before:
            setattr(owner, name, original)


def _found(place: str) -> tuple[Any, str] | None:
    """The module or class that the name is in, and the name within it; None where there is none."""
    *path, name = place.split(".")
    owner: Any = None
    for at in range(1, len(path) + 1):
        module = ".".join(path[:at])
        with suppress(ModuleNotFoundError):
            owner = import_module(module)
            continue
        owner = getattr(owner, path[at - 1], None)
    return (owner, name) if hasattr(owner, name) else None


def _timing(
    work: Callable[..., Any], part: str, spent: dict[str, float], inside: threading.local, own: int
) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        if getattr(inside, "any", False):
            return work(*given, **named)
        inside.any = True
        name = part if threading.get_ident() == own else beside(part)
        began = time.perf_counter()
        try:
            return work(*given, **named)
        finally:
            spent[name] += time.perf_counter() - began
            inside.any = False

    return timed
