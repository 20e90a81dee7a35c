"""Makes the codebook that comes with nrqa for the default encoder: src/nrqa/codebooks/.

Trained as ``nrqa.late`` trains one, on all tokens that nrqa keeps of the passages of two question sets.
"""

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import machine
from nrqa import late
from nrqa.codebook import shipped, write_codebook
from nrqa.encoder.opening import open_for_indexing
from nrqa.index.builder import encoder_input
from nrqa.settings import DEFAULT_MODEL
from question_sets import DATA, Built, build

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nrqa.encoder.protocol import Encoder

SETS = ("clapnq_dev", "squad_v2_cs224n_dev")
HELD_OUT = 5000
"""Tokens that show how far codes are from what they stand for."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--work", type=Path, help="where corpora and indexes are kept for the next run")
    options.add_argument(
        "--out", type=Path, default=machine.ROOT / "src" / "nrqa" / "codebooks", help="folder to write to"
    )
    given = options.parse_args()
    encoder = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        tokens = np.concatenate([kept(build(given.data / name, work / name, encoder), encoder) for name in SETS])
    codebook = late.train(tokens)
    given.out.mkdir(parents=True, exist_ok=True)
    file = given.out / f"{encoder.model.fingerprint[:16]}.npy"
    before = shipped(encoder.model.fingerprint)
    write_codebook(file, codebook)
    sample = tokens[:: max(1, len(tokens) // HELD_OUT)]
    print(f"{file}: from {len(tokens)} tokens; mean cosine of a token with its code {faithful(codebook, sample):.4f}")
    if before is not None:
        print(f"With the one that was shipped: {faithful(before, sample):.4f}")


def kept(built: Built, encoder: "Encoder") -> "NDArray[np.float32]":
    """The token vectors of all passages of an index that nrqa keeps."""
    snapshot = built.index.snapshot
    rows = (row for part in snapshot.vector_parts for row in part.rows.tolist())
    stored = [snapshot.stored(row) for row in rows]
    texts = [encoder_input(one.context, one.passage.text, markup=one.markup) for one in stored]
    found = []
    for first in range(0, len(texts), 64):
        some = texts[first : first + 64]
        for text, tokens in zip(some, encoder.encode_passages(some).tokens, strict=True):
            found.append(tokens.vectors[late.wanted(text, tokens.spans)])
    return np.concatenate(found)


def faithful(codebook: late.Codebook, tokens: "NDArray[np.float32]") -> float:
    """The mean cosine of tokens with what their codes stand for."""
    codes = late.encode(codebook, tokens)
    decoded = np.concatenate([table[codes[:, at]] for at, table in enumerate(codebook.centroids)], axis=1)
    decoded /= np.linalg.norm(decoded, axis=1, keepdims=True)
    return float((decoded * tokens).sum(axis=1).mean())


if __name__ == "__main__":
    main()
