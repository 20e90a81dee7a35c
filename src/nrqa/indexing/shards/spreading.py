"""Has the shards of a corpus encoded elsewhere, before the build that finds their pieces; finished ones are skipped."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.corpus.files.listing import Source, read_source
from nrqa.corpus.shaping import Settings
from nrqa.corpus.worker.isolation import reading
from nrqa.errors import UnreadableError
from nrqa.index.encoder_input import Input, input_of_draft
from nrqa.indexing.checkpoint import codebook_file, pieces_folder
from nrqa.indexing.drafting import drafts_of
from nrqa.indexing.embedding import SAMPLE, Progress, checkpoint_name, known_codebook, train
from nrqa.indexing.pieces import Pieces
from nrqa.indexing.shards.cutting import Shard, cut
from nrqa.indexing.shards.task import Task
from nrqa.signals.codebook import codebook_to, shipped, write_codebook

if TYPE_CHECKING:
    from nrqa.encoder.protocol import Encoder
    from nrqa.index.snapshot import Snapshot
    from nrqa.signals.late.coding import Codebook

Spread = Callable[[Task, Sequence[tuple[str, Shard]]], Iterator[tuple[str, bytes]]]
"""Yields the name and the piece of each shard, as they are finished."""

_FEWEST = 2
"""Fewer shards are left to the build: starting workers takes as long."""
_SAMPLED = 64
"""Files, all over the corpus, whose passages a codebook is trained on where there is none."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """With what shards are encoded: the encoder, named by the user or not, and what is beside it in a task."""

    encoder: Encoder
    named: str | None
    settings: Settings
    vectors: Snapshot | None
    index: str
    """Where workers open the index for the vectors that it has."""
    beside: Path
    """The folder for pieces."""
    offline: bool


def encode_ahead(sources: Sequence[Source], its: Encoding, spread: Spread, progress: Progress) -> tuple[int, str]:
    """Have the pieces of these files made, but for those that are finished.

    Returns how many passages were encoded, and by which engine.
    """
    shards = [*cut(sources)]
    if len(shards) < _FEWEST:
        return 0, ""
    codebook = _codebook(sources, its)
    task = _task(its, codebook)
    pieces = Pieces(pieces_folder(its.beside, checkpoint_name(its.encoder, codebook)))
    named = [(task.named(shard), shard) for shard in shards]
    missing = [(name, shard) for name, shard in named if pieces.facts(name) is None]
    done, encoded, engine = len(named) - len(missing), 0, ""
    progress("encoding shards", done, len(named))
    if not missing:
        return 0, ""
    for name, piece in spread(task, missing):
        pieces.save(name, piece)
        facts = pieces.facts(name)
        assert facts is not None
        encoded, engine, done = encoded + facts.encoded, facts.engine or engine, done + 1
        progress("encoding shards", done, len(named))
    return encoded, engine


def _task(its: Encoding, codebook: Codebook | None) -> Task:
    of_nrqa = shipped(its.encoder.model.fingerprint)
    comes_along = codebook is not None and of_nrqa is not None and _file(of_nrqa) == _file(codebook)
    return Task(
        settings=its.settings.to_dict(),
        model=its.named or its.encoder.model.name,
        trusted=its.named is not None,
        fingerprint=its.encoder.model.fingerprint,
        index=its.index if its.vectors else "",
        generation=its.vectors.manifest.generation if its.vectors else 0,
        offline=its.offline,
        codebook=b"" if codebook is None or comes_along else _file(codebook),
        comes_along=comes_along,
    )


def _file(codebook: Codebook) -> bytes:
    stream = io.BytesIO()
    codebook_to(stream, codebook)
    return stream.getvalue()


def _codebook(sources: Sequence[Source], its: Encoding) -> Codebook | None:
    """The codebook with which every shard is coded; where there is none, it is trained here, on a sample of files."""
    encoder, fingerprint = its.encoder, its.encoder.model.fingerprint
    if not encoder.model.token_width:
        return None
    known = known_codebook(its.vectors.codebook if its.vectors else None, encoder, its.beside)
    if known is not None:
        return known[0]
    sample = [*_inputs(sources[:: max(1, len(sources) // _SAMPLED)][:_SAMPLED], its)]
    sample = sample[:: max(1, len(sample) // SAMPLE)][:SAMPLE]
    trained = train(sample, encoder.encode_passages([one.text for one in sample])) if sample else None
    if trained is not None:
        write_codebook(codebook_file(its.beside, fingerprint, len(sample)), trained)
    return trained


def _inputs(sources: Sequence[Source], its: Encoding) -> Iterator[Input]:
    with reading(columns=its.settings.columns, ocr=its.settings.ocr) as read:
        for source in sources:
            try:
                document, blocks = read(source.name, read_source(source)[0])
            except UnreadableError:
                continue
            for draft in drafts_of(document, blocks, its.encoder, its.settings):
                yield input_of_draft(document.text, draft)
