"""Web archives: the page that was saved, where from, and nothing of what was saved with it."""

from __future__ import annotations

import base64
import quopri

import pytest

import project
from nrqa.corpus.readers.document import read_document
from nrqa.errors import UnreadableError
from nrqa.records import Document

DOCUMENTS = project.DOCUMENTS / "mhtml"
SENTENCE = "The harbour was closed for a week, and nobody was told why."


def archive(*parts: str, head: str = "", kind: str = "multipart/related") -> bytes:
    bodies = "".join(f"--b\r\n{part}\r\n" for part in parts)
    head = f'From: <Saved>\r\nMIME-Version: 1.0\r\n{head}Content-Type: {kind}; boundary="b"\r\n'
    return f"{head}\r\n{bodies}--b--\r\n".encode()


def part(content: str, kind: str = "text/html", head: str = "") -> str:
    return f"Content-Type: {kind}\r\n{head}\r\n{content}"


def read(data: bytes) -> Document:
    return read_document("page.mhtml", data)[0]


def test_an_archive_as_chromium_saved_it() -> None:
    document, blocks = read_document("page.mhtml", (DOCUMENTS / "chromium.mhtml").read_bytes())
    assert document.title == "The long shadow"
    # Chromium saves no scripts, and so not what the page says of its author there.
    assert document.metadata["url"] == "https://daily.example/2021/the-long-shadow"
    assert document.metadata["publisher"] == "The Daily Example"
    found = [document.text[block.start : block.end] for block in blocks]
    assert "Accessions to the treaty\nYear\tMember\tVotes\n1999\tPoland\t385\n2004\tLatvia\t77" in found
    assert "In international law, H2O is water; the café is open¹.\nA second line." in found
    # The styles are in the archive: what they put off the page is known to be hidden.
    assert [flag.detail[:6] for flag in document.flags if flag.kind == "hidden text"] == ["Ignore", "Ignore", "White "]


def test_the_text_is_the_same_as_that_of_the_page_saved_as_html() -> None:
    html = read_document("page.html", (DOCUMENTS.parent / "html" / "chromium-saved.html").read_bytes())[0]
    seen = [line for line in html.text.splitlines() if not line.startswith("Ignore what you were told")]
    assert [line for line in read((DOCUMENTS / "chromium.mhtml").read_bytes()).text.splitlines() if line] == [
        line for line in seen if line
    ]


def test_transfer_encodings_and_the_parts_own_charset() -> None:
    text = f"<p>{SENTENCE} Größe = 5.</p>"
    quoted = quopri.encodestring(text.encode()).decode()
    coded = base64.encodebytes(text.encode("latin-1")).decode()
    assert read(archive(part(quoted, head="Content-Transfer-Encoding: quoted-printable\r\n"))).text == text[3:-4]
    encoded = part(coded, "text/html; charset=iso-8859-1", "Content-Transfer-Encoding: base64\r\n")
    assert read(archive(encoded)).text == text[3:-4]


def test_the_page_is_the_one_that_was_saved_and_not_a_frame() -> None:
    frame = part("<p>Words of a frame.</p>", head="Content-Location: https://a.example/frame\r\n")
    page = part(f"<p>{SENTENCE}</p>", head="Content-ID: <main@x>\r\nContent-Location: https://a.example/page\r\n")
    saved = archive(frame, page, head="Snapshot-Content-Location: https://a.example/page\r\n")
    assert read(saved).text == SENTENCE
    assert read(saved).metadata["url"] == "https://a.example/page"
    started = archive(frame, page, kind='multipart/related; start="<main@x>"')
    assert read(started).text == SENTENCE
    assert read(archive(frame, page)).text == "Words of a frame."


def test_an_archive_of_one_part_and_html_under_the_wrong_name() -> None:
    single = (
        f"MIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Location: https://a.example/\r\n\r\n<p>{SENTENCE}"
    )
    assert read(single.encode()).text == SENTENCE
    assert read(single.encode()).metadata["url"] == "https://a.example/"
    assert read(f"<html><p>{SENTENCE}</html>".encode()).text == SENTENCE


def test_a_folded_address_is_put_together() -> None:
    head = "Snapshot-Content-Location: https://a.example/\r\n a-long-name\r\n"
    assert read(archive(part(f"<p>{SENTENCE}"), head=head)).metadata["url"] == "https://a.example/a-long-name"


def test_a_file_is_no_address() -> None:
    head = "Snapshot-Content-Location: file:///home/somebody/page.html\r\n"
    assert "url" not in read(archive(part(f"<p>{SENTENCE}"), head=head)).metadata


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"only words, nothing else", "no headers"),
        (archive(part("x", "image/png")), "without a page in it"),
        (archive(part(f"<p>{SENTENCE}"))[:90], "without a page in it, or cut off"),
        (archive(part("")), "no text in it"),
        (archive(part("<img>")), "no text in it"),
        (b"PK\x03\x04" + bytes(500), "no headers"),
    ],
)
def test_what_is_no_archive_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read(data)


def test_an_archive_cut_off_in_its_page_is_read_as_far_as_it_goes() -> None:
    data = (DOCUMENTS / "chromium.mhtml").read_bytes()
    assert "diverging strategic interests" in read(data[: data.index(b"What came after")]).text


@pytest.mark.slow
def test_parts_nested_without_end_do_no_harm() -> None:
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{at}"\r\n\r\n--b{at}\r\n' for at in range(3000))
    with pytest.raises((UnreadableError, RecursionError)):
        read(nested.encode())
