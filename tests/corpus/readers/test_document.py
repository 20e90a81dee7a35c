"""A file's bytes become a document and its blocks, or a reason."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import project
from nrqa.corpus.readers.document import NOTICE_KEY, read_document
from nrqa.errors import UnreadableError

CORPUS = project.CORPUS
BODY = "This is a paragraph of running text about the matter, and it ends the way that a sentence does."


def test_the_articles_come_out_with_title_metadata_and_notice() -> None:
    data = (CORPUS / "russia-nato-tensions.txt").read_bytes()
    document, blocks = read_document("russia-nato-tensions.txt", data)
    assert (document.title, document.titled) == ("The Persistence of Tensions Between Russia and NATO", True)
    assert document.metadata["nations"] == "Russie"
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.text == data.decode()
    assert len(blocks) == 3
    document, _ = read_document("a/nato-russia.txt", (CORPUS / "nato-russia.txt").read_bytes())
    assert (document.title, document.titled) == ("nato-russia", False)
    assert "AI-assisted" in str(document.metadata[NOTICE_KEY])


def test_the_title_is_the_metadatas_before_the_headings() -> None:
    assert read_document("a.md", b"---\ntitle: One\n---\n# Two\n\nWords.\n")[0].title == "One"
    assert read_document("a.md", b"# Two\n\nWords.\n")[0].title == "Two"
    assert read_document("b/c d.MD", b"Words.\n")[0].title == "c d"


def test_a_header_line_may_give_the_title() -> None:
    document, _ = read_document("a.txt", f"Title: A Report\nAuthor: Ann\n\n{BODY}\n".encode())
    assert document.title == "A Report"
    assert document.metadata == {"title": "A Report", "author": "Ann", "language": "en"}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a.md", "{line}\n\n{body}\n"),
        ("a.md", "**{line}**\n\n{body}\n\n{body}\n"),
        ("a.rst", "{line}\n\n{body}\n"),
        ("a.adoc", "{line}\n\n{body}\n"),
        ("a.html", "<p>{line}</p><p>{body}</p>"),
        ("a.rtf", r"{{\rtf1\ansi {line}\par {body}\par}}"),
        ("LICENSE", "{line}\n\n{body}\n"),
    ],
)
def test_a_first_line_alone_is_the_title_in_every_format_that_has_lines(name: str, written: str) -> None:
    document, _ = read_document(name, written.format(line="Nikola Tesla", body=BODY).encode())
    assert (document.title, document.titled) == ("Nikola Tesla", True)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a.md", "# Introduction\n\n{body}\n"),
        ("a.md", "# Nikola Tesla\n\n{body}\n\n# His life\n\n{body}\n"),
        ("a.md", "[![build](https://example.org/a.svg)](https://example.org)\n\n{body}\n"),
        ("a.md", "- one point\n\n{body}\n"),
        ("a.md", "Dear Ann,\n\n{body}\n"),
        ("a.eml", "From: a@b.org\n\nThe report\n\n{body}\n"),
        ("a.csv", "name,place\nAnn,Geneva\n"),
    ],
)
def test_a_document_whose_beginning_names_only_a_part_is_known_by_its_file(name: str, written: str) -> None:
    document, blocks = read_document(name, written.format(body=BODY).encode())
    assert (document.title, document.titled) == ("a", False)
    assert blocks[0].heading != () or "#" not in written


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_line_of_a_megabyte_is_one_block(name: str) -> None:
    document, blocks = read_document(name, b"word " * 200_000)
    assert len(blocks) == 1
    assert len(document.text) == 1_000_000


@pytest.mark.parametrize("data", [b"", b" \n", b"---\n---\n", b"<!-- nothing -->\n", b"---\n\n***\n"])
def test_a_file_without_text_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_document("a.md", data)


def test_positions_count_characters_of_the_file_with_its_line_ends() -> None:
    text = f"Ünïcödé 👍\r\n\r\n{BODY}\r\n"
    document, blocks = read_document("a.txt", text.encode())
    assert document.text == text
    assert text[blocks[-1].start : blocks[-1].end] == BODY


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "ignore")),
    st.sampled_from(["a.txt", "a.md"]),
)
def test_any_bytes_give_a_document_with_blocks_or_a_reason(data: bytes, name: str) -> None:
    try:
        document, blocks = read_document(name, data)
    except UnreadableError:
        return
    assert blocks
    assert document.title.strip()
    for block in blocks:
        assert 0 <= block.start < block.end <= len(document.text)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\n", "only a pointer of Git LFS"),
        ("a.txt", b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\n", "only a pointer of Git LFS"),
        ("a.docx", b"<!doctype html><html><body>404</body></html>", "a web page by its content, not DOCX"),
        ("a.pdf", b"<html><body>404</body></html>", "a web page by its content, not PDF"),
        ("a.rtf", rb"{\rtf1 {\pict\pngblip 8950}}", "no text in it, only pictures"),
        ("a.html", b"<p><img src=a.png></p>", "no text in it, only pictures"),
        ("a.html", b"<form><input value=7></form>", "no text in it, only a form"),
        ("a.html", b"<title>Pump</title>", "no text in it, only a title"),
    ],
)
def test_a_file_without_text_says_what_it_is(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document(name, data)
