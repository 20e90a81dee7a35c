"""What people typed onto a page: values of fields, checked boxes and notes, beside what is printed, never in it."""

from __future__ import annotations

import pytest

from nrqa.corpus.passages.word_boxes import rectangles
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.readers.pdf import read
from nrqa.errors import ScanError, UnreadableError
from pdf_writer import PICTURE, Page, Pdf, annotated, check_box, line, lines, note, pdf, stream, text_field

FORM = line("Name of the applicant:", 72, 700) + line("Sum insured:", 72, 670)
FIELDS = [
    text_field("sum", "Two million francs", (200, 665, 400, 685)),
    text_field("applicant", "Jane Doe", (200, 695, 400, 715), "/TU (Name of the applicant)"),
]
SENTENCES = ["The pump station was rebuilt in the spring and has run", "without a fault since then."]


def test_values_of_fields_stand_below_the_words_that_name_them() -> None:
    found = read("a.pdf", annotated(FORM, FIELDS, fields=True))
    assert found.text == "Name of the applicant:\nJane Doe\n\nSum insured:\nTwo million francs"
    assert len(found.outline.blocks) == 2


def test_values_have_their_place_and_their_name() -> None:
    found = read("a.pdf", annotated(FORM, FIELDS, fields=True))
    places = [(one.kind, one.label, found.text[one.start : one.end]) for one in found.places]
    assert ("form field", "Name of the applicant", "Jane Doe") in places
    assert ("form field", "sum", "Two million francs") in places
    at = found.text.index("Two million")
    (marked,) = rectangles(found.pages, at, at + len("Two million francs"))
    assert (marked.page, marked.x0, marked.y0, marked.x1, marked.y1) == pytest.approx((1, 200, 665, 400, 685), abs=0.1)


def test_a_value_inside_a_sentence_does_not_interrupt_it() -> None:
    content = line("I, the undersigned, born on", 72, 700) + line("in the town, agree to all of it.", 72, 688)
    data = annotated(content, [text_field("born", "3 May 1980", (210, 696, 300, 710))], fields=True)
    assert read("a.pdf", data).text == "I, the undersigned, born on in the town, agree to all of it.\n3 May 1980"


def test_what_is_chosen_is_read_as_it_is_shown() -> None:
    options = "/FT /Ch /Ff 131072 /T (cover) /V (F) /Opt [[(F) (Fire)] [(W) (Water)]]"
    choice = f"/Subtype /Widget {options} /F 4 /Rect [200 695 300 715]"
    text = read("a.pdf", annotated(line("Kind of cover:", 72, 700), [choice], fields=True)).text
    assert text == "Kind of cover:\nFire"


def test_boxes_stand_before_their_words_checked_or_not() -> None:
    content = line("Fire cover", 90, 700) + line("Flood cover", 290, 700)
    boxes = [
        check_box("flood", (272, 698, 284, 710), checked=False),
        check_box("fire", (72, 698, 84, 710), checked=True),
    ]
    assert read("a.pdf", annotated(content, boxes, fields=True)).text == "☒ Fire cover ☐ Flood cover"


def test_boxes_may_stand_after_their_words() -> None:
    boxes = [check_box("fire", (140, 698, 152, 710), checked=True)]
    assert read("a.pdf", annotated(line("Fire cover", 72, 700), boxes, fields=True)).text == "Fire cover ☒"


def test_a_box_without_words_has_its_name() -> None:
    boxes = [check_box("Fire cover", (300, 98, 312, 110), checked=True)]
    assert "☒ Fire cover" in read("a.pdf", annotated(lines(SENTENCES), boxes, fields=True)).text


def test_an_empty_box_on_a_scan_is_nothing_that_somebody_typed() -> None:
    with pytest.raises(ScanError, match="a scan: 1 page without a text layer; recognise"):
        read("a.pdf", annotated(PICTURE, [check_box("Box 4", (300, 98, 312, 110), checked=False)], fields=True))


@pytest.mark.parametrize("more", ["/Ff 8192", "/F 2", "/F 32"])
def test_values_that_nobody_sees_are_no_text(more: str) -> None:
    field = text_field("secret", "hunter two", (200, 695, 400, 715)).replace("/F 4", "") + more
    found = read("a.pdf", annotated(FORM, [field], fields=True))
    assert "hunter" not in found.text
    if more != "/Ff 8192":
        assert [one.detail for one in found.flags] == ["page 1: 2 words in hidden fields and notes"]


