"""What a passage weighs on a server, and a question on the wire, by the rows that an index would be sent as.

    python -m benchmarks.scale.row_bytes INDEX [INDEX ...]

Nothing is sent: the rows of each index in a folder are made as they would be, and their bytes counted by collection and
field. docs/scale.md multiplies them.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.shared import machine
from nrqa.answering.ranking import CANDIDATES
from nrqa.index.local.builder import entry_of
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.index.milvus.schema import DOCUMENTS, PASSAGES, PIECES
from nrqa.index.milvus.sending import Sent, part_rows

_POSTING = 8
"""Bytes of one term of one passage in a sparse vector: the number of the term, and how often it stands there."""
FETCHED = "row document length counts codes vector".split()
"""What a question fetches of a row (``nrqa.index.milvus.facts``)."""
_OF_TERMS = 48
"""Bytes of a row of the collection of terms without its key: five numbers, and the vector of two that it must have."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("indexes", nargs="+", type=Path, metavar="INDEX")
    given = options.parse_args()
    results: dict[str, Any] = {"machine": machine.describe(), "indexes": []}
    results["machine"]["options"] = [named(index) for index in given.indexes]
    for index in given.indexes:
        results["indexes"].append(weighed(index))
    machine.write("row-bytes", results, tables(results))


def weighed(index: Path) -> dict[str, Any]:
    """Bytes by collection and field, and what the statistics hold."""
    snapshot = LocalSnapshot.newest(index)
    fields: Counter[tuple[str, str]] = Counter()
    rows: Counter[str] = Counter()
    postings, making, sent = 0, 0.0, Sent()
    for its in snapshot.manifest.parts:
        part = snapshot.part(its.name)
        making -= time.perf_counter()
        made = [*part_rows(part, sent, entry_of, 1)]
        making += time.perf_counter()
        for name, some in made:
            rows[name] += len(some)
            for one in some:
                fields.update({(name, field): size(value) for field, value in one.items()})
                postings += len({*one["terms"].split()}) if name == PASSAGES else 0
    terms = len(sent.passages)
    return {
        "corpus": named(index),
        "passages": rows[PASSAGES],
        "documents": rows[DOCUMENTS],
        "rows": dict(rows),
        "fields": {f"{name}.{field}": count for (name, field), count in sorted(fields.items())},
        "postings": postings,
        "seconds to make the rows": round(making, 2),
        "terms": terms,
        "bytes of terms": sum(len(one) for one in sent.passages) * 2 + terms * (1 + _OF_TERMS),
        "tokens counted": len(snapshot.counted_tokens()[0]),
    }


def named(index: Path) -> str:
    """The name of an index's corpus; those of benchmarks are called "index", in a folder of that name."""
    return index.parent.name if index.name == "index" else index.name


def size(value: object) -> int:
    """Bytes of a field: text in UTF-8, a number in eight bytes, a vector in four for each dimension."""
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    return 4 * len(value) if isinstance(value, list) else 8


def of_a_question(one: Mapping[str, Any]) -> tuple[int, int]:
    """Rows that a question fetches at most where none is kept from before, and their bytes."""
    rows = 2 * CANDIDATES + 4 * CANDIDATES
    each = sum(one["fields"][f"{PASSAGES}.{name}"] for name in FETCHED) / one["passages"]
    return rows, round(rows * each)


def tables(results: Mapping[str, Any]) -> Iterator[str]:
    every = results["indexes"]

    def each(one: Mapping[str, Any], *names: str) -> str:
        return f"{sum(count for name, count in one['fields'].items() if name.startswith(names)) / one['passages']:,.0f}"

    yield "Bytes for each passage, as rows are sent:"
    yield machine.table(
        (
            "corpus", "passages", "documents", "vector", "token codes", "content", "terms", "counts", "numbers, hash",
            "documents' rows", "texts", "in all",
        ),
        [
            (
                one["corpus"], f"{one['passages']:,}", f"{one['documents']:,}",
                each(one, f"{PASSAGES}.vector"), each(one, f"{PASSAGES}.codes"), each(one, f"{PASSAGES}.content"),
                each(one, f"{PASSAGES}.terms"), each(one, f"{PASSAGES}.counts"),
                each(one, *(f"{PASSAGES}.{name}" for name in ("row", "document", "length", "hash", "born", "died"))),
                each(one, DOCUMENTS), each(one, PIECES), each(one, ""),
            )
            for one in every
        ],
    )  # fmt: skip
    yield "Beside the rows, and what a question fetches:"
    yield machine.table(
        (
            "corpus", "distinct terms of a passage", "their sparse vector, bytes", "terms in all",
            "bytes of a term's row", "tokens counted",
            "passages made into rows a second", "rows of a question, at most", "bytes of these",
        ),
        [
            (
                one["corpus"], f"{one['postings'] / one['passages']:.0f}",
                f"{_POSTING * one['postings'] / one['passages']:.0f}", f"{one['terms']:,}",
                f"{one['bytes of terms'] / one['terms']:.0f}", f"{one['tokens counted']:,}",
                f"{one['passages'] / one['seconds to make the rows']:,.0f}",
                *(f"{count:,}" for count in of_a_question(one)),
            )
            for one in every
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
