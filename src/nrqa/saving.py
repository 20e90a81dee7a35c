"""JSON files written whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def save(content: Mapping[str, Any], file: Path, *, instead: bool) -> None:
    """Write JSON to the file, whole or not at all; ``instead`` of one that is there, else that is FileExistsError."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    try:
        with draft.open("x", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if instead:
            draft.replace(file)
        else:
            _link(draft, file)
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
