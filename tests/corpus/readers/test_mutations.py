"""Damaged files of every format: each is read, or refused with a reason; what is read keeps all rules.

benchmarks/documents/fuzzing.py does the same with thousands of files, in worker processes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pdf_writer
import project
from effort import tries
from mutating import broken_rules, mutated
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.readers.kinds import KINDS, kind_of
from nrqa.corpus.worker.isolation import ReadDocument, reading
from nrqa.errors import UnreadableError
from nrqa.records import Block, Document, Flag, Place

DOCUMENTS = project.DOCUMENTS
FILES = [
    file
    for file in sorted([*DOCUMENTS.glob("*/*"), *project.CORPUS.glob("*.txt")])
    if file.suffix != ".md" and file.parent.name != "hostile"
]
IN_PROCESS = [
    file for file in FILES if file.suffix in {".txt", ".rst", ".adoc", ".csv", ".tsv", ".jsonl", ".eml", ".mbox"}
]


def test_every_kind_of_file_has_a_real_one() -> None:
    there = {kind_of(file.name) for file in FILES}
    old_and_binary = {"DOC", "PPT"}
    assert {kind.name for kind in KINDS if kind not in there} <= {"Markdown", *old_and_binary}


@pytest.fixture(scope="module")
def read() -> Iterator[ReadDocument]:
    with reading(seconds=30) as function:
        yield function


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_damaged_file_is_read_or_refused_and_stops_nothing(file: Path, read: ReadDocument) -> None:
    data = file.read_bytes()
    others = [one.read_bytes() for one in FILES if one.parent == file.parent]
    for seed in range(6):
        chance = random.Random(f"{file.name} {seed}")
        damaged = mutated(data, chance.choice(others), chance)
        found, reason = None, ""
        try:
            found = read(file.name, damaged)
        except UnreadableError as error:
            reason = str(error)
        assert reason.strip() if found is None else broken_rules(*found) == []
        assert "longer than" not in reason


@pytest.mark.parametrize(
    "entries",
    [
        {"information": "/Title <FEFFD8000041>"},
        {"information": "/Author <FEFFDC00>"},
        {"catalog": "/PageLabels << /Nums [0 << /P <FEFFD800> /S /D >>] >>"},
        {
            "catalog": "/Outlines 8 0 R",
            "objects": [
                b"<< /Type /Outlines /First 9 0 R /Last 9 0 R /Count 1 >>",
                b"<< /Title <FEFFD8000041> /Parent 8 0 R /Dest [10 0 R /Fit] >>",
            ],
        },
    ],
)
def test_half_a_character_in_what_a_pdf_says_of_itself_costs_no_text(entries: dict[str, Any]) -> None:
    words = "Some words of a text that is long enough to be a paragraph of its own."
    found = read_document("a.pdf", pdf_writer.pdf(pdf_writer.lines([words]), **entries))
    assert found[0].text.strip() == words
    assert broken_rules(*found) == []


@given(st.sampled_from(IN_PROCESS), st.integers(0, 2**32))
@settings(max_examples=tries(200))
def test_the_text_of_a_damaged_file_keeps_all_rules(file: Path, seed: int) -> None:
    chance = random.Random(seed)
    damaged = mutated(file.read_bytes(), chance.choice(IN_PROCESS).read_bytes(), chance)
    try:
        found = read_document(file.name, damaged)
    except UnreadableError:
        return
    assert broken_rules(*found) == []


@pytest.mark.parametrize(
    ("document", "blocks"),
    [
        (Document("a", "A", "text", ""), ()),
        (Document("a", "", "text", ""), (Block(0, 4),)),
        (Document("a", "A", "text", ""), (Block(0, 5),)),
        (Document("a", "A", "text", ""), (Block(0, 3), Block(2, 4))),
        (Document("a", "A", "text\ud800", ""), (Block(0, 4),)),
        (Document("a", "A", "text", "", places=(Place("page", "1", 0, 3), Place("page", "2", 2, 4))), (Block(0, 4),)),
        (Document("a", "A", "text", "", flags=(Flag("lost text", 4, 5),)), (Block(0, 4),)),
    ],
)
def test_a_broken_rule_is_noticed(document: Document, blocks: tuple[Block, ...]) -> None:
    assert broken_rules(document, blocks)
