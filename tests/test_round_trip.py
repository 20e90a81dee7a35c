"""Of every format: a citation leads back to exactly its text, and is intact against the sources as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import project
from fakes import FakeEncoder
from nrqa.answering.inspecting import show
from nrqa.citations.line import cite_line
from nrqa.citations.verifying import verify
from nrqa.corpus.readers.kinds import has_lines
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex
from nrqa.records import Passage
from nrqa.rendering.places import parse_place, place_of

pytestmark = pytest.mark.slow  # one index of real files serves all

DOCUMENTS = project.DOCUMENTS


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[tuple[str, Passage]]]:
    """Corpus, index, and every passage with its document's text."""
    place = tmp_path_factory.mktemp("round")
    corpus, index = place / "corpus", place / "index"
    shutil.copytree(DOCUMENTS, corpus)
    reindex(corpus, index, encoder=FakeEncoder())
    snapshot = LocalSnapshot.newest(index)
    passages = []
    for name in sorted(snapshot.known):
        found = snapshot.document_named(name)
        assert found is not None
        passages += [(found[0], stored.passage) for stored in found[1]]
    return corpus, index, passages


@pytest.mark.slow
def test_every_format_is_there(built: tuple[Path, Path, list[tuple[str, Passage]]]) -> None:
    formats = {passage.citation.document.partition("/")[0] for _, passage in built[2]}
    assert formats >= {folder.name for folder in DOCUMENTS.iterdir() if folder.is_dir()}


def test_a_passage_is_its_span_of_the_document(built: tuple[Path, Path, list[tuple[str, Passage]]]) -> None:
    for text, passage in built[2]:
        assert text[passage.citation.start : passage.citation.end] == passage.text


@pytest.mark.slow
def test_a_citation_is_shown_as_the_passage_it_is_of(built: tuple[Path, Path, list[tuple[str, Passage]]]) -> None:
    for _, passage in built[2][::5]:
        assert passage in show(parse_place(cite_line(passage)), built[1]).passages
        assert passage in show(parse_place(place_of(passage.citation)), built[1]).passages
        assert (":" in place_of(passage.citation)) == has_lines(passage.citation.document)


@pytest.mark.slow
def test_all_citations_are_intact(built: tuple[Path, Path, list[tuple[str, Passage]]], tmp_path: Path) -> None:
    kept = tmp_path / "citations.txt"
    kept.write_text("".join(f"{cite_line(passage)}\n" for _, passage in built[2]), "utf-8")
    found = verify([kept], built[0])
    assert found.counts["intact"] == len(built[2]) == sum(found.counts.values())
