"""Reads mailboxes (.mbox): many messages in one file, each under its subject, sender and date.

``mailbox.mbox`` of the standard library reads only files with a name, and treats every line that begins with "From " as
a new message. But a reader has only bytes, and people write such lines in their messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nrqa.corpus.readers.mail.letter import Letter, letter_of
from nrqa.corpus.readers.mail.raw import narrowed
from nrqa.corpus.readers.mail.repeating import SeenWords
from nrqa.corpus.readers.mail.writing import Pieces, Writing, own_words, pieces_of
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.outline import Outline
from nrqa.errors import UnreadableError

# A line that begins a message is at the top or below an empty line, or contains a date; a header follows it.
_BEGINS = re.compile(
    rb"(?:\A|(?<=\n)|(?<=\r))(?:(?<=\n\n)|(?<=\n\r\n)|(?<=\r\r)|(?<![\s\S])|(?=From [^\r\n]*\d\d:\d\d[^\r\n]*\d{4}))"
    rb"From [^\r\n]*(?:\r\n|\n|\r)(?=[!-9;-~]+[ \t]*:|>From )"
)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read(_: str, data: bytes) -> Reading:
    """Reads a mailbox."""
    letters: list[tuple[int, Letter, Pieces]] = []
    seen = SeenWords()
    writing = Writing()
    broken: list[int] = []
    for number, message in enumerate(_messages(data), 1):
        try:
            letter = letter_of(message)
            pieces = pieces_of(letter)
        except RecursionError:
            broken.append(number)
            continue
        for words in own_words(pieces):
            seen.add(words)
        letters.append((number, letter, pieces))
    for number, letter, pieces in letters:
        letter.lost[:] = [f"message {number}: {one}" for one in letter.lost]
        writing.message(letter, pieces, number=number, seen=seen)
    for number in broken:
        writing.lost(f"message {number} is nested too deeply")
    if not writing.blocks:
        lost = f": {letters[0][1].lost[0]}" if letters and letters[0][1].lost else ""
        raise UnreadableError(f"no text in it{lost}")
    return Reading(
        writing.text, Outline(None, {}, (), tuple(writing.blocks)), places=writing.places, flags=tuple(writing.flags)
    )


def _messages(data: bytes) -> Iterator[bytes]:
    """The bytes of each message; lines that were escaped, so that they do not begin a message, are unescaped."""
    data = narrowed(data).lstrip(b"\xef\xbb\xbf\r\n \t\0")
    found = list(_BEGINS.finditer(data))
    if not found or found[0].start():
        raise UnreadableError("not a mailbox: it does not begin with a line 'From …' and a header below it")
    ends = [*(one.start() for one in found[1:]), len(data)]
    for one, end in zip(found, ends, strict=True):
        yield _ESCAPED.sub(rb"\1", data[one.end() : end])
