"""The types for readers: what a reader takes, and what it returns for a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nrqa.corpus.readers.shared.outline import Outline
from nrqa.records import Flag, PageWords, Place, Span

Read = Callable[[str, bytes], "Reading"]
"""A reader: takes a file's name and bytes, and returns what is in the file. Raises UnreadableError with the reason, in
a few words about this file ("a scan of 12 pages without a text layer"). It uses no other file and no network."""

Columns = Mapping[str, Sequence[str]]
"""The columns of tables that the user named: lists of column names under "text", "title", "date" and "url"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The canonical text of a file, its outline, and the positions of places, words, flags and seams in it.

    ``encoding`` is set for text files, and empty for others. ``places``, ``pages``, ``flags`` and ``seams``: as in
    ``Document``.
    """

    text: str
    outline: Outline
    encoding: str = ""
    places: tuple[Place, ...] = ()
    pages: tuple[PageWords, ...] = ()
    flags: tuple[Flag, ...] = ()
    seams: tuple[Span, ...] = ()
