"""Corpora of real sentences recombined, and what their passages' vectors are borrowed from; kept in one folder."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.shared import question_sets
from benchmarks.shared.borrowed_vectors import BorrowedVectors
from benchmarks.shared.names import make_names, open_names
from benchmarks.shared.real_sentences import SEED, Planted, Store, make_store, open_store, planted, real_passages
from benchmarks.shared.recombining import Sources, sources_of, write_corpus
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.settings import DEFAULT_MODEL

DOCUMENT = (50, 60)
"""Passages of a document."""


def arguments(description: str | None) -> argparse.ArgumentParser:
    """The options that all these benchmarks have."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--work", type=Path, required=True, help="keeps corpora and indexes; some 10 GB for a million")
    options.add_argument("--data", type=Path, default=question_sets.DATA, help="folder of the question sets")
    return options


def real_encoder() -> Encoder:
    return open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)


def store_in(work: Path, data: Path) -> Store:
    """The real sentences' vectors, made now where they are not there yet."""
    folder = work / "sentences"
    if not folder.exists():
        made = folder.with_name("sentences.unfinished")
        make_store(made, real_passages(data), real_encoder())
        made.rename(folder)
    return open_store(folder)


def encoder_in(work: Path) -> BorrowedVectors:
    return BorrowedVectors(open_store(work / "sentences"), real_encoder())


def sources_in(work: Path, data: Path) -> Sources:
    store = store_in(work, data)
    file = work / "names.json"
    if not file.exists():
        make_names(file, [one.text for one in store.sentences], real_encoder())
    return sources_of(store, open_names(file))


def corpus_in(work: Path, data: Path, passages: int, *, a_document: tuple[int, int] = DOCUMENT, name: str = "") -> Path:
    """The corpus of about so many passages, written now where it is not there yet."""
    folder = work / (name or f"corpus-{passages}")
    if not folder.exists():
        write_corpus(
            folder, sources_in(work, data), passages, questions_in(work, data), a_document=a_document, seed=SEED
        )
    return folder


def questions_in(work: Path, data: Path) -> list[Planted]:
    """The planted passages with their questions; kept, so that fresh processes need no question sets."""
    file = work / "planted.json"
    if not file.exists():
        work.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps([asdict(one) for one in planted(data)]), "utf-8")
    return [Planted(**one) for one in json.loads(file.read_text("utf-8"))]
