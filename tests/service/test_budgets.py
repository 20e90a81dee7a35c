"""How much is told at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.service.budgets import Budget, cut, tokens_in

LISTS = (("hits",), ("files", 0, "citations"))
ITEMS = st.lists(st.text(max_size=20), max_size=8)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("The quick brown fox jumps over the lazy dog.", 10, 16),  # 10 in o200k_base
        ("Raketenabwehr und Sicherheitspolitik", 5, 12),
        ("c18c26dde2+527", 6, 14),
        ("Почему Россия возражает", 4, 16),
        ("為什麼俄羅斯反對", 8, 12),
    ],
)
def test_tokens_are_counted_nearly(text: str, least: int, most: int) -> None:
    assert least <= tokens_in(text) <= most


def test_counting_takes_time_as_long_as_the_text() -> None:
    assert tokens_in("a b\n" * 50_000) == pytest.approx(150_000)


def content(hits: list[str], citations: list[str]) -> dict[str, Any]:
    return {"question": "q", "hits": hits, "files": [{"file": "-", "citations": citations}]}


@given(ITEMS, ITEMS, st.integers(1, 60))
def test_pages_together_are_the_whole_and_what_is_left_out_is_counted(
    hits: list[str], citations: list[str], size: int
) -> None:
    whole = content(hits, citations)
    written = json.dumps(whole)
    told: list[str] = []
    at: int | None = 0
    while at is not None:
        page = cut(whole, LISTS, Budget(bytes=size + 60), at)
        now = [*page.object["hits"], *page.object["files"][0]["citations"]]
        assert now or not [*hits, *citations]
        told += now
        assert sum(page.omitted.values()) == len(hits) + len(citations) - len(told)
        at = page.next
    assert told == [*hits, *citations]
    assert json.dumps(whole) == written, "the object itself is as it was"


def test_without_a_bound_all_is_told() -> None:
    whole = content(["a", "b"], ["c"])
    found = cut(whole, LISTS, Budget())
    assert found.object == whole
    assert found.next is None
    assert found.omitted == {"hits": 0, "citations": 0}


def test_bounds_hold_but_for_a_single_item() -> None:
    whole = content(["word " * 50] * 10, [])
    page = cut(whole, LISTS, Budget(tokens=300))
    assert 1 < len(page.object["hits"]) < 10
    assert tokens_in(json.dumps(page.object)) <= 300
    assert len(cut(whole, LISTS, Budget(items=3)).object["hits"]) == 3
    assert len(cut(whole, LISTS, Budget(tokens=1)).object["hits"]) == 1


def test_entries_of_an_object_are_items_too() -> None:
    found = cut({"facets": {"lang": {"en": 2}, "year": {"2020": 1}}}, (("facets",),), Budget(items=1))
    assert found.object == {"facets": {"lang": {"en": 2}}}
    assert found.omitted == {"facets": 1}
