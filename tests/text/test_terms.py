"""The terms of documents and questions, in every script."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.terms import document_terms, question_terms


@pytest.mark.parametrize(
    ("document", "question"),
    [
        ("NATO’s expansions", "nato EXPANSION"),
        ("l’OTAN et l'Europe", "otan europe"),
        ("Die Raketenabwehr in Europa", "raketenabwehr"),
        ("café", "CAFE"),
        ("Россия приостановила переговоры", "россии"),
        ("北大西洋公约组织", "公约"),
        ("北大西洋公约组织", "北"),
        ("ﾛｼｱ", "ロシア"),
        ("대한민국과 러시아", "러시아"),
        ("العلاقات مع روسيا", "روسيا"),
        ("भारत की सरकार", "सरकार"),
        ("ＮＡＴＯ １９４９", "nato 1949"),
        ("straße", "STRASSE"),
    ],
)
def test_a_question_shares_all_its_terms_with_a_text_that_says_the_same(document: str, question: str) -> None:
    terms = question_terms(question)
    assert terms
    assert set(terms) <= set(document_terms(document))


@pytest.mark.parametrize("text", ["", " \n", "?!…", "---", "\0", "=====", "\u200b"])
def test_a_text_without_words_has_no_terms(text: str) -> None:
    assert question_terms(text) == []
    assert document_terms(text) == []


def test_a_document_repeats_its_terms_and_a_question_does_not() -> None:
    assert document_terms("war and war") == ["war", "and", "war"]
    assert question_terms("war and war") == ["war", "and"]


@given(st.text(max_size=100))
def test_any_text_gives_terms_that_hold_no_white_space(text: str) -> None:
    for term in [*document_terms(text), *question_terms(text)]:
        assert term
        assert not any(char.isspace() for char in term)


@given(st.text(max_size=60))
def test_every_term_of_a_question_is_a_term_of_the_same_text(text: str) -> None:
    assert set(question_terms(text)) <= set(document_terms(text))


@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=60))
def test_case_makes_no_difference_in_latin(text: str) -> None:
    assert question_terms(text.upper().lower()) == question_terms(text.upper())


@pytest.mark.parametrize("unit", ["a", "'", "l'", "漢", "a\u0301", "a.", "क्"])
def test_a_long_text_is_read_in_time(unit: str) -> None:
    begun = time.perf_counter()
    document_terms(unit * (200_000 // len(unit)))
    assert time.perf_counter() - begun < 4


def test_a_word_with_a_note_is_the_word() -> None:
    assert question_terms("agreed³ heldᵃ it.¹") == question_terms("agreed held it.")
    assert question_terms("5 km² of 2¹⁰") == ["5", "km2", "of", "2", "2^10"]
