"""What an agent is told, and how much of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.agents.telling import Item, Told, named, page, quotation
from nrqa.service.budgets import tokens_in

WORDS = st.text(st.sampled_from("ab ⟦⟧\n"), max_size=30)


@given(WORDS)
def test_no_text_ends_its_own_quotation(text: str) -> None:
    written = quotation(text)
    around = max((len(one) for one in re.findall("[⟦⟧]+", text)), default=0) + 1
    assert written == "⟦" * around + text + "⟧" * around


def test_a_name_cannot_pose_as_a_quotation_or_a_line_of_ours() -> None:
    assert named("a\nleft out: 3 ⟦x⟧") == "a left out: 3 x"
    assert len(named("x" * 5000)) < 400


@given(st.lists(st.text("word ", min_size=1, max_size=60), max_size=12), st.integers(200, 600))
def test_pages_together_tell_every_item_once_within_the_budget(texts: list[str], most: int) -> None:
    told = Told("head", [Item(f"item {at}", one) for at, one in enumerate(texts)])
    seen: list[str] = []
    at = 0
    while True:
        places: list[int] = []
        written = page(told, most, at, lambda place, places=places: (places.append(place), "CURSOR")[1])  # type: ignore[misc]
        assert tokens_in(written) <= most
        seen += re.findall(r"^item (\d+)", written, re.MULTILINE)
        left = re.search(r"left out: (\d+) more passages?", written)
        assert (int(left[1]) if left else 0) == len(texts) - len(seen)
        if not places:
            break
        at = places[0]
    assert seen == [str(number) for number in range(len(texts))]


@pytest.mark.parametrize("text", ["word " * 9000, "字" * 9000, "x" * 50_000, "?!" * 9000])
def test_a_single_long_passage_is_cut_and_says_so(text: str) -> None:
    written = page(Told("head", [Item("[1] a.txt:1", text)]), 500, 0, lambda _: "CURSOR")
    assert tokens_in(written) <= 500
    cut = re.search(r"cut: ([\d,]+) of ([\d,]+) characters are left out", written)
    assert cut
    kept = re.search("⟦(.*)⟧", written, re.DOTALL)
    assert kept
    assert text.startswith(kept[1])
    assert len(kept[1]) == len(text) - int(cut[1].replace(",", ""))
