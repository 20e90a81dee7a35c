from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from nrqa.evaluation.swapped_names import swapped, vocabulary

SHIP = (
    "In the year 1998 the old ship reached Port Louis with a load of tea and cloth. It had left the harbour of Bombay "
    "in the first days of summer, as the log of the mate has it, and rested for a week at sea."
)
PATNA = (
    "The crew of the Patna sailed from Batavia in 1875 with eight hundred people below deck, as the story has it that "
    "was written by Joseph Conrad, and nobody on board had a name for what came out of the dark."
)
KNOWN = vocabulary([("a.txt", SHIP), ("b.txt", PATNA)])


def test_names_and_numbers_of_a_corpus_are_found_with_their_documents() -> None:
    assert KNOWN.found["Port Louis"] == {"a.txt"}
    assert KNOWN.found["Joseph Conrad"] == {"b.txt"}
    assert KNOWN.found["1875"] == {"b.txt"}
    assert "ship" not in KNOWN.words


def test_a_name_is_swapped_for_one_of_another_document() -> None:
    seen = {swapped("When did it reach Port Louis?", KNOWN, {"a.txt"}, random.Random(at)) for at in range(40)}
    assert seen == {f"When did it reach {name}?" for name in ("Patna", "Batavia", "Joseph Conrad")}


def test_a_number_is_swapped_for_one_as_long() -> None:
    assert swapped("what happened in 1998", KNOWN, {"a.txt"}, random.Random(1)) == "what happened in 1875"


def test_a_question_in_small_letters_stays_in_them() -> None:
    new = swapped("who was joseph conrad", KNOWN, {"b.txt"}, random.Random(1))
    assert new is not None
    assert new == new.lower() != "who was joseph conrad"


def test_a_question_without_name_or_number_is_left_alone() -> None:
    assert swapped("what did the crew drink", KNOWN, set(), random.Random(1)) is None


def test_where_every_noun_has_a_capital_only_numbers_are_swapped() -> None:
    german = vocabulary(
        [("a", "Es lag das Schiff im Hafen der Stadt und trug Tee und Seide seit 1998."), ("b", "Am 1875.")]
    )
    assert not german.words
    assert swapped("Wann lag das Schiff im Hafen?", german, set(), random.Random(1)) is None


@given(st.text(max_size=40), st.integers(0, 99))
def test_any_text_can_be_asked(text: str, seed: int) -> None:
    new = swapped(text, KNOWN, set(), random.Random(seed))
    assert new is None or new != text
