"""Writes files completely or not at all."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

_LONGEST = 50
"""The name of a draft begins with at most this many characters of the file's name, or it might become too long."""


def save(content: Mapping[str, Any], file: Path, *, instead: bool) -> None:
    """Write JSON to the file, completely or not at all; FileExistsError if there is one and ``instead`` is False."""
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    with _draft(text.encode("utf-8"), file) as draft:
        if instead:
            draft.replace(file)
        else:
            _link(draft, file)


def rewrite(data: bytes, file: Path) -> None:
    """Replace the content of a file, completely or not at all; it keeps its mode and, if permitted, its owner."""
    known = file.stat()
    with _draft(data, file) as draft:
        with suppress(OSError, AttributeError):  # not every user may change a file's owner, and Windows cannot
            os.chown(draft, known.st_uid, known.st_gid)
        draft.chmod(stat.S_IMODE(known.st_mode))
        draft.replace(file)


@contextmanager
def replacing(file: Path) -> Iterator[BinaryIO]:
    """A stream for what is too large for memory: it replaces the file once all is written without an error."""
    draft = _beside(file)
    try:
        with draft.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


@contextmanager
def _draft(data: bytes, file: Path) -> Iterator[Path]:
    """A temporary file beside this one with the data, flushed to the disk; it is deleted afterwards in any case."""
    draft = _beside(file)
    try:
        with draft.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield draft
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def _beside(file: Path) -> Path:
    """A name for a draft of the file, in the same folder."""
    return file.with_name(f".{file.name[:_LONGEST]}.{secrets.token_hex(4)}")


def _link(draft: Path, file: Path) -> None:
    """Give the draft its name; FileExistsError if that is taken (renaming would replace the other file)."""
    try:
        os.link(draft, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        with file.open("xb") as stream:
            stream.write(draft.read_bytes())
