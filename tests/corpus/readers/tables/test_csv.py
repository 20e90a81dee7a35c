"""Delimited text: rows are passages with their headers, cells are found as they stand."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import project
from nrqa.corpus.passages.locators import locating
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.readers.reading import Columns
from nrqa.corpus.readers.tables.columns import written_columns
from nrqa.corpus.readers.tables.dialect import find_dialect, records
from nrqa.errors import CorpusError, UnreadableError
from nrqa.records import Block, Document, Span

DOCUMENTS = project.DOCUMENTS / "csv"


def _read(
    text: str, name: str = "a.csv", columns: Columns = MappingProxyType({})
) -> tuple[Document, tuple[Block, ...]]:
    return read_document(name, text.encode(), columns)


def _passages(text: str, columns: Columns = MappingProxyType({})) -> list[str]:
    document, blocks = _read(text, columns=columns)
    return [document.text[one.start : one.end] for one in blocks]


def test_each_row_is_a_passage_with_its_headers_and_cells() -> None:
    document, blocks = read_document("members.csv", (DOCUMENTS / "members.csv").read_bytes())
    assert len(blocks) == 32
    estonia = blocks[7]
    assert document.text[estonia.start : estonia.end] == (
        "Country: Estonia\nYear of accession: 2004\nCapital: Tallinn\nInhabitants (millions): 1.4\n"
        "Remark: Vilnius Group; hosts the cyber defence centre"
    )
    assert estonia.alone
    assert estonia.items == (Span(estonia.start, estonia.end),)
    row, cells = locating(document.places)(estonia.start, estonia.end)
    assert (row.kind, row.first, row.last) == ("row", "9", "9")
    assert (cells.kind, cells.first, cells.last) == ("cell", "A9", "E9")
    at = document.text.index("Tallinn")
    assert [one.first for one in locating(document.places)(at, at + 7)] == ["9", "C9"]


def test_titles_above_the_header_are_told_from_it() -> None:
    document, blocks = read_document("x.tsv", (DOCUMENTS / "libreoffice-tabs.tsv").read_bytes())
    assert document.title == "Members of NATO by accession"
    words = [document.text[one.start : one.end] for one in blocks]
    assert words[1] == "Inhabitants in millions"
    assert words[2].startswith("Country: Estonia\nAccession: 03/29/2004")
    assert blocks[2].heading == ("Members of NATO by accession",)
    assert [one.label for one in document.places if one.kind == "row"][:3] == ["1", "2", "5"]


def test_cells_are_what_is_displayed() -> None:
    words = _passages((DOCUMENTS / "libreoffice-semicolons.csv").read_text())
    assert words[-1].endswith("#DIV/0!\nx")


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ("Name;Wert;Ort\nMüller, Anna;1,5;Köln\nMaier, Jo;2,5;Bonn\n", ";"),
        ("name,said\nAnn,Yes; no; maybe\nBob,No\n", ","),
        ("name\tsaid\nAnn\tYes, no, maybe\nBob\tNo, never\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("sep=;\na,b;c\n1,2;3\n", ";"),
        ("Comment\nYes, I think so\nNo\nWell, that depends, doesn't it, on a lot\nMaybe\n", ""),
        ("Comment\nYes, I think so\nNo, never\nWell, that depends\nMaybe, maybe not\n", ""),
        ('a,b\n"x;y;z","1"\n"u;v;w","2"\n', ","),
        ("A report\nof May, 2014\n\nid,name\n1,Ann\n2,Bob\n3,Zoe\n", ","),
    ],
)
def test_the_delimiter_is_what_makes_rows_alike(text: str, delimiter: str) -> None:
    assert find_dialect(text).delimiter == delimiter


def test_quotation_marks_may_hold_delimiters_line_ends_and_themselves() -> None:
    assert _passages('who,what\r\nAnn,"one, two\r\n""three"""\r\nBob,x\r\n') == [
        'who: Ann\nwhat: one, two\n"three"',
        "who: Bob\nwhat: x",
    ]
    assert _passages('who,what\nAnn,"a \\"b\\", c"\nBob,"d"\n')[0] == 'who: Ann\nwhat: a "b", c'


def test_a_quotation_mark_that_is_never_closed_swallows_nothing() -> None:
    rows = "".join(f"{at},word {at}\n" for at in range(50))
    words = _passages(f'id,text\n0,"open\n{rows}')
    assert len(words) == 51
    assert words[0] == 'id: 0\ntext: "open'


