"""What stands at the edges of pages: running heads and page numbers go, and are told; everything else is text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from nrqa.corpus.readers.pdf import read
from nrqa.corpus.readers.reading import Reading
from pdf_writer import line, lines, pdf

WORDS = "river bridge winter letter garden engine harbour valley market window".split()


def body(at: int, y: float = 700) -> bytes:
    """Lines of a page that no other page has."""
    one, other = WORDS[at % 10], WORDS[(at + 3) % 10]
    return lines(
        [
            f"The {one} was built in the days when nobody knew of the {other}, and it stood",
            f"there until the {other} came; after that the town paid for a {one} of its own",
            f"and for whatever a {other} may need in a year such as that.",
            f"Nobody spoke of the {one} again, and the {other} went on as before.",
        ],
        y=y,
    )


def made(count: int, edge: Callable[[int], bytes]) -> Reading:
    """A document of so many pages, each with its own text and with what ``edge`` draws on it (from page 0)."""
    return read("a.pdf", pdf(*[edge(at) + body(at) for at in range(count)]))


def left_out(found: Reading) -> list[str]:
    return [one.detail for one in found.flags if one.kind == "left out"]


# What goes.


def test_the_same_words_on_most_pages_are_left_out_and_told_with_their_pages() -> None:
    found = made(5, lambda at: line("The Geography of Water", 200, 770, size=8) if at else b"")
    assert "Geography" not in found.text
    (flag,) = found.flags
    assert (flag.kind, flag.detail) == ("left out", "pages 2 to 5: running head “The Geography of Water”")
    assert flag.start == flag.end == next(one.start for one in found.places if one.label == "2")


def test_left_and_right_pages_may_have_heads_of_their_own() -> None:
    found = made(8, lambda at: line("A. J. Harrow" if at % 2 else "The Geography of Water", 200, 770, size=8))
    assert left_out(found) == [
        "pages 1, 3, 5, 7: running head “The Geography of Water”",
        "pages 2, 4, 6, 8: running head “A. J. Harrow”",
    ]


def test_numbers_of_pages_do_not_make_heads_different() -> None:
    found = made(
        6, lambda at: line(f"{143 + at} A. J. Harrow" if at % 2 else f"The Geography of Water {143 + at}", 200, 770)
    )
    assert "Harrow" not in found.text
    assert "143" not in found.text


def test_titles_of_chapters_may_stand_at_the_height_of_heads() -> None:
    titles = ["Of rivers", "Of rivers", "Of rivers", "Of dams", "Of lakes", "Of lakes", "Of lakes", "Of lakes"]

    def edge(at: int) -> bytes:
        begins = at == 0 or titles[at] != titles[at - 1]
        return line(titles[at], 200, 770, size=8) + (line(titles[at], 72, 730, size=16) if begins else b"")

    found = made(8, edge)
    assert [block.heading for block in found.outline.blocks][-1] == ("Of lakes",)
    assert found.text.count("Of dams") == 1
    assert found.text.count("Of lakes") == 1
    assert "page 4: running head “Of dams”" in left_out(found)


@pytest.mark.parametrize("written", ["{}", "- {} -", "Page {}", "Seite {} von 5", "{}/5", "Page {} of 5"])
def test_numbers_that_count_the_pages_are_left_out_and_told(written: str) -> None:
    found = made(5, lambda at: line(written.format(at + 1), 300, 30))
    assert not re.search(r"\d", found.text)
    assert left_out(found) == [f"pages 1 to 5: page number “{written.format(1)} … {written.format(5)}”"]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_numbers_of_pages_go_in_short_documents_too(count: int) -> None:
    assert not re.search(r"\d", made(count, lambda at: line(str(at + 1), 300, 30)).text)


def test_what_a_browser_prints_around_each_page_is_left_out() -> None:
    found = made(
        2,
        lambda at: (
            line("11/22/26, 10:24 AM", 30, 775, size=8)
            + line("A page of the town", 280, 775, size=8)
            + line("https://town.example/page", 30, 15, size=8)
            + line(f"{at + 1}/2", 560, 15, size=8)
        ),
    )
    assert found.text.startswith("The river was built")
    assert "town.example" not in found.text
    assert any("https://town.example/page" in one for one in left_out(found))


def test_a_title_at_the_top_of_the_next_page_is_left_out() -> None:
    title = line("The Persistence of Tensions", 72, 760, size=18)
    head = line("The Persistence of Tensions", 72, 770, size=8)
    found = read("a.pdf", pdf(title + body(0), head + body(1)))
    assert found.outline.title == "The Persistence of Tensions"
    assert "Tensions" not in found.text[found.text.index("The river") :]
    assert left_out(found) == ["page 2: running head “The Persistence of Tensions”"]


# What stays: when in doubt it is text.


def test_a_line_with_the_words_of_a_heading_is_text() -> None:
    text = "We are investing to grow in the Northern District, with a new pump."
    found = read("a.pdf", pdf(line("Northern District", 150, 750, size=20) + lines([text, *WORDS], y=715)))
    assert text in found.text


@pytest.mark.parametrize("copies", [2, 3, 4, 6])
def test_copies_of_an_invoice_keep_its_number_and_date(copies: int) -> None:
    def copy(at: int) -> bytes:
        rows = ["Seller", "Elm Pumps Ltd", "12 Elm Road", "1 Pump 40.59", "2 Hose 108.24", "Total 148.83"]
        return (
            line("Invoice no INV-2041", 60, 770, size=12)
            + line("Due date 3 May 2021", 400, 770)
            + lines([*rows, f"Copy {WORDS[at]}"], y=700)
        )

    text = read("a.pdf", pdf(*[copy(at) for at in range(copies)])).text
    assert text.count("INV-2041") == text.count("Due date 3 May 2021") == copies


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Invoice no {}", (72, 770)),
        ("Invoice no {}", (420, 770)),
        ("Accounts of the year {}", (200, 770)),
        ("Balance carried forward from {} to the next page", (72, 770)),
        ("Basel, {} May 2021", (72, 770)),
        ("Total {}.50", (400, 40)),
        ("{}", (72, 770)),
    ],
)
def test_numbers_that_only_count_up_are_text(written: str, place: tuple[int, int]) -> None:
    found = made(6, lambda at: line(written.format(1981 + at), *place))
    for at in range(6):
        assert written.format(1981 + at) in found.text


def test_questions_that_begin_pages_are_text() -> None:
    found = made(6, lambda at: line(f"Question {at + 1}", 72, 740))
    assert "Question 3" in found.text


def test_the_second_row_is_text_where_the_first_one_is() -> None:
    found = made(
        6, lambda at: line(f"About the {WORDS[at]} of our town", 72, 770) + line("Approved by the board", 72, 745)
    )
    assert found.text.count("Approved by the board") == 6


def test_a_heading_at_the_top_of_a_page_is_text_though_the_contents_have_it_too() -> None:
    contents = line("Of rivers and of dams", 72, 740, font="B") + line("Of lakes and of wells", 72, 700, font="B")
    found = read(
        "a.pdf", pdf(contents + body(0, 600), body(1), line("Of lakes and of wells", 72, 760, font="B") + body(2))
    )
    assert found.text.count("Of lakes and of wells") == 2


def test_what_repeats_on_few_pages_is_text() -> None:
    found = made(12, lambda at: line("Notes of the clerk", 72, 770) if at in (2, 5, 8) else b"")
    assert found.text.count("Notes of the clerk") == 3


def test_short_documents_keep_what_repeats_but_no_sentence_has_it_inside() -> None:
    head = line("The Geography of Water", 200, 770, size=8)
    first = body(0) + lines(["They went down to the river, where all of the boats were lying, and"], y=640)
    text = read("a.pdf", pdf(head + first, head + lines(["sailed away before the sun rose."], y=712) + body(1))).text
    assert "lying, and sailed away" in text
    assert text.count("The Geography of Water") == 2


def test_heads_of_a_table_that_goes_on_are_text() -> None:
    def page(at: int) -> bytes:
        rows = [("Name", "Votes", "Share"), *[(f"{WORDS[row]} {at}", f"{at}{row}", f"{row} %") for row in range(4)]]
        return b"".join(
            line(cell, 72 + 150 * column, 740 - (16 * row + 12 * (row > 0)))
            for row, cells in enumerate(rows)
            for column, cell in enumerate(cells)
        )

    text = read("a.pdf", pdf(*[page(at) for at in range(6)])).text
    assert text.count("Name Votes Share") == 6


def test_the_last_row_of_a_table_keeps_a_number_that_is_that_of_the_page() -> None:
    def rows(at: int) -> bytes:
        cells = [("Rivers", "12"), ("Dams", "17"), ("Cases", str(at + 1))]
        return b"".join(line(a, 72, 84 - 12 * row) + line(b, 300, 84 - 12 * row) for row, (a, b) in enumerate(cells))

    found = made(3, rows)
    assert re.findall(r"Cases (\d)", found.text) == ["1", "2", "3"]


def test_a_document_of_nothing_but_one_line_a_page_keeps_it() -> None:
    assert read("a.pdf", pdf(*[line("Closed today", 200, 700)] * 5)).text.count("Closed today") == 5
