"""Results a page at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.errors import CursorError
from nrqa.indexing.reindexing import reindex
from nrqa.service.budgets import Budget
from nrqa.service.desk import Desk
from nrqa.service.paging import page

QUESTION = {"question": "which ships lie in the harbour", "k": 7}


@pytest.fixture
def desk(corpus: Path, index: Path, fake: FakeEncoder) -> Desk:
    for at in range(9):
        (corpus / f"{at}.txt").write_text(f"Ship {at} lies in harbour {at * 7} since the year {1900 + at}.\n")
    reindex(corpus, index, encoder=fake)
    return Desk(index, index=Index.open(index, encoder=fake))


def test_pages_of_an_answer_are_the_answer(desk: Desk) -> None:
    whole = page(desk, "search", QUESTION)
    assert whole.next is None
    assert whole.generation == 1
    first = page(desk, "search", QUESTION, budget=Budget(items=3))
    second = page(desk, "search", QUESTION, budget=Budget(items=3), cursor=first.next)
    third = page(desk, "search", {}, budget=Budget(items=3), cursor=second.next)
    assert [one.omitted["hits"] for one in (first, second, third)] == [4, 1, 0]
    assert third.next is None
    assert [hit for one in (first, second, third) for hit in one.object["hits"]] == whole.object["hits"]


def test_a_cursor_of_another_generation_says_to_ask_again(desk: Desk, corpus: Path, fake: FakeEncoder) -> None:
    first = page(desk, "search", QUESTION, budget=Budget(items=3))
    (corpus / "new.txt").write_text("A new ship lies in the harbour.\n")
    reindex(corpus, desk.folder, encoder=fake)
    with pytest.raises(CursorError, match=r"generation 1, now 2.*Ask again"):
        page(desk, "search", QUESTION, cursor=first.next)


def test_a_cursor_of_another_request_is_refused(desk: Desk) -> None:
    first = page(desk, "search", QUESTION, budget=Budget(items=3))
    with pytest.raises(CursorError, match="for another request"):
        page(desk, "search", {**QUESTION, "k": 5}, cursor=first.next)
    with pytest.raises(CursorError, match="not known any more"):
        page(desk, "documents", {}, cursor=first.next)
    with pytest.raises(CursorError, match="not known any more"):
        page(Desk(desk.folder), "search", {}, cursor=first.next)


@pytest.mark.parametrize("cursor", ["", "x", "ä", "!" * 500, "MS4yLjM", "A" * 101])
def test_what_is_no_cursor_is_refused(desk: Desk, cursor: str) -> None:
    with pytest.raises(CursorError, match="none that was given"):
        page(desk, "search", QUESTION, cursor=cursor)


def test_a_verb_without_an_index_is_answered_too(tmp_path: Path) -> None:
    found = page(Desk(tmp_path / "none"), "doctor", {}, budget=Budget(tokens=500))
    assert found.generation == 0
    assert found.object["well"] is False


def test_documents_that_pass_a_filter_are_listed(desk: Desk) -> None:
    found = page(desk, "documents", {"only": "[0-3].txt"}).object["documents"]
    assert [one["document"] for one in found] == ["0.txt", "1.txt", "2.txt", "3.txt"]
