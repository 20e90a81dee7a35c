"""The question sets: which there are, reading and sampling them, and indexes of their documents."""

import json
import random
import string
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import nrqa
from benchmarks.shared import machine
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation.judgments.beir import DOCUMENTS, documents_in
from nrqa.evaluation.judgments.files import Written, file_names, prepare, write_documents
from nrqa.evaluation.judgments.model import Question
from nrqa.evaluation.judgments.reading import read_set
from nrqa.records import Answer, IndexReport

T = TypeVar("T")

DATA = machine.ROOT.parent / "shared" / "data"
SETS = ("squad_v1_dev", "squad_v2_cs224n_dev", "nq_oracle", "clapnq_dev", "xquad_en", "xquad_de", "xquad_es")
EVERY = (*SETS, "legalbench_contractnli", "medquad_liveqa", "xquad_ru", "xquad_zh", "xquad_ar", "xquad_hi")
ACROSS = tuple(f"xquad_{one}>xquad_en" for one in ("de", "es", "ru", "zh", "ar", "hi"))
"""Questions of one set asked of the documents of another, which are the same ones in another language."""
OUTSIDE = ("pubmed", "privacy")
ARTICLES, ARTICLE_SPANS = "articles.jsonl", "article_spans.tsv"
SEED = 20_240_607
_AT_ONCE = 100
"""Questions that are asked together, so that few answers are in memory."""


@dataclass(frozen=True, slots=True)
class Built:
    """The index of a set's documents: ``files`` has the file of each document, ``names`` the document of each file."""

    index: nrqa.Index
    folder: Path
    corpus: Path
    report: IndexReport
    files: dict[str, Written]
    names: dict[str, str]


def parts_of(name: str) -> tuple[str, str]:
    """The set of the questions, and that of the documents."""
    questions, _, documents = name.partition(">")
    return questions, documents or questions


def questions_of(source: Path, most: int, **names: str) -> tuple[list[Question], list[Question]]:
    """At most so many answerable and unanswerable questions of a set, 0 for all; the same ones every time."""
    questions = read_set(source, **names).questions
    answerable = sampled([one for one in questions if one.answerable], most)
    return answerable, sampled([one for one in questions if not one.answerable], most)


def sampled(items: Sequence[T], most: int) -> list[T]:
    if not 0 < most < len(items):
        return list(items)
    return random.Random(SEED).sample(items, most)  # noqa: S311 - the same sample every time


def build(source: Path, place: Path, encoder: Encoder, documents: str = DOCUMENTS) -> Built:
    """Each document as a .txt file under a header line with its title, and the index of them, as `nrqa eval` has it."""
    place.mkdir(parents=True, exist_ok=True)
    corpus, folder = prepare(place)
    names = file_names(one.id for one in documents_in(source / documents))
    files = write_documents(documents_in(source / documents), names, corpus)
    report = nrqa.reindex(corpus, folder, encoder=encoder)
    index = nrqa.Index.open(folder, encoder=encoder)
    return Built(index, folder, corpus, report, files, {file.name: name for name, file in files.items()})


def answers(index: nrqa.Index, texts: Sequence[str], k: int) -> Iterator[Answer]:
    """What a user gets, question by question."""
    for first in range(0, len(texts), _AT_ONCE):
        yield from index.ask_many(texts[first : first + _AT_ONCE], k=k)


def outside(data: Path) -> dict[str, list[str]]:
    """Questions that no set answers, by where they come from."""
    found = {name: [one["text"] for one in read(data / "ood_questions" / f"{name}.jsonl")] for name in OUTSIDE}
    return {**found, "gibberish": gibberish(100)}


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def gibberish(count: int) -> list[str]:
    """Questions of 3 to 8 words of 2 to 10 random letters."""
    dice = random.Random(SEED)  # noqa: S311 - the same gibberish every time

    def word() -> str:
        return "".join(dice.choices(string.ascii_lowercase, k=dice.randint(2, 10)))

    return [" ".join(word() for _ in range(dice.randint(3, 8))) + "?" for _ in range(count)]


def mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def timed(what: str, work: Callable[[], T]) -> T:
    """What the work gives; says on the screen how long it took, since the whole takes half an hour."""
    began = time.perf_counter()
    done = work()
    print(f"{what}: {time.perf_counter() - began:.0f} s", flush=True)
    return done
