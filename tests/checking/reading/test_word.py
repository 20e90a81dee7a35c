from __future__ import annotations

from drafts import cited, placed, read
from nrqa.checking.reading.formats import read_written
from office_files import docx, odt, paragraph, run


def _note(identity: str) -> str:
    return f'<w:r><w:footnoteReference w:id="{identity}"/></w:r>'


def test_notes_of_word_stand_where_their_marks_are() -> None:
    data = docx(
        f"<w:p>{run('So “one two three”')}{_note('2')}{run(' and “four five six”.')}{_note('3')}</w:p>",
        footnotes=f'<w:footnote w:id="2">{paragraph("See a.txt.")}</w:footnote>'
        f'<w:footnote w:id="3">{paragraph("b.txt")}</w:footnote>',
    )
    draft = read(data, "docx")
    assert cited(draft) == [("one two three", [("a.txt",)]), ("four five six", [("b.txt",)])]
    assert placed(draft) == ["“one two three”", "“four five six”"]
    assert [one.text for one in draft.sentences] == ["So “one two three” and “four five six”."]


def test_block_quotes_of_word_are_known_by_their_style_or_their_indent() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/></w:style>'
    data = docx(
        paragraph("So it is said by everybody in the country:")
        + paragraph("One two three.", '<w:pStyle w:val="Zitat"/>')
        + paragraph("He goes on with much of it in the next chapter (a.txt):")
        + paragraph("Four five six seven eight nine ten.", '<w:ind w:left="720"/>'),
        styles=styles,
    )
    assert cited(read(data, "docx")) == [("One two three.", []), ("Four five six seven eight nine ten.", [("a.txt",)])]


def test_changes_are_read_as_accepted_and_places_count_paragraphs() -> None:
    body = paragraph("First.") + "<w:p/>" + f"<w:p>{run('So “one ')}<w:ins>{run('two ')}</w:ins><w:del><w:r>"
    body += f"<w:delText>old</w:delText></w:r></w:del>{run('three” it is.')}</w:p>"
    written = read_written("draft.docx", docx(body))
    assert (written.unit, written.text) == ("paragraph", "First.\nSo “one two three” it is.\n")


def test_cells_and_text_boxes_of_word_are_read() -> None:
    box = (
        f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{paragraph('“Seven eight nine”')}</w:txbxContent></v:textbox>"
    )
    box += "</v:shape></w:pict></w:r>"
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("“One two three”", "a.txt"))
    draft = read(docx(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl><w:p>{run('Beside.')}{box}</w:p>"), "docx")
    assert cited(draft) == [("One two three", [("a.txt",)]), ("Seven eight nine", [])]


def test_notes_links_and_block_quotes_of_opendocument() -> None:
    note = '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
    note += "<text:p>a.txt</text:p></text:note-body></text:note>"
    data = odt(
        f"<text:p>So “one<text:s/>two <text:span>three</text:span>”{note} it is.</text:p>"
        '<text:p text:style-name="Quotations">Four five six.</text:p>',
        styles='<style:style style:name="Quotations" style:family="paragraph"/>',
    )
    draft = read(data, "odt")
    assert cited(draft)[0] == ("one two three", [("a.txt",)])
    assert [(one.text, one.marks) for one in draft.quotations][1] == ("Four five six.", ">")
