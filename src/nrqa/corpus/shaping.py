"""The settings that shape an index, each with the measurement behind its default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that decide which passages there are and which terms they hold; recorded in the manifest.

    If they differ from those in the manifest, the index is rebuilt (vectors of unchanged text are kept).
    """

    passage_tokens: int = 180
    """The most tokens that a passage may have, without title and headings; the encoder's own limit applies, too.

    On chunking_eval, 200 tokens of passages of up to 120, 180, 210 and 240 tokens hold .81, .80, .78 and .78 of what
    answers; with 120, the first hit covers the answer in .92 instead of .96 of xquad's questions on whole articles.
    """
    least_tokens: int = 40
    """Neighbouring pieces smaller than this are merged. With 60 or 80, fewer of our 119 questions had the right
    passage first (92 and 93 instead of 95)."""
    overlap_tokens: int = 60
    """A sentence of up to this many tokens is repeated where one paragraph had to be cut in two. Without it, .78 of
    chunking_eval instead of .80; repeating longer ones gains nothing there."""
    reading: int = 3
    """Version of the rules that turn files into blocks and passages (package corpus)."""
    analysis: int = 2
    """Version of the rules that turn text into terms (module terms)."""

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The columns of tables that the user named: lists of column names under "text", "title", "date" and "url"."""

    ocr: str = ""
    """The languages in which the text of scans is recognised, in tesseract's names ("eng+deu"); empty if it is not."""

    def to_dict(self) -> dict[str, Any]:
        """The settings as the manifest records them."""
        return asdict(self)
