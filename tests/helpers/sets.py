"""Question sets for tests, written as their files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

DOCUMENTS = {
    "tea": ("Tea", "Tea was grown on the southern slope. The harvest began in April."),
    "coal/mine": ("Coal", "Coal was mined below the village. The shaft was closed in 1962."),
    "Bread": ("", "Bread was baked in a stone oven every Friday morning."),
    "bread": ("", "Butter was churned by hand in the cellar of the farm."),
}
QUESTIONS = {
    "q1": "when did the tea harvest begin",
    "q2": "when was the coal shaft closed",
    "q3": "who churned butter in the cellar",
    "q4": "which dragons lived in the volcano",
    "q5": "a question of the training split",
}
RELEVANT = (("q1", "tea", 1), ("q2", "coal/mine", 1), ("q2", "tea", 0), ("q3", "bread", 2))
SPANS = (("q1", "tea", 37, 63), ("q2", "coal/mine", -1, -1), ("q3", "bread", 0, 6))


def write_set(
    folder: Path,
    *,
    documents: Mapping[str, tuple[str, str]] = DOCUMENTS,
    questions: Mapping[str, str] = QUESTIONS,
    relevant: Sequence[tuple[object, ...]] = RELEVANT,
    spans: Sequence[tuple[object, ...]] | None = SPANS,
    unanswerable: Sequence[str] = ("q4",),
    qrels: str = "qrels.tsv",
) -> Path:
    """A set in BEIR's layout; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_lines(
        folder / "corpus.jsonl",
        [{"_id": name, "title": title, "text": text} for name, (title, text) in documents.items()],
    )
    write_lines(
        folder / "queries.jsonl",
        [
            {"_id": name, "text": text, **({"answerable": False} if name in unanswerable else {})}
            for name, text in questions.items()
        ],
    )
    (folder / qrels).parent.mkdir(exist_ok=True)
    write_table(folder / qrels, ("query-id", "corpus-id", "score"), relevant)
    if spans is not None:
        write_table(folder / "spans.tsv", ("query-id", "corpus-id", "start", "end"), spans)
    return folder


def write_lines(file: Path, objects: Sequence[object]) -> Path:
    file.write_text("".join(json.dumps(one) + "\n" for one in objects), "utf-8")
    return file


def write_table(file: Path, header: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Path:
    file.write_text("".join("\t".join(map(str, row)) + "\n" for row in [header, *rows]), "utf-8")
    return file
