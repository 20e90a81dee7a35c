"""Files written whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_LONGEST = 50
"""Characters of a file's name that its draft's name begins with: a long name must not become too long."""


def save(content: Mapping[str, Any], file: Path, *, instead: bool) -> None:
    """Write JSON to the file, whole or not at all; ``instead`` of one that is there, else that is FileExistsError."""
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    with _draft(text.encode("utf-8"), file) as draft:
        if instead:
            draft.replace(file)
        else:
            _link(draft, file)


def rewrite(data: bytes, file: Path) -> None:
    """Put other bytes into a file that is there, whole or not at all; it keeps its mode and, if it may, its owner."""
    known = file.stat()
    with _draft(data, file) as draft:
        with suppress(OSError, AttributeError):  # not everybody may give files away, and Windows cannot
            os.chown(draft, known.st_uid, known.st_gid)
        draft.chmod(stat.S_IMODE(known.st_mode))
        draft.replace(file)


@contextmanager
def _draft(data: bytes, file: Path) -> Iterator[Path]:
    """A file beside this one that holds the data, safe on the disk; it is gone afterwards, whatever happens."""
    draft = file.with_name(f".{file.name[:_LONGEST]}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield draft
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def _link(draft: Path, file: Path) -> None:
    """Give the draft its name; FileExistsError where that is taken (renaming would take it away)."""
    try:
        os.link(draft, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        with file.open("xb") as stream:
            stream.write(draft.read_bytes())
