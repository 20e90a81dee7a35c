"""Checks the folder of the lexical index before tantivy opens it: tantivy believes what its own files say.

It deletes files that ``.managed.json`` names, wherever they lie, and creates its lock through a link. So the folder may
hold regular files only, and its lists only the names of such files.
"""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import Any

from nrqa.signals.lexical import is_lock

_META, _MANAGED = "meta.json", ".managed.json"
_FILE = re.compile(r"[0-9a-f]{32}(?:\.[a-z0-9]+)+|meta\.json", re.ASCII)
_SEGMENT = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.ASCII)
_LONGEST = 64 * 1024 * 1024


def refuse_strange_files(folder: Path) -> None:
    """Raise ValueError where something in the folder of the lexical index is not of the kind that tantivy writes."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                raise ValueError(f"'{entry.name}' is no regular file")
            if not (entry.name == _MANAGED or is_lock(entry.name) or _FILE.fullmatch(entry.name)):
                raise ValueError(f"'{entry.name}' is no file of the lexical index")
    managed = _read(folder / _MANAGED)
    if not isinstance(managed, list) or not all(isinstance(one, str) and _FILE.fullmatch(one) for one in managed):
        raise ValueError(f"'{_MANAGED}' names files that are none of the lexical index")
    for segment in _read(folder / _META)["segments"]:
        if not (_SEGMENT.fullmatch(segment["segment_id"]) and type(segment["max_doc"]) is int):
            raise ValueError(f"'{_META}' names a segment that is none")


def _read(file: Path) -> Any:
    if file.stat().st_size > _LONGEST:
        raise ValueError(f"'{file.name}' is too long")
    return json.loads(file.read_bytes())
