from __future__ import annotations

import math
import random
from collections import Counter
from itertools import combinations
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from numpy.typing import NDArray

from nrqa.signals import lexical
from nrqa.signals.lexical import Entry, Lexical, around
from nrqa.text.terms import document_terms, question_terms

TEXTS = [
    "Russia opposes missile defense systems in Europe.",
    "NATO expanded to the east; Russia objected to the expansion.",
    "Raketenabwehr in Europa beunruhigt Russland.",
    "北约为什么反对导弹防御系统",
    "Почему Россия против противоракетной обороны",
    "لماذا تعارض روسيا الدفاع الصاروخي",
    "ミサイル防衛にロシアが反対する理由",
    "La défense antimissile inquiète la Russie.",
    "La defensa antimisiles preocupa a España.",
]
CONTEXTS = ["Missile disputes", "", "", "", "", "", "", "OTAN", ""]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "lexical"
    place.mkdir()
    entries = [
        Entry(row=10 + at, document=at, text=text, context=context)
        for at, (text, context) in enumerate(zip(TEXTS, CONTEXTS, strict=True))
    ]
    lexical.write(place, entries)
    return place


def _bm25(term_lists: list[list[str]], question: list[str]) -> list[float]:
    """BM25 written out naively, with tantivy's constants and exact lengths."""
    passages = len(term_lists)
    average = sum(map(len, term_lists)) / passages
    scores = []
    for terms in term_lists:
        counts, score = Counter(terms), 0.0
        for term in question:
            occurs = sum(term in one for one in term_lists)
            idf = math.log(1 + (passages - occurs + 0.5) / (occurs + 0.5))
            norm = 1.2 * (1 - 0.75 + 0.75 * len(terms) / average)
            score += idf * counts[term] * 2.2 / (counts[term] + norm) if counts[term] else 0.0
        scores.append(score)
    return scores


def test_scores_are_bm25_as_the_formula_says(folder: Path) -> None:
    question = question_terms("Why does Russia oppose missile defense in Europe?")
    # One frequency of a term over all fields: title and headings count as if they stood in the text, twice.
    found = zip(TEXTS, CONTEXTS, strict=True)
    expected = _bm25([document_terms(text) + document_terms(context) * 2 for text, context in found], question)
    rows = np.arange(10, 10 + len(TEXTS), dtype=np.int64)
    np.testing.assert_allclose(Lexical(folder).score(question, rows), expected, rtol=1e-4)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Warum beunruhigt die Raketenabwehr Russland?", 12),
        ("北约 反对 导弹", 13),
        ("против противоракетная оборона", 14),
        ("تعارض روسيا", 15),
        ("ロシア ミサイル", 16),
        ("l'inquiétude de la Russie: antimissile", 17),
        ("ESPANA defensa", 18),
    ],
)
def test_questions_in_many_languages_stay_alive(folder: Path, question: str, row: int) -> None:
    rows, scores = Lexical(folder).search(question_terms(question), 3)
    assert rows[0] == row
    assert scores[0] > 0


def test_removed_documents_are_gone_from_searches_and_counts(folder: Path) -> None:
    lexical.write(folder, [], removed=[0, 1])
    found = Lexical(folder)
    rows, _ = found.search(["russia"], 10)
    assert 10 not in rows
    assert 11 not in rows
    assert found.score(["russia"], np.array([10, 11])).tolist() == [0.0, 0.0]
    # What occurs nowhere any more weighs as much as what never did.
    weights = found.weights(["russia", "neverseen"])
    assert weights["neverseen"] >= weights["russia"]


def test_a_word_occurs_as_long_as_one_of_its_documents_is_there(folder: Path) -> None:
    found = Lexical(folder)
    assert found.occurs("russia")
    assert not found.occurs("neverseen")
    assert found.occurs("russia", documents=[1])
    assert not found.occurs("russia", documents=[2])
    lexical.write(folder, [], removed=[0])
    assert Lexical(folder).occurs("russia")
    lexical.write(folder, [], removed=[1])
    assert not Lexical(folder).occurs("russia")


def test_a_filter_is_applied_before_ranking(folder: Path) -> None:
    rows, _ = Lexical(folder).search(question_terms("Russia missile defense"), 1, documents=[1])
    assert rows.tolist() == [11]


def test_more_can_be_asked_for_than_there_is(folder: Path) -> None:
    rows, _ = Lexical(folder).search(["russia"], 1000)
    assert sorted(rows.tolist()) == [10, 11]


def test_equal_scores_are_ordered_by_row(tmp_path: Path) -> None:
    lexical.write(tmp_path, [Entry(row, row, "the same words", "") for row in range(20)])
    rows, _ = Lexical(tmp_path).search(["same"], 20)
    assert rows.tolist() == list(range(20))


def test_opening_and_asking_write_nothing(folder: Path) -> None:
    before = sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir())
    Lexical(folder).search(["russia"], 5)
    assert sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir()) == before


def test_a_place_where_nothing_can_be_locked_is_read_all_the_same(folder: Path) -> None:
    # What a read-only file system does to the lock, a folder in its place does too.
    (folder / ".tantivy-meta.lock").unlink()
    (folder / ".tantivy-meta.lock").mkdir()
    rows, _ = Lexical(folder).search(["russia"], 10)
    assert sorted(rows.tolist()) == [10, 11]


