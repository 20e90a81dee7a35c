"""The terms of documents and questions, in every script."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.terms import document_terms, name_terms, names_in_question, question_terms, words_of


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
        ("Øresund Łódź Þór Đà œuvre", "oresund lodz thor da oeuvre"),
        ("Müller Düsseldorf Grüße Käse", "Mueller Duesseldorf Gruesse Kaese"),
        ("Mueller schoen Baecker", "Müller schön Bäcker"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("Ge\u00adsamt\u00adkonzept", "Gesamtkonzept"),
        ("Plan\u200bung", "Planung"),
        ("about 1,250,000 euros", "1250000"),
        ("1250000", "1.250.000"),
        ("1250000", "1 250 000"),
        ("1’250’000", "1250000"),
        ("9,90", "9.90"),
        ("on 12 March 2021", "2021-03-12"),
        ("2021-03-12", "12.03.2021"),
        ("12. März 2021", "2021-03-12"),
        ("CVE-2021-44228", "cve-2021-44228"),
        ("F-16", "F16"),
        ("F 16", "F16"),
        ("ISO9001", "ISO 9001"),
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
        ("978-3-16-148410-0", "9783161484100"),
        ("9783161484100", "978 3 16 148410 0"),
        ("030/4455667", "030 4455667"),
        ("00:1A:2B:3C:4D:5E", "001a2b3c4d5e"),
        ("re-evaluated", "reevaluated"),
        ("The U.K. signed", "UK"),
        ("O’Neill", "ONeill"),
        ("atomic_write_json", "atomicWriteJson"),
        ("getUserName", "user name"),
        ("v1.1.0", "1.1.0"),
        ("C++", "c++"),
        ("went well 🚀", "🚀"),
        ("the operator ||> passes", "||>"),
        ("5㎏", "5 kg"),
    ],
)
def test_a_question_shares_all_its_terms_with_a_text_that_says_the_same(document: str, question: str) -> None:
    terms = question_terms(question)
    assert terms
    assert set(terms) <= set(document_terms(document)) or all(
        word.occurs_in(set(document_terms(document))) for word in words_of(question)
    )


@pytest.mark.parametrize(
    ("document", "question"),
    [
        ("1250", "1,250,000"),
        ("1,250,000", "1250"),
        ("9,90", "9"),
        ("9,90", "90"),
        ("10⁶", "106"),
        ("written in C", "C++"),
        ("written in C++", "C"),
        ("ADR-0007", "ADR-0008"),
        ("1.10.0", "1.1.0"),
        ("12 March 2021", "2021-03-13"),
        ("12/25/2021", "2021-12-26"),
        ("№ 5", "no"),
        ("queue blue poet", "qu blu pot"),
    ],
)
def test_another_number_or_identifier_is_another_thing(document: str, question: str) -> None:
    assert not any(word.occurs_in(set(document_terms(document))) for word in words_of(question))


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("ADR-0007: Use tantivy", "ADR-0007"),
        ("[1.1.0] - 2024-05-07", "1.1.0"),
        ("Travel policy", "travel POLICY"),
        ("meeting notes 2024-05-07", "meeting notes 7 May 2024"),
        ("图书馆", "图书馆"),
    ],
)
def test_a_question_that_is_a_name_shares_the_name_s_own_term(name: str, question: str) -> None:
    assert set(names_in_question(question)).intersection(name_terms(name))
    assert not set(names_in_question("something else")).intersection(name_terms(name))


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


@given(st.text(alphabet=st.characters(max_codepoint=0x24F, exclude_characters="¹²³"), max_size=60))
def test_case_makes_no_difference_in_latin(text: str) -> None:
    # Raised figures apart: before a capital letter they may tell an isotope (²H), else a verse.
    assert question_terms(text.upper().lower()) == question_terms(text.upper())


@pytest.mark.parametrize("unit", ["a", "'", "l'", "漢", "a\u0301", "a.", "क्", "1 ", "A1 ", "2021-", "<>", "a_"])
def test_a_long_text_is_read_in_time(unit: str) -> None:
    begun = time.process_time()
    document_terms(unit * (100_000 // len(unit)))
    words_of(unit * (100_000 // len(unit)))
    assert time.process_time() - begun < 8


def test_a_word_with_a_note_is_the_word() -> None:
    assert question_terms("agreed³ heldᵃ it.¹") == question_terms("agreed held it.")
    assert question_terms("5 km² of 2¹⁰") == ["5", "km2", "of", "2", "2^10"]


def shared(document: str, question: str) -> float:
    """The share of a question's terms that a document has."""
    asked = question_terms(question)
    return len(set(asked) & set(document_terms(document))) / len(asked)


@pytest.mark.parametrize(
    ("document", "question", "unrelated"),
    [
        ("Українська конституція", "українською конституцією", "польською революцією"),
        ("האוניברסיטאות בישראל", "אוניברסיטה", "ספרייה"),
        ("محادثات الصواريخ", "الصاروخية والصواريخ", "المدرسة والكتاب"),
        ("การป้องกันขีปนาวุธของรัสเซีย", "รัสเซียป้องกันขีปนาวุธ", "มหาวิทยาลัยในเมือง"),
    ],
)
def test_forms_of_a_word_in_other_scripts_have_pieces_in_common(document: str, question: str, unrelated: str) -> None:
    assert shared(document, question) > 0.4
    assert shared(document, unrelated) < 0.2


def test_pieces_of_words_are_no_words() -> None:
    assert "кот" not in document_terms("который")
    assert not words_of("кот")[0].occurs_in(set(document_terms("который")))


def test_latin_words_have_no_pieces() -> None:
    assert not any(term.startswith("~") for term in document_terms("The Straße of Øresund and the café"))


@pytest.mark.parametrize("question", ["ปี", "ก", "ทดสอบ"])
def test_a_short_question_in_thai_is_found(question: str) -> None:
    assert set(question_terms(question)) <= set(document_terms("ในปีนี้ ทดสอบ ก ข"))
