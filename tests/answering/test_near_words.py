from __future__ import annotations

from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.near_words import near_words
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex


@pytest.fixture
def snapshot(corpus: Path, index: Path, fake: FakeEncoder) -> LocalSnapshot:
    (corpus / "north.txt").write_text("Title: North\n\nFinland joined. The Finnish army of FINLAND and Finland grew.\n")
    (corpus / "south.md").write_text("# Gorbachev\n\nThe missiles of 2013 were counted by the Müllers. Finlandia.\n")
    reindex(corpus, index, encoder=fake)
    return LocalSnapshot.newest(index)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Finlend", ["Finland"]),
        ("Finalnd", ["Finland"]),
        ("Gorbatchov", ["Gorbachev"]),
        ("missles", ["missiles"]),
        ("Mueller", ["Müllers"]),
        ("Mullers", ["Müllers"]),
        ("2031", []),
        ("Zanzibar", []),
        ("amy", []),
        ("芬兰", []),
    ],
)
def test_words_that_are_spelled_almost_so_are_offered(snapshot: LocalSnapshot, word: str, expected: list[str]) -> None:
    assert near_words(snapshot, [word]) == ({word: expected} if expected else {})


def test_only_words_of_the_searched_documents_are(snapshot: LocalSnapshot) -> None:
    assert near_words(snapshot, ["Finlend"], only=["south*"]) == {}
    assert near_words(snapshot, ["Finlend"], only=["north*"]) == {"Finlend": ["Finland"]}


def test_an_empty_index_has_none(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    reindex(corpus, index, encoder=fake, allow_empty=True)
    assert near_words(LocalSnapshot.newest(index), ["Finlend"]) == {}
