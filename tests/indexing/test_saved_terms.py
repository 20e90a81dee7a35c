"""Terms that workers made are those that the build would make, and nothing else decides them than the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.indexing.saved_terms import found_or_made, key_of_terms, save_terms
from nrqa.text.terms import document_terms

UNDER = b"conditions"
TEXT = "On 12 March 2021 the harbour counted 1 250 000 ships — ISO 9001, °C, C++ 東京都 Привет 🙂 = x."


def _never(text: str) -> list[str]:
    raise AssertionError(f"the terms of '{text}' were made once more")


def test_terms_are_found_as_they_were_made_and_those_of_another_text_are_made() -> None:
    records: dict[bytes, bytes] = {}
    for text in (TEXT, "", "..."):
        save_terms(records, UNDER, text)
    found = found_or_made(records.get, UNDER, _never)
    assert [*found(TEXT)] == document_terms(TEXT)
    assert len(document_terms(TEXT)) > 15
    assert [*found("")] == [*found("...")] == []
    assert found_or_made(records.get, UNDER, lambda _: ["made"])(f"{TEXT}!") == ["made"]
    assert found_or_made(records.get, b"others", lambda _: ["made"])(TEXT) == ["made"]


@given(st.text())
def test_the_terms_of_any_text_come_back(text: str) -> None:
    records: dict[bytes, bytes] = {}
    save_terms(records, UNDER, text)
    assert [*found_or_made(records.get, UNDER, document_terms)(text)] == document_terms(text)


@pytest.mark.parametrize("terms", [["two words"], [""], ["", "one"], ["one", ""]])
def test_terms_that_a_record_cannot_give_back_are_made_by_the_build(terms: list[str]) -> None:
    records: dict[bytes, bytes] = {}
    save_terms(records, UNDER, TEXT, lambda _: terms)
    assert found_or_made(records.get, UNDER, lambda _: terms)(TEXT) == terms


def test_what_is_no_text_is_not_used() -> None:
    found = found_or_made({key_of_terms(UNDER, TEXT): b"\xff\xfe"}.get, UNDER, document_terms)
    assert found(TEXT) == document_terms(TEXT)