@pytest.mark.parametrize("subtype", ["FreeText", "Text", "Stamp", "Highlight", "Square", "Ink", "Caret"])
def test_typed_notes_come_after_the_paragraph_beside_which_they_stand(subtype: str) -> None:
    data = annotated(lines([*SENTENCES]), [note(subtype, "Is this still true?", (200, 715, 300, 730), "/T (Bob Ray)")])
    found = read("a.pdf", data)
    assert found.text == " ".join(SENTENCES) + "\n\nIs this still true?"
    assert ("note", "Bob Ray") in [(one.kind, one.label) for one in found.places]
    at = found.text.index("Is this")
    assert rectangles(found.pages, at, len(found.text))[0].x0 == pytest.approx(200, abs=0.1)


def test_words_that_a_mark_repeats_are_read_once() -> None:
    data = annotated(lines(SENTENCES), [note("Highlight", "has run without", (200, 700, 300, 730))])
    assert read("a.pdf", data).text == " ".join(SENTENCES)


def test_links_and_windows_of_notes_are_no_notes() -> None:
    others = [note("Link", "See there", (72, 700, 100, 720)), note("Popup", "Is this true?", (72, 700, 100, 720))]
    assert read("a.pdf", annotated(lines(SENTENCES), others)).text == " ".join(SENTENCES)


def test_a_page_with_nothing_but_a_note_is_read() -> None:
    found = read("a.pdf", annotated(b"", [note("FreeText", "Approved by the board\\rin May", (60, 725, 460, 745))]))
    assert found.text == "Approved by the board\nin May"
    assert [one.label for one in found.places] == ["1", "1"]


def test_a_scan_with_notes_is_a_scan_and_tells_of_them() -> None:
    with pytest.raises(ScanError, match="a scan: 1 page without a text layer but 1 typed note"):
        read("a.pdf", annotated(PICTURE, [note("FreeText", "Approved", (60, 725, 460, 745))]))


def test_notes_on_a_turned_page_are_read() -> None:
    data = annotated(
        lines(SENTENCES), [note("Text", "Is this still true?", (200, 715, 300, 730))], entries="/Rotate 90"
    )
    assert "Is this still true?" in read("a.pdf", data).text


def with_attachment(content: bytes) -> bytes:
    catalog = "/Names << /EmbeddedFiles << /Names [(budget.xlsx) 9 0 R] >> >>"
    specification = b"<< /Type /Filespec /F (budget.xlsx) /UF (budget.xlsx) /EF << /F 8 0 R >> >>"
    return Pdf([Page(content)], catalog=catalog, objects=[stream(b"abc", "/Type /EmbeddedFile"), specification]).write()


def test_attached_files_are_told() -> None:
    found = read("a.pdf", with_attachment(lines(SENTENCES)))
    (flag,) = found.flags
    assert (flag.kind, flag.start, flag.detail) == (
        "lost text",
        len(found.text),
        "the attachment budget.xlsx is not read",
    )


def test_a_file_of_nothing_but_attachments_is_refused_as_that() -> None:
    with pytest.raises(UnreadableError, match=r"no text in it but its attachments.*budget\.xlsx"):
        read_document("a.pdf", with_attachment(b""))


def test_a_form_that_another_language_draws_is_told() -> None:
    catalog = "/NeedsRendering true /AcroForm << /Fields [] /XFA 8 0 R >>"
    data = Pdf([Page(lines(["Please wait..."]))], catalog=catalog, objects=[stream(b"<xdp/>")]).write()
    assert [one.detail for one in read("a.pdf", data).flags] == [
        "the form itself, which is in XFA: only its page for other viewers is read"
    ]


def test_an_empty_form_is_as_empty_as_it_looks() -> None:
    with pytest.raises(UnreadableError, match="nothing on it"):
        read_document("a.pdf", annotated(b"", [text_field("sum", "", (200, 665, 400, 685))], fields=True))
    assert read("a.pdf", pdf(FORM)).text == read("a.pdf", annotated(FORM, [], fields=True)).text
