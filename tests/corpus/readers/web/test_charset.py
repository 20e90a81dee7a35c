"""A page is read in the encoding it is in, whatever it says."""

from __future__ import annotations

import codecs

import pytest

from nrqa.corpus.readers.web.charset import page_text
from nrqa.errors import UnreadableError

GERMAN = "Über Öl, Größe und Ärger in der Straße"
RUSSIAN = "Почему Россия против противоракетной обороны"


def declared(name: str, text: str) -> str:
    return f'<html><head><meta charset="{name}"></head><body><p>{text}</p></body></html>'


@pytest.mark.parametrize(
    ("written", "encoding", "text"),
    [
        ("utf-8", "utf-8", GERMAN),
        ("iso-8859-1", "latin-1", GERMAN),
        ("windows-1252", "cp1252", "“quoted” – €"),
        ("iso-8859-1", "cp1252", "“quoted” – €"),
        ("windows-1251", "cp1251", RUSSIAN),
        ("koi8-r", "koi8-r", RUSSIAN),
        ("gb2312", "gb18030", "北约东扩镕"),
        ("Shift_JIS", "cp932", "ロシアと①"),
        ("euc-kr", "cp949", "러시아"),
        ("big5", "big5", "俄羅斯"),
        ("iso-8859-1", "utf-8", RUSSIAN),
        ("utf-8", "cp1252", GERMAN + " word" * 500),
        ("no-such-thing", "utf-8", GERMAN),
    ],
)
def test_declared_rightly_or_wrongly(written: str, encoding: str, text: str) -> None:
    page = declared(written, text)
    assert page_text(page.encode(encoding)) == page


def test_a_header_of_its_own_and_the_old_declaration_are_believed() -> None:
    assert page_text(f"<p>{RUSSIAN}".encode("cp1251"), "windows-1251") == f"<p>{RUSSIAN}"
    old = f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>{RUSSIAN}'
    assert page_text(old.encode("cp1251")) == old
    xml = f'<?xml version="1.0" encoding="windows-1251"?><p>{RUSSIAN}</p>'
    assert page_text(xml.encode("cp1251")) == xml


def test_a_declaration_counts_wherever_it_stands() -> None:
    script = "<script>// no <meta charset=koi8-r> here\n" + "x();\n" * 5000 + "</script><!-- <meta charset=koi8-r> -->"
    late = f"{script}<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=windows-1251'><p>{RUSSIAN}"
    assert page_text(late.encode("cp1251")) == late


@pytest.mark.parametrize(
    ("language", "encoding", "text"),
    [("ru", "cp1251", RUSSIAN), ("ru", "koi8-r", RUSSIAN), ("el", "cp1253", "Ελλάδα"), ("pl-PL", "cp1250", "Łódź"),
     ("ja", "cp932", "ロシアと"), ("ja", "euc-jp", "ロシアと")],
)  # fmt: skip
def test_without_a_declaration_the_language_tells_the_encoding(language: str, encoding: str, text: str) -> None:
    page = f'<html lang="{language}"><p>{text}'
    assert page_text(page.encode(encoding)) == page


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_and_wide_encodings(encoding: str) -> None:
    page = declared("iso-8859-1", GERMAN)
    assert page_text(page.encode(encoding)) == page
    assert not page_text(codecs.BOM_UTF8 + b"<p>x").startswith("\ufeff")


def test_a_few_broken_bytes_are_shown_as_broken() -> None:
    data = declared("utf-8", f"{GERMAN} ## {GERMAN}" + " word" * 100).encode().replace(b"##", b"\xff\xfe")
    assert f"{GERMAN} \ufffd\ufffd {GERMAN}" in page_text(data)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UnreadableError, match="binary"):
        page_text(b"x" + bytes(range(1, 9)) * 100)
    with pytest.raises(UnreadableError):
        page_text(bytes(range(128, 256)) * 100)
