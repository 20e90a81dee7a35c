"""Real sentences with the token vectors that the real encoder gives them within their passages; made once and kept.

README.md ("Corpora of any size") says how passages of any number are made of them.
"""

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.shared.question_sets import read
from nrqa.encoder.protocol import Encoder, Tokens
from nrqa.text.sentences import sentence_spans

SETS = ("squad_v1_dev", "squad_v2_cs224n_dev", "nq_oracle", "clapnq_dev", "chunking_eval")
PLANTED = {"squad_v1_dev": 200, "nq_oracle": 200, "clapnq_dev": 100}
"""Passages of these sets stand unchanged in every corpus, each with a question that it answers."""
SEED = 20_240_607
SWAPPED = re.compile(r"\b(?:[A-Z][a-z]{2,}|[a-z]{9,}|\d+)\b")
"""Names, numbers and long words: what may be another in a passage made of real sentences."""
GAP = "  "
"""Between sentences, as on a typewriter: the encoder of borrowed vectors knows them apart by it."""
_AT_ONCE = 64
_GROUP = 5
"""Sentences of a passage cut from a long document."""
_LEAST_WORDS, _MOST_TOKENS = 5, 90
_UNUSABLE = re.compile(r"[*_<>\[\]\\`|#~{}]|^(?:\W|\(?\w{1,3}[.)]\s)|:$|  ")
"""What Markdown, or a reader of plain text, would take for structure."""


@dataclass(frozen=True, slots=True)
class Real:
    """A passage of a question set."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planted:
    """A passage that stands in every corpus, and a question that it answers."""

    name: str
    title: str
    text: str
    question: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A real sentence: where its tokens begin in the store, how many there are, and its passage's number."""

    text: str
    start: int
    count: int
    passage: int


@dataclass(frozen=True, slots=True)
class Store:
    """What was encoded: ``file`` holds every token's vector (int8), ``scales`` and ``weights`` belong to them.

    A vector is its bytes times its scale, and has unit length; a passage's vector is the mean of them by their
    weights, made a unit vector. ``ends`` says where each passage's tokens begin and end, ``vectors`` are passages'
    own. ``titles`` tells where each title's tokens begin and how many there are.
    """

    file: Path
    scales: NDArray[np.float32]
    weights: NDArray[np.float32]
    ids: NDArray[np.int64]
    ends: NDArray[np.int64]
    vectors: NDArray[np.float32]
    sentences: tuple[Sentence, ...]
    titles: dict[str, tuple[int, int]]
    titles_of: tuple[str, ...]
    """The title of each passage."""


def skeleton(sentence: str) -> str:
    """The sentence with one sign for every word that may be exchanged: the same before and after."""
    return SWAPPED.sub(lambda match: "9" if match[0][0].isdigit() else "A" if match[0][0].isupper() else "a", sentence)


def planted(data: Path) -> list[Planted]:
    """The same passages and questions every time."""
    found = []
    for name, count in PLANTED.items():
        corpus = {one["_id"]: one for one in read(data / name / "corpus.jsonl")}
        texts = {one["_id"]: one["text"] for one in read(data / name / "queries.jsonl")}
        judged = [line.split("\t")[:2] for line in (data / name / "qrels.tsv").read_text("utf-8").splitlines()[1:]]
        first = {document: question for question, document in reversed(judged)}
        for document in random.Random(SEED).sample(sorted(first), count):  # noqa: S311 - the same sample every time
            one = corpus[document]
            found.append(Planted(f"{name}-{document}", one["title"], one["text"], texts[first[document]]))
    return found


def real_passages(data: Path) -> list[Real]:
    """The passages whose sentences are recombined: none of those planted, and none of their sentences."""
    taken = {skeleton(one) for passage in planted(data) for one in _sentences(passage.text)}
    found = []
    for name in SETS:
        for one in read(data / name / "corpus.jsonl"):
            sentences = []
            for text in _sentences(one["text"]):
                # Once each: the sets share articles, and a skeleton must tell its sentence.
                if (shape := skeleton(text)) not in taken:
                    taken.add(shape)
                    sentences.append(text)
            size = _GROUP if name == "chunking_eval" else max(1, len(sentences))
            for at in range(0, len(sentences), size):
                found.append(Real(one["title"], tuple(sentences[at : at + size])))
    return found


