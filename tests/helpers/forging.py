"""Changes a generation as somebody would who knows how it is made: the manifest has the right sizes and checksums."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nrqa.index.local import generation

Content = dict[str, Any]


def forge(folder: Path, change: Callable[[Content], object] = lambda _: None) -> None:
    """Rewrite the manifest with the files as they are now, and then as ``change`` has it."""
    file = folder / generation.MANIFEST
    content = json.loads(file.read_text("utf-8"))
    for name in content["files"]:
        place = folder / name
        if place.is_file():
            data = place.read_bytes()
            content["files"][name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    change(content)
    content.pop("checksum")
    file.write_text(json.dumps({**content, "checksum": generation._checksum(content)}), "utf-8")


def change_catalog(folder: Path, *statements: str) -> None:
    """Run SQL on the catalog of the only part, and make the manifest fit."""
    (file,) = folder.glob("part-*/catalog.sqlite")
    data = file.read_bytes()
    file.unlink()  # the file may be linked into another generation
    file.write_bytes(data)
    database = sqlite3.connect(file)
    for one in statements:
        database.execute(one)
    database.commit()
    database.close()
    forge(folder)


def set_bytes(file: Path, at: int, data: bytes) -> None:
    """Change some bytes of a file, in place of a link to it."""
    content = bytearray(file.read_bytes())
    at %= len(content)
    content[at : at + len(data)] = data
    file.unlink()
    file.write_bytes(bytes(content))
