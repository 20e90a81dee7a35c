from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.answering.evidence import COMPARED, evidence
from nrqa.answering.grouping import group
from nrqa.answering.ranking import prepared, rank
from nrqa.answering.verdict import Evidence
from nrqa.indexing.reindexing import reindex

TEXTS = {
    "light.txt": "The lighthouse at Skagen was lit in 1858 and has shone over the two seas ever since that winter.",
    "mill.txt": "The mill by the river ground rye for the whole valley until the flood took its wheel away.",
    "bees.txt": "A beekeeper sells honey at the market on the first Saturday of every month, rain or shine.",
}


def seen(index: Index, text: str) -> Evidence:
    snapshot = index.snapshot
    (question,) = prepared(snapshot, [text], index.encode)
    ranked = rank(snapshot, question, 10, snapshot.filtered(None, None))
    return evidence(snapshot, question, ranked, group(snapshot, ranked.rows.tolist(), COMPARED))


def filled(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    for name, text in TEXTS.items():
        (corpus / name).write_text(text)
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


def test_words_that_stand_in_the_passage_are_no_mismatch(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    opened = filled(corpus, index, fake)
    own = seen(opened, "lighthouse at Skagen was lit in 1858")
    assert own.mismatch < 0.05
    assert own.mismatch < seen(opened, "lighthouse at Skagen was lit in 1859").mismatch
    assert own.mismatch < seen(opened, "lighthouse at Grenen was lit in 1858").mismatch


def test_the_margin_is_over_other_passages_not_over_copies(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    question = "lighthouse at Skagen was lit in 1858"
    alone = seen(filled(corpus, index, fake), question)
    (corpus / "copy.txt").write_text(TEXTS["light.txt"])
    reindex(corpus, index, encoder=fake)
    copied = seen(Index.open(index, encoder=fake), question)
    assert copied.margin > alone.margin - 0.1
    assert alone.margin > 0.2


@pytest.mark.slow
def test_documents_that_are_there_twice_leave_the_margin_as_it_is(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    question = "lighthouse at Skagen was lit in 1858"
    words = question.split()
    # From almost the question down to nothing of it, so that the next ten are much alike, or much less.
    near = {f"{at}.txt": f"{' '.join(words[at % 5 :][: 6 - at // 3])} of {at} the rain and rye" for at in range(15)}
    for name, text in near.items():
        (corpus / name).write_text(text)
    alone = seen(filled(corpus, index, fake), question)
    for name, text in {**TEXTS, **near}.items():
        (corpus / f"copy of {name}").write_text(text)
        (corpus / f"third {name}").write_text(text)
    reindex(corpus, index, encoder=fake)
    assert abs(seen(Index.open(index, encoder=fake), question).margin - alone.margin) < 0.03


def test_a_name_that_the_passage_lacks_is_told_unless_its_document_begins_with_it(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    opened = filled(corpus, index, fake)
    assert not seen(opened, "when was the lighthouse at Skagen lit").lacks
    assert seen(opened, "when was the lighthouse at Grenen lit").lacks
    assert not seen(opened, "when was the lighthouse at Skaggen lit").lacks  # a slip of the keyboard
    assert seen(opened, "lighthouse lit in 1859").lacks
    filler = "Nothing of note was written down in those years by anybody who lived there at all. " * 40
    (corpus / "light.txt").write_text(f"Agreement with Grenen about its light.\n\n{filler}\n\n{TEXTS['light.txt']}")
    reindex(corpus, index, encoder=fake)
    opened = Index.open(index, encoder=fake)
    asked = "which lighthouse of Grenen at Skagen was lit in 1858 and has shone over the two seas"
    assert "Grenen" not in opened.ask(asked).hits[0].passage.text
    assert not seen(opened, asked).lacks


def test_what_a_heading_lends_counts_for_little_where_the_passage_says_nothing(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    question = "declarations page of the insurance company"
    said = "The insurer named below covers all of the loss that follows from fire, water or wind at this address."
    found = []
    for own in ("XXXXXX XXXXXXXX", said):
        (corpus / "form.md").write_text(f"# Declarations page\n\n## Insurance company\n\n{own}\n")
        reindex(corpus, index, encoder=fake)
        found.append(seen(Index.open(index, encoder=fake), question))
    assert found[0].mismatch > 0.8
    assert found[1].mismatch < 0.7
    assert [one.lacks for one in found] == [True, False]


def test_a_single_passage_has_nothing_to_stand_out_from(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "light.txt").write_text(TEXTS["light.txt"])
    reindex(corpus, index, encoder=fake)
    opened = Index.open(index, encoder=fake)
    assert seen(opened, "lighthouse").margin == 1


def test_words_of_another_language_are_matched_by_meaning_alone(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = filled(corpus, index, fake)
    text = "Wann wurde der Leuchtturm von Grenen erstmals entzündet"
    manifest = opened.snapshot.manifest
    monkeypatch.setattr(opened.snapshot, "manifest", replace(manifest, multilingual=False))
    alone = seen(opened, text)
    monkeypatch.setattr(opened.snapshot, "manifest", replace(manifest, multilingual=True))
    assert seen(opened, text).mismatch < alone.mismatch
    assert seen(opened, f"{text} 1859").lacks  # numbers are the same in all languages
