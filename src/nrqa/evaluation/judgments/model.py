"""What a question set holds, whatever files it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from nrqa.records import Span

Kind = Literal["documents", "quotes"]
"""Whether a set brings its own documents, or quotes those of a corpus that is indexed already."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that answers: a span of a document's text, and the passage around it.

    Sets that know only one span have it in both.
    """

    document: str
    answer: Span
    passage: Span


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what answers it.

    ``relevant`` gives documents their grades. ``quotes`` are alternatives: a right passage holds any of them, and
    is in a document whose name matches ``within``, where that is given.
    """

    id: str
    text: str
    answerable: bool
    relevant: Mapping[str, int] = field(default_factory=dict)
    gold: tuple[Gold, ...] = ()
    quotes: tuple[str, ...] = ()
    within: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions in the order of their file. ``files`` has the sha256 of each file that was read.

    ``documents`` is the file of the set's own documents, None where it has none. ``unjudged`` counts
    questions for which the set does not say what answers them; they are not asked.
    """

    name: str
    kind: Kind
    questions: tuple[Question, ...]
    files: Mapping[str, str]
    documents: Path | None = None
    unjudged: int = 0
