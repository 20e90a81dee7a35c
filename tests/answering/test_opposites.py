"""Whether a passage says the opposite of a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from nrqa.answering.asking import Index
from nrqa.answering.opposites import says_opposite
from nrqa.encoder.protocol import Encoder
from nrqa.indexing.reindexing import reindex


@pytest.mark.parametrize(
    ("question", "passage", "opposite"),
    [
        ("where are dogs allowed", "Dogs are not allowed in the house.", True),
        ("where are dogs not allowed", "Dogs are allowed in the garden.", True),
        ("where aren't dogs allowed", "Dogs are allowed in the garden.", True),
        ("does the policy cover floods", "The policy does not cover floods.", True),
        ("wo darf man nicht rauchen", "Im Hof darf man rauchen.", True),
        ("where are dogs allowed", "Dogs are allowed in the garden.", False),
        ("where are dogs not allowed", "Dogs are never allowed in the house.", False),
        ("where are dogs allowed", "Dogs are allowed in the garden, but not allowed in the house.", False),
        ("where are cats allowed", "The door is not the way in.", False),
        ("what is not the cause of rain", "Heat is not the cause.", False),
        ("why does Russia oppose missile defense", "Russia does not trust it.", False),
    ],
)
def test_a_word_that_is_negated_on_one_side_only_makes_an_opposite(
    question: str, passage: str, *, opposite: bool
) -> None:
    assert says_opposite(question, passage) == opposite


@pytest.mark.slow
def test_the_opposite_is_no_answer(corpus: Path, index: Path, encoder: Encoder) -> None:
    (corpus / "house.md").write_text("Dogs are not allowed in the house.\n")
    (corpus / "ferry.md").write_text("The ferry leaves for the island at nine.\n")
    reindex(corpus, index, encoder=encoder)
    opened = Index.open(index, encoder=encoder)
    assert opened.ask("where are dogs allowed").verdict == "weak"
    assert opened.ask("where are dogs not allowed").verdict == "answered"


def test_time_grows_with_the_length_of_the_text() -> None:
    assert not says_opposite("not " * 20_000, "never a word " * 20_000)
