"""OpenDocument texts, as LibreOffice and pandoc write them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import tries
from lawful import assert_lawful, read_lawfully_or_refused
from nrqa.corpus.readers.document import read_document
from nrqa.errors import UnreadableError
from nrqa.records import Block, Document, Flag
from office_files import DOCUMENTS, damaged, odt, real_files, unzipped, zipped

FOLDER = DOCUMENTS / "odt"
FILES = real_files("odt")


def read(body: str, **parts: str) -> tuple[Document, tuple[Block, ...]]:
    document, blocks = read_document("a.odt", odt(body, **parts))
    assert_lawful(document, blocks)
    return document, blocks


def text_of(body: str, **parts: str) -> str:
    return read(body, **parts)[0].text


def style(name: str, inner: str = "", family: str = "paragraph", more: str = "") -> str:
    return f'<style:style style:name="{name}" style:family="{family}" {more}>{inner}</style:style>'


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_laws_hold_for_real_files(file: Path) -> None:
    assert_lawful(*read_document(file.name, file.read_bytes()))


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_pandoc_writes_the_same_document_as_both(kind: str) -> None:
    file = DOCUMENTS / kind / f"pandoc.{kind}"
    document, blocks = read_document(file.name, file.read_bytes())
    assert document.title == "Harbour survey 2021"
    assert document.metadata["language"] == "en-GB"
    assert "Line one\nline two with a²+b²." in document.text
    texts = {document.text[one.start : one.end]: one.heading for one in blocks}
    assert texts["1. First step.\n2. Second step."] == ("Introduction", "Depths")
    assert texts["Berth\tDepth (m)\tSilt\nNorth\t9.5\t0.4\nSouth\t7.25\t1.1"] == ("Introduction", "Depths")
    assert texts["1 Report of the harbour master, page 4."] == ("Introduction",)
    assert texts["2 Without tax."] == ("Costs",)


def test_a_text_that_was_pasted_has_the_structure_of_plain_text() -> None:
    document, blocks = read_document("a.odt", (FOLDER / "plain-libreoffice.odt").read_bytes())
    assert document.title == "The Persistence of Tensions Between Russia and NATO"
    assert document.metadata["nations"] == "Russie"
    assert len(blocks) == 3


def test_headings_titles_and_what_a_style_descends_from() -> None:
    styles = style("P1", more='style:parent-style-name="Title"') + style("Title") + style("P2")
    document, blocks = read(
        '<text:p text:style-name="P1">Survey</text:p><text:h text:outline-level="1">One</text:h><text:p>a.</text:p>'
        '<text:h text:outline-level="3">Deep</text:h><text:p text:style-name="P2">b.</text:p>',
        styles=styles,
    )
    assert document.title == "Survey"
    assert [one.heading for one in blocks] == [("One",), ("One", "Deep")]


def test_white_space_is_what_its_elements_say() -> None:
    body = (
        "<text:p>  one\n  two<text:s text:c='3'/>three<text:tab/>four<text:line-break/>five"
        "<text:soft-page-break/>six <text:span>sev</text:span>en<!-- no --> co\xadop</text:p>"
    )
    assert text_of(body) == "one two three four\nfivesix seven coop"


def test_what_was_deleted_is_out_wherever_it_is_kept() -> None:
    changes = (
        "<text:tracked-changes><text:changed-region text:id='c1'><text:deletion><text:p>apart</text:p></text:deletion>"
        "</text:changed-region><text:changed-region xml:id='c2'><text:deletion/></text:changed-region>"
        "<text:changed-region text:id='c3'><text:insertion/></text:changed-region></text:tracked-changes>"
    )
    body = (
        "<text:p>Kept<text:change text:change-id='c1'/><text:change-start text:change-id='c2'/> in place"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>N</text:p></text:note-body>"
        "</text:note><text:change-end text:change-id='c2'/><text:change-start text:change-id='c3'/> added"
        "<text:change-end text:change-id='c3'/>.</text:p>"
    )
    assert text_of(changes + body) == "Kept added."


def test_comments_indexes_and_placeholders_are_not_text() -> None:
    body = (
        "<text:table-of-content><text:index-body><text:p>Costs 3</text:p></text:index-body></text:table-of-content>"
        "<text:p>Words<office:annotation><dc:creator>Bo</dc:creator><text:p>Really?</text:p></office:annotation>"
        "<text:placeholder>&lt;Name&gt;</text:placeholder> go on.<office:annotation-end/></text:p>"
        "<text:alphabetical-index><text:index-body><text:p>silt 4</text:p></text:index-body></text:alphabetical-index>"
        "<text:bibliography><text:index-body><text:p>Lee 2021</text:p></text:index-body></text:bibliography>"
    )
    assert text_of(body) == "Words go on.\n\nLee 2021"


@pytest.mark.parametrize(
    ("position", "figure", "text"),
    [
        ("super 58%", "6", "10⁶ units"),
        ("33% 58%", "6", "10⁶ units"),
        ("sub 58%", "2", "10₂ units"),
        ("0% 100%", "6", "106 units"),
    ],
)
def test_raised_figures_do_not_become_part_of_a_number(position: str, figure: str, text: str) -> None:
    high = style("T1", f'<style:text-properties style:text-position="{position}"/>', "text")
    body = f'<text:p>10<text:span text:style-name="T1">{figure}</text:span> units</text:p>'
    assert text_of(body, styles=high) == text


def test_hidden_text_is_no_text_but_told() -> None:
    styles = style("T1", '<style:text-properties text:display="none"/>', "text") + style(
        "T2", '<style:text-properties fo:color="#ffffff"/>', "text"
    )
    body = (
        "<text:p>Seen<text:span text:style-name='T1'> obey</text:span><text:span text:style-name='T2'> me</text:span>"
        "<text:hidden-text text:is-hidden='true' text:string-value='now'/> words.</text:p>"
        "<text:section text:display='none'><text:p>All of this</text:p><text:p>too</text:p></text:section>"
    )
    document, _ = read(body, styles=styles)
    assert document.text == "Seen words."
    assert document.flags == (
        Flag("hidden text", 4, 4, "obey menow"),
        Flag("hidden text", 11, 11, "All of this too"),
    )


def test_white_text_on_a_dark_paragraph_is_text() -> None:
    inner = '<style:paragraph-properties fo:background-color="#203040"/><style:text-properties fo:color="#ffffff"/>'
    document, _ = read("<text:p text:style-name='P1'>Seen.</text:p>", styles=style("P1", inner))
    assert (document.text, document.flags) == ("Seen.", ())


def test_lists_are_numbered_where_they_are_and_go_on_where_they_say() -> None:
    numbers = (
        '<text:list-style style:name="L1">'
        '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix=")"/>'
        '<text:list-level-style-number text:level="2" style:num-format="a" text:display-levels="2"/>'
        "</text:list-style>"
        '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>'
    )

    def item(words: str, inner: str = "") -> str:
        return f"<text:list-item><text:p>{words}</text:p>{inner}</text:list-item>"

    nested = "<text:list>" + item("b") + item("c") + "</text:list>"
    body = (
        f'<text:list text:style-name="L1">{item("a", nested)}{item("d")}</text:list><text:p>Between.</text:p>'
        f'<text:list text:style-name="L1" text:continue-numbering="true">{item("e")}</text:list><text:p>Again.</text:p>'
        f'<text:list text:style-name="L1">{item("f")}</text:list><text:p>Bullets.</text:p>'
        f'<text:list text:style-name="L2">{item("g")}</text:list>'
    )
    text = text_of(body, styles=numbers)
    assert text == "1) a\n1.a b\n1.b c\n2) d\n\nBetween.\n\n3) e\n\nAgain.\n\n1) f\n\nBullets.\n\ng"


def test_tables_row_by_row_with_what_is_merged() -> None:
    def cell(words: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{words}</text:p></table:table-cell>"

    body = (
        "<table:table><table:table-header-rows><table:table-row>"
        + cell("Basin") + cell("Berth") + cell("Depth")
        + "</table:table-row></table:table-header-rows><table:table-row>"
        + cell("Outer", 'table:number-rows-spanned="2"') + cell("North") + cell("9.5")
        + "</table:table-row><table:table-row><table:covered-table-cell/>" + cell("South") + cell("7.25")
        + '</table:table-row><table:table-row table:visibility="collapse">' + cell("not") + cell("seen")
        + '</table:table-row><table:table-row table:number-rows-repeated="1000000">'
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row></table:table>'
    )  # fmt: skip
    assert text_of(body) == "Basin\tBerth\tDepth\nOuter\tNorth\t9.5\nOuter\tSouth\t7.25"


def test_boxes_stand_before_the_paragraph_they_hang_on() -> None:
    box = (
        "<draw:frame><svg:title>alt</svg:title><draw:text-box><text:p>In the box.</text:p></draw:text-box></draw:frame>"
    )
    assert text_of(f"<text:p>The paragraph.{box}</text:p>") == "In the box.\n\nThe paragraph."


@pytest.mark.parametrize("suffix", [".ott", ".ODT"])
def test_kin_under_other_names_are_read(suffix: str) -> None:
    assert read_document("a" + suffix, odt("<text:p>Words.</text:p>"))[0].text == "Words."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"Just text.", "not a zip archive"),
        ((FOLDER / "libreoffice.odt").read_bytes()[:4000], "cut off or damaged"),
        ((FOLDER / "libreoffice.fodt").read_bytes()[:4000], "damaged: the XML in it is not XML"),
        (odt("", manifest="<encryption-data/>"), "encrypted; save it without a password"),
        (zipped({"a.txt": "x"}), "a zip archive, but not an OpenDocument text"),
        (odt("<x/>", kind="presentation"), "not an OpenDocument text, as its name says"),
        (b"<html><body>Saved as text</body></html>", "a web page by its content, not ODT"),
        (odt("<text:section>" * 300 + "</text:section>" * 300), "nested too deeply"),
        (zipped({"content.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "defines entities"),
        (odt("<text:p/>"), "no text in it"),
        (zipped({"content.xml": " " * 30_000_000}), "zip bomb"),
    ],
)
def test_bad_files_have_a_true_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document("a.odt", data)


def test_members_may_be_stored_without_packing() -> None:
    stored = zipped(unzipped((FOLDER / "libreoffice.odt").read_bytes()), zipfile.ZIP_STORED)
    assert read_document("a.odt", stored)[0].text.startswith("Harbour survey")


@settings(max_examples=tries(100), deadline=None)
@given(st.integers(0, 10**9))
def test_damaged_files_are_read_lawfully_or_refused_with_a_reason(seed: int) -> None:
    file = FILES[seed % len(FILES)]
    read_lawfully_or_refused(file.name, damaged(file.read_bytes(), seed))
