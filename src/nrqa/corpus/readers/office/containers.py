"""The old binary container of office files, which also holds encrypted new ones."""

from __future__ import annotations

from nrqa.errors import UnreadableError

_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams in the container's directory, which is UTF-16.
_STREAMS = (
    ("EncryptedPackage", "encrypted; save it without a password"),
    ("WordDocument", "an old binary Word document (.doc); save it as .docx"),
    ("PowerPoint Document", "an old binary PowerPoint presentation (.ppt); save it as .pptx"),
    ("Workbook", "an old binary Excel workbook (.xls); save it as .xlsx"),
    ("Book", "an old binary Excel workbook (.xls); save it as .xlsx"),
    ("__properties_version1.0", "an Outlook message (.msg); save it as .eml"),
)


def refuse_binary(data: bytes) -> None:
    """Raises UnreadableError if the data is such a container, and says what the file is and how it can be read."""
    if data.startswith(_MARK):
        for name, reason in _STREAMS:
            if name.encode("utf-16-le") in data:
                raise UnreadableError(reason)
        raise UnreadableError("an old binary office file; save it in a newer format")
