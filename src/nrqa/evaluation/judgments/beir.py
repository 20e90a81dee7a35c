"""Question sets in BEIR's layout: documents, questions, relevant documents, and spans where they are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from nrqa.errors import QuestionSetError
from nrqa.evaluation.judgments.lines import number, objects, rows, sha256_of, string
from nrqa.evaluation.judgments.model import Gold, Question, QuestionSet
from nrqa.records import Span

DOCUMENTS = "corpus.jsonl"
QUESTIONS = "queries.jsonl"
QRELS = ("qrels.tsv", "qrels/test.tsv")
SPANS = "spans.tsv"
_LAYOUT = f"A question set has {DOCUMENTS}, {QUESTIONS} and {QRELS[0]} (or {QRELS[1]}); docs/evaluation.md shows them"
_PLAIN, _ARTICLES = 4, 6
"""Columns of a file of spans: those of documents, or those of articles with the paragraph around each answer."""


class SetDocument(NamedTuple):
    """One document of a set."""

    id: str
    title: str
    text: str


def read_beir(folder: Path, *, documents: str = DOCUMENTS, spans: str | None = None) -> QuestionSet:
    """The set in a folder; ``documents`` and ``spans`` name other files in it than the usual ones.

    A question with a relevant document is answerable. One marked ``"answerable": false`` is not. All others are
    left out, since BEIR keeps the training questions in the same file. Where the spans are of articles (six
    columns), they say which article is relevant, since the qrels name paragraphs.
    """
    files = _Files(folder, documents, spans)
    lengths = {one.id: len(one.text) for one in documents_in(files.documents)}
    if not lengths:
        raise QuestionSetError(f"'{files.documents}' holds no document. {_LAYOUT}")
    asked = _questions(files.questions)
    gold, relevant = _spans(files.spans, asked, lengths) if files.spans else ({}, {})
    read = [files.questions, files.documents, *([files.spans] if files.spans else [])]
    if not relevant:
        qrels = files.qrels()
        read.append(qrels)
        relevant = _relevant(qrels, asked, lengths)
    questions = tuple(_judged(asked, relevant, gold))
    if not questions:
        raise QuestionSetError(f"No question of '{folder}' has a relevant document, or says that it is unanswerable")
    return QuestionSet(
        name=folder.resolve().name,
        kind="documents",
        questions=questions,
        files={file.relative_to(folder).as_posix(): sha256_of(file) for file in sorted(read)},
        documents=files.documents,
        unjudged=len(asked) - len(questions),
    )


def documents_in(file: Path) -> Iterator[SetDocument]:
    """Every document of the file, one at a time: it may be larger than memory."""
    seen: set[str] = set()
    for place, found in objects(file):
        name = string(place, found, "_id")
        if name in seen:
            raise QuestionSetError(f"{place}: the document {name!r} stands there a second time. Keep one of them")
        seen.add(name)
        title, text = found.get("title") or "", found.get("text")
        if not isinstance(text, str) or not isinstance(title, str):
            raise QuestionSetError(f"{place}: the document {name!r} has no string under 'text', or another 'title'")
        yield SetDocument(name, title, text)


@dataclass(frozen=True, slots=True)
class _Files:
    folder: Path
    documents_name: str
    spans_name: str | None

    @property
    def documents(self) -> Path:
        return self._there(self.documents_name)

    @property
    def questions(self) -> Path:
        return self._there(QUESTIONS)

    @property
    def spans(self) -> Path | None:
        if self.spans_name is not None:
            return self._there(self.spans_name)
        # The usual spans belong to the usual documents.
        usual = self.folder / SPANS
        return usual if self.documents_name == DOCUMENTS and usual.is_file() else None

    def qrels(self) -> Path:
        for name in QRELS:
            if (self.folder / name).is_file():
                return self.folder / name
        raise QuestionSetError(f"There is neither '{QRELS[0]}' nor '{QRELS[1]}' in '{self.folder}'. {_LAYOUT}")

    def _there(self, name: str) -> Path:
        file = self.folder / name
        if not file.is_file():
            raise QuestionSetError(f"There is no '{name}' in '{self.folder}'. {_LAYOUT}")
        return file


def _questions(file: Path) -> dict[str, dict[str, Any]]:
    asked: dict[str, dict[str, Any]] = {}
    for place, found in objects(file):
        name = string(place, found, "_id")
        if name in asked:
            raise QuestionSetError(f"{place}: the question {name!r} stands there a second time. Keep one of them")
        asked[name] = {"text": string(place, found, "text"), "unanswerable": found.get("answerable") is False}
    if not asked:
        raise QuestionSetError(f"'{file}' holds no question. {_LAYOUT}")
    return asked


def _relevant(file: Path, asked: dict[str, Any], lengths: dict[str, int]) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    for place, (question, document, grade) in rows(file, 3):
        _check(place, question, document, asked, lengths)
        if number(place, grade, "score") > 0:
            relevant[question][document] = int(grade)
    if not relevant:
        raise QuestionSetError(f"'{file}' names no relevant document: no line has a score above 0")
    return relevant


def _spans(
    file: Path, asked: dict[str, Any], lengths: dict[str, int]
) -> tuple[dict[str, list[Gold]], dict[str, dict[str, int]]]:
    """The spans of each question and, where they are of articles, the articles that are relevant."""
    gold: dict[str, list[Gold]] = defaultdict(list)
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    width = 0
    for place, (question, document, *cells) in rows(file, _PLAIN, _ARTICLES):
        _check(place, question, document, asked, lengths)
        bounds = [number(place, cell, "position") for cell in cells]
        if width not in (0, len(cells)):
            raise QuestionSetError(f"{place} has another number of columns than the lines before")
        width = len(cells)
        if width == _ARTICLES - 2:
            relevant[question][document] = 1
        # Positions below 0 mean that the place is not known.
        pairs = [None if min(pair) < 0 else pair for pair in zip(bounds[::2], bounds[1::2], strict=True)]
        for pair in filter(None, pairs):
            if not pair[0] < pair[1] <= lengths[document]:
                raise QuestionSetError(
                    f"{place}: {pair[0]}-{pair[1]} is no span of the document {document!r}, which has "
                    f"{lengths[document]} characters. Positions count code points of its text, the title left out"
                )
        if pairs[0] and pairs[-1]:
            gold[question].append(Gold(document, answer=Span(*pairs[-1]), passage=Span(*pairs[0])))
    return gold, relevant


def _check(place: str, question: str, document: str, asked: dict[str, Any], lengths: dict[str, int]) -> None:
    if question not in asked:
        raise QuestionSetError(f"{place}: there is no question {question!r} in {QUESTIONS}")
    if document not in lengths:
        raise QuestionSetError(
            f"{place}: there is no document {document!r} in the set. Where the file speaks of other documents, "
            "name both: --documents articles.jsonl --spans article_spans.tsv"
        )


def _judged(
    asked: dict[str, dict[str, Any]], relevant: dict[str, dict[str, int]], gold: dict[str, list[Gold]]
) -> Iterator[Question]:
    for name, one in asked.items():
        if name in relevant:
            yield Question(name, one["text"], answerable=True, relevant=relevant[name], gold=tuple(gold.get(name, ())))
        elif one["unanswerable"]:
            yield Question(name, one["text"], answerable=False)
