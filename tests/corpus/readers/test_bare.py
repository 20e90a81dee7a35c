"""Files without an extension: text by their content, or something that has a name."""

from __future__ import annotations

import pytest

from nrqa.corpus.files.textless import could_hold_text
from nrqa.corpus.readers.document import read_document
from nrqa.errors import UnreadableError
from nrqa.records import Skipped


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_is_read_whatever_its_encoding(encoding: str) -> None:
    document, _ = read_document("LICENSE", "Permission is granted, free of charge, to Zoë.".encode(encoding))
    assert document.text == "Permission is granted, free of charge, to Zoë."


@pytest.mark.parametrize(
    ("data", "reason", "holds_text"),
    [
        (b"\x7fELF" + bytes(100), "a program", False),
        (b"\x89PNG\r\n\x1a\n" + bytes(9), "a picture", False),
        (b"\x1f\x8b\x08" + bytes(9), "an archive", False),
        (bytes(range(200)), "binary data", False),
        (b"%PDF-1.7\n...", "a PDF by its content", True),
        (b"PK\x03\x04....", "office document by its content", True),
        (b"<!DOCTYPE html><html><p>Words.</p></html>", "a web page by its content", True),
        (b"From ann Wed Feb 23 18:20:17 2005\nSubject: x\n\nWords.\n", "a mailbox by its content", True),
    ],
)
def test_other_content_is_named(data: bytes, reason: str, *, holds_text: bool) -> None:
    with pytest.raises(UnreadableError, match=reason) as refused:
        read_document("thing", data)
    assert could_hold_text(Skipped("thing", str(refused.value))) is holds_text
