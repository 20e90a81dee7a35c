"""PDF: what real programs wrote, read in order, with the place of every word; and what cannot be read, with why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import project
from effort import tries
from nrqa.corpus.passages.word_boxes import rectangles, words_of
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.readers.pdf import read
from nrqa.corpus.readers.pdf.opening import iso_date
from nrqa.corpus.worker.isolation import reading
from nrqa.errors import UnreadableError
from nrqa.records import Rectangle
from pdf_writer import PICTURE, Page, Pdf, line, lines, pdf, stream

FILES = project.DOCUMENTS / "pdf"
CORPUS = project.CORPUS
GOLDEN = {
    "latex-two-columns": "nato-russia",
    "latex-one-column": "russia-nato-tensions",
    "libreoffice-two-columns": "nato-russia",
    "chromium": "nato-russia",
}
SENTENCE = "The quick brown fox jumps over the lazy dog near the river bank"


def golden(name: str) -> bytes:
    return (FILES / f"{name}.pdf").read_bytes()


def flat(text: str) -> str:
    """The words of a text, its quotation marks straight, without hyphens, which may be lost."""
    straight = text.translate(str.maketrans("’‘“”", "''\"\""))
    return " ".join(re.sub(r"[^\x20-\u024f–—]|-", "", straight).split())


def paragraphs_of_source(name: str) -> Iterator[str]:
    document, blocks = read_document(f"{name}.txt", (CORPUS / f"{name}.txt").read_bytes())
    for block in blocks:
        for one in document.text[block.start : block.end].split("\n"):
            if one.strip():
                yield flat(one)


@pytest.mark.parametrize(("made", "source"), GOLDEN.items())
def test_every_paragraph_of_the_source_is_there_in_order(made: str, source: str) -> None:
    text = flat(read(made, golden(made)).text)
    at = 0
    for paragraph in paragraphs_of_source(source):
        words = paragraph.split()
        # Footnotes stand between paragraphs; their numbers are glued to the last word.
        found = text.find(" ".join(words[:-1]), at)
        assert found >= 0, paragraph
        at = found


@pytest.mark.parametrize("made", [made for made, source in GOLDEN.items() if source == "nato-russia"])
def test_running_heads_and_page_numbers_are_no_text(made: str) -> None:
    text = read(made, golden(made)).text
    assert "as printed" not in text
    assert not re.search(r"^(?:Page )?\d+(?:/\d+)?$", text, re.MULTILINE)
    assert "file://" not in text
    assert "PART" not in text


@pytest.mark.parametrize("made", GOLDEN)
def test_headings_are_the_path_of_blocks(made: str) -> None:
    found = read(made, golden(made))
    paths = {block.heading for block in found.outline.blocks}
    assert any(path and "Part 1" in path[-1] for path in paths)
    assert not any("Part 1" in found.text[block.start : block.end] for block in found.outline.blocks)


def test_footnotes_stand_after_the_paragraph_that_their_page_ends_in() -> None:
    found = read("", golden("latex-two-columns"))
    notes = [block for block in found.outline.blocks if "remark of those" in found.text[block.start : block.end]]
    assert len(notes) > 2
    for note in notes:
        assert re.match(r"\d+ ?A remark", found.text[note.start : note.end])
        assert found.text[: note.start].rstrip()[-1] in ".:1234567890⁰¹²³⁴⁵⁶⁷⁸⁹"


@pytest.mark.parametrize("made", GOLDEN)
def test_laws(made: str) -> None:
    assert_lawful(golden(made))


def assert_lawful(data: bytes) -> None:
    found = read("a.pdf", data)
    end = 0
    for block in found.outline.blocks:
        assert end <= block.start < block.end <= len(found.text)
        assert found.text[block.start : block.end].strip() == found.text[block.start : block.end]
        end = block.end
    end = 0
    for place in [one for one in found.places if one.kind == "page"]:
        assert end <= place.start < place.end <= len(found.text)
        end = place.end
    for page in found.pages:
        words = list(words_of(page))
        assert (words[0].start, words[-1].end) == (page.start, page.end)
        for before, word in pairwise(words):
            assert before.end <= word.start < word.end
        assert all(word.x0 <= word.x1 and word.y0 <= word.y1 for word in words)
    covered = {at for page in found.pages for word in words_of(page) for at in range(word.start, word.end)}
    assert all(char.isspace() for at, char in enumerate(found.text) if at not in covered)


@pytest.mark.slow
@pytest.mark.parametrize("made", GOLDEN)
def test_rectangles_hold_the_words_as_another_library_sees_them(made: str) -> None:
    found = read(made, golden(made))
    with pdfplumber.open(FILES / f"{made}.pdf") as document:
        chars = {page.page_number: page.chars for page in document.pages}
    for block in found.outline.blocks:
        marked = rectangles(found.pages, block.start, block.end)
        inside = "".join(
            char["text"]
            for page in sorted({one.page for one in marked})
            for char in chars[page]
            if holds(marked, page, char)
        )
        assert sorted(letters(inside)) == sorted(letters(found.text[block.start : block.end]))


def holds(marked: tuple[Rectangle, ...], page: int, char: dict[str, float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["y0"] + char["y1"]) / 2
    return any(one.page == page and one.x0 <= x <= one.x1 and one.y0 <= y <= one.y1 for one in marked)


def letters(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if char.isalnum())


def test_it_says_of_itself() -> None:
    document, _ = read_document("a.pdf", golden("libreoffice-two-columns"))
    assert document.title == "nato-russia"
    assert document.metadata["author"] == "Several Authors"
    assert str(document.metadata["date"]).startswith("20")


def test_a_title_without_properties_is_the_largest_line_of_the_first_page() -> None:
    document, blocks = read_document("a.pdf", golden("latex-one-column"))
    assert document.titled
    assert document.title == "The Persistence of Tensions Between Russia and NATO"
    assert document.title not in {document.text[block.start : block.end] for block in blocks}


@pytest.mark.parametrize(
    "made_up", ["Microsoft Word - report.doc", "report-final.pdf", "untitled", "PowerPoint Presentation", "x.dvi", "-"]
)
def test_what_programs_write_for_a_title_is_none(made_up: str) -> None:
    found = read("a.pdf", pdf(lines([SENTENCE]), information=f"/Title ({made_up}) /Author (Ann Lee)"))
    assert found.outline.metadata == {"author": "Ann Lee"}


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("D:20211020153000+02'00'", "2021-10-20T15:30:00+02:00"),
        ("D:20211020153000Z", "2021-10-20T15:30:00Z"),
        ("D:202110", "2021-10"),
        ("2021", "2021"),
        ("D:20211520", ""),
        ("yesterday", ""),
    ],
)
def test_dates_as_iso_has_them(written: str, date: str) -> None:
    assert iso_date(written) == date


def test_pages_have_their_number_and_the_label_that_differs() -> None:
    labels = "/PageLabels << /Nums [0 << /S /r /St 4 >> 1 << /S /D /P (A-) >>] >>"
    found = read("a.pdf", pdf(lines(["First words here."]), lines(["Second words there."]), catalog=labels))
    assert [(one.kind, one.label) for one in found.places] == [
        ("page", "1"),
        ("page", "2"),
        ("page label", "iv"),
        ("page label", "A-1"),
    ]
    assert not [one for one in read("a.pdf", golden("chromium")).places if one.kind != "page"]


# The order of lines, and what is joined.

LEFT = [f"Left column line {word} goes on and" for word in "one two three four five six".split()]
RIGHT = [f"right column line {word} goes on and" for word in "one two three four five six".split()]


def columns_of(contents: bytes) -> list[str]:
    return re.findall(r"(?:Left|right) column line \w+", read("a.pdf", pdf(contents)).text)


IN_ORDER = [text.split(" goes")[0] for text in LEFT + RIGHT]


def test_columns_written_one_after_the_other() -> None:
    assert columns_of(lines(LEFT) + lines(RIGHT, x=330)) == IN_ORDER


def test_columns_written_row_by_row_are_read_one_after_the_other() -> None:
    rows = b"".join(
        line(left, 72, 700 - 12 * at) + line(right, 330, 700 - 12 * at)
        for at, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True))
    )
    assert columns_of(rows) == IN_ORDER


def test_columns_written_from_right_to_left_are_read_from_left_to_right() -> None:
    assert columns_of(lines(RIGHT, x=330) + lines(LEFT)) == IN_ORDER


def test_a_title_over_both_columns_comes_first() -> None:
    title = line("A title over both of the columns of the page", 150, 750, size=18)
    text = read("a.pdf", pdf(lines(RIGHT, x=330) + lines(LEFT) + title)).text
    assert text.startswith("A title over both of the columns of the page")


def test_a_table_stays_in_rows() -> None:
    rows = [("Name", "Votes", "Share"), ("Ann", "120", "12 %"), ("Bob", "80", "8 %"), ("Eve", "7", "1 %")]
    content = b"".join(
        line(cell, 72 + 150 * column, 700 - 14 * row)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    )
    found = read("a.pdf", pdf(content))
    assert found.text == "Name Votes Share\nAnn 120 12 %\nBob 80 8 %\nEve 7 1 %"
    assert len(found.outline.blocks[0].items) == 4


def test_hyphens_at_line_ends_go_unless_the_document_writes_them() -> None:
    content = lines(
        [
            "The postseason was well-known to all who saw the whole of the post-",
            "season, and well-",
            "known it remained to everybody in all of the long coun-",
            "try.",
        ]
    )
    assert "the postseason, and well-known it remained" in read("a.pdf", pdf(content)).text
    assert read("a.pdf", pdf(content)).text.endswith("country.")


def test_a_divided_word_has_two_boxes() -> None:
    found = read("a.pdf", pdf(lines(["Each of them said that it was the coun-", "try that they had come from."])))
    at = found.text.index("country")
    first, second = rectangles(found.pages, at, at + len("country"))
    assert first.y0 > second.y1
    assert first.x0 > second.x0


def test_numbers_and_names_keep_their_hyphens() -> None:
    text = read("a.pdf", pdf(lines(["Denver won the game by 24-", "10 against the Anglo-", "Saxon team."]))).text
    assert text == "Denver won the game by 24-10 against the Anglo-Saxon team."


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    text = read("a.pdf", pdf(lines([SENTENCE, "and goes on to the"]), lines(["next page, where it ends."]))).text
    assert text.endswith("and goes on to the next page, where it ends.")


def test_list_items_stand_on_lines_of_their_own() -> None:
    found = read("a.pdf", pdf(lines(["These are the three reasons:", "• the first", "• the second", "• the third"])))
    (block,) = found.outline.blocks
    assert [found.text[one.start : one.end] for one in block.items][1:] == [
        "• the first",
        "• the second",
        "• the third",
    ]


def test_chapters_that_begin_pages_are_headings_and_not_running_heads() -> None:
    pages = [
        line(f"Chapter {number}", 72, 720, size=20) + lines([f"{SENTENCE}, {word}.", f"So it was with {word}."], y=690)
        for number, word in enumerate("one two three four".split(), 1)
    ]
    found = read("a.pdf", pdf(*pages))
    assert [block.heading[-1] for block in found.outline.blocks] == [f"Chapter {number}" for number in range(1, 5)]


def test_what_comes_again_at_the_edge_of_pages_is_left_out() -> None:
    pages = [
        line("Annual report, confidential", 72, 770, size=8)
        + lines([f"{SENTENCE}, {word}.", "So it was, and nobody knew better."])
        + line(f"{number}", 300, 30)
        for number, word in enumerate("one two three four".split(), 11)
    ]
    text = read("a.pdf", pdf(*pages)).text
    assert "Annual" not in text
    assert not re.search(r"\d", text)
    assert text.count(SENTENCE) == 4


def test_pages_that_are_all_alike_keep_their_text() -> None:
    assert read("a.pdf", pdf(*[lines([SENTENCE])] * 3)).text.count(SENTENCE) == 3


# Where words stand.


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_boxes_are_in_user_space_whatever_the_rotation_and_the_crop(turned: int) -> None:
    entries = f"/MediaBox [-50 -50 612 792] /CropBox [20 30 600 780] /Rotate {turned}"
    found = read("a.pdf", Pdf([Page(lines(["Some words here."], x=100, y=400), entries)]).write())
    (marked,) = rectangles(found.pages, 0, len("Some words here."))
    assert marked.x0 == pytest.approx(100, abs=1)
    assert marked.y0 <= 400 <= marked.y1 <= 412
    assert marked.x1 == pytest.approx(180, abs=12)


def test_a_page_that_is_written_sideways_is_read() -> None:
    content = b"".join(
        b"BT /F 10 Tf 0 1 -1 0 %d 72 Tm (%s) Tj ET\n" % (300 + 12 * at, words)
        for at, words in enumerate([b"The quick brown fox jumps over", b"the lazy dog again."])
    )
    assert read("a.pdf", pdf(content)).text == "The quick brown fox jumps over the lazy dog again."


# What is not seen.


@pytest.mark.parametrize(
    ("hidden", "way"),
    [
        (line("secret words", 72, 300, before="1 1 1 rg"), "in the colour of the paper"),
        (line("secret words", 72, 300, before="3 Tr"), "without ink"),
        (line("secret words", 72, 300, size=0.4), "too small to be read"),
        (line("secret words", 72, -300), "off the page"),
    ],
)
def test_words_that_nobody_sees_are_flagged_and_no_text(hidden: bytes, way: str) -> None:
    found = read("a.pdf", pdf(lines([SENTENCE]) + hidden))
    assert "secret" not in found.text
    (flag,) = found.flags
    assert (flag.kind, flag.detail) == ("hidden text", f"page 1: 2 words {way}")


def test_white_words_on_a_dark_ground_are_seen() -> None:
    content = b"0 0 0 rg 60 290 300 30 re f\n" + line("seen words", 72, 300, before="1 1 1 rg")
    found = read("a.pdf", pdf(lines([SENTENCE]) + content))
    assert "seen words" in found.text
    assert not found.flags


def test_recognised_text_over_a_scan_is_text() -> None:
    assert read("a.pdf", pdf(PICTURE + line(SENTENCE, 72, 700, before="3 Tr"))).text == SENTENCE


def test_pages_without_a_text_layer_are_flagged_with_their_numbers() -> None:
    found = read("a.pdf", pdf(lines(["First words."]), PICTURE, PICTURE, lines(["Last words."])))
    (flag,) = found.flags
    assert (flag.kind, flag.detail) == ("lost text", "pages 2 to 3: no text layer")
    assert found.text[flag.start :] == "Last words."


LOST = b"BT /L 10 Tf 72 700 Td <000100020003000400050006> Tj ET"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html>", "a web page by its content, not PDF"),
        (b"words", "not a PDF"),
        (b"%PDF-1.7\n", "cut off"),
        (pdf(lines([SENTENCE]))[:700], "cut off"),
        (golden("encrypted"), "encrypted; save it without a password"),
        (pdf(*[PICTURE] * 12), "a scan: 12 pages without a text layer"),
        (pdf(*[PICTURE + line("Downloaded by somebody", 72, 20)] * 3), "a scan: 3 pages without a text layer"),
        (pdf(LOST), r"do not say which letters they draw \(no Unicode map\), 1 page"),
        (pdf(b"", b""), "2 pages and nothing on them"),
        (pdf(line("secret words", 72, 300, before="1 1 1 rg")), "no text that can be seen"),
        (Pdf([]).write(), "pages cannot be found"),
    ],
)
def test_what_cannot_be_read_has_its_true_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document("a.pdf", data)


def test_a_page_of_letters_without_meaning_is_flagged() -> None:
    found = read("a.pdf", pdf(lines([SENTENCE]), LOST))
    assert found.text == SENTENCE
    assert [one.detail for one in found.flags] == ["page 2: the fonts do not say which letters they draw"]


@pytest.mark.slow
def test_a_file_that_may_be_read_but_not_changed_is_read() -> None:
    assert read("", golden("restricted")).text == read("", golden("libreoffice-two-columns")).text


def test_a_broken_table_of_objects_is_mended() -> None:
    assert read("a.pdf", pdf(lines([SENTENCE])).replace(b"xref", b"xxxx")).text == SENTENCE


@pytest.mark.slow
def test_many_pages_are_read_in_time() -> None:
    data = pdf(*[lines([f"Page {number} has words of its own, and so it goes."]) for number in range(1, 2001)])
    with reading(seconds=60) as apart:
        document, _ = apart("a.pdf", data)
    assert len(document.pages) == 2000


@settings(max_examples=tries(60), deadline=None)
@given(st.data())
def test_no_change_of_bytes_brings_the_worker_down_or_a_wrong_span(data: st.DataObject) -> None:
    original = data.draw(st.sampled_from([golden("libreoffice-two-columns"), pdf(lines([SENTENCE, SENTENCE]))]))
    broken = bytearray(original)
    for _ in range(data.draw(st.integers(1, 12))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableError):
        assert_lawful(bytes(broken[: data.draw(st.integers(1, len(broken)))]))


PACKET = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" prism:volume="7"><prism:publicationName>River
 Studies</prism:publicationName><prism:doi>10.1234/rs.7</prism:doi><prism:coverDate>2020-02-29</prism:coverDate>
 <prism:startingPage>101</prism:startingPage></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def test_the_date_of_a_file_is_told_as_such_and_what_its_publisher_says_is_read() -> None:
    made = "/CreationDate (D:20261129212119Z) /ModDate (D:20261130)"
    plain = read("a.pdf", pdf(lines([SENTENCE]), information=made))
    assert plain.outline.metadata == {"created": "2026-11-29T21:21:19Z", "modified": "2026-11-30"}
    packet = stream(PACKET.encode(), "/Type /Metadata /Subtype /XML")
    data = pdf(lines([SENTENCE]), catalog="/Metadata 8 0 R", objects=[packet], information=made)
    told = read("a.pdf", data).outline.metadata
    assert (told["journal"], told["volume"], told["doi"]) == ("River Studies", "7", "10.1234/rs.7")
    assert (told["published"], told["first page"]) == ("2020-02-29", "101")
    for damaged in (PACKET.replace("</rdf:RDF>", "<"), PACKET.replace("prism:", "other:"), "<x:xmpmeta" * 1000):
        packet = stream(damaged.encode(), "/Type /Metadata /Subtype /XML")
        assert read("a.pdf", pdf(lines([SENTENCE]), catalog="/Metadata 8 0 R", objects=[packet])).text
