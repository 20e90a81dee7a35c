"""Workbooks: cells as they are displayed, cited by sheet, row and cell; what is hidden is told, not read."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

import project
from nrqa.corpus.passages.locators import locating
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.readers.tables.formats import shown
from nrqa.errors import UnreadableError
from nrqa.records import Block, Document

DOCUMENTS = project.DOCUMENTS
FILES = ["xlsx/openpyxl.xlsx", "xlsx/libreoffice.xlsx", "ods/libreoffice.ods"]


def _read(name: str) -> tuple[Document, tuple[Block, ...]]:
    return read_document(name, (DOCUMENTS / name).read_bytes())


@pytest.mark.parametrize("name", FILES)
def test_each_row_is_a_passage_with_its_headers_as_displayed(name: str) -> None:
    document, blocks = _read(name)
    poland = blocks[4]
    assert document.text[poland.start : poland.end] == (
        "Country: Poland\nAccession: 12 March 1999\nCapital: Warsaw\nInhabitants: 36.7\nShare: 3.8%\n"
        "Remark: First enlargement after the Cold War"
    )
    assert poland.heading == ("Members", "Members of NATO by accession")
    assert [(one.kind, one.first, one.last) for one in locating(document.places)(poland.start, poland.end)] == [
        ("sheet", "Members", "Members"),
        ("row", "7", "7"),
        ("cell", "A7", "F7"),
    ]


@pytest.mark.parametrize("name", FILES)
def test_properties_are_metadata(name: str) -> None:
    document, _ = _read(name)
    assert document.title == "Members of the alliance"
    assert document.metadata["author"] == "Ann Lee"
    assert str(document.metadata["date"]).startswith("2026-11-22")


@pytest.mark.parametrize("name", FILES)
def test_what_is_hidden_is_told_with_its_place_and_is_no_text(name: str) -> None:
    document, _ = _read(name)
    hidden = [one.detail for one in document.flags if one.kind == "hidden text"]
    assert hidden[0].startswith("hidden column G: Internal | draft")
    assert hidden[1].startswith("hidden row 8: Spain | 30 May 1982")
    assert hidden[2].startswith("hidden sheet Scratch: Key | Value | password")
    assert not any(word in document.text for word in ("draft", "Spain", "password"))
    # What is hidden between two rows is said of neither.
    rows = [one for one in document.places if one.kind == "row"]
    assert not any(row.start <= flag.start <= row.end and flag.start for flag in document.flags for row in rows)
    assert all(flag.end <= len(document.text) for flag in document.flags)


@pytest.mark.parametrize("name", FILES)
def test_cells_that_span_others_count_for_all_of_them(name: str) -> None:
    document, blocks = _read(name)
    first, second = (document.text[one.start : one.end] for one in blocks[-2:])
    assert first == "Region: Baltic\n2022 Planned: 1200\n2022 Spent: 1250.5\n2023 Planned: 1300\n2023 Spent: TRUE"
    assert second.startswith("Region: Baltic\n2022 Planned: 0.5\n2022 Spent: -3\n")
    assert locating(document.places)(blocks[-1].start, blocks[-1].start + 14)[2].first == "A3"


def test_a_formula_has_its_stored_value_and_is_never_computed() -> None:
    for name in FILES[1:]:
        document, blocks = _read(name)
        assert "Country: Total\nInhabitants: 102.9" in document.text
        assert "2023 Planned: #DIV/0!" in document.text[blocks[-1].start : blocks[-1].end]
    document, _ = _read(FILES[0])
    assert [one.detail for one in document.flags if one.kind == "lost text"] == [
        "1 formula without a stored value in sheet Members: D10",
        "1 formula without a stored value in sheet Spending: D4",
    ]


@pytest.mark.parametrize(
    ("stored", "code", "displayed"),
    [
        ("0.1234", "0.0%", "12.3%"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("-5", "#,##0;(#,##0)", "(5)"),
        ("-0.001", "0.00", "0.00"),
        ("0", '0;-0;"none"', "none"),
        ("1234.5", "[$€-407] #,##0.00", "€ 1,234.50"),
        ("12", '0 "km"', "12 km"),
        ("2500000", '0.0,,"M"', "2.5M"),
        ("12345", "0.00E+00", "1.23E+04"),
        ("7", "000", "007"),
        ("41760", "yyyy-mm-dd", "2014-05-01"),
        ("41760.5", "d mmmm yyyy h:mm AM/PM", "1 May 2014 12:00 PM"),
        ("41760.999999", "yyyy-mm-dd hh:mm:ss", "2014-05-02 00:00:00"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.0423611", "mm:ss", "01:00"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
        ("0.30000000000000004", "General", "0.3"),
        ("1E+25", "General", "1E+25"),
        ("123456789012", "General", "123456789012"),
        ("0.5", "# ?/?", "0.5"),
        ("-1", "yyyy-mm-dd", "-1"),
        ("3", "", "3"),
        ("12", "[Red][>10]0.0;0", "12.0"),
        ("5", ";;;", ""),
        ("5", "@", "5"),
        ("NaN", "0.0", "NaN"),
    ],
)
def test_numbers_are_displayed_by_their_format(stored: str, code: str, displayed: str) -> None:
    assert shown(stored, code) == displayed


def test_dates_may_begin_in_1904() -> None:
    assert shown("40298", "yyyy-mm-dd", from_1904=True) == "2014-05-01"


@given(st.floats(allow_nan=False).map(repr) | st.text(max_size=9), st.text('0#?.,%E+-ymdhs[]"\\;@_*/ AP€', max_size=14))
def test_any_format_shows_something_or_nothing(stored: str, code: str) -> None:
    assert isinstance(shown(stored, code), str)


def _with(name: str, part: str, old: bytes, new: bytes) -> bytes:
    """A file with a part of it altered."""
    stream = io.BytesIO()
    with zipfile.ZipFile(DOCUMENTS / name) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copy:
        for one in source.namelist():
            data = source.read(one)
            if one == part:
                assert old in data
                data = data.replace(old, new)
            copy.writestr(one, data)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet'


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.xlsx", b"not a workbook at all", "not a zip archive"),
        ("a.ods", b"not a workbook at all", "not a zip archive"),
        ("a.xlsx", (DOCUMENTS / FILES[0]).read_bytes()[:3000], "cut off or damaged"),
        ("a.ods", (DOCUMENTS / FILES[2]).read_bytes()[:9000], "cut off or damaged"),
        ("a.xlsx", (DOCUMENTS / FILES[2]).read_bytes(), "not an Excel workbook"),
        ("a.ods", (DOCUMENTS / FILES[0]).read_bytes(), "not an OpenDocument spreadsheet"),
        ("a.xlsx", _with(FILES[0], SHEET, b"<worksheet", LAUGHS), "defines entities"),
        (
            "a.xlsx",
            _with(FILES[0], SHEET, b"<sheetData>", b"<sheetData><row"),
            "damaged: sheet Members in it is not XML",
        ),
        ("a.xlsx", _with(FILES[0], SHEET, b"<sheetData>", b"<sheetData>" + b"<a>" * 9000), "nested too deeply"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.ods", _with(FILES[2], "mimetype", b"spreadsheet", b"text"), "but application/vnd.oasis.opendocument.text"),
        ("a.ods", _with(FILES[2], "content.xml", b"<office:body>", b"<office:body><a>"), "not XML"),
    ],
)
def test_what_is_no_workbook_has_its_reason(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document(name, data)


def test_a_row_that_is_repeated_without_end_is_refused() -> None:
    bomb = _with(
        FILES[2],
        "content.xml",
        b"<office:spreadsheet>",
        b'<office:spreadsheet><table:table table:name="B"><table:table-row table:number-rows-repeated="1048576">'
        b'<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>bomb bomb</text:p>'
        b"</table:table-cell></table:table-row></table:table>",
    )
    with pytest.raises(UnreadableError, match="row 1 is said to be there 1,048,576 times, with 16,384 cells"):
        read_document("a.ods", bomb)


@given(st.data())
def test_a_mutated_workbook_gives_a_document_or_a_reason(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    raw = bytearray((DOCUMENTS / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        document, blocks = read_document(name, bytes(raw))
    except UnreadableError:
        return
    for one in blocks:
        assert 0 <= one.start < one.end <= len(document.text)
