"""Words of a page: letters beyond U+FFFF, text turned in any direction, words that are drawn twice."""

from __future__ import annotations

import pytest

from nrqa.corpus.passages.word_boxes import rectangles, words_of
from nrqa.corpus.readers.pdf import read
from pdf_writer import Page, Pdf, line, lines, meaning, pdf

TEXT = [
    "The pump station was rebuilt in the spring and has run without",
    "a fault since then. Two operators look after it in turns, and a",
    "third one is being trained.",
]
WHOLE = " ".join(TEXT)
QUARTERS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def turned(texts: list[str], degrees: int, x: int = 300, y: int = 400) -> bytes:
    """Lines written at an angle, each beside the one before as they are read."""
    a, b, c, d = QUARTERS[degrees]
    return b"".join(
        b"BT /F 10 Tf %d %d %d %d %d %d Tm (%s) Tj ET\n" % (a, b, c, d, x - 12 * at * c, y - 12 * at * d, text.encode())
        for at, text in enumerate(texts)
    )


def test_letters_beyond_the_first_plane_are_whole() -> None:
    found = read(
        "a.pdf",
        meaning([line("A A", 72, 700, font="T"), line("AB", 72, 700, font="T")], {"A": "𝑉", "B": "𠮷", " ": " "}),
    )
    assert found.text == "𝑉 𝑉 𝑉𠮷"
    assert not found.flags


def test_letters_beyond_the_first_plane_have_their_own_places() -> None:
    data = meaning(
        [line("The voltage ", 72, 700) + line("A", 200, 700, font="T") + line("is low.", 230, 700)], {"A": "𝑉"}
    )
    found = read("a.pdf", data)
    at = found.text.index("𝑉")
    (marked,) = rectangles(found.pages, at, at + 1)
    assert 199 < marked.x0 < marked.x1 < 212


def test_half_of_a_character_is_told_as_none() -> None:
    found = read("a.pdf", meaning([lines(TEXT) + line("A", 300, 600, font="T")], {"A": "\ud835"}))
    assert "\ufffd" in found.text
    found.text.encode()


@pytest.mark.parametrize("degrees", QUARTERS)
@pytest.mark.parametrize("page", [0, 90, 180, 270])
def test_text_is_read_whichever_way_it_and_the_page_are_turned(degrees: int, page: int) -> None:
    data = Pdf([Page(turned(TEXT, degrees), f"/Rotate {page}")]).write()
    assert read("a.pdf", data).text == WHOLE


def test_pieces_of_a_line_that_is_upside_down_are_in_order() -> None:
    content = b"".join(
        b"BT /F 10 Tf -1 0 0 -1 %d %d Tm (%s) Tj ET\n" % (x, 100 + 12 * row, text)
        for row, pieces in enumerate(
            [(b"Two operators look", b"after it in turns,"), (b"and a third one", b"is trained.")]
        )
        for x, text in zip((500, 412), pieces, strict=True)
    )
    assert " ".join(read("a.pdf", pdf(content)).text.split()) == (
        "Two operators look after it in turns, and a third one is trained."
    )


def test_a_few_words_at_another_angle_do_not_interrupt_the_text() -> None:
    content = line(TEXT[0], 72, 700) + turned(["Figures of the town"], 90, 40, 300) + lines(TEXT[1:], y=688)
    assert read("a.pdf", pdf(content)).text == f"{WHOLE}\n\nFigures of the town"


def test_words_are_marked_where_they_stand_upside_down() -> None:
    found = read("a.pdf", pdf(turned(["Some words here."], 180, 300, 400)))
    (marked,) = rectangles(found.pages, 0, 4)
    assert 265 < marked.x0 < marked.x1 < 301
    assert 388 < marked.y0 < 400 < marked.y1 + 1


@pytest.mark.parametrize("away", [(0.0, 0.0), (0.3, 0.0), (1.0, -1.0), (-1.5, 1.5)])
def test_lines_drawn_twice_for_a_shadow_are_read_once(away: tuple[float, float]) -> None:
    shadow = lines(TEXT, 72 + away[0], 700 + away[1])
    assert read("a.pdf", pdf(b"0.7 g\n" + shadow + b"0 g\n" + lines(TEXT, 72, 700))).text == WHOLE


def test_words_drawn_twice_with_another_font_are_read_once() -> None:
    assert read("a.pdf", pdf(line("Total due", 72, 700, font="B") + line("Total due", 72.5, 700))).text == "Total due"


def test_letters_drawn_twice_one_by_one_are_read_once() -> None:
    content = b"".join(
        line(one, 72 + 6.7 * at + away, 700 - away) for at, one in enumerate("BANANA") for away in (0.8, 0)
    )
    assert read("a.pdf", pdf(content)).text.replace(" ", "") == "BANANA"


@pytest.mark.parametrize(
    "text",
    ["no no no, never never", "1 1 1 1 0 0 0 0", "10 10 10", "ha ha ha", "l l l l i i i i", "aa oo 1122 ee [[ ]]"],
)
def test_what_is_written_twice_is_read_twice(text: str) -> None:
    assert read("a.pdf", pdf(line(text, 72, 700))).text == text


def test_the_same_word_in_other_sizes_is_read_each_time() -> None:
    content = b"".join(line("index", 40 + 37 * at, 700 - 13 * at, size=6 + at) for at in range(12))
    assert read("a.pdf", pdf(content)).text.count("index") == 12


def test_numbers_that_stand_below_each_other_are_all_read() -> None:
    rows = b"".join(line("17", 72, 700 - 9 * at, size=8) for at in range(6))
    found = read("a.pdf", pdf(rows))
    assert found.text.count("17") == 6
    assert sum(1 for page in found.pages for _ in words_of(page)) == 6
