"""Makes the codebooks that come with nrqa for the two models in packages: src/nrqa/signals/codebooks/.

Trained as ``nrqa.signals.late`` trains one: for the default model on all tokens that nrqa keeps of the passages of two
question sets; for the one of many languages on those of some paragraphs of sets in seven languages.
"""

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.shared import machine
from benchmarks.shared.question_sets import DATA, Built, build, read, sampled
from nrqa.encoder.opening import open_for_indexing
from nrqa.index.encoder_input import encoder_input
from nrqa.settings import DEFAULT_MODEL, MULTILINGUAL_MODEL
from nrqa.signals.codebook import shipped, write_codebook
from nrqa.signals.late import coding
from nrqa.signals.late.matching import similarities, tables
from nrqa.signals.late.token_weights import wanted

if TYPE_CHECKING:
    from nrqa.encoder.protocol import Encoder

SETS = ("clapnq_dev", "squad_v2_cs224n_dev")
MULTILINGUAL_SETS = ("clapnq_dev", *(f"xquad_{one}" for one in ("ar", "de", "es", "hi", "ru", "zh")))
EACH = 40
"""Paragraphs of each of these: some 40,000 tokens together, since more made no difference for the default model."""
HELD_OUT = 200
"""Passages that show how far codes are from what they stand for."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--model", choices=(DEFAULT_MODEL, MULTILINGUAL_MODEL), default=DEFAULT_MODEL)
    options.add_argument("--work", type=Path, help="where corpora and indexes are kept for the next run")
    options.add_argument(
        "--out", type=Path, default=machine.ROOT / "src" / "nrqa" / "signals" / "codebooks", help="folder to write to"
    )
    given = options.parse_args()
    encoder = open_for_indexing(given.model, offline=True, announce=print)
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        if given.model == DEFAULT_MODEL:
            texts = [passages(build(given.data / name, work / name, encoder)) for name in SETS]
        else:
            texts = [paragraphs(given.data / name) for name in MULTILINGUAL_SETS]
        tokens = together([kept(one, encoder) for one in texts])
    codebook = coding.train(tokens)
    given.out.mkdir(parents=True, exist_ok=True)
    file = given.out / f"{encoder.model.fingerprint[:16]}.npy"
    before = shipped(encoder.model.fingerprint)
    write_codebook(file, codebook)
    print(f"{file}: from {len(tokens.vectors)} tokens; a token and its code: product {faithful(codebook, tokens):.4f}")
    if before is not None:
        print(f"With the one that was shipped: {faithful(before, tokens):.4f}")


def passages(built: Built) -> list[str]:
    """All passages of an index as the encoder reads them."""
    snapshot = built.index.snapshot
    stored = [snapshot.stored(row) for row in snapshot.rows(snapshot.filtered(None, None)).tolist()]
    return [encoder_input(one.context, one.passage.text, markup=one.markup) for one in stored]


def paragraphs(source: Path) -> list[str]:
    """Some documents of a set, which are paragraphs."""
    return [one["text"] for one in sampled(read(source / "corpus.jsonl"), EACH)]


def kept(texts: list[str], encoder: "Encoder") -> coding.Kept:
    """The tokens of passages that nrqa keeps."""
    found = []
    for first in range(0, len(texts), 64):
        some = texts[first : first + 64]
        encoded = encoder.encode_passages(some)
        keep = [wanted(text, tokens.spans) for text, tokens in zip(some, encoded.tokens, strict=True)]
        pairs = list(zip(encoded.tokens, keep, strict=True))
        found.append(
            coding.Kept(
                np.concatenate([tokens.vectors[its] for tokens, its in pairs]),
                np.concatenate([tokens.ids[its] for tokens, its in pairs]),
                np.repeat(np.arange(len(some)), [int(its.sum()) for its in keep]),
                encoded.vectors,
                encoded.table,
            )
        )
    return together(found)


def together(some: list[coding.Kept]) -> coding.Kept:
    before = np.cumsum([0, *(len(one.passages) for one in some[:-1])])
    return coding.Kept(
        np.concatenate([one.vectors for one in some]),
        np.concatenate([one.ids for one in some]),
        np.concatenate([one.owners + offset for one, offset in zip(some, before, strict=True)]),
        np.concatenate([one.passages for one in some]),
        some[0].table,
    )


def faithful(codebook: coding.Codebook, tokens: coding.Kept) -> float:
    """The mean product of a token's vector with what its code stands for, over some passages."""
    codes = coding.encode(codebook, tokens)
    found = []
    for passage in range(0, len(tokens.passages), max(1, len(tokens.passages) // HELD_OUT)):
        its = np.flatnonzero(tokens.owners == passage)
        coded = coding.Coded(np.insert(codes[its], 0, 0, axis=1), tokens.passages[passage])
        found.append(np.diag(similarities(tables(codebook, tokens.vectors[its], tokens.table), coded)))
    return float(np.concatenate(found).mean())


if __name__ == "__main__":
    main()
