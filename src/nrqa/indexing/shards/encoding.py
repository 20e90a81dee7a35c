"""From a shard of the corpus to a finished piece: one function, wherever it runs."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.corpus.files.listing import read_source
from nrqa.corpus.shaping import Settings
from nrqa.corpus.worker.isolation import ReadDocument, reading
from nrqa.encoder.opening import open_for_indexing
from nrqa.errors import EncoderError, IndexUnusableError, UnreadableError
from nrqa.index.encoder_input import Input, input_of_draft
from nrqa.index.opening import generations_at
from nrqa.indexing.drafted_files import conditions, saved_in
from nrqa.indexing.drafting import drafting
from nrqa.indexing.embedding import encode, record
from nrqa.indexing.legibility import Legibility
from nrqa.indexing.pieces import Facts, packed_piece
from nrqa.indexing.saved_terms import save_terms
from nrqa.indexing.shards.cutting import Shard
from nrqa.indexing.shards.task import Task, refuse_others
from nrqa.signals.codebook import codebook_from, shipped

if TYPE_CHECKING:
    from nrqa.encoder.protocol import Encoder
    from nrqa.signals.late.coding import Codebook

EncodeShard = Callable[[Shard], bytes]
OpenEncoder = Callable[[Task], "Encoder"]

_WINDOW = 4096
"""Passages that are sorted by length together."""


def encode_shard(
    shard: Shard,
    *,
    read: ReadDocument,
    encoder: Encoder,
    codebook: Codebook | None,
    settings: Settings,
    known: Callable[[bytes], bool] = lambda _: False,
) -> bytes:
    """The piece of a shard: its files read and split, vectors, token codes and terms of all their passages.

    A pure function of the files, the settings, encoder and codebook: it writes nothing, and gives the same bytes each
    time. Vectors of keys that are ``known`` are left out, and what could not be read for reasons of this machine.
    """
    records: dict[bytes, bytes] = {}
    under = conditions(encoder.model, settings)
    draft = saved_in(records, under, drafting(read, encoder, settings, Legibility(encoder)), settings)
    inputs: dict[bytes, Input] = {}
    unreadable = 0
    for source in shard:
        try:
            data, _ = read_source(source)
            drafted = draft(source.name, data)
        except UnreadableError:
            unreadable += 1
            continue
        for its in drafted.drafts:
            one = input_of_draft(drafted.document.text, its)
            key = one.key
            if key not in inputs and not known(key):
                inputs[key] = one
            save_terms(records, under, one.own)
    keys, texts = list(inputs), list(inputs.values())
    for first in range(0, len(keys), _WINDOW):
        for places, coded in encode(encoder, codebook, texts[first : first + _WINDOW], steady=True):
            records.update((keys[first + at], record(one)) for at, one in zip(places, coded, strict=True))
    engine = encoder.engine_name() if keys else ""
    return packed_piece(records, Facts(len(shard) - unreadable, unreadable, len(keys), engine))


def open_encoder(task: Task) -> Encoder:
    """The encoder of a task, as it is on the worker's machine."""
    trusted = None if task.trusted else task.fingerprint
    return open_for_indexing(task.model, offline=task.offline, announce=lambda _: None, fingerprint=trusted, eager=True)


@contextmanager
def working(task: Task, opening: OpenEncoder = open_encoder) -> Iterator[EncodeShard]:
    """What encodes one shard after another; encoder, reading process and index are opened once.

    EncoderError where this machine has another version of nrqa or another model than the one that sent the task.
    """
    refuse_others(task.version, task.format)
    encoder = opening(task)
    if encoder.model.fingerprint != task.fingerprint:
        raise EncoderError(f"A worker's model '{task.model}' is another one than that of the build.")
    codebook = shipped(task.fingerprint) if task.comes_along else None
    if task.codebook:
        codebook = codebook_from(io.BytesIO(task.codebook))
    settings = task.settings_read()
    known = _known_in(task)
    with reading(columns=settings.columns, ocr=settings.ocr) as read:
        yield lambda shard: encode_shard(
            shard, read=read, encoder=encoder, codebook=codebook, settings=settings, known=known
        )


def _known_in(task: Task) -> Callable[[bytes], bool]:
    """Whether the index has vectors for a key. A worker that cannot open it encodes all: that costs time only."""
    if not task.index:
        return lambda _: False
    try:
        snapshot = generations_at(Path(task.index)).at(task.generation)
    except (IndexUnusableError, OSError):
        return lambda _: False
    return lambda key: key in snapshot.embedded([key])
