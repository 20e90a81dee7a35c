"""The user's selection of files for a corpus: globs and a maximum file size, which are kept with the index."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nrqa.errors import CorpusError
from nrqa.settings import MAX_FILE_BYTES

NONE = "none"
"""The word that removes the globs, or resets the maximum size to the default."""
_LARGEST = 2 * 1024**3
"""Larger files could not be handed to the process that reads them."""
_SIZE = re.compile(r"(?P<number>\d+(\.\d+)?)\s*(?P<unit>[kmg]?)(?P<binary>i?)b?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3}


@dataclass(frozen=True, slots=True)
class Selection:
    """Globs in the syntax of ``.gitignore`` for document names, and the maximum size of a file in bytes.

    If ``include`` has globs, only the files that match one of them are in the corpus. A file that matches a glob in
    ``exclude`` is always left out.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_file_size: int = MAX_FILE_BYTES

    def to_dict(self) -> dict[str, Any]:
        """The selection as it stands in the manifest."""
        return {**asdict(self), "include": list(self.include), "exclude": list(self.exclude)}


def selection_of(content: Mapping[str, Any]) -> Selection:
    """The selection that ``to_dict`` wrote."""
    return Selection(
        tuple(map(str, content["include"])), tuple(map(str, content["exclude"])), int(content["max_file_size"])
    )


def changed(
    selection: Selection,
    *,
    include: Sequence[str] | None,
    exclude: Sequence[str] | None,
    max_file_size: str | int | None,
) -> Selection:
    """The selection with the given parts replaced; None leaves a part as it is.

    An empty list or the word ``none`` alone removes the globs; ``none`` resets the size to the default. Raises
    CorpusError for an invalid glob or size.
    """
    return Selection(
        include=selection.include if include is None else _globs(include, "--include"),
        exclude=selection.exclude if exclude is None else _globs(exclude, "--exclude"),
        max_file_size=selection.max_file_size if max_file_size is None else size_of(max_file_size),
    )


def size_of(written: str | int) -> int:
    """The number of bytes that "20MB", "1.5 GiB" or a plain number means; ``none`` means the default."""
    if written == NONE:
        return MAX_FILE_BYTES
    found = _SIZE.fullmatch(str(written).strip())
    if not found or (found["binary"] and not found["unit"]):
        raise CorpusError(f"'{written}' is no size of a file. Write it like this: --max-file-size 20MB")
    size = int(float(found["number"]) * (1024 if found["binary"] else 1000) ** _POWERS[found["unit"].lower()])
    if not 0 < size <= _LARGEST:
        raise CorpusError(f"Files of up to '{written}' cannot be read; between 1 byte and 2 GiB they can")
    return size


def _globs(written: Sequence[str], option: str) -> tuple[str, ...]:
    """The globs, each checked; a single string is one glob."""
    globs = () if isinstance(written, str) else tuple(dict.fromkeys(written))
    globs = (written,) if isinstance(written, str) else globs
    if globs == (NONE,):
        return ()
    from nrqa.corpus.files.patterns import Patterns

    for number, problem in Patterns.of(globs).bad:
        raise CorpusError(f"'{globs[number - 1]}' is no glob ({problem}). Write one like this: {option} '*.pdf'")
    return globs
