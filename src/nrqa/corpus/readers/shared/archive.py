"""Opens the zip archives of which some documents consist, with limits on the unpacked size."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from nrqa.errors import UnreadableError

MOST_MEMBERS = 20_000
MOST_BYTES = 1024 * 1024 * 1024
"""For all members together, unpacked. Members that are not text, such as pictures, count but are never unpacked."""
MOST_MEMBER = 256 * 1024 * 1024
"""For one member that is read, unpacked."""
MOST_RATIO = 250
"""Times its packed size that a large member may unpack to. Text packs ten- to thirtyfold; deflate's limit is 1032."""
_SMALL = 16 * 1024 * 1024
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose directory was found to be within the limits; its members are unpacked when they are read."""

    _file: zipfile.ZipFile
    _members: Mapping[str, zipfile.ZipInfo]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its files, in the archive's order."""
        return tuple(self._members)

    def read(self, name: str) -> bytes | None:
        """The bytes of a member; None if there is no member of that name.

        Raises UnreadableError if the member is damaged, encrypted or too large.
        """
        member = self._members.get(name)
        if member is None:
            return None
        if member.file_size > MOST_MEMBER:
            raise UnreadableError(f"{name} in it would unpack to {_mib(member.file_size)} MiB")
        if member.flag_bits & 1:
            raise UnreadableError("encrypted; save it without a password")
        try:
            # zipfile never unpacks more than the size that the directory gives, and this size was checked.
            return self._file.read(member)
        except RuntimeError as error:
            raise UnreadableError("encrypted; save it without a password") from error
        except _DAMAGE as error:
            raise UnreadableError(f"damaged: {name} in it cannot be unpacked") from error


def open_archive(data: bytes) -> Archive:
    """Opens an archive from its bytes. Raises UnreadableError with the reason if it is not an archive or too large."""
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        cut = data.startswith(b"PK\x03\x04")
        raise UnreadableError("cut off or damaged: its directory is missing" if cut else "not a zip archive") from error
    members = [member for member in file.infolist() if not member.is_dir()]
    if len(members) > MOST_MEMBERS:
        raise UnreadableError(f"{len(members):,} files in one archive; at most {MOST_MEMBERS:,} are read")
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES:
        raise UnreadableError(f"it would unpack to {_mib(total)} MiB")
    for member in members:
        if member.file_size > max(_SMALL, MOST_RATIO * member.compress_size):
            raise UnreadableError(
                f"a zip bomb: {member.filename} unpacks from {_kib(member.compress_size)} KiB"
                f" to {_mib(member.file_size)} MiB"
            )
    # If two members have one name, the last one counts, as in every program that reads the directory.
    return Archive(file, {member.filename: member for member in members})


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f}"


def _kib(size: int) -> str:
    return f"{size / 1024:,.0f}"
