"""Headings, header, lists and paragraphs of plain text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import project
from nrqa.corpus.readers.plaintext import read_plaintext
from nrqa.corpus.readers.shared.outline import Outline

CORPUS = project.CORPUS
BODY = "This is a paragraph of running text about the matter, and it ends the way that a sentence does."
MORE = "Another paragraph follows the first one here, with other words about the matter that has no name."


def paths(outline: Outline) -> list[tuple[str, ...]]:
    """The distinct heading paths in order."""
    return list(dict.fromkeys(block.heading for block in outline.blocks))


def texts(outline: Outline, text: str) -> list[str]:
    return [text[block.start : block.end] for block in outline.blocks]


def headings(*paragraphs: str, gap: str = "\n") -> list[tuple[str, ...]]:
    return paths(read_plaintext(gap.join(paragraphs)))


def test_the_second_article_has_exactly_these_headings() -> None:
    outline = read_plaintext((CORPUS / "nato-russia.txt").read_text(encoding="utf-8"))
    assert outline.title is None
    assert paths(outline) == [
        (),
        ("Historical Foundations of NATO-Russia Relations",),
        ("Key Events Influencing the Relationship Since the 2000s",),
        ("The 2008 Georgia conflict and its impact on trust",),
        ("Russia’s annexation of Crimea in 2014 and NATO’s response",),
        ("NATO’s military exercises and deployments in Eastern Europe",),
        ("Political and Strategic Divergences",),
        ("NATO’s eastward expansion and Russia’s opposition",),
        ("Disputes over missile defense systems in Europe",),
        ("Diverging security interests and regional influences",),
        ("NATO’s Military Posture and Readiness in Response to Russia",),
        ("Diplomatic Efforts and Dialogue Channels",),
        ("The Future Trajectory of NATO’s Relationship with Russia",),
        ("Broader Implications for International Military Alliances",),
    ]


def test_the_second_article_keeps_its_list_with_the_line_that_introduces_it() -> None:
    text = (CORPUS / "nato-russia.txt").read_text(encoding="utf-8")
    listed = [block for block in read_plaintext(text).blocks if block.items]
    assert len(listed) == 1
    written = text[listed[0].start : listed[0].end]
    assert written.startswith("Key points of contention include:\n- The geographic")
    assert written.endswith("strategic nuclear capabilities.")
    assert len(listed[0].items) == 4


def test_the_source_notice_is_attached_and_in_no_block() -> None:
    text = (CORPUS / "nato-russia.txt").read_text(encoding="utf-8")
    outline = read_plaintext(text)
    assert outline.notices[0].startswith("📝 Note for Readers: This piece includes AI-assisted content.")
    assert not any("AI-assisted" in block for block in texts(outline, text))


def test_the_first_article_has_its_title_its_header_and_three_paragraphs() -> None:
    text = (CORPUS / "russia-nato-tensions.txt").read_text(encoding="utf-8")
    outline = read_plaintext(text)
    assert outline.title == "The Persistence of Tensions Between Russia and NATO"
    assert outline.metadata == {"domains": "Géostratégie", "regions": "Asie Europe", "nations": "Russie"}
    assert len(outline.blocks) == 3
    assert not any("Share" in block or "Domains" in block for block in texts(outline, text))


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n", "\r", "\n \t\n"])
def test_a_line_alone_above_a_paragraph_is_a_heading_whatever_ends_the_lines(gap: str) -> None:
    assert headings(BODY, "The origins of the dispute", BODY, "What followed", MORE, gap=gap) == [
        (),
        ("The origins of the dispute",),
        ("What followed",),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "- The geographic positioning of systems",
        "a) the first point",
        "John Smith",
        "Angela Merkel",
        "By John Smith",
        "Von Anna Schmidt",
        "ANNA: I do not think so",
        "It was late.",
        "Really!",
        "He left the room",
        "and so it went on",
        "One thing: the other,",
        "12 Baker Street, London NW1 6XE,",
        "Uptake of dioxygen (O",
        "31-dec-2017 | 193.5 | 208.1 | 230.9",
        "Year   Total   Share",
        "2 supplies. Passengers travel in commercial airplanes",
        "2O",
        "x" * 130,
        "(“Data Recipient”)",
        "“Responsibilities”",
        "[Signature page follows]",
        "AND",
        "WHEREAS",
        "Nothing in this agreement shall be construed as –",
        "Information that is treated as confidential shall",
        "NOW IT IS AGREED AS FOLLOWS: -",
        "F. Is or was disclosed by the disclosing party to a third party without any duty",
        "\uf0b7 Contact person and designation",
        "Return the signed form to ann@example.org",
        "Signed: ____________",
        "Copyright (c) 2006 Ann Lee",
        "$VIM/_vimrc",
    ],
)
def test_what_is_no_heading_is_not_taken_for_one(line: str) -> None:
    assert headings(BODY, line, BODY, MORE) == [()]


def test_a_line_that_runs_on_in_the_next_one_is_no_heading() -> None:
    assert headings(
        BODY,
        "The common form of oxygen is called dioxygen, O",
        "2 that is found in the air around us everywhere and always.",
    ) == [()]
    assert headings(
        BODY, "The conference was held in the", "old town of Geneva where all delegates met for the first time."
    ) == [()]


def test_the_second_item_of_a_list_makes_the_line_above_no_heading() -> None:
    assert headings(
        BODY, "A line about the common form", "2. It is an item whose number shows that another stands before it."
    ) == [()]


def test_a_single_question_in_a_speech_is_rhetoric() -> None:
    assert headings(BODY, "Remember the fear, record losses?", BODY, MORE) == [()]


def test_questions_are_headings_where_there_are_several() -> None:
    assert headings(BODY, "Why does it matter?", BODY, "What happens next?", MORE) == [
        (),
        ("Why does it matter?",),
        ("What happens next?",),
    ]


def test_a_poem_has_no_headings() -> None:
    poem = (
        "Shall I compare thee to a summer’s day\nThou art more lovely and more temperate\n"
        "Rough winds do shake the darling buds\nAnd summer’s lease hath all too short a date"
    )
    assert headings(poem, "", poem.replace("summer", "winter")) == [()]


def test_a_dialogue_has_no_headings_and_no_header() -> None:
    text = "Anna: Where is the report\nBob: On the table\n\nAnna: Thank you, that is all I need today\nBob: Very well"
    outline = read_plaintext(text)
    assert outline.metadata == {}
    assert paths(outline) == [()]
    assert "Where is the report" in " ".join(texts(outline, text))


def test_questions_and_answers_are_no_header() -> None:
    text = "Q: What is it\nA: An alliance\n\nQ: Since when\nA: Since 1949\n"
    outline = read_plaintext(text)
    assert outline.metadata == {}
    assert "An alliance" in " ".join(texts(outline, text))


def test_numbered_headings_nest_by_their_numbers() -> None:
    found = headings(BODY, "1. Scope of the work", BODY, "1.1 Earlier work", MORE, "2. Method of the work", BODY)
    assert found == [
        (),
        ("1. Scope of the work",),
        ("1. Scope of the work", "1.1 Earlier work"),
        ("2. Method of the work",),
    ]


def test_a_number_in_order_makes_a_heading_of_a_line_above_what_does_not_look_like_a_paragraph() -> None:
    text = "Each party shall keep it safe, and"
    found = headings(
        BODY, "1. Purpose", BODY, "2. Duties", text, text, "3. Term", MORE, "4. Notices", "To Ann Lee", BODY
    )
    assert found == [(), ("1. Purpose",), ("2. Duties",), ("3. Term",), ("4. Notices",)]


def test_sections_with_a_sign_before_the_number_are_in_order_too() -> None:
    found = headings(BODY, "§ 1 Purpose", BODY, "§ 2 Duties", "of both", "§ 3 Term", MORE)
    assert found == [(), ("§ 1 Purpose",), ("§ 2 Duties",), ("§ 3 Term",)]


def test_numbered_lines_with_a_full_stop_are_headings_where_three_are_in_order() -> None:
    assert headings("1. Purpose.", BODY, "2. Duties.", MORE) == [()]
    found = headings(BODY, "1. Purpose.", BODY, "2. Duties.", MORE, "3. Term.", BODY)
    assert found == [(), ("1. Purpose.",), ("2. Duties.",), ("3. Term.",)]


def test_capitals_do_not_stand_over_sections_that_are_counted_through_the_document() -> None:
    assert headings(BODY, "RECITALS", BODY, "1. Purpose", BODY, "2. Duties", MORE, "NOTICES", MORE) == [
        (),
        ("RECITALS",),
        ("1. Purpose",),
        ("2. Duties",),
        ("NOTICES",),
    ]
    parts = headings(BODY, "PART I", BODY, "1. Purpose", BODY, "2. Duties", MORE, "PART II", BODY, "3. Term", MORE)
    assert parts[-1] == ("PART II", "3. Term")
    again = headings(BODY, "BUYER", BODY, "1. Purpose", BODY, "2. Duties", MORE, "SELLER", BODY, "1. Term", MORE)
    assert again[-1] == ("SELLER", "1. Term")


def test_a_line_above_a_paragraph_that_ends_in_a_colon_is_a_heading() -> None:
    text = "The recipient agrees to the following, which holds for all that it gets from the other party:"
    assert headings(BODY, "1. Purpose", text, "(a) to keep it safe", "(b) to return it") == [(), ("1. Purpose",)]


def test_a_table_of_contents_is_not_the_text_below_a_heading() -> None:
    entry = "1 Purpose of the agreement " + "." * 60 + " 2"
    assert headings(BODY, "", "Table of contents", entry, entry, "", BODY) == [()]


def test_a_line_between_two_paragraphs_is_no_heading_if_it_is_the_only_one() -> None:
    assert headings(BODY, "The second of the parties", BODY, MORE) == [()]
    assert headings(BODY, "", "The second of the parties", BODY, MORE) == [(), ("The second of the parties",)]


def test_an_empty_line_ends_what_is_before_a_heading() -> None:
    code = "make install prefix=/usr"
    assert headings(BODY, code, "", "The second of the steps", "", BODY) == [(), ("The second of the steps",)]
    assert headings(BODY, "Type this,", "", "The second of the steps", "", BODY) == [()]


def test_a_numbered_list_stays_a_list_with_its_introduction() -> None:
    text = f"{BODY}\nThere are three steps:\n1. Fetch the water\n2. Boil the water\n3. Drink it\n{MORE}"
    outline = read_plaintext(text)
    assert paths(outline) == [()]
    assert [len(block.items) for block in outline.blocks] == [0, 4, 0]


def test_capitals_stand_over_other_headings() -> None:
    found = headings(BODY, "THE FIRST PART", BODY, "On the beginnings of it", MORE, "THE SECOND PART", BODY)
    assert found == [(), ("THE FIRST PART",), ("THE FIRST PART", "On the beginnings of it"), ("THE SECOND PART",)]


def test_underlined_lines_are_headings_without_the_line() -> None:
    text = f"{BODY}\n\nThe second part of it\n=====================\n\n{MORE}"
    assert paths(read_plaintext(text)) == [(), ("The second part of it",)]


def test_the_headings_of_a_wiki_nest_by_their_marks() -> None:
    text = f"== History ==\n{BODY}\n=== Early years ===\n{MORE}\nA line in between\n== Works ==\n{BODY}\n"
    assert paths(read_plaintext(text)) == [("History",), ("History", "Early years"), ("Works",)]
    spaced = f" = The Game = \n {BODY}\n = = Plot = = \n {MORE}\n = = Music = = \n {BODY}\n"
    assert read_plaintext(spaced).title == "The Game"
    assert paths(read_plaintext(spaced)) == [(), ("Plot",), ("Music",)]


WRAPPED = """CHAPTER I.
Down the Rabbit-Hole