def test_row_numbers_count_as_a_spreadsheet_does() -> None:
    document, _ = _read('a,b\n"x\ny",1\n\n,\nz,2\n')
    assert [one.label for one in document.places if one.kind == "row"] == ["2", "5"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1,Ann,2014-05-01\n2,Bob,2014-05-02\n", "1\nAnn\n2014-05-01"),
        ("Ann,ann@example.org\nBob,bob@example.org\n", "Ann\nann@example.org"),
        ("red,apple\nred,cherry\nred,rose\n", "red\napple"),
        ("Country,2012,2013,2014\nMalta,1,2,3\n", "Country: Malta\n2012: 1\n2013: 2\n2014: 3"),
        ("Country,2014\nMalta,1\nItaly,2\n", "Country: Malta\n2014: 1"),
        ("name,name,\nAnn,Lee,x\nBob,Ray,y\n", "name: Ann\nname: Lee\nx"),
        ("a,b\nAnn,Lee,more\nBob,Ray\nZoe\n", "a: Ann\nb: Lee\nmore"),
        ("only,a,header\n", "only\na\nheader"),
    ],
)
def test_a_header_is_told_from_data(text: str, first: str) -> None:
    assert _passages(text)[0] == first


def test_a_lone_cell_at_the_left_of_a_wide_table_is_a_note() -> None:
    words = _passages("Country,Year,Capital\nMalta,2004,Valletta\nItaly,1949,Rome\nSource: own research,,\n")
    assert words[-1] == "Source: own research"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_those_of_all_text(encoding: str) -> None:
    document, _ = read_document("a.csv", "Straße;Ort\nBahnhofstraße 5;Köln\nMühlweg 1;Bonn\n".encode(encoding))
    assert document.text.startswith("Straße: Bahnhofstraße 5\nOrt: Köln")


LONG = "This sentence is about missiles and what is said of them. " * 20


def test_a_long_cell_stands_below_its_row_under_its_name() -> None:
    document, blocks = _read(f'id,name,story\n1,Poland,"{LONG}"\n2,Malta,"{LONG}"\n')
    assert [one.heading for one in blocks] == [("Poland",), ("Poland", "story"), ("Malta",), ("Malta", "story")]
    assert document.text[blocks[1].start : blocks[1].end] == LONG.strip()
    row, cell = locating(document.places)(blocks[3].start, blocks[3].end)
    assert (row.first, cell.first) == ("3", "C3")


def test_columns_can_be_named() -> None:
    text = "headline,published,link,body,id\nOn war,2014,u1,Words about war.,7\nOn peace,2014,u2,Words about peace.,8\n"
    named = {"text": ["Body"], "title": ["headline"], "date": ["published"], "url": ["link"]}
    document, blocks = _read(text, columns=named)
    assert [(document.text[one.start : one.end], one.heading) for one in blocks] == [
        ("Words about war.", ("On war",)),
        ("Words about peace.", ("On peace",)),
    ]
    assert "headline: On war\npublished: 2014\nlink: u1\nid: 7\n\nWords about war." in document.text
    assert document.metadata["date"] == "2014"
    assert "url" not in document.metadata


def test_a_row_without_the_named_text_is_still_a_passage() -> None:
    assert _passages("id,body,who\n7,Words.,Ann\n8,,Bob\n", columns={"text": ["body"]}) == ["Words.", "id: 8\nwho: Bob"]


def test_what_names_columns_is_read_and_checked() -> None:
    assert written_columns(()) is None
    assert written_columns(["none"]) == {}
    assert written_columns(["title=A b", "text=body", "text=More"]) == {"text": ["body", "More"], "title": ["A b"]}
    for wrong in ("body", "speaker=x", "text="):
        with pytest.raises(CorpusError, match="olumn"):
            written_columns([wrong])


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty file"), (b",,,\n;;;\n", "no text in it"), (bytes(range(256)) * 9, "binary data")],
)
def test_what_is_no_table_has_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document("a.csv", data)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_what_was_written_is_read(rows: list[list[str]], delimiter: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    dialect = find_dialect(stream.getvalue())
    if dialect.delimiter == delimiter and dialect.quoted and not dialect.escaped:
        assert list(records(stream.getvalue(), dialect)) == rows


@given(st.text(max_size=300) | st.lists(st.lists(CELLS, max_size=5).map(",".join), max_size=9).map("\n".join))
def test_any_text_gives_rows_in_order_or_a_reason(text: str) -> None:
    try:
        document, blocks = read_document("a.csv", text.encode("utf-8", "ignore"))
    except UnreadableError:
        return
    assert document.title
    for before, after in pairwise(blocks):
        assert before.end <= after.start
    for kind in ("row", "cell"):
        its = [one for one in document.places if one.kind == kind]
        assert all(one.end <= other.start for one, other in pairwise(its))
        assert all(one.end <= len(document.text) for one in its)
    for one in blocks:
        assert document.text[one.start : one.end].strip()
