"""RTF: what a reader of the document sees, with headings where paragraphs have an outline level."""

from __future__ import annotations

from nrqa.corpus.readers.office.composing import composed
from nrqa.corpus.readers.office.containers import refuse_binary
from nrqa.corpus.readers.office.properties import believable_title, described
from nrqa.corpus.readers.office.rtf_text import Walk
from nrqa.corpus.readers.office.rtf_tokens import tokens
from nrqa.corpus.readers.reading import Reading
from nrqa.errors import UnreadableError


def read(_: str, data: bytes) -> Reading:
    """Reads an RTF file."""
    refuse_binary(data)
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        kind = (
            "a newer Word document; rename it to .docx"
            if data.startswith(b"PK\x03\x04")
            else "not RTF, as its name says"
        )
        raise UnreadableError(kind)
    walk = Walk()
    pieces = walk.pieces(tokens(data))
    said = walk.properties
    metadata = described(
        authors=[said.get("author", "")],
        keywords=[said.get("keywords", "")],
        created=_date(said.get("creatim", "")),
        modified=_date(said.get("revtim", "")),
        others={"subject": said.get("subject", "")},
    )
    reading = composed(pieces, title=believable_title(said.get("title")), metadata=metadata)
    if not (reading.outline.blocks or reading.flags) and b"\\pict" in data:
        raise UnreadableError("no text in it, only pictures")
    return reading


def _date(written: str) -> str:
    """The date; "" for the zeros that mean that there is none."""
    return "" if written.startswith("0000") else written
