"""Arabic and Hebrew: read in their order, whatever the order in which a program drew them."""

from __future__ import annotations

import pytest

from nrqa.corpus.passages.word_boxes import rectangles
from nrqa.corpus.readers.pdf import read
from pdf_writer import line, lines, meaning

LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def drawn(*visual: str, way: str = "one") -> bytes:
    """A page with lines of these signs, each given from left to right as it is seen; "لا" in one glyph is "﹆لا﹆"."""
    letters: dict[str, str] = {}
    content = b""
    for row, text in enumerate(visual):
        signs = [part for at, piece in enumerate(text.split("﹆")) for part in ([piece] if at % 2 else piece)]
        codes = ""
        for sign in signs:
            code = next((one for one, means in letters.items() if means == sign), "")
            if not code:
                code = sign if sign.isascii() else next(one for one in LATIN if one not in letters and one not in text)
                letters[code] = sign
            codes += code
        y = 700 - 14 * row
        if way == "one":
            content += line(codes, 100, y, font="T")
        else:
            places = [(at, code) for at, code in enumerate(codes) if code != " "]
            if way == "backwards":
                places.reverse()
            content += b"".join(line(code, 100 + 6.0 * at, y, font="T") for at, code in places)
    return meaning([content], letters)


WAYS = pytest.mark.parametrize("way", ["one", "each", "backwards"])


@WAYS
@pytest.mark.parametrize(
    ("visual", "logical"),
    [
        ("םלוע םולש", "שלום עולם"),
        ("ةديدجلا ةطحملا", "المحطة الجديدة"),
        ("كنرف 48,300 ةفلكلا", "الكلفة 48,300 فرنك"),
        ("ماع 2024 يف", "في 2024 عام"),
        ("اراناد ١٢٣٤ لداعي", "يعادل ١٢٣٤ دانارا"),
        (".Debian Linux ماظن ىلإ", "إلى نظام Debian Linux."),
        ("Python 3.11 ةديدجلا ةغل", "لغة الجديدة Python 3.11"),
        ("רחא 12:30-14:00 העש", "שעה 12:30-14:00 אחר"),
        ("Linux-ו Python", "Python ו-Linux"),
        ("50% טעמכ", "כמעט 50%"),
    ],
)
def test_lines_are_in_the_order_of_reading(visual: str, logical: str, way: str) -> None:
    if way == "backwards" and any(map(str.isascii, visual.replace(" ", ""))):
        pytest.skip("no program draws Latin words from their end")
    assert read("a.pdf", drawn(visual, way=way)).text == logical


@pytest.mark.parametrize(
    ("visual", "logical"), [("م﹆لا﹆سلا", "السلام"), ("﹆لإ﹆", "لإ"), ("حبصم ﹆لا﹆", "لا مصبح")]
)
def test_a_ligature_is_read_as_its_letters_in_order(visual: str, logical: str) -> None:
    assert read("a.pdf", drawn(visual)).text == logical


def test_forms_of_letters_are_read_as_letters() -> None:
    assert read("a.pdf", drawn("ﻢﻜﻴﻠﻋ ﻡﻼﺴﻟﺍ")).text == "السلام عليكم"


@pytest.mark.parametrize(("left", "right"), [("(", ")"), (")", "(")])
def test_brackets_open_before_they_close(left: str, right: str) -> None:
    assert read("a.pdf", drawn(f"مث {left}2.5 رادصإ{right} لوأ")).text == "أول (إصدار 2.5) ثم"


def test_marks_stay_on_their_letters() -> None:
    signs = [("A", 100), ("B", 106), ("C", 112), ("D", 118), ("E", 118)]
    content = b"".join(line(code, x, 700, font="T") for code, x in signs)
    data = meaning([content], {"A": "ם", "B": "ו", "C": "ל", "D": "ש", "E": "\u05b8"})
    assert read("a.pdf", data).text == "ש\u05b8לום"


def test_sentences_go_on_from_line_to_line() -> None:
    data = drawn("עיבאב שדחמ התנבנ הביאשה תנחת", "הלקת אלל זאמ תלעופו", way="one")
    assert read("a.pdf", data).text == "תחנת השאיבה נבנתה מחדש באביע ופועלת מאז ללא תקלה"


def test_a_word_of_two_directions_has_one_box_around_it_all() -> None:
    found = read("a.pdf", drawn("Pythonו הפש"))
    assert found.text == "שפה וPython"
    at = found.text.index("ו")
    (marked,) = rectangles(found.pages, at, at + len("וPython"))
    assert marked.x0 == pytest.approx(100, abs=1)
    assert marked.x1 > 130


def test_latin_lines_keep_their_order_around_a_foreign_word() -> None:
    found = read("a.pdf", drawn("The word םולש means peace, and ברע means evening."))
    assert found.text == "The word שלום means peace, and ערב means evening."


def test_paragraphs_of_latin_text_are_as_ever() -> None:
    texts = ["The first of two lines that belong together", "and this is the second one."]
    assert read("a.pdf", meaning([lines(texts)], {"A": "א"})).text == " ".join(texts)
