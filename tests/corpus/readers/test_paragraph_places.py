"""Paragraphs are counted where a format counts nothing itself."""

from __future__ import annotations

from nrqa.corpus.readers.document import read_document

PAGE = """<title>T</title><article><h1>A title</h1><p>First words of it.<br>Still the first.</p><h2>More</h2>
<ul><li>One thing.</li><li>Another.</li></ul><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>
<p>Last words.</p></article>"""


def places(name: str, data: bytes) -> list[tuple[str, str]]:
    document, _ = read_document(name, data)
    assert {one.kind for one in document.places} <= {"paragraph"}
    assert [one.label for one in document.places] == [str(at) for at in range(1, len(document.places) + 1)]
    return [(one.label, document.text[one.start : one.end]) for one in document.places]


def test_each_heading_paragraph_item_and_row_of_a_page_counts() -> None:
    assert places("a.html", PAGE.encode()) == [
        ("1", "A title"), ("2", "First words of it.\nStill the first."), ("3", "More"), ("4", "One thing."),
        ("5", "Another."), ("6", "a\tb"), ("7", "c\td"), ("8", "Last words."),
    ]  # fmt: skip


def test_what_stands_outside_of_passages_counts_as_well() -> None:
    mail = b"Subject: Dams\nFrom: a@b.org\n\nThe first.\n\nThe second.\n"
    assert [text for _, text in places("a.eml", mail)] == ["Dams\nFrom: a@b.org", "The first.", "The second."]


def test_a_file_with_lines_has_no_paragraphs() -> None:
    assert places("a.txt", b"One.\n\nTwo.") == places("a.md", b"# One\n\nTwo.") == []
