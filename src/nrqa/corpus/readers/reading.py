"""What a reader of one format makes of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nrqa.corpus.readers.shared.outline import Outline
from nrqa.records import Flag, PageWords, Place

Read = Callable[[str, bytes], "Reading"]
"""A reader: a file's name and bytes in, what is in it out. Raises UnreadableError with the reason, in a few words that
hold for this file ("a scan of 12 pages without a text layer"), and touches nothing else: no file, no network."""

Columns = Mapping[str, Sequence[str]]
"""What the user named columns of tables as: names of columns by "text", "title", "date" and "url"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The canonical text of a file, its outline, and what stands where in it.

    ``encoding`` is of files that are text, else empty. ``places``, ``pages`` and ``flags`` as in ``Document``.
    """

    text: str
    outline: Outline
    encoding: str = ""
    places: tuple[Place, ...] = ()
    pages: tuple[PageWords, ...] = ()
    flags: tuple[Flag, ...] = ()
