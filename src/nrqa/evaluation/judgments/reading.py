"""Reading a question set from wherever it is given."""

from __future__ import annotations

from pathlib import Path

from nrqa.errors import QuestionSetError
from nrqa.evaluation.judgments.beir import DOCUMENTS, QUESTIONS, read_beir
from nrqa.evaluation.judgments.model import QuestionSet
from nrqa.evaluation.judgments.quotes import EXAMPLE, read_quotes
from nrqa.text.terms import question_terms

QUOTES = "questions.jsonl"


def read_set(source: Path, *, documents: str | None = None, spans: str | None = None) -> QuestionSet:
    """The set in a folder of BEIR's layout, in a JSONL file, or in a folder that has ``questions.jsonl``."""
    if not source.exists():
        raise QuestionSetError(f"'{source}' does not exist. Name a folder or a file of questions: nrqa eval PATH")
    found = _read(source, documents, spans)
    for one in found.questions:
        if not question_terms(one.text):
            raise QuestionSetError(f"The question {one.id!r} of '{source}' holds no word or number: {one.text!r}")
    return found


def _read(source: Path, documents: str | None, spans: str | None) -> QuestionSet:
    if source.is_dir() and (source / QUESTIONS).is_file():
        return read_beir(source, documents=documents or DOCUMENTS, spans=spans)
    if documents or spans:
        raise QuestionSetError(
            f"--documents and --spans are for sets that bring their own documents; '{source}' has no {QUESTIONS}"
        )
    if source.is_file():
        return read_quotes(source, source.stem)
    if (source / QUOTES).is_file():
        return read_quotes(source / QUOTES, source.resolve().name)
    raise QuestionSetError(
        f"There is neither {QUESTIONS} nor {QUOTES} in '{source}'. A folder has {DOCUMENTS}, {QUESTIONS} and "
        f"qrels.tsv, or {QUOTES} with lines such as {EXAMPLE}"
    )
