"""The settings that shape an index, each with the measurement behind its default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

VERSION = "0.1.0"

FORMAT = 5
"""The format of the index on disk. Another number: rebuild, never migrate."""

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_INDEX = "index"


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides which passages there are and which terms they hold; recorded in the manifest.

    A difference between these and the manifest means a rebuild (vectors of unchanged text are kept).
    """

    passage_tokens: int = 180
    """Most tokens a passage may have, title and headings not counted; the encoder's own limit binds too.

    Of what answers on chunking_eval, 200 tokens of passages of up to 120, 180, 210 and 240 hold .81, .80, .78 and .78;
    with 120, the first hit covers the answer in .92 instead of .96 of xquad's questions on whole articles.
    """
    least_tokens: int = 40
    """Neighbouring pieces smaller than this are put together. With 60 or 80, fewer of our questions had the right
    passage first (92 and 93 for 95 of 119)."""
    overlap_tokens: int = 60
    """A sentence up to this long is repeated where one paragraph had to be cut in two. Without, .78 of chunking_eval
    instead of .80; longer ones gain nothing there."""
    reading: int = 3
    """Version of the rules that turn files into blocks and passages (packages corpus and splitter)."""
    analysis: int = 1
    """Version of the rules that turn text into terms (module terms)."""

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What the user named columns of tables as: lists of their names by "text", "title", "date" and "url"."""

    ocr: str = ""
    """The languages in which the text of scans is recognised, as tesseract has them ("eng+deu"); empty: it is not."""

    def to_dict(self) -> dict[str, Any]:
        """The settings as they stand in the manifest."""
        return asdict(self)


READ_SECONDS = 120
"""Longest that reading one file may take: a PDF of a thousand pages takes ten."""
READ_BYTES = 3 * 1024**3
"""Address space of the process that reads files; what is in use of it is far less."""
MAX_FILE_BYTES = 64 * 1024 * 1024
"""Larger files are listed as unreadable: 64 MiB of plain text is a 10,000-page book."""
