"""A folder of good files in every format and of bad ones: all good ones are searchable, each bad one has its reason.

benchmarks/documents/mixed.py does the same with a thousand files and the real encoder.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bad_files import BAD, misbehaving, write_bad
from fakes import FakeEncoder
from good_files import GOOD, write_good
from nrqa.answering.asking import Index
from nrqa.corpus.readers.kinds import KINDS, kind_of
from nrqa.corpus.worker.isolation import reading
from nrqa.indexing.reindexing import reindex
from nrqa.records import IndexReport

COLOURS = "red orange yellow green blue indigo violet brown black white grey pink golden silver crimson beige".split()


Built = tuple[IndexReport, dict[str, str]]


@pytest.fixture
def built(corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    monkeypatch.setenv("PYTHONPATH", misbehaving(tmp_path / "site"))
    monkeypatch.setattr("nrqa.indexing.reindexing.reading", lambda **given: reading(seconds=5, **given))
    sentences = {}
    for at, suffix in enumerate(GOOD):
        sentence = f"The {COLOURS[at % 16]} lighthouse of the keeper number {at}{at} was built in {1800 + at} of stone."
        name = write_good(
            corpus, "good/file", suffix, f"Lighthouse {at}", [sentence, "The sea is wide and ships are few."]
        )
        sentences[name] = sentence
    for bad in BAD:
        write_bad(corpus, bad)
    return reindex(corpus, index, encoder=FakeEncoder()), sentences


def test_there_is_a_good_file_for_every_kind_that_is_not_an_old_binary_one() -> None:
    assert {kind.name for kind in KINDS} - {kind_of(f"a{suffix}").name for suffix in GOOD} <= {"ODP", "DOC", "PPT"}  # type: ignore[union-attr]


@pytest.mark.slow
def test_all_good_files_are_found_and_every_bad_one_is_told_with_its_reason(
    built: Built, index: Path, fake: FakeEncoder
) -> None:
    report, sentences = built
    told = {one.document: one.reason for one in report.unreadable}
    wrong = {}
    for bad in BAD:
        reasons = [reason for name, reason in told.items() if name.endswith(bad.name)]
        if not any(re.search(bad.reason, one) for one in reasons):
            wrong[bad.name] = reasons
    assert wrong == {}
    assert (report.documents_added, report.documents_unreadable) == (len(GOOD), len(BAD))
    opened = Index.open(index, encoder=fake)
    found = {
        name: [hit.passage.citation.document for hit in opened.ask(text, k=3).hits] for name, text in sentences.items()
    }
    assert [name for name, documents in found.items() if name not in documents] == []
