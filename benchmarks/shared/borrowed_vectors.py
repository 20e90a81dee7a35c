"""An encoder for passages made of real sentences: it lends them the vectors that their tokens have in real passages.

Whatever it does not know, and every question, is encoded by the real encoder. README.md ("Corpora of any size") says
how near its vectors come to those that the real encoder would give.
"""

import os
import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.shared.real_sentences import GAP, Store, skeleton
from nrqa.encoder.protocol import Encoded, Encoder, Model, Tokens

SHIFT = 0.18
"""Length of what is added to all tokens of a passage: what surrounds them is not what surrounded them."""
_NOISES = 4096
_AT_ONCE = 32
_SEED = 7
_SEPARATOR = " / "

Place = tuple[int, int]
"""Where tokens begin in the store, and how many there are."""


class BorrowedVectors:
    """An encoder as ``nrqa.reindex`` wants one, with the real model's name and fingerprint."""

    def __init__(self, store: Store, real: Encoder) -> None:
        self.model: Model = real.model
        self.real = real
        self.borrowed = self.encoded = 0
        """How many passages had vectors lent, and how many the real encoder had to read."""
        self._store = store
        self._file = os.open(store.file, os.O_RDONLY)
        self._sentences = {skeleton(one.text): (one.start, one.count, one.passage) for one in store.sentences}
        # For each token that occurs in the store, one place where it does.
        self._known, self._occurs = np.unique(store.ids, return_index=True)
        self._noise = _unit(np.random.default_rng(_SEED).standard_normal((_NOISES, real.model.dimensions), np.float32))
        # What encodings have besides vectors and tokens is the same in all of them.
        self._encoded = real.encode_passages(["a / b"])
        slash = self._encoded.tokens[0]
        self._slash = int(slash.ids[2]), slash.vectors[2]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self.real.count_tokens(texts)

    def engine_name(self) -> str:
        return self.real.engine_name()

    def passage_room(self) -> int:
        return self.real.passage_room()

    def tokens_of_passages(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        return self.real.tokens_of_passages(texts)

    def encode_questions(self, texts: Sequence[str]) -> Encoded:
        return self.real.encode_questions(texts)

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        found = self.real.tokens_of_passages(texts)
        places = [self._places(text, len(ids)) for text, (ids, _) in zip(texts, found, strict=True)]
        known = [at for at, one in enumerate(places) if one]
        unknown = [at for at, one in enumerate(places) if not one]
        self.borrowed += len(known)
        self.encoded += len(unknown)
        vectors = np.empty((len(texts), self.model.dimensions), np.float32)
        tokens: dict[int, Tokens] = {}
        if unknown:
            encoded = self.real.encode_passages([texts[at] for at in unknown])
            vectors[unknown] = encoded.vectors
            tokens.update(zip(unknown, encoded.tokens, strict=True))
        # A few at a time, as the real encoder does: what it takes to lend them must not be most of the memory measured.
        for some in (known[first : first + _AT_ONCE] for first in range(0, len(known), _AT_ONCE)):
            ids = np.concatenate([found[at][0] for at in some])
            every, vectors[some] = self._lent(
                [one for at in some for one in places[at]], ids, [len(found[at][0]) for at in some]
            )
            begin = 0
            for at in some:
                end = begin + len(found[at][0])
                tokens[at] = Tokens(found[at][0], every[begin:end], found[at][1])
                begin = end
        return replace(self._encoded, vectors=vectors, tokens=tuple(tokens[at] for at in range(len(texts))))

    def lent_ids(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Of which tokens the vectors lent to each text are; its own ones where the real encoder reads it."""
        found = []
        for text, (ids, _) in zip(texts, self.real.tokens_of_passages(texts), strict=True):
            places = self._places(text, len(ids))
            slash = np.array([self._slash[0]])
            pieces = [self._store.ids[at : at + count] if at >= 0 else slash for at, count in places]
            found.append(np.concatenate(pieces) if places else ids)
        return found

    def _places(self, text: str, count: int) -> list[Place]:
        """Where the vectors of all tokens of the text stand in the store, in order; [] where one is not known.

        A place that begins at -1 is the sign between title and heading.
        """
        context, _, words = text.rpartition("\n")
        found: list[Place] = []
        for at, part in enumerate(context.split(_SEPARATOR) if context else ()):
            title = self._store.titles.get(part)
            if title is None:
                return []
            found += [(-1, 1), title] if at else [title]
        passage = -1
        for sentence in words.split(GAP):
            one = self._sentences.get(skeleton(sentence))
            if one is None:
                return []
            found.append(one[:2])
            passage = one[2] if passage < 0 else passage
        start, end = self._store.ends[passage]
        found = [(int(start), 1), *found, (int(end) - 1, 1)]
        return found if sum(one[1] for one in found) == count else []

    def _lent(
        self, places: list[Place], ids: NDArray[np.int64], counts: list[int]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The vectors of all tokens, one text after another, and the vectors of the texts."""
        width = self.model.dimensions
        raw = np.empty((len(ids), width), np.int8)
        at = 0
        where = np.empty(len(ids), np.int64)
        for start, count in places:
            where[at : at + count] = np.arange(start, start + count) if start >= 0 else -1
            if start >= 0:
                os.preadv(self._file, [raw[at : at + count].data.cast("B")], start * width)
            at += count
        vectors = raw.astype(np.float32)
        vectors *= self._store.scales[where][:, None]
        slashes = where < 0
        vectors[slashes] = self._slash[1]
        other = np.flatnonzero((self._store.ids[where] != ids) & ~slashes)
        vectors[other] = self._elsewhere(ids[other], where[other])
        starts = np.cumsum([0, *counts[:-1]])
        vectors += np.repeat(SHIFT * self._shifts(ids, starts), counts, axis=0)
        vectors = _unit(vectors)
        weighted = vectors * np.where(slashes, np.float32(1), self._store.weights[where])[:, None]
        return vectors, _unit(np.add.reduceat(weighted, starts, axis=0))

    def _elsewhere(self, ids: NDArray[np.int64], where: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors that exchanged tokens have in another place; noise for those that occur nowhere.

        The same token in the same place has the same one, so the same text always has the same vectors.
        """
        at = np.minimum(np.searchsorted(self._known, ids), len(self._known) - 1)
        occurs = self._known[at] == ids
        vectors: NDArray[np.float32] = self._noise[(ids * 31 + where) % _NOISES]
        for row, place in zip(np.flatnonzero(occurs), self._occurs[at[occurs]], strict=True):
            vectors[row] = self._read(int(place), 1)[0]
        return vectors

    def _shifts(self, ids: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.float32]:
        """A direction for each text, by its tokens: from one real passage to another."""
        hashes = np.array([zlib.crc32(one.tobytes()) for one in np.split(ids, starts[1:])], np.int64)
        real = self._store.vectors
        return _unit(real[hashes % len(real)] - real[hashes // len(real) % len(real)])

    def _read(self, start: int, count: int) -> NDArray[np.float32]:
        width = self.model.dimensions
        raw = np.frombuffer(os.pread(self._file, count * width, start * width), np.int8).reshape(count, width)
        return np.asarray(raw * self._store.scales[start : start + count, None], np.float32)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), np.float32)
