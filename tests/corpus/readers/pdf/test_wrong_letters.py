"""Pages whose fonts say wrong letters are flagged; ordinary text in any language is not."""

from __future__ import annotations

import random
import re
import string

import pytest

import project
from nrqa.corpus.readers.pdf import read
from nrqa.corpus.readers.pdf.wrong_letters import has_wrong_letters
from pdf_writer import lines, meaning

ARTICLE = (project.CORPUS / "nato-russia.txt").read_text("utf-8").split()[60:360]
LETTERS = string.ascii_letters


def rotated(text: str, places: int) -> str:
    small, large = string.ascii_lowercase, string.ascii_uppercase
    return text.translate(str.maketrans(LETTERS, small[places:] + small[:places] + large[places:] + large[:places]))


@pytest.mark.parametrize("places", [1, 3, 13, 25])
def test_a_shifted_alphabet_makes_no_words(places: int) -> None:
    assert has_wrong_letters(rotated(" ".join(ARTICLE), places).split())
    assert has_wrong_letters(rotated(" ".join(ARTICLE[:80]), places).split())


def test_codes_of_glyphs_that_are_taken_for_letters_make_no_words() -> None:
    # The glyphs of many TrueType fonts stand 29 places before the letters that they draw.
    assert has_wrong_letters(["".join(chr(max(33, ord(one) - 29)) for one in word) for word in ARTICLE])


def test_exchanged_letters_make_no_words() -> None:
    drawn = random.Random(4)
    found = 0
    for _ in range(20):
        others = list(string.ascii_lowercase)
        drawn.shuffle(others)
        table = str.maketrans(string.ascii_lowercase, "".join(others))
        found += has_wrong_letters(" ".join(ARTICLE).lower().translate(table).split())
    assert found >= 16


def test_letters_of_another_encoding_make_no_words() -> None:
    text = "Насосная станция была перестроена весной и с тех пор работает без единой неисправности"
    assert has_wrong_letters(text.encode("cp1251").decode("latin-1").split())


@pytest.mark.parametrize(
    "text",
    [
        " ".join(ARTICLE),
        "Die Pumpstation wurde im Frühling neu gebaut und läuft seither ohne Störung; zwei Leute betreuen sie. " * 5,
        "Pumppaamo rakennettiin uudelleen keväällä, ja se on toiminut siitä lähtien ilman vikoja joka päivä. " * 5,
        "Pompa istasyonu ilkbaharda yeniden yapıldı ve o zamandan beri hiç arıza vermeden çalışıyor. " * 5,
        "Trạm bơm được xây dựng lại vào mùa xuân và từ đó đến nay hoạt động không có sự cố nào cả. " * 5,
        "Насосная станция была перестроена весной и с тех пор работает без единой неисправности. " * 5,
        "泵站在春天重建，从那以后一直没有出现故障。两名操作员轮流照看它。" * 20,
        "def read(self, name: str) -> bytes: return self._open(name, 'rb').read() # strncpy printf fgets xml " * 8,
        "0x3f 12 INV-2041 XQ-77 kWh GmbH mmol/l CHF HTTP TLS " * 30,
    ],
)
def test_ordinary_text_has_its_letters(text: str) -> None:
    assert not has_wrong_letters(text.split())


def test_a_page_of_wrong_letters_is_flagged_where_it_stands() -> None:
    texts = [" ".join(ARTICLE[at : at + 8]) for at in range(0, 240, 8)]
    texts = [re.sub(r"[^A-Za-z ]", "", one) for one in texts]
    found = read("a.pdf", meaning([lines(texts, y=740).replace(b"/F ", b"/T ")], {a: rotated(a, 3) for a in LETTERS}))
    (flag,) = found.flags
    assert (flag.kind, flag.start, flag.end) == ("doubtful letters", 0, len(found.text))
    assert flag.detail == "page 1: the letters make no words; its fonts seem to say wrong ones"


def test_letters_without_a_meaning_inside_words_are_flagged() -> None:
    text = "The pump station was rebuilt in the spring"
    wrong = {**{one: one for one in LETTERS}, "q": "\ufffd"}
    found = read("a.pdf", meaning([lines([text, "qThe ofqice"], y=740).replace(b"/F ", b"/T ")], wrong))
    assert [(one.kind, one.detail) for one in found.flags] == [
        ("doubtful letters", "page 1: its fonts do not say some letters")
    ]
