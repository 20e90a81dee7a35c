"""An archive of 1,000 files, as an office has it: all formats, broken files, many authors, long names, real PDFs."""

from __future__ import annotations

import os
import shutil
import sys
from itertools import cycle, islice
from pathlib import Path

from benchmarks.shared import machine

sys.path.insert(0, str(machine.ROOT / "tests" / "helpers"))

import nrqa
from bad_files import BAD, misbehaving, write_bad
from benchmarks.documents.mixed import EACH, HANG_SECONDS, paragraphs, written
from nrqa.corpus.worker import isolation
from nrqa.records import IndexReport

FILES, NOTES, BROKEN = 698, 200, 100
"""Files in turn of each format, notes with authors and dates, and files that cannot be read."""
AUTHORS, TOPICS = 160, 12
COMMITTEE = "Protocols of the Standing Committee on the Preservation of Historical Records and Manuscripts"
LONG = "concerning the questions that were put by its members in writing, with the answers given at the sitting"
PAPERS = {
    "latex-two-columns.pdf": "papers/Relations between NATO and Russia.pdf",
    "chromium.pdf": "papers/A page as it was printed.pdf",
}


def built(place: Path, articles: Path) -> IndexReport | None:
    """The archive and its index in a folder; None where both are there already."""
    if (place / "index").exists():
        return None
    shutil.rmtree(place, ignore_errors=True)
    corpus = place / "archive"
    written(corpus, articles, FILES)
    for at, (title, text) in enumerate(islice(paragraphs(articles), EACH * FILES, EACH * FILES + NOTES)):
        note(corpus, at, title, text)
    for file, name in PAPERS.items():
        (corpus / name).parent.mkdir(exist_ok=True)
        shutil.copy(machine.ROOT / "tests" / "documents" / "pdf" / file, corpus / name)
    os.environ["PYTHONPATH"] = misbehaving(place / "site")
    isolation.reading.__wrapped__.__kwdefaults__["seconds"] = HANG_SECONDS  # type: ignore[attr-defined]
    for at, one in enumerate(islice(cycle(BAD), BROKEN)):
        write_bad(corpus, one, at)
    return nrqa.reindex(corpus, place / "index", offline=True)


def note(corpus: Path, at: int, title: str, text: str) -> None:
    """A note with an author and a date; every second one has a long name in a folder with a long name."""
    date = f"{2000 + at % 24}-{at % 12 + 1:02}-{at % 28 + 1:02}"
    name = f"notes/{date} {title}.md" if at % 2 else f"{COMMITTEE}/{date} No. {at} {LONG}.md"
    (corpus / name).parent.mkdir(parents=True, exist_ok=True)
    head = f"author: {author(at % AUTHORS)}\ntopic: topic {at % TOPICS}\ndate: {date}\n"
    (corpus / name).write_text(f"---\n{head}---\n# {title.replace('_', ' ')}\n\n{text}\n", "utf-8")


def author(number: int) -> str:
    """One of many names."""
    first = ("Ada", "Boris", "Chloé", "Dmitri", "Eirík", "Fatima", "Grete", "Håkon", "Ines", "Jürgen")
    last = ("Adler", "Brandt", "Castillo", "Duval", "Eriksen", "Fischer", "García", "Horváth", "Ibsen", "Janssen",
            "Kowalski", "Lindqvist", "Moreau", "Novák", "Ortega", "Petrov")  # fmt: skip
    return f"{first[number % len(first)]} {last[number // len(first) % len(last)]}"
