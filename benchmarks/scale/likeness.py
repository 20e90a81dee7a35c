"""How near the recombined passages come to real ones: their words, and the vectors that are lent to them."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.shared import machine
from benchmarks.shared.borrowed_vectors import BorrowedVectors
from benchmarks.shared.corpora import arguments, encoder_in, questions_in, sources_in
from benchmarks.shared.real_sentences import GAP, SEED, Planted
from benchmarks.shared.recombining import Sources, passage

WORDS = (30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
"""After so many words the different ones are counted."""
_JUDGED = 200
"""Passages that the real encoder reads as well."""
_NEAR = 500
"""Passages whose nearest neighbour is looked for."""
_WORD = re.compile(r"\w+")
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

Vectors = NDArray[np.float32]


def main() -> None:
    options = arguments(__doc__)
    options.add_argument("--words", type=int, default=WORDS[-1], help="at most so many words are counted")
    options.add_argument(
        "--passages", type=int, default=0, help="as many vectors are made; 0: as many as there are real ones"
    )
    given = options.parse_args()
    planted = questions_in(given.work, given.data)
    sources = sources_in(given.work, given.data)
    encoder = encoder_in(given.work)
    results: dict[str, Any] = {
        "machine": machine.describe(),
        "words": _words(sources, given.words),
        "terms": _terms(sources, planted),
        "lent": _lent(sources, encoder),
        "similarities": _similarities(sources, encoder, planted, given.passages or len(sources.sentences)),
    }
    machine.write("likeness", results, _sections(results))


def recombined(sources: Sources, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Endless titles and texts, as documents have them."""
    dice = random.Random(seed)  # noqa: S311 - the same passages every time
    while True:
        subject = [int(one) for one in sources.near[dice.randrange(len(sources.near))]]
        for _ in range(55):
            yield sources.store.titles_of[dice.choice(subject)], passage(sources, dice, subject)


def _real(sources: Sources) -> list[str]:
    texts = [GAP.join(one.text for one in those) for those in sources.sentences if those]
    random.Random(SEED).shuffle(texts)  # noqa: S311 - the same order every time
    return texts


def _words(sources: Sources, most: int) -> dict[str, dict[str, list[int]]]:
    """After how many words, how many different ones there are, and how many that stand there once."""
    return {
        "real": _grown(_real(sources), most),
        "recombined": _grown((text for _, text in recombined(sources)), most),
    }


def _grown(texts: Iterable[str], most: int) -> dict[str, list[int]]:
    seen: Counter[str] = Counter()
    total, found = 0, {}
    left = [one for one in WORDS if one <= most]
    for text in texts:
        words = _WORD.findall(text.lower())
        seen.update(words)
        total += len(words)
        if left and total >= left[0]:
            found[str(left.pop(0))] = [len(seen), sum(count == 1 for count in seen.values())]
        if not left:
            break
    return found


def _terms(sources: Sources, planted: Sequence[Planted]) -> dict[str, list[float]]:
    """In what share of passages the words of questions stand: quantiles."""
    asked = [word for one in planted for word in set(_WORD.findall(one.question.lower()))]
    real = _real(sources)
    fresh = [text for _, (_, text) in zip(real, recombined(sources), strict=False)]
    found = {}
    for name, texts in (("real", real), ("recombined", fresh)):
        counts = Counter(word for text in texts for word in set(_WORD.findall(text.lower())))
        found[name] = [float(one) for one in np.quantile([counts[word] / len(texts) for word in asked], _QUANTILES)]
    return found


def _lent(sources: Sources, encoder: BorrowedVectors) -> dict[str, list[float]]:
    """Cosines between lent vectors and those that the real encoder gives for the same text: quantiles."""
    texts = [f"{title}\n{text}" for _, (title, text) in zip(range(_JUDGED), recombined(sources), strict=False)]
    lent, true = encoder.encode_passages(texts), encoder.real.encode_passages(texts)
    kept, swapped = [], []
    for ids, one, other in zip(encoder.lent_ids(texts), lent.tokens, true.tokens, strict=True):
        cosines = (one.vectors * other.vectors).sum(axis=1)
        same = ids == one.ids
        kept.append(cosines[same])
        swapped.append(cosines[~same])
    found = {
        "passages": (lent.vectors * true.vectors).sum(axis=1),
        "tokens kept": np.concatenate(kept),
        "tokens swapped": np.concatenate(swapped),
    }
    return {name: [float(one) for one in np.quantile(values, _QUANTILES)] for name, values in found.items()}


def _similarities(
    sources: Sources, encoder: BorrowedVectors, planted: Sequence[Planted], count: int
) -> dict[str, dict[str, list[float]]]:
    """How near passages come to questions and to each other, in as many real and recombined ones: quantiles."""
    questions = encoder.encode_questions([one.question for one in planted]).vectors
    texts = [f"{title}\n{text}" for _, (title, text) in zip(range(count), recombined(sources), strict=False)]
    made = np.concatenate([encoder.encode_passages(texts[at : at + 256]).vectors for at in range(0, count, 256)])
    return {"real": _near(questions, sources.store.vectors), f"{count} recombined": _near(questions, made)}


def _near(questions: Vectors, passages: Vectors) -> dict[str, list[float]]:
    ordered = -np.sort(-(questions @ passages.T), axis=1)
    among = np.random.default_rng(SEED).permutation(len(passages))[:_NEAR]
    neighbours = -np.sort(-(passages[among] @ passages.T), axis=1)
    columns = {
        "1st to a question": ordered[:, 0],
        "10th": ordered[:, 9],
        "50th": ordered[:, 49],
        "10th less 11th": ordered[:, 9] - ordered[:, 10],
        "median": np.median(ordered, axis=1),
        "nearest other passage": neighbours[:, 1],
        "10th other passage": neighbours[:, 10],
    }
    return {name: [float(one) for one in np.quantile(values, _QUANTILES)] for name, values in columns.items()}


def _sections(results: dict[str, Any]) -> Iterator[str]:
    head = tuple(f"{one:.0%}" for one in _QUANTILES)
    yield "Different words, and in brackets those that stand there once:"
    counts = list(results["words"]["recombined"])
    rows = (
        (name, *(f"{found[one][0]:,} ({found[one][1]:,})" if one in found else "" for one in counts))
        for name, found in results["words"].items()
    )
    yield machine.table(("words", *(f"{int(one):,}" for one in counts)), rows)
    yield "In what share of passages a question's word stands, quantiles over the words of the questions:"
    yield machine.table(
        ("", *head), ((name, *(f"{one:.4f}" for one in found)) for name, found in results["terms"].items())
    )
    yield f"Cosine between lent vectors and the real encoder's, {_JUDGED} passages, quantiles:"
    yield machine.table(
        ("", *head), ((name, *(f"{one:.3f}" for one in found)) for name, found in results["lent"].items())
    )
    yield "Cosines to questions (not counting the planted passages) and between passages, quantiles:"
    rows = (
        (what, name, *(f"{one:.3f}" for one in found[what]))
        for what in results["similarities"]["real"]
        for name, found in results["similarities"].items()
    )
    yield machine.table(("", "", *head), rows)


if __name__ == "__main__":
    main()
