"""A single message (.eml)."""

from __future__ import annotations

import re

from nrqa.corpus.readers.mail.letter import ENCRYPTED, Letter, letter_of
from nrqa.corpus.readers.mail.raw import narrowed
from nrqa.corpus.readers.mail.writing import Writing, pieces_of
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.outline import Outline
from nrqa.errors import UnreadableError
from nrqa.text.dates import read_date

_BEFORE = b"\xef\xbb\xbf\r\n \t"
"""What may stand before a message: white space and the mark of UTF-8."""


def read(_: str, data: bytes) -> Reading:
    """Reads a message: its text, its subject as the title, and sender, recipients and date as metadata."""
    data = narrowed(data).lstrip(_BEFORE)
    # Some programs save a message as if it were the first message of a mailbox.
    if data.startswith((b"From ", b">From ")):
        data = re.sub(rb"\A[^\r\n]*", b"", data)
    letter = letter_of(data.lstrip(_BEFORE))
    if not letter.is_message:
        raise UnreadableError("not an e-mail: it has no sender, no date and no subject")
    return composed_message(letter)


def composed_message(letter: Letter) -> Reading:
    """The document of a single message."""
    writing = Writing()
    writing.message(letter, pieces_of(letter), number=None, seen=None)
    if not writing.blocks:
        if ENCRYPTED in letter.lost:
            raise UnreadableError(f"{ENCRYPTED}; save it decrypted")
        raise UnreadableError("no text in it" + (f", only {letter.lost[0]}" if letter.lost else ""))
    metadata: dict[str, str | list[str]] = {}
    for key, people in (("author", letter.sender), ("to", letter.to)):
        if people:
            metadata[key] = people[0] if len(people) == 1 else people
    if letter.date:
        metadata["date"] = letter.written_date if read_date(letter.written_date) else letter.date
    outline = Outline(letter.subject or None, metadata, (), tuple(writing.blocks))
    return Reading(writing.text, outline, places=writing.places, flags=tuple(writing.flags))
