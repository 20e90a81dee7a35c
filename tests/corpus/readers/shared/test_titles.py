"""Which first line of a plain text is its title, and whether it stays in the text."""

from __future__ import annotations

import pytest

from nrqa.corpus.readers.plaintext import read_plaintext

BODY = "The matter was settled in the spring, when all who had a part in it met in the old town hall of Geneva."
MORE = "Another paragraph follows the first one here, with other words about the matter that has no name."


def title(*lines: str) -> str | None:
    return read_plaintext("\n".join(lines)).title


def in_blocks(words: str, text: str) -> bool:
    return any(words in text[one.start : one.end] for one in read_plaintext(text).blocks)


@pytest.mark.parametrize(
    "line",
    [
        "Nikola Tesla",
        "amazon.com",
        "iPhone 4",
        "pH of soils in the Alps",
        "Miss Congeniality 2: Armed and Fabulous",
        "We Real Cool",
        "I Know What You Did Last Summer",
        "1973 oil crisis",
        "What causes Noonan syndrome?",
        "what causes noonan syndrome ? (Also called: Noonan's disease)",
        "Русский музей",
        "超级碗",
        "कठोरता",
    ],
)
def test_a_first_line_with_an_empty_line_below_is_the_title_whatever_it_looks_like(line: str) -> None:
    assert title(line, "", BODY, "", MORE) == line
    assert title("", line, " ", BODY, MORE) == line


def test_a_label_at_the_beginning_of_the_text_makes_no_conversation() -> None:
    assert title("What causes Noonan syndrome?", "", f"Summary: {BODY}") == "What causes Noonan syndrome?"


def test_a_first_line_that_ends_in_a_full_stop_is_a_title_if_the_text_speaks_of_the_same() -> None:
    line = "Effects of settled matters on the town halls of small countries."
    assert title(line, "", BODY) == line
    assert title(line, "Note: this text includes AI-assisted content.", BODY) is None
    assert title("It settled the matter.", "", BODY) is None
    assert title("Nobody came.", "", BODY) is None


@pytest.mark.parametrize(
    "line",
    [
        "Introduction",
        "1. Introduction",
        "Chapter 1",
        "Dear Mr Smith,",
        "Dear all",
        "Good morning everyone",
        "Sehr geehrte Damen und Herren",
        "12 March 2021",
        "Monday, 3 May 2021",
        "2021-03-12 12:00:01 INFO server started",
        "[2021-03-12 12:00] started",
        "#!/bin/sh",
        "<?php",
        "import numpy; import scipy;",
        "id\tname\tvalue",
        "Network Working Group            R. Fielding",
        "https://example.org/matter",
        "ann@example.org",
        "By John Smith",
        "- one of the points",
        "Page 1 of 3",
        "MIME-Version: 1.0",
        "Copyright (c) 2006 Ann Lee",
        "________ 2017",
        "Three points were made:",
        "He left the hall and settled the matter in the town.",
        "The matter of the hall " * 12,
    ],
)
def test_what_is_no_title_is_not_taken_for_one(line: str) -> None:
    text = f"{line}\n\n{BODY}\n\n{MORE}\n"
    assert read_plaintext(text).title is None
    assert in_blocks(line.strip(), text) or read_plaintext(text).blocks[0].heading == (line,)


def test_the_first_of_several_notes_is_no_title() -> None:
    assert title("Buy milk", "", "Call mother", "", "Pay the rent") is None


def test_the_first_turn_of_a_conversation_is_no_title() -> None:
    assert title("Anna: where is the report", "", f"Bob: {BODY}", "", f"Anna: {MORE}") is None


def test_a_line_over_a_list_of_lines_is_its_title() -> None:
    assert title("Shopping", "", "milk", "eggs", "bread") == "Shopping"


def test_a_name_right_above_a_text_that_names_it_is_the_title() -> None:
    text = "Nikola Tesla was an engineer, and he settled the matter of the currents in his own way in 1893."
    assert title("Nikola Tesla", text, MORE) == "Nikola Tesla"
    assert title("Nikola Tesla", BODY, MORE) is None


def test_the_first_line_of_a_contract_above_its_parties_is_the_title() -> None:
    text = f"This Non-Disclosure Agreement is made by the parties named above on the day of its signature. {BODY}"
    assert title("NON-DISCLOSURE AGREEMENT", "Between", "ACME LIMITED", text) == "NON-DISCLOSURE AGREEMENT"


def test_a_line_that_may_be_text_stays_in_the_text() -> None:
    assert in_blocks("Small matters settled", f"Small matters settled in spring.\n\n{BODY}\n")
    assert in_blocks("iPhone 4", f"iPhone 4\n\n{BODY}\n")
    assert not in_blocks("Nikola Tesla", f"Nikola Tesla\n\n{BODY}\n")


def test_what_the_file_is_named_in_its_properties_comes_before_a_doubtful_title() -> None:
    text = f"Small matters settled in spring.\n\n{BODY}\n"
    assert read_plaintext(text, named="Minutes").title == "Minutes"
    assert read_plaintext(f"The spring meeting\n\n{BODY}\n", named="Minutes").title == "The spring meeting"
    assert read_plaintext(BODY, named="Minutes").title == "Minutes"
