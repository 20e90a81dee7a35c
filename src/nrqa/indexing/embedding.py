"""Gives every new passage its vector and token codes: from the old index, a checkpoint, or the encoder."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.index.encoder_input import Input, input_of
from nrqa.index.generations import Builder
from nrqa.indexing.checkpoint import Checkpoint, codebook_file, codebook_files
from nrqa.signals.codebook import ARRAYS, read_codebook, shipped, write_codebook
from nrqa.signals.late import coding
from nrqa.signals.late.matching import MOST_SENTENCES
from nrqa.signals.late.token_weights import wanted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.encoder.protocol import Encoded, Encoder
    from nrqa.signals.late.coding import Codebook

    Coded = tuple[NDArray[np.float16], NDArray[np.uint8]]
    """A passage's vector, and its token codes."""

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "encoding"), how many are done, and how many there are; 1 where nothing is counted
("loading the encoder")."""

_AT_ONCE = 64
"""Passages that are encoded between two saves, at first: about a second of work for a processor."""
_MOST_AT_ONCE = 512
"""The most for a faster encoder; the token vectors of this many passages take 150 MB."""
_SECONDS = 1.5
"""Seconds of encoding between two saves. As much again is being encoded meanwhile: that is lost if the process dies."""
_WINDOW = 4096
"""Passages that are sorted by length together, so that batches hold texts of similar length."""
SAMPLE = 256
"""Passages that a codebook is trained on."""
_NUMBER = 2
"""Bytes of each number of a vector in the checkpoint."""


def embed(
    builder: Builder, encoder: Encoder, index: Path, progress: Progress, saved: Checkpoint
) -> tuple[int, int | None]:
    """Seal the builder, and give it the vectors and token codes of all its new passages.

    ``saved`` is the checkpoint that has been used so far: a codebook that is trained now makes it another one.

    Returns how many passages the encoder read, and how many the codebook was trained on: None where it is the codebook
    of the older vectors.
    """
    import numpy as np

    rows = builder.seal()
    trained, sample = _find_codebook(builder, encoder, index, rows) if len(rows) else (None, None)
    checkpoint = saved.again(checkpoint_name(encoder, builder.codebook))
    missing = np.fromiter(
        (row for row in map(int, rows) if not _from_checkpoint(builder, encoder, checkpoint, row)), np.int64
    )
    checkpoint.close()
    del rows
    total, done = len(missing), 0
    if sample is not None:
        taken, inputs, encoded = sample
        _put(builder, checkpoint, taken, _coded(builder.codebook, inputs, encoded))
        done = len(taken)
        missing = missing[~np.isin(missing, taken)]
    progress("encoding", done, total)
    for first in range(0, len(missing), _WINDOW):
        window = missing[first : first + _WINDOW].tolist()
        for places, coded in encode(encoder, builder.codebook, _inputs(builder, window)):
            _put(builder, checkpoint, [window[at] for at in places], coded)
            done += len(places)
            progress("encoding", done, total)
    return done, trained


def encode(
    encoder: Encoder,
    codebook: Codebook | None,
    inputs: Sequence[Input],
    *,
    go_on: Callable[[], bool] = lambda: True,
    steady: bool = False,
) -> Iterator[tuple[list[int], list[Coded]]]:
    """Yield the indices of passages in ``inputs`` with their vectors and token codes, the shortest passages first.

    Each step is some seconds of work. While the caller uses its results, the next passages are being encoded. When
    ``go_on`` returns False, no more are begun. If ``steady``, steps do not grow with the encoder's speed: a vector
    depends in its last digits on what it is encoded with, and so it is the same each time.
    """
    order = sorted(range(len(inputs)), key=lambda at: len(inputs[at].text))
    at_once = _AT_ONCE

    def run(some: Sequence[int]) -> tuple[Encoded, float]:
        began = time.monotonic()
        return encoder.encode_passages([inputs[at].text for at in some]), time.monotonic() - began

    with ThreadPoolExecutor(1) as pool:
        places, order = order[:at_once], order[at_once:]
        running = pool.submit(run, places) if places else None
        while running:
            encoded, seconds = running.result()
            read = places
            at_once = (
                at_once
                if steady
                else min(_MOST_AT_ONCE, max(_AT_ONCE, min(2 * at_once, int(len(read) * _SECONDS / (seconds + 1e-9)))))
            )
            places, order = (order[:at_once], order[at_once:]) if go_on() else ([], [])
            running = pool.submit(run, places) if places else None
            yield read, _coded(codebook, [inputs[at] for at in read], encoded)


def known_codebook(own: Codebook | None, encoder: Encoder, index: Path) -> tuple[Codebook, int | None] | None:
    """The codebook that can be used without training, and how many passages it was trained on; None where none can.

    ``own`` is that of the older vectors. The number is 0 for a codebook that comes with nrqa, and None for ``own``.
    """
    if own is not None:
        return own, None
    fingerprint = encoder.model.fingerprint
    found = shipped(fingerprint)
    if found is not None:
        return found, 0
    for file, passages in codebook_files(index, fingerprint):
        found = read_codebook(file)
        if found is not None:
            return found, passages
    return None


def checkpoint_of(index: Path, encoder: Encoder, codebook: Codebook | None) -> Checkpoint:
    """The checkpoint of builds with this encoder and codebook."""
    return Checkpoint(index, checkpoint_name(encoder, codebook))


def checkpoint_name(encoder: Encoder, codebook: Codebook | None) -> str:
    """Its name, which says with what passages were encoded and coded."""
    digest = hashlib.sha256()
    for name in ARRAYS if codebook else ():
        digest.update(getattr(codebook, name).tobytes())
    return f"{encoder.model.fingerprint[:16]}-{digest.hexdigest()[:16]}"


def record(coded: Coded) -> bytes:
    """A passage's vector and codes as the checkpoint stores them."""
    vector, codes = coded
    return vector.tobytes() + codes.tobytes()


