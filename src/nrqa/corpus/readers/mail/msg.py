"""Messages as Outlook saves them (.msg): the properties of a message in an OLE compound file (MS-OXMSG)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_string
from typing import Any

from nrqa.corpus.readers.mail.charsets import decoded
from nrqa.corpus.readers.mail.eml import composed_message
from nrqa.corpus.readers.mail.letter import ENCRYPTED, Letter, Part
from nrqa.corpus.readers.reading import Reading
from nrqa.errors import UnreadableError

_SUBJECT, _BODY, _HTML, _RTF, _HEADERS, _CLASS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D, 0x001A
_SENDER, _SENDER_ADDRESS, _SENDER_SMTP, _TO = 0x0C1A, 0x0C1F, 0x5D01, 0x0E04
_SENT, _DELIVERED, _PAGE, _INTERNET_PAGE = 0x0039, 0x0E06, 0x3FFD, 0x3FDE
_LONG_NAME, _SHORT_NAME, _CONTENT = 0x3707, 0x3704, 0x3701
_UNICODE, _BYTES, _BINARY = 0x001F, 0x001E, 0x0102
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_MOST_DEPTH = 20
_MOST_PARTS = 1000
_NO_MESSAGE = "not an Outlook message, as its name says"


def read(_: str, data: bytes) -> Reading:
    """Reads a message: its text, its subject as the title, and sender, recipients and date as metadata."""
    import olefile

    if not data.startswith(olefile.MAGIC):
        raise UnreadableError(_NO_MESSAGE)
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            properties = _Properties.of(file, (), 32)
            if properties is None:
                raise UnreadableError(_NO_MESSAGE)
            return composed_message(_letter(properties, "", 0))
    except (OSError, ValueError, OverflowError, struct.error, IndexError, KeyError) as error:
        raise UnreadableError(f"damaged: its compound file cannot be read ({str(error)[:120]})") from error


@dataclass(frozen=True, slots=True)
class _Properties:
    """The properties of a message or an attachment: streams of a folder, and values of fixed size by number."""

    file: Any
    folder: tuple[str, ...]
    fixed: dict[int, bytes]

    @classmethod
    def of(cls, file: Any, folder: tuple[str, ...], header: int) -> _Properties | None:
        """Those in this folder; None if there are none. ``header`` is the size of the header before the fixed ones."""
        name = [*folder, "__properties_version1.0"]
        if not file.exists(name):
            return None
        data = file.openstream(name).read()
        entries = (data[at : at + 16] for at in range(header, len(data) - 15, 16))
        return cls(file, folder, {struct.unpack_from("<I", one)[0] >> 16: one[8:] for one in entries})

    def stream(self, number: int, kind: int) -> bytes | None:
        """The value of a property of variable size."""
        name = [*self.folder, f"__substg1.0_{number:04X}{kind:04X}"]
        return self.file.openstream(name).read() if self.file.exists(name) else None

    def text(self, number: int) -> str:
        """A text, in Unicode or in the code page of the message."""
        wide = self.stream(number, _UNICODE)
        if wide is not None:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        return decoded(self.stream(number, _BYTES) or b"", self.page(_PAGE) or "cp1252").rstrip("\0")

    def page(self, number: int) -> str:
        """The name of a code page; "" where none is given."""
        value = self.fixed.get(number)
        page = 0 if value is None else struct.unpack_from("<I", value)[0]
        return "utf-8" if page == 65001 else f"cp{page}" if page else ""

    def date(self) -> str:
        """When the message was sent, or delivered, in ISO 8601; "" where that is not said."""
        value = self.fixed.get(_SENT) or self.fixed.get(_DELIVERED)
        if value is None:
            return ""
        try:
            return (_EPOCH + timedelta(microseconds=struct.unpack_from("<Q", value)[0] // 10)).isoformat()
        except OverflowError:
            return ""

    def attachments(self) -> Iterator[tuple[str, ...]]:
        """The folders of the attachments, in order."""
        depth = len(self.folder)
        found = {
            tuple(one[: depth + 1])
            for one in self.file.listdir(streams=True, storages=True)
            if len(one) > depth and tuple(one[:depth]) == self.folder and one[depth].startswith("__attach_version1.0_")
        }
        yield from sorted(found)


def _letter(properties: _Properties, number: str, depth: int) -> Letter:
    if depth > _MOST_DEPTH:
        raise RecursionError
    headers = message_from_string(properties.text(_HEADERS))
    address = properties.text(_SENDER_SMTP) or properties.text(_SENDER_ADDRESS)
    sender, date = properties.text(_SENDER), properties.date()
    if "@" in address and address != sender:
        sender = f"{sender} <{address}>" if sender else address
    letter = Letter(
        subject=" ".join(properties.text(_SUBJECT).split()),
        sender=[sender] if sender else [],
        to=[name for one in properties.text(_TO).split(";") if (name := " ".join(one.split()))],
        date=date,
        written_date=" ".join(str(headers.get("date", "")).split()) or date,
        is_reply="in-reply-to" in headers or "references" in headers,
    )
    if "smime" in properties.text(_CLASS).lower():
        letter.lost.append(ENCRYPTED)
    letter.parts += _bodies(properties, f"{number}.1" if number else "1", letter)
    for at, folder in enumerate(properties.attachments(), 2):
        _attachment(properties, folder, f"{number}.{at}" if number else str(at), letter, depth)
    return letter


def _bodies(properties: _Properties, number: str, letter: Letter) -> Iterator[Part]:
    """The text of the message: plain, or else HTML."""
    plain = properties.text(_BODY).replace("\r\n", "\n").replace("\r", "\n")
    if plain.strip():
        yield Part(number, plain, html=False)
        return
    page = properties.stream(_HTML, _BINARY)
    written = properties.text(_HTML) if page is None else decoded(page, properties.page(_INTERNET_PAGE))
    if written.strip():
        yield Part(number, written, html=True)
    elif properties.stream(_RTF, _BINARY):
        letter.lost.append("its text, which is only there as compressed RTF; save it as .eml or .txt")


def _attachment(properties: _Properties, folder: tuple[str, ...], number: str, letter: Letter, depth: int) -> None:
    """Adds the texts of an attached message to the letter; of another attachment, that it is not read."""
    attached = _Properties.of(properties.file, folder, 8)
    if attached is None or len(letter.parts) >= _MOST_PARTS:
        letter.lost.append("an attachment that is damaged" if attached is None else f"more than {_MOST_PARTS} parts")
        return
    inner = _Properties.of(properties.file, (*folder, f"__substg1.0_{_CONTENT:04X}000D"), 24)
    if inner is not None:
        within = _letter(inner, number, depth + 1)
        letter.lost += within.lost
        letter.parts += [Part(part.number, part.text, part.html, part.inside or within) for part in within.parts]
        return
    name = attached.text(_LONG_NAME) or attached.text(_SHORT_NAME) or "without a name"
    letter.lost.append(f"attachment not read: {name[:120]}")