Alice was beginning to get very tired of sitting by her sister on the
bank, and of having nothing to do: once or twice she had peeped into the
book her sister was reading, but it had no pictures or conversations in
it, and what is the use of a book without pictures.

So she was considering in her own mind, as well as she could, for the
hot day made her feel very sleepy and stupid, whether the pleasure of
making a daisy-chain would be worth the trouble of getting up.

CHAPTER II.
The Pool of Tears

There was nothing so very remarkable in that; nor did she think it so
very much out of the way to hear the Rabbit say to itself that it would
be late for the pool of her tears down there in the hole.
"""


def test_text_wrapped_at_a_margin_comes_out_in_whole_paragraphs_under_its_chapters() -> None:
    outline = read_plaintext(WRAPPED)
    assert [text.count("\n") for text in texts(outline, WRAPPED)] == [3, 2, 2]
    assert outline.blocks[0].heading[-1] == "Down the Rabbit-Hole"
    assert outline.blocks[2].heading[-1] == "The Pool of Tears"
    assert any("CHAPTER II" in part for part in outline.blocks[2].heading)


def test_one_paragraph_a_line_comes_out_line_by_line() -> None:
    text = f"{BODY} {BODY}\n{MORE} {MORE}\n{BODY}"
    assert len(texts(read_plaintext(text), text)) == 3


def test_introduction_is_a_heading_and_no_title() -> None:
    outline = read_plaintext(f"Introduction\n{BODY}\nOther matters at hand\n{MORE}")
    assert outline.title is None
    assert paths(outline) == [("Introduction",), ("Other matters at hand",)]


def test_a_long_last_line_that_ends_in_a_colon_is_kept() -> None:
    last = "However, his views remain uncertain because of what he wrote in an article, where he said the following:"
    text = f"{BODY}\n{last}"
    assert texts(read_plaintext(text), text)[-1] == last


@pytest.mark.parametrize("line", ["Report with the attached drawings:", "x", "42", "Search", "Signed:", "X."])
def test_a_file_of_one_line_has_that_line_as_its_text(line: str) -> None:
    assert texts(read_plaintext(line), line) == [line]


def test_a_last_line_with_a_colon_is_text() -> None:
    text = f"{BODY}\n\nAnnexes:\n"
    assert texts(read_plaintext(text), text) == [BODY, "Annexes:"]


def test_boilerplate_between_two_items_is_in_no_block() -> None:
    text = f"{BODY}\nThe points are:\n- one of them\nShare:\n- two of them\n{MORE}"
    assert not any("Share" in block for block in texts(read_plaintext(text), text))


def test_a_text_of_a_title_alone_is_that_title() -> None:
    assert len(read_plaintext("Just a few words").blocks) == 1


def test_chinese_headings_are_found() -> None:
    body = "北大西洋公约组织与俄罗斯的关系在过去几十年中发生了重大变化，双方的互信受到严重影响，对话渠道几乎全部中断。"
    assert headings(body, "导弹防御争端", body, "外交努力", body) == [(), ("导弹防御争端",), ("外交努力",)]


LINES = st.lists(
    st.sampled_from(
        [
            BODY,
            MORE,
            "The origins of it",
            "- an item",
            "1. First",
            "Share:",
            "",
            "x: y",
            "== A ==",
            "Why so?",
            "TITLE",
            "----",
            "é" * 90,
        ]
    )
    | st.text(max_size=40),
    max_size=25,
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_blocks_are_in_order_apart_and_without_outer_white_space(lines: list[str], end: str) -> None:
    text = end.join(lines)
    at = 0
    for block in read_plaintext(text).blocks:
        assert at <= block.start < block.end <= len(text)
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        at = block.end
        inner = block.start
        for item in block.items:
            assert inner <= item.start < item.end <= block.end
            inner = item.end


WORDS = st.lists(
    st.sampled_from("alpha Beta gamma. Delta: eps, Zeta 12 eta? - (b) 3.".split()), min_size=1, max_size=14
)


@given(st.lists(WORDS.map(" ".join) | st.just(""), min_size=1, max_size=15))
def test_no_word_is_lost_but_to_boilerplate(lines: list[str]) -> None:
    # Each word carries its line's number, so that it can be found again.
    marked = [" ".join(f"{word[:-1]}{at}x{word[-1]}" for word in line.split()) for at, line in enumerate(lines)]
    text = "\n".join(marked)
    outline = read_plaintext(text)
    kept = " ".join([*texts(outline, text), *(part for block in outline.blocks for part in block.heading)])
    kept += f" {outline.title} {outline.metadata} {outline.notices}".lower() + f"{outline.title}"
    for line in marked:
        if line and not (line.endswith(":") and len(line.split()) <= 8):
            assert line.strip("-(). ") in kept or line.lower().split(":")[0] in kept


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "[",
        "a\n",
        "Abc Def\n\n",
        "1. a\n",
        "a.\n\n",
        "- \n",
        "k: v\n",
        "=",
        "= ",
        "A b\n\n" + BODY + "\n\n",
        " ",
        "\t",
        '."',
        "| ",
    ],
)
def test_the_time_grows_with_the_length_only(unit: str) -> None:
    text = "word " + unit * (200_000 // len(unit)) + "\nword"
    begun = time.process_time()
    read_plaintext(text)
    assert time.process_time() - begun < 5