def make_store(folder: Path, passages: Iterable[Real], encoder: Encoder) -> None:
    """Encode the passages and write all that ``open_store`` reads; several minutes for 7,000 passages."""
    folder.mkdir(parents=True)
    sentences: list[Sentence] = []
    ends: list[tuple[int, int]] = []
    titles: dict[str, tuple[int, int]] = {}
    vectors, titles_of = [], []
    ids, scales, weights = [], [], []
    done = 0
    with (folder / "tokens.i8").open("wb") as file:
        for real, vector, tokens in _encoded(passages, encoder):
            begin = done
            done += len(tokens.ids)
            largest = np.abs(tokens.vectors).max(axis=1) / 127
            file.write(np.rint(tokens.vectors / largest[:, None]).astype(np.int8).tobytes())
            scales.append(largest)
            weights.append(_weights(tokens, vector))
            ids.append(tokens.ids)
            at = 0
            for text in (real.title, *real.sentences):
                end = at + len(text)
                inside = (tokens.spans[:, 0] >= at) & (tokens.spans[:, 1] <= end)
                where = np.flatnonzero(inside & (tokens.spans[:, 1] > tokens.spans[:, 0]))
                at = end + (1 if at == 0 else len(GAP))
                if not len(where) or tokens.spans[where[-1], 1] < end:
                    continue  # beyond what the encoder reads
                place = (begin + int(where[0]), len(where))
                if text is real.title:
                    titles.setdefault(text, place)
                elif len(where) <= _MOST_TOKENS:
                    sentences.append(Sentence(text, *place, len(ends)))
            ends.append((begin, done))
            vectors.append(vector)
            titles_of.append(real.title)
    np.savez(
        folder / "arrays.npz",
        scales=np.concatenate(scales),
        weights=np.concatenate(weights),
        ids=np.concatenate(ids),
        ends=np.array(ends),
        vectors=np.array(vectors),
    )
    texts = [(one.text, one.start, one.count, one.passage) for one in sentences]
    named = {"sentences": texts, "titles": titles, "titles_of": titles_of}
    (folder / "texts.json").write_text(json.dumps(named), "utf-8")


def open_store(folder: Path) -> Store:
    arrays, named = np.load(folder / "arrays.npz"), json.loads((folder / "texts.json").read_text("utf-8"))
    return Store(
        file=folder / "tokens.i8",
        **{name: arrays[name] for name in ("scales", "weights", "ids", "ends", "vectors")},
        sentences=tuple(Sentence(*one) for one in named["sentences"]),
        titles={title: tuple(place) for title, place in named["titles"].items()},
        titles_of=tuple(named["titles_of"]),
    )


def encoder_text(real: Real) -> str:
    """What the encoder reads of it, as the product would have it read."""
    return f"{real.title}\n{GAP.join(real.sentences)}"


def _sentences(text: str) -> list[str]:
    text = " ".join(text.split())
    found = [text[one.start : one.end] for one in sentence_spans(text, 0, len(text), "en")]
    return [one for one in found if len(one.split()) >= _LEAST_WORDS and not _UNUSABLE.search(one)]


def _encoded(passages: Iterable[Real], encoder: Encoder) -> Iterator[tuple[Real, NDArray[np.float32], Tokens]]:
    kept = [one for one in passages if one.sentences]
    # By length, so that a batch holds texts of like length; the store has them in this order.
    kept.sort(key=lambda one: len(encoder_text(one)))
    for first in range(0, len(kept), _AT_ONCE):
        batch = kept[first : first + _AT_ONCE]
        encoded = encoder.encode_passages([encoder_text(one) for one in batch])
        yield from zip(batch, encoded.vectors, encoded.tokens, strict=True)
        if first % (10 * _AT_ONCE) == 0:
            print(f"encoded {first} of {len(kept)} real passages", flush=True)


def _weights(tokens: Tokens, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """How long the token vectors were before they were made unit vectors, 1 in the mean.

    Mean pooling makes the passage's vector of them; there are fewer tokens than dimensions, so that tells the lengths.
    """
    vectors = tokens.vectors.astype(np.float64)
    found = np.linalg.solve(vectors @ vectors.T, vectors @ vector)
    return np.asarray(found / found.mean(), np.float32)
