"""Questions with quoted text that answers them, for the user's own corpus."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from nrqa.errors import QuestionSetError
from nrqa.evaluation.judgments.lines import objects, sha256_of, string
from nrqa.evaluation.judgments.model import Question, QuestionSet

EXAMPLE = '{"question": "When was NATO established?", "quotes": ["NATO was established in 1949"]}'


def read_quotes(file: Path, name: str) -> QuestionSet:
    """The set in a JSONL file; each line has ``question`` and ``quotes``, and optionally ``id`` and ``document``.

    A question without an id has its own text as its id. One whose quotes are ``[]`` is unanswerable.
    """
    questions: dict[str, Question] = {}
    for place, found in objects(file):
        text = string(place, found, "question")
        key = string(place, found, "id") if found.get("id") is not None else text
        if key in questions:
            raise QuestionSetError(f"{place}: the question {key!r} stands there a second time. Keep one of them")
        within = string(place, found, "document") if found.get("document") is not None else None
        quotes = _quotes(place, found)
        questions[key] = Question(key, text, answerable=bool(quotes), quotes=quotes, within=within)
    if not questions:
        raise QuestionSetError(f"'{file}' holds no question. A line of it looks like {EXAMPLE}")
    return QuestionSet(name, "quotes", tuple(questions.values()), {file.name: sha256_of(file)})


def holds(question: Question, document: str, text: str) -> bool:
    """Whether the text is of a document that counts, and holds a quote; runs of white space are one blank."""
    return may_be_in(question, document) and any(quote in collapsed(text) for quote in question.quotes)


def may_be_in(question: Question, document: str) -> bool:
    """Whether the question's answer may be in the document: in any, or only in those named by path, name or glob."""
    wanted = question.within
    return wanted is None or wanted == document or any(
        fnmatchcase(one, wanted) for one in (document, PurePosixPath(document).name)
    )  # fmt: skip


def collapsed(text: str) -> str:
    """The text with every run of white space made one blank."""
    return " ".join(text.split())


def _quotes(place: str, found: dict[str, Any]) -> tuple[str, ...]:
    quotes = found.get("quotes")
    if not isinstance(quotes, list) or not all(isinstance(one, str) and one.strip() for one in quotes):
        raise QuestionSetError(
            f"{place} needs a list of texts under 'quotes' ([] where nothing answers the question), as in {EXAMPLE}"
        )
    return tuple(map(collapsed, quotes))
