from __future__ import annotations

import random
from pathlib import Path

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.evaluation.swapped_names import vocabulary
from nrqa.evaluation.verdict_cases import Asked, cases, near_misses
from nrqa.indexing.reindexing import reindex
from nrqa.records import Passage

TEXTS = {
    "light.txt": "The old lighthouse near the town of Skagen was lit in 1858 and has shone over two seas ever since.",
    "mill.txt": "The mill by the river near Aarhus ground rye for the whole valley until 1911, when a flood came.",
    "bees.txt": "A beekeeper sells honey at the market on the first day of every month, rain or shine, all year.",
}


def of_light(passage: Passage) -> bool:
    return passage.citation.document == "light.txt"


def test_a_hidden_answer_is_not_found_and_all_else_is(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    for name, text in TEXTS.items():
        (corpus / name).write_text(text)
    reindex(corpus, index, encoder=fake)
    asked = Asked("when was the lighthouse near Skagen lit", "answerable", of_light, frozenset({"light.txt"}))
    hidden, *others = near_misses([asked], vocabulary(TEXTS.items()), random.Random(1))
    assert [one.kind for one in others] == ["swapped"]
    assert "Aarhus" in others[0].text
    found = list(cases(Index.open(index, encoder=fake), [asked, hidden, *others]))
    assert [(one.kind, one.right) for one in found] == [("answerable", True), ("hidden", False), ("swapped", False)]
    assert found[1].evidence.mismatch > found[0].evidence.mismatch
    assert found[2].evidence.mismatch > found[0].evidence.mismatch


def test_a_hidden_answer_that_another_passage_holds_as_well_is_told_apart(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    for name, text in {**TEXTS, "letter.txt": "She wrote that the lighthouse was lit in 1858."}.items():
        (corpus / name).write_text(text)
    reindex(corpus, index, encoder=fake)
    text = "when was the lighthouse near Skagen lit"
    asked = [
        Asked(text, "hidden", of_light, elsewhere=lambda one: "1858" in one.text),
        Asked(text, "hidden", of_light, elsewhere=lambda one: "1859" in one.text),
        Asked(text, "answerable", of_light, elsewhere=lambda _: True),
    ]
    found = list(cases(Index.open(index, encoder=fake), asked))
    assert [one.kind for one in found] == ["elsewhere", "hidden", "answerable"]
    assert [one.right for one in found] == [False, False, True]
