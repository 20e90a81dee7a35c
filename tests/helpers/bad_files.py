"""Files broken in every way that is known, each with words of the true reason why it cannot be searched."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import office_files
import pdf_writer
import project
from good_files import GOOD

DOCUMENTS = project.DOCUMENTS

HUNG, CRASHED, EXPLODED = "x-hang.txt", "x-crash.txt", "x-explode.txt"
PATCH = f"""
import nrqa.corpus.readers.plaintext as plaintext
read = plaintext.read
def misbehaving(name, data):
    if name.endswith("{HUNG}"):
        while True: pass
    if name.endswith("{CRASHED}"):
        import ctypes; ctypes.string_at(0)
    if name.endswith("{EXPLODED}"):
        bytearray(8_000_000_000)
    return read(name, data)
plaintext.read = misbehaving
"""
"""What no file is known to do to our readers, done to the process that reads it."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that cannot be searched: how it is made, and words of the true reason."""

    name: str
    make: Callable[[Path], object]
    reason: str


def misbehaving(folder: Path) -> str:
    """A folder for PYTHONPATH in which readers hang, crash and explode over the files named so."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(PATCH)
    return os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])


_WORDS = ["A paragraph that is long enough to be one, and says nothing that anybody would look for."] * 3


def _bytes(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def _good(suffix: str) -> bytes:
    return GOOD[suffix]("Title", _WORDS)


def _half(suffix: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(_good(suffix)[: len(_good(suffix)) // 2])


def _bomb(suffix: str, member: str) -> Callable[[Path], object]:
    """A good file one of whose members unpacks to 60 MB of blanks."""

    def make(path: Path) -> None:
        members = office_files.unzipped(_good(suffix))
        members[member] = b" " * 60_000_000
        path.write_bytes(office_files.zipped(members))

    return make


_LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 12)
)
_LAUGHS += "]>"


def _laughing(suffix: str, member: str) -> Callable[[Path], object]:
    """A good file with a billion laughs in one of its members."""

    def make(path: Path) -> None:
        members = office_files.unzipped(_good(suffix))
        inside = members[member].decode()
        at = inside.index("A paragraph")
        members[member] = (_LAUGHS + inside[:at] + "&a11;" + inside[at:]).encode()
        path.write_bytes(office_files.zipped(members))

    return make


def _deep_docx(path: Path) -> None:
    path.write_bytes(office_files.docx("<w:tbl><w:tr><w:tc>" * 5000 + "</w:tc></w:tr></w:tbl>" * 5000))


def _encrypted_zip(suffix: str) -> Callable[[Path], object]:
    """A good file whose members all say that they are encrypted."""

    def make(path: Path) -> None:
        data = bytearray(_good(suffix))
        for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.find(mark)
            while at >= 0:
                data[at + flags] |= 1
                at = data.find(mark, at + 4)
        path.write_bytes(data)

    return make


def _scan(path: Path) -> None:
    picture = b"q 300 0 0 300 72 300 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q\n"
    path.write_bytes(pdf_writer.pdf(picture, picture))


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _not_utf8(path: Path) -> None:
    (path.parent / os.fsdecode(b"caf\xe9-" + path.name.encode())).write_bytes(b"Some words of a text in it.")


_PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
_EXE = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + bytes(range(256)) * 40
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2048

BAD: Sequence[Bad] = (
    Bad(HUNG, _bytes(b"Some words."), "takes longer than"),
    Bad(CRASHED, _bytes(b"Some words."), "crashed"),
    Bad(EXPLODED, _bytes(b"Some words."), "more memory"),
    Bad("bomb.docx", _bomb(".docx", "word/document.xml"), "zip bomb|unpack"),
    Bad("bomb.xlsx", _bomb(".xlsx", "xl/sheet.xml"), "zip bomb|unpack"),
    Bad("bomb.epub", _bomb(".epub", "c.xhtml"), "zip bomb|unpack"),
    Bad("bomb.odt", _bomb(".odt", "content.xml"), "zip bomb|unpack"),
    Bad("laughs.docx", _laughing(".docx", "word/document.xml"), "defines entities"),
    Bad("laughs.xlsx", _laughing(".xlsx", "xl/sheet.xml"), "defines entities"),
    Bad("laughs.odt", _laughing(".odt", "content.xml"), "defines entities"),
    Bad("deep.html", _bytes(b"<div>" * 100_000 + b"deep"), "nested"),
    Bad("deep.docx", _deep_docx, "nested"),
    Bad("deep.json", _bytes(b"[" * 100_000 + b'"deep words"' + b"]" * 100_000), "nested|JSON"),
    Bad("picture.pdf", _bytes(_PNG), "PDF"),
    Bad("program.docx", _bytes(_EXE), "zip|not a"),
    Bad("program.txt", _bytes(_EXE), "binary|neither UTF-8"),
    Bad("picture.html", _bytes(_PNG), "binary|picture|no text"),
    Bad("book.xlsx", _bytes(_good(".epub")), "not an? |main part|missing|workbook"),
    Bad("slides.docx", _bytes(_good(".pptx")), "not an? |main part|missing"),
    Bad("text.pdf", _bytes(b"This is no PDF."), "PDF"),
    Bad("text.epub", _bytes(b"This is no book."), "zip|not an? "),
    *(
        Bad(f"half{suffix}", _half(suffix), "cut off|damaged")
        for suffix in (".docx", ".odt", ".epub", ".xlsx", ".pptx", ".pdf")
    ),
    Bad("locked.docx", _bytes(_OLE), "encrypted|password"),
    Bad("locked.odt", _encrypted_zip(".odt"), "encrypted"),
    Bad("locked.xlsx", _encrypted_zip(".xlsx"), "encrypted"),
    Bad("locked.pdf", lambda path: shutil.copy(DOCUMENTS / "pdf" / "encrypted.pdf", path), "encrypted"),
    *(Bad(f"empty{suffix}", _bytes(b""), "empty") for suffix in (".txt", ".pdf", ".docx", ".eml")),
    Bad("blank.txt", _bytes(b" \n\n \t\n"), "no text"),
    Bad("blank.html", _bytes(b"<html><body> </body></html>"), "no text"),
    Bad("blank.docx", _bytes(office_files.docx("")), "no text"),
    Bad("scan.pdf", _scan, "no text|text layer"),
    Bad("cyrillic.txt", _bytes("Это старый текст, кодировки которого никто не помнит.".encode("koi8-r")), "as UTF-8"),
    Bad("photo.jpg", _bytes(_PNG), "not supported"),
    Bad("large.txt", _sparse, "MiB|larger|too large"),
    Bad("away.txt", lambda path: path.symlink_to("/etc/hostname"), "link|outside|leaves"),
    Bad("nowhere.txt", lambda path: path.symlink_to("not-there.txt"), "link|nowhere"),
    Bad("pipe.txt", os.mkfifo, "pipe|not a regular|no file"),
    Bad("socket.txt", _socket, "socket|not a regular|no file"),
    Bad("name.txt", _not_utf8, "name"),
)  # fmt: skip
if os.geteuid():
    # Whoever may read everything reads this, too.
    def _forbidden(path: Path) -> None:
        path.write_bytes(b"Some words.")
        path.chmod(0)

    BAD = (*BAD, Bad("forbidden.txt", _forbidden, "permi"))


def write_bad(folder: Path, bad: Bad, number: int = 0) -> str:
    """The bad file in a folder of its own, since names tell what is wrong with some; returns its name."""
    name = f"bad{number}/{bad.name}"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    bad.make(path)
    return name