def test_no_text_scores_beyond_what_is_possible(folder: Path) -> None:
    found = Lexical(folder)
    terms = question_terms("Russia opposes missile defense systems in Europe")
    _, scores = found.search(terms, 10)
    assert scores[0] <= lexical.best_possible(found.weights(terms))


WORDS = ("the", "of", "tea", "coal", "mine", "harvest", "river", "mill", "bread", "oven", "shaft", "slope")


def _many(place: Path, seed: int, *, removed: int = 0) -> Path:
    """600 passages of 200 documents in which some words are in nearly all; the first documents taken out again."""
    chosen = random.Random(seed)
    weights = [30, 25, *range(10, 0, -1)]
    texts = (" ".join(chosen.choices(WORDS, weights, k=chosen.randint(3, 12))) for _ in range(600))
    entries = [Entry(row, row // 3, text, chosen.choice(WORDS)) for row, text in enumerate(texts)]
    lexical.write(place, entries[:400])
    lexical.write(place, entries[400:], removed=range(removed))
    return place


def _both(rows: NDArray[np.int64], scores: NDArray[np.float32]) -> tuple[list[int], list[float]]:
    return rows.tolist(), scores.tolist()


@pytest.mark.slow
@pytest.mark.parametrize("removed", [0, 20])
@pytest.mark.parametrize("tried", [60, 200, 500])
def test_leaving_out_common_terms_at_first_changes_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, removed: int, tried: int
) -> None:
    found = Lexical(_many(tmp_path, tried, removed=removed))
    questions = [["the", "of", first, second] for first, second in combinations(WORDS[2:], 2)]
    whole = [_both(*found.search(terms, 10)) for terms in questions]
    monkeypatch.setattr(lexical, "_LARGE", 0)
    monkeypatch.setattr(lexical, "_TRIED", tried)
    with patch.object(Lexical, "_among", autospec=True, side_effect=Lexical._among) as narrowed:
        assert [_both(*found.search(terms, 10)) for terms in questions] == whole
    assert narrowed.called


@pytest.mark.parametrize("count", [1, 10, 120])
@pytest.mark.parametrize("deepest", [0, 100, 1000])
def test_every_way_of_searching_within_documents_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, deepest: int
) -> None:
    found = Lexical(_many(tmp_path, count, removed=5))
    documents = random.Random(count).sample(range(200), count)
    monkeypatch.setattr(lexical, "_FEW", 200)
    one_by_one = [_both(*found.search([*terms, "the"], 10, documents=documents)) for terms in combinations(WORDS, 2)]
    monkeypatch.setattr(lexical, "_FEW", 0)
    monkeypatch.setattr(lexical, "_DEEPEST", deepest)
    others = [_both(*found.search([*terms, "the"], 10, documents=documents)) for terms in combinations(WORDS, 2)]
    for (rows, scores), (other_rows, other_scores) in zip(one_by_one, others, strict=True):
        assert rows == other_rows
        assert scores == pytest.approx(other_scores, rel=1e-6)
    assert {row // 3 for rows, _ in one_by_one for row in rows} <= set(documents) - set(range(5))


def test_a_filter_that_leaves_fewer_than_asked_for_of_a_word_in_every_passage_comes_to_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lexical.write(tmp_path, [Entry(row=at, document=at, text="word", context="") for at in range(30)])
    monkeypatch.setattr(lexical, "_FEW", 0)
    rows, _ = Lexical(tmp_path).search(["word"], 20, documents=range(10))
    assert rows.tolist() == list(range(10))


def test_a_question_of_very_many_terms_scores_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Lexical(_many(tmp_path, 1))
    rows = np.arange(0, 600, 7, dtype=np.int64)
    nested = found.score(list(WORDS), rows)
    monkeypatch.setattr(lexical, "_NESTED", 1)
    np.testing.assert_allclose(found.score(list(WORDS), rows), nested, rtol=1e-6)


def test_very_frequent_terms_are_counted_by_their_share_and_weigh_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Lexical(_many(tmp_path, 2, removed=20))
    counted = found.weights(list(WORDS))
    monkeypatch.setattr(lexical, "_COUNTED", 0)
    assert found.weights(list(WORDS)) == pytest.approx(counted, abs=0.1)


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("projects/apollo/readme.md", "apollo readme"),
        ("INV-2024-0017.pdf", "INV-2024-0017.pdf"),
        ("INV-2024-0017.pdf", "inv 2024 0017"),
        ("meeting_notes_2024-05-07.txt", "meeting notes 2024-05-07"),
        ("Bericht_Mu\u0308nchen.docx", "Bericht München"),
        ("LICENSE", "license"),
        (".config/settings", "config settings"),
    ],
)
def test_a_path_is_found_by_the_words_of_its_folders_and_file(path: str, question: str) -> None:
    assert set(question_terms(question)) <= set(around(path, ()))


def test_a_word_of_every_title_is_common_though_it_stands_in_one_text(tmp_path: Path) -> None:
    names = [f"Decision {letter}" for letter in "abcdefgh"]
    entries = [Entry(at, at, "nothing else", name, names=(name,)) for at, name in enumerate(names)]
    lexical.write(tmp_path, [*entries, Entry(9, 9, "a decision is a decision and a decision stays one", "Overview")])
    found = Lexical(tmp_path)
    assert found.weights(["decis"])["decis"] < 0.2
    rows, _ = found.search(question_terms("Decision c"), 1)
    assert rows.tolist() == [2]
