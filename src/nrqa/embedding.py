"""Every new passage gets its vector and token codes: from before, from a build that died, or from the encoder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa import dense
from nrqa.catalog import Written
from nrqa.codebook import ARRAYS, read_codebook, shipped, write_codebook
from nrqa.index.builder import Builder, encoder_input, sentence_ends
from nrqa.late import coding
from nrqa.late.matching import MOST_SENTENCES
from nrqa.late.words import wanted
from nrqa.salvage import Salvage, codebook_file, codebook_files

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.encoder.protocol import Encoded, Encoder

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "encoding"), how many are done, and how many there are."""

_AT_ONCE = 64
"""Passages encoded before their vectors are saved: about two seconds of work."""
_WINDOW = 4096
"""Passages sorted by length together, so that batches hold texts of like length."""
_SAMPLE = 256
"""Passages that a codebook is trained on."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """Passages as the encoder reads them."""

    rows: list[int]
    texts: list[str]
    ends: list[list[int]]
    """Where, in each text, its context ends and then each of its sentences."""


def embed(builder: Builder, encoder: Encoder, index: Path, progress: Progress) -> tuple[int, int | None]:
    """Seal the builder and fill it.

    Returns how many passages the encoder read, and how many the codebook was trained on, None where it is the
    older one.
    """
    rows = builder.seal()
    trained, sample = _find_codebook(builder, encoder, index, rows) if rows else (None, None)
    salvage = Salvage(index, f"{encoder.model.fingerprint[:16]}-{_digest(builder)}")
    missing = [row for row in rows if not _salvaged(builder, encoder, salvage, row)]
    total, done = len(missing), 0
    if sample is not None:
        _store(builder, salvage, *sample)
        done, taken = len(sample[0].rows), set(sample[0].rows)
        missing = [row for row in missing if row not in taken]
    progress("encoding", done, total)
    for first in range(0, len(missing), _WINDOW):
        window = _texts(builder, missing[first : first + _WINDOW])
        order = sorted(range(len(window.rows)), key=lambda at: len(window.texts[at]))
        for start in range(0, len(order), _AT_ONCE):
            some = order[start : start + _AT_ONCE]
            batch = _Texts(
                [window.rows[at] for at in some], [window.texts[at] for at in some], [window.ends[at] for at in some]
            )
            _store(builder, salvage, batch, encoder.encode_passages(batch.texts))
            done += len(some)
            progress("encoding", done, total)
    return done, trained


def _find_codebook(
    builder: Builder, encoder: Encoder, index: Path, rows: Sequence[int]
) -> tuple[int | None, tuple[_Texts, Encoded] | None]:
    """Give the builder a codebook where it needs one; also returns what had to be encoded for it."""
    if builder.codebook is not None or not encoder.model.token_width:
        return None, None
    fingerprint = encoder.model.fingerprint
    builder.codebook = shipped(fingerprint)
    if builder.codebook is not None:
        return 0, None
    for file, passages in codebook_files(index, fingerprint):
        builder.codebook = read_codebook(file)
        if builder.codebook is not None:
            return passages, None
    sample = _texts(builder, rows[:: max(1, len(rows) // _SAMPLE)][:_SAMPLE])
    encoded = encoder.encode_passages(sample.texts)
    kept = _kept(sample, encoded)
    if not len(kept.vectors):
        return 0, (sample, encoded)
    # With their copies: passages are what a corpus grows by.
    passages = sum(builder.copies(row) for row in sample.rows)
    builder.codebook = coding.train(kept)
    write_codebook(codebook_file(index, fingerprint, passages), builder.codebook)
    return passages, (sample, encoded)


def _texts(builder: Builder, rows: Sequence[int]) -> _Texts:
    found = list(builder.written(rows))
    texts = [encoder_input(one.context, one.text, markup=one.markup) for one in found]
    return _Texts([one.row for one in found], texts, [_ends(one) for one in found])


def _ends(passage: Written) -> list[int]:
    return sentence_ends(passage.context, passage.text, passage.sentences, markup=passage.markup)


def _kept(batch: _Texts, encoded: Encoded) -> coding.Kept:
    """The tokens that are kept, with the passages' vectors as they are stored."""
    import numpy as np

    keep = [wanted(text, one.spans) for text, one in zip(batch.texts, encoded.tokens, strict=True)]
    return coding.Kept(
        np.concatenate([one.vectors[its] for one, its in zip(encoded.tokens, keep, strict=True)]),
        np.concatenate([one.ids[its] for one, its in zip(encoded.tokens, keep, strict=True)]),
        np.repeat(np.arange(len(keep)), [int(its.sum()) for its in keep]),
        dense.restored(*dense.quantised(encoded.vectors)),
        encoded.table,
    )


def _sentences(batch: _Texts, encoded: Encoded) -> list[NDArray[np.uint8]]:
    """The sentence of each token that is kept, from 1; 0 for the context and for tokens that stand for the whole."""
    import numpy as np

    numbers = []
    for text, ends, one in zip(batch.texts, batch.ends, encoded.tokens, strict=True):
        spans = one.spans[wanted(text, one.spans)]
        # By its last character: some tokenizers count the space before a token to it.
        found = np.searchsorted(np.array(ends), spans[:, 1] - 1, side="right")
        found = np.minimum(found, min(len(ends) - 1, MOST_SENTENCES))
        numbers.append(np.where(spans[:, 0] == spans[:, 1], 0, found).astype(np.uint8))
    return numbers


def _store(builder: Builder, salvage: Salvage, batch: _Texts, encoded: Encoded) -> None:
    """Into the builder, and into the salvage file first."""
    import numpy as np

    codes = [np.empty((0, 1), np.uint8)] * len(batch.rows)
    if builder.codebook is not None:
        sentences = _sentences(batch, encoded)
        rest = coding.encode(builder.codebook, _kept(batch, encoded))
        together = np.column_stack([np.concatenate(sentences), rest])
        codes = np.split(together, np.cumsum([len(one) for one in sentences[:-1]]))
    found = list(zip(batch.rows, encoded.vectors, codes, strict=True))
    numbers, _ = dense.quantised(encoded.vectors)
    salvage.save(
        [(builder.key(row), its.tobytes() + code.tobytes()) for (row, _, code), its in zip(found, numbers, strict=True)]
    )
    for row, vector, code in found:
        builder.put(row, vector, code)


def _salvaged(builder: Builder, encoder: Encoder, salvage: Salvage, row: int) -> bool:
    """Whether a build that died had this passage; then the builder has it now."""
    import numpy as np

    saved = salvage.get(builder.key(row))
    if saved is None:
        return False
    size = encoder.model.dimensions
    code = builder.codebook.size if builder.codebook else 1
    codes = np.frombuffer(saved[size:], np.uint8).reshape(-1, code)
    builder.put(row, np.frombuffer(saved[:size], np.int8).astype(np.float32), codes)
    return True


def _digest(builder: Builder) -> str:
    if builder.codebook is None:
        return "none"
    found = hashlib.sha256()
    for name in ARRAYS:
        found.update(getattr(builder.codebook, name).tobytes())
    return found.hexdigest()[:16]
