from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.answering.grouping import group
from nrqa.answering.missing_words import mostly_nowhere, words_nowhere, words_to_report
from nrqa.indexing.reindexing import reindex
from nrqa.signals.lexical import Lexical

TEXTS = {
    "light.txt": "The lighthouse at Skagen was lit in 1858 and has shone over the two seas ever since that winter.",
    "mill.txt": "The mill by the river ground rye for the whole valley until the flood took its wheel away.",
    "bees.txt": "A beekeeper sells honey at the market on the first Saturday of every month, rain or shine.",
    "many.txt": "图书馆每天早上开门。 ประเทศไทยมีห้องสมุด हिन्दी में किताबें Das Ge\u00adsamt\u00adkonzept Plan\u200bung",
}


def filled(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    for name, text in TEXTS.items():
        (corpus / name).write_text(text)
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("图书馆", ()),
        ("停车场每天开门", ("停车场",)),
        ("ห้องสมุด", ()),
        ("हिन्दी पुस्तकालय", ("पुस्तकालय",)),
        ("Gesamt\u00adkonzept Planung", ()),
        ("Wie\u00adder", ("Wieder",)),
        ("light.txt many", ()),
        ("1858 or 1,858 or 18", ("18",)),
    ],
)
def test_words_are_told_whole_and_only_if_they_are_missing(
    corpus: Path, index: Path, fake: FakeEncoder, question: str, missing: tuple[str, ...]
) -> None:
    snapshot = filled(corpus, index, fake).snapshot
    assert words_nowhere(snapshot, question, snapshot.filtered(None, None)) == missing


def test_words_that_occur_nowhere_are_told_as_they_are_written(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    snapshot = filled(corpus, index, fake).snapshot
    whole = snapshot.filtered(None, None)
    missing = words_nowhere(snapshot, "Did Finland's lighthouses shine in 1858 or 2027?", whole)
    assert missing == ("Did", "Finland's", "2027")
    assert words_nowhere(snapshot, "honey", snapshot.filtered(None, ["mill.txt"])) == ("honey",)
    assert words_nowhere(snapshot, "mill " * 500 + "unheard", whole) == ("unheard",)


@pytest.mark.parametrize(
    ("question", "nowhere", "mostly"),
    [
        ("Wann wurde der Leuchtturm entzündet", ("Wann", "wurde", "Leuchtturm", "entzündet"), True),
        ("When was the Leuchtturm lit", ("Leuchtturm",), False),
        ("Leuchtturm Hafen", ("Leuchtturm", "Hafen"), False),  # two words say nothing of a language
        ("俄罗斯为什么反对导弹防御", ("俄罗斯为什么反对导弹防御",), True),
        ("NATO为什么反对导弹防御", ("为什么反对导弹防御",), True),
        ("图书馆每天早上几点开门呢", ("几点", "呢"), False),
        ("图书馆", ("图书馆",), False),
        ("ห้องสมุดเปิดกี่โมง", ("ห้องสมุดเปิดกี่โมง",), True),
    ],
)
def test_another_language_is_seen_in_scripts_with_and_without_spaces(
    question: str, nowhere: tuple[str, ...], *, mostly: bool
) -> None:
    assert mostly_nowhere(question, nowhere) is mostly


def test_words_of_what_was_found_under_a_filter_need_not_be_looked_up(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "link.md").write_text("# Harbour\n\nThe [pilots](https://zeppelin.example) wait for the evening tide.\n")
    snapshot = filled(corpus, index, fake).snapshot
    within = snapshot.filtered(None, ["link.md"])
    text = "Do pilots wait for a zeppelin in the harbour?"
    groups = group(snapshot, snapshot.rows(within).tolist(), 5)
    expected = words_nowhere(snapshot, text, within)
    assert "zeppelin" in expected
    looked_up: list[str] = []
    occurs = Lexical.occurs

    def counting(lexical: Lexical, term: str, *, documents: Iterable[int] | None = None) -> bool:
        looked_up.append(term)
        return occurs(lexical, term, documents=documents)

    monkeypatch.setattr(Lexical, "occurs", counting)
    assert words_nowhere(snapshot, text, within, groups) == expected
    assert "harbour" not in looked_up


@pytest.mark.parametrize(
    ("question", "nowhere", "told"),
    [
        ("Did Finland's lights shine in 2027?", ("Did", "Finland's", "shine", "2027"), ["Finland's", "2027"]),
        ("did finland join in 2027", ("did", "finland", "join", "2027"), ["finland", "2027"]),
        ("Oslo", ("Oslo",), ["Oslo"]),
        ("Finland joined when?", ("Finland",), ["Finland"]),
        ("Why did it burn?", ("Why",), []),
        ("图书馆在哪里", ("图书馆",), ["图书馆"]),
        ("2027", ("2027",), ["2027"]),
    ],
)
def test_names_numbers_and_dates_are_worth_telling(question: str, nowhere: tuple[str, ...], told: list[str]) -> None:
    assert words_to_report(question, nowhere) == told