def _find_codebook(
    builder: Builder, encoder: Encoder, index: Path, rows: NDArray[np.int64]
) -> tuple[int | None, tuple[list[int], list[Input], Encoded] | None]:
    """Give the builder a codebook if it needs one.

    Returns how many passages it was trained on (see ``embed``), and the passages that had to be encoded for training.
    """
    if not encoder.model.token_width:
        return None, None
    known = known_codebook(builder.codebook, encoder, index)
    if known is not None:
        builder.codebook, trained = known
        return trained, None
    taken = rows[:: max(1, len(rows) // SAMPLE)][:SAMPLE].tolist()
    sample = _inputs(builder, taken)
    encoded = encoder.encode_passages([one.text for one in sample])
    codebook = train(sample, encoded)
    if codebook is None:
        return 0, (taken, sample, encoded)
    # Copies count, too: the growth of a corpus is measured in passages.
    passages = sum(builder.copies(row) for row in taken)
    builder.codebook = codebook
    write_codebook(codebook_file(index, encoder.model.fingerprint, passages), codebook)
    return passages, (taken, sample, encoded)


def train(sample: Sequence[Input], encoded: Encoded) -> Codebook | None:
    """A codebook for passages like these, which were encoded; None where they have no token that is kept."""
    kept = _kept(encoded, _keep(sample, encoded), encoded.vectors)
    return coding.train(kept) if len(kept.vectors) else None


def _inputs(builder: Builder, rows: Sequence[int]) -> list[Input]:
    """What the encoder reads for the rows, in their order."""
    found = {
        one.row: input_of(one.context, one.text, one.sentences, markup=one.markup) for one in builder.written(rows)
    }
    return [found[row] for row in rows]


def _kept(encoded: Encoded, keep: Sequence[NDArray[np.bool_]], passages: NDArray[np.float32]) -> coding.Kept:
    """The tokens that are kept, with the passages' vectors."""
    import numpy as np

    return coding.Kept(
        np.concatenate([one.vectors[its] for one, its in zip(encoded.tokens, keep, strict=True)]),
        np.concatenate([one.ids[its] for one, its in zip(encoded.tokens, keep, strict=True)]),
        np.repeat(np.arange(len(keep)), [int(its.sum()) for its in keep]),
        passages,
        encoded.table,
    )


def _keep(batch: Sequence[Input], encoded: Encoded) -> list[NDArray[np.bool_]]:
    """Which tokens of each passage are kept."""
    return [wanted(its.text, one.spans) for its, one in zip(batch, encoded.tokens, strict=True)]


def _sentences(batch: Sequence[Input], encoded: Encoded, keep: Sequence[NDArray[np.bool_]]) -> list[NDArray[np.uint8]]:
    """The number of the sentence of each kept token, from 1; 0 for the context and for special tokens ([CLS])."""
    import numpy as np

    numbers = []
    for its, read, one in zip(keep, batch, encoded.tokens, strict=True):
        spans, ends = one.spans[its], read.ends
        # Decided by the token's last character: some tokenizers include the space before it.
        found = np.searchsorted(np.array(ends), spans[:, 1] - 1, side="right")
        found = np.minimum(found, min(len(ends) - 1, MOST_SENTENCES))
        numbers.append(np.where(spans[:, 0] == spans[:, 1], 0, found).astype(np.uint8))
    return numbers


def _coded(codebook: Codebook | None, batch: Sequence[Input], encoded: Encoded) -> list[Coded]:
    """Vector and token codes of each passage."""
    import numpy as np

    codes = [np.empty((0, 1), np.uint8)] * len(batch)
    if codebook is not None:
        keep = _keep(batch, encoded)
        sentences = _sentences(batch, encoded, keep)
        rest = coding.encode(codebook, _kept(encoded, keep, encoded.vectors))
        together = np.column_stack([np.concatenate(sentences), rest])
        codes = np.split(together, np.cumsum([len(one) for one in sentences[:-1]]))
    return list(zip(encoded.vectors.astype(np.float16), codes, strict=True))


def _put(builder: Builder, checkpoint: Checkpoint, rows: Sequence[int], coded: Sequence[Coded]) -> None:
    """Save vectors and codes in the checkpoint file, then put them into the builder."""
    checkpoint.save([(builder.key(row), record(one)) for row, one in zip(rows, coded, strict=True)])
    for row, one in zip(rows, coded, strict=True):
        builder.put(row, *one)


def _from_checkpoint(builder: Builder, encoder: Encoder, checkpoint: Checkpoint, row: int) -> bool:
    """Whether the checkpoint has this passage; if so, put it into the builder."""
    import numpy as np

    saved = checkpoint.get(builder.key(row))
    if saved is None:
        return False
    end = _NUMBER * encoder.model.dimensions
    code = builder.codebook.size if builder.codebook else 1
    if len(saved) < end or (len(saved) - end) % code:  # nothing that was written for this encoder
        return False
    codes = np.frombuffer(saved[end:], np.uint8).reshape(-1, code)
    builder.put(row, np.frombuffer(saved[:end], np.float16), codes)
    return True
