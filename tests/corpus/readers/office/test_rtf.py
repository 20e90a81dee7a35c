"""RTF, as Word, LibreOffice and pandoc write it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from striprtf.striprtf import rtf_to_text

from effort import tries
from lawful import assert_lawful, read_lawfully_or_refused
from nrqa.corpus.readers.document import read_document
from nrqa.errors import UnreadableError
from nrqa.records import Block, Document, Flag
from office_files import DOCUMENTS, damaged, docx, real_files

FOLDER = DOCUMENTS / "rtf"
FILES = real_files("rtf")
WORDS = r"{ } \par \b \u945? \'e9 \cell \row \intbl \trowd \pard \v \footnote \chftn x".split()


def read(inner: str) -> tuple[Document, tuple[Block, ...]]:
    document, blocks = read_document("a.rtf", (r"{\rtf1\ansi\ansicpg1252\deff0 " + inner + "}").encode("latin-1"))
    assert_lawful(document, blocks)
    return document, blocks


def text_of(inner: str) -> str:
    return read(inner)[0].text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_laws_hold_for_real_files(file: Path) -> None:
    assert_lawful(*read_document(file.name, file.read_bytes()))


@pytest.mark.parametrize("name", ["article-pandoc.rtf", "plain-libreoffice.rtf"])
def test_all_that_a_second_library_finds_is_in_the_text(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    document, _ = read_document(name, data)
    said = " ".join(document.text.split())
    second: str = rtf_to_text(data.decode("cp1252"))  # type: ignore[no-untyped-call]
    found = [" ".join(line.replace("•", "").split()) for line in second.split("\n")]
    assert sum(map(bool, found)) > 5
    assert [line for line in found if line not in said] == []


def test_outline_levels_are_headings() -> None:
    document, blocks = read_document("a.rtf", (FOLDER / "pandoc.rtf").read_bytes())
    headings = list(dict.fromkeys(one.heading for one in blocks))
    assert headings == [(), ("Introduction",), ("Introduction", "Depths"), ("Costs",), ("Costs", "Who")]
    assert "Berth\tDepth (m)\tSilt\nNorth\t9.5\t0.4\nSouth\t7.25\t1.1" in document.text
    assert "\n\n1 Report of the harbour master, page 4.\n\n" in document.text


@pytest.mark.parametrize(
    "table",
    [
        r"{\list\listid7{\listlevel{\leveltext \'02\'00.}{\levelnumbers \'01}}{\listname Outline_1;}}",
        r"{\*\listtable{\list{\listname Outline_1;}}}",
        r"{\listtable{\list{\listname Outline_1;}}{\listoverride\listid7{\lfolevel x}}}",
        r"{\listoverride\listid7{\lfolevel{\listlevel{\leveltext \'02\'00.;}}}}",
        r"{\*\unknown Outline_1;}",
        r"{\object\objemb{\*\objdata 0105}{\objclass Package}}",
    ],
)
def test_tables_of_lists_and_the_like_are_no_text_with_or_without_the_star(table: str) -> None:
    assert text_of(table + r"{\pard The pump was mended.\par}") == "The pump was mended."


def test_what_an_object_shows_is_text() -> None:
    assert (
        text_of(r"{\pard Cost: {\object\objlink{\*\objdata 01}{\result 48,300}} francs\par}") == "Cost: 48,300 francs"
    )


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (r"10{\super 6} units", "10⁶ units"),
        (r"10{\up6 -3} m", "10⁻³ m"),
        (r"1{\super st} May", "1st May"),
        (r"10\super 6\nosupersub 7", "10⁶7"),
        (r"101{\sub 2}, CO{\sub 2}", "101₂, CO2"),
    ],
)
def test_raised_figures_do_not_become_part_of_a_number(inner: str, text: str) -> None:
    assert text_of(rf"{{\pard {inner}\par}}") == text


def test_styles_are_headings_and_titles() -> None:
    styles = r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 Kop;}{\s2 heading 2;}{\s3 Title;}{\*\cs4\b Strong;}}"
    body = r"\pard\s3 Survey\par\pard\s1 One\par\pard a.\par\pard\s2 Two\par\pard b.\par"
    document, blocks = read(styles + body)
    assert document.title == "Survey"
    assert [one.heading for one in blocks] == [("One",), ("One", "Two")]


def test_bold_lines_are_headings_where_no_style_says_so() -> None:
    _, blocks = read(r"\pard Before.\par\pard{\b What we found}\par\pard\plain Silt, and much of it.\par")
    assert [one.heading for one in blocks] == [(), ("What we found",)]


def test_characters_of_every_code() -> None:
    fonts = (
        r"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Arial;}{\f2\fcharset128 MS Gothic;}{\f3\fcharset2 Symbol;}"
        r"{\f4\fcharset0\cpg1250 Arial CE;}}"
    )
    body = (
        r"caf\'e9 {\f1\'cf\'f0\'e8} {\f2\'83\'65\'83X} {\f3 a} {\f4\'b3} {\uc1\u8364?}{\uc2\u1078\'c6x\u1079\'c7y}"
        r" \u-10179?\u-8704? \emdash\endash\lquote x\rquote\~y co\-op re\_use \{\}\\"
    )
    assert text_of(fonts + body) == "café При テス α ł €жз 😀 —–‘x’ y coop re-use {}\\"


def test_the_files_own_code_page_counts() -> None:
    assert read_document("a.rtf", rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8.}")[0].text == "При."
    assert read_document("a.rtf", rb"{\rtf1\mac caf\'8e.}")[0].text == "café."
    assert read_document("a.rtf", rb"{\rtf1\ansi\ansicpg65001 caf\'c3\'a9.}")[0].text == "café."
    assert read_document("a.rtf", rb"{\rtf1\ansi\ansicpg99999 caf\'e9.}")[0].text == "café."


def test_what_is_deleted_or_hidden_is_not_text() -> None:
    document, _ = read(r"Kept{\deleted  removed} and{\v  obey me} seen\deleted  no\deleted0  words.\par")
    assert document.text == "Kept and seen words."
    assert document.flags == (Flag("hidden text", 8, 8, "obey me"),)


def test_a_deleted_paragraph_mark_joins_what_it_parted() -> None:
    assert text_of(r"First half,{\deleted\par} second half.\par Next.") == "First half, second half.\n\nNext."


def test_what_is_no_text_of_the_document_is_left_out() -> None:
    body = (
        r"{\header Running head\par}{\*\generator Made by hand;}{\pict\pngblip 89504e47}{\*\unknown words}"
        r"{\info{\title Untitled}{\author Ann Lee}{\keywords silt, quay}{\creatim\yr2021\mo10\dy3\hr8}{\*\company X}}"
        r"{\object{\*\objdata 0105}{\result{\pict 89}}}{\*\atnid BC}{\annotation Really?}Text.\par"
    )
    document, _ = read(body)
    assert document.text == "Text."
    assert document.metadata["author"] == "Ann Lee"
    assert document.metadata["keywords"] == ["silt", "quay"]
    assert document.metadata["created"] == "2021-10-03"
    assert document.titled is False


def test_binary_data_is_passed_over_whatever_is_in_it() -> None:
    assert text_of(r"Before{\pict\bin7 }}{{\par} after.") == "Before after."


def test_properties_in_unicode_count_instead_of_their_stand_ins() -> None:
    document, _ = read(r"{\info{\upr{\title ????}{\*\ud{\title \u1048?\u1074?\u1072?\u1085?}}}}Text.\par")
    assert document.title == "Иван"


def test_fields_give_their_result_and_no_contents() -> None:
    body = (
        r'{\field{\*\fldinst HYPERLINK "http://a.example"}{\fldrslt the report}} says.\par'
        r"{\field{\*\fldinst TOC \\o}{\fldrslt Costs 3\par Rules 4}}\par End.\par"
    )
    assert text_of(body) == "the report says.\n\nEnd."


def test_notes_have_their_number_and_stand_at_the_end_of_the_section() -> None:
    body = (
        r"A{\super\chftn}{\footnote\pard\plain{\super\chftn} First.} and b{\super\chftn}"
        r"{\footnote\ftnalt\pard\plain{\chftn} Last.}.\par More.{\footnote\pard * Own mark.}\par"
    )
    assert text_of(r"\aftnnrlc " + body) == "A and b.\n\nMore.\n\n1 First.\n\ni Last.\n\n* Own mark."


def test_boxes_are_read_once() -> None:
    body = (
        r"{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 202}}{\shptxt\pard In the box.\par}}"
        r"{\shprslt{\*\do{\dptxbxtext\pard In the box.\par}}}}The paragraph.\par"
    )
    assert text_of(body) == "In the box.\n\nThe paragraph."


def test_tables_row_by_row_with_what_is_merged() -> None:
    rows = (
        r"\trowd\trhdr\cellx1\cellx2\pard\intbl Basin\cell Berth\cell\row"
        r"\trowd\clvmgf\cellx1\cellx2\pard\intbl Outer\cell North\par side\cell\row"
        r"\trowd\clvmrg\cellx1\cellx2\pard\intbl\cell South\cell\row"
    )
    _, blocks = read(r"Before.\par" + rows + r"\pard After.\par")
    document, _ = read(rows + r"\pard After.\par")
    assert document.text == "Basin\tBerth\nOuter\tNorth side\nOuter\tSouth\n\nAfter."
    assert [len(one.items) for one in blocks] == [0, 3, 0]


def test_lists_have_their_numbers_and_no_bullets() -> None:
    body = r"The board decided:\par{\listtext\'95\tab}dredge\par{\listtext 2.\tab}pay\par Then it closed.\par"
    document, blocks = read(body)
    assert document.text == "The board decided:\ndredge\n2. pay\n\nThen it closed."
    assert len(blocks[0].items) == 3


def test_a_text_that_was_pasted_has_the_structure_of_plain_text() -> None:
    document, blocks = read_document("a.rtf", (FOLDER / "plain-libreoffice.rtf").read_bytes())
    assert document.title == "The Persistence of Tensions Between Russia and NATO"
    assert "date" not in document.metadata
    assert len(blocks) == 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"Just text.", "not RTF, as its name says"),
        (docx("<w:p/>"), "a newer Word document; rename it to .docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "old binary Word document"),
        (rb"{\rtf1 " + b"{" * 20_000, "nested too deeply"),
        (rb"{\rtf1 {\pict\bin99999999 x", "no text in it"),
        (rb"{\rtf1\ansi}", "no text in it"),
    ],
)
def test_bad_files_have_a_true_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document("a.rtf", data)


def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    assert read_document("a.rtf", rb"{\rtf1\ansi One.\par {\b Two")[0].text == "One.\n\nTwo"


def test_rtf_named_doc_is_read() -> None:
    assert read_document("a.doc", rb"{\rtf1\ansi Words.\par}")[0].text == "Words."


@pytest.mark.slow
def test_time_grows_with_length() -> None:
    line = rb"\pard The harbour was dredged in 2019, and silt returned at twice the expected rate.\par" * 4
    began = time.process_time()
    read_document("a.rtf", rb"{\rtf1 " + line * 4000 + b"}")
    assert time.process_time() - began < 12


@settings(max_examples=tries(150), deadline=None)
@given(st.integers(0, 10**9))
def test_damaged_files_are_read_lawfully_or_refused_with_a_reason(seed: int) -> None:
    file = FILES[seed % len(FILES)]
    read_lawfully_or_refused(file.name, damaged(file.read_bytes(), seed))


@settings(max_examples=tries(150), deadline=None)
@given(
    st.lists(st.sampled_from(r"{ } \par \b \u945? \'e9 \cell \row \intbl \trowd \pard \v \footnote \chftn x".split()))
)
def test_any_order_of_words_is_read_lawfully_or_refused(words: list[str]) -> None:
    read_lawfully_or_refused("a.rtf", (r"{\rtf1\ansi Text " + " ".join(words)).encode())
