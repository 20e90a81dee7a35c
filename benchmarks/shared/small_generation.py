"""A small generation of several parts, with documents changed and removed, and all that may be shown of it."""

import json
import shutil
from pathlib import Path

from benchmarks.shared import machine
from benchmarks.shared.corpora import real_encoder
from benchmarks.shared.remembered_encoder import RememberedEncoder
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex
from nrqa.records import Passage, citation_to_dict

QUESTIONS = (
    "why does Russia oppose missile defense",
    "where does the ferry number 7 leave from",
    "what was decided about the harbour in 1912",
)


class Made:
    """An index, its corpus, the encoder, and all that may be shown of it."""

    def __init__(self, place: Path, encoder: RememberedEncoder) -> None:
        self.corpus, self.index, self.encoder = place / "corpus", place / "index", encoder
        snapshot = LocalSnapshot.newest(self.index)
        self.folder = snapshot.folder
        self.documents = sorted(snapshot.known)
        self.passages = {
            written(one.passage) for name in self.documents for one in (snapshot.document_named(name) or ("", []))[1]
        }
        self.texts = {name: snapshot.document_text(name) for name in self.documents}
        self.listed = {json.dumps([one.name, one.title, one.sha256, dict(one.metadata)]) for one in snapshot.listed()}


def make(place: Path) -> Made:
    """Articles and short notes, indexed; then some are changed, some removed and some added."""
    corpus = place / "corpus"
    shutil.copytree(machine.ROOT / "corpus", corpus)
    for number in range(40):
        (corpus / f"note-{number:02}.md").write_text(_note(number))
    (corpus / "table.csv").write_text("name,year,place\n" + "".join(f"Ship {n},19{n:02},Bay {n}\n" for n in range(20)))
    encoder = RememberedEncoder(real_encoder())
    reindex(corpus, place / "index", encoder=encoder)
    for number in range(4):
        (corpus / f"note-{number:02}.md").write_text(_note(number + 100))
    (corpus / "note-05.md").unlink()
    reindex(corpus, place / "index", encoder=encoder)
    (corpus / "late.md").write_text(_note(99))
    reindex(corpus, place / "index", encoder=encoder)
    made = Made(place, encoder)
    encoder.encode_questions(QUESTIONS)
    return made


def _note(number: int) -> str:
    return (
        f"---\ntitle: Note {number}\nauthor: Writer {number % 5}\ndate: 19{number % 100:02}-03-12\n---\n\n"
        f"# The ferry {number}\n\n"
        f"The ferry number {number} leaves from pier {number % 7} at {number % 24}:30 – daily, except on Sundays.\n\n"
        f"## Harbour\n\nIn 19{number % 100:02} the council decided about harbour {number}: "
        f"„no dredging before {number + 1}.“\n"
    )


def written(passage: Passage) -> str:
    """A passage with its citation, to be compared."""
    return json.dumps([passage.text, citation_to_dict(passage.citation)], sort_keys=True)
