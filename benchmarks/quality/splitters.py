"""The usual ways to cut a document into passages, and the usual ways to rank them: what articles.py compares with."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.columns import DEPTH, orders
from nrqa.encoder.converted.files import TOKENIZER, converted_folder
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation.measures import Stretch
from nrqa.index.encoder_input import encoder_input
from nrqa.signals import dense
from nrqa.signals.lexical import Entry, Lexical, best_possible, write
from nrqa.signals.vectors import Vectors
from nrqa.signals.vectors import write as write_vectors
from nrqa.text.terms import question_terms

Spans = list[tuple[int, int]]
Split = Callable[[str], Spans]
SEPARATORS = ("\n\n", "\n", " ", "")


def windows(tokenizer: Any, size: int) -> Split:
    """Fixed windows of so many of the encoder's tokens, one after another."""

    def split(text: str) -> Spans:
        offsets = tokenizer.encode(text, add_special_tokens=False).offsets
        cut = [offsets[first : first + size] for first in range(0, len(offsets), size)]
        return [(one[0][0], one[-1][1]) for one in cut]

    return split


def recursive(size: int = 1000, overlap: int = 200) -> Split:
    """LangChain's RecursiveCharacterTextSplitter with its default separators, which stay with what follows them."""

    def split(text: str) -> Spans:
        found = _recursive(text, (0, len(text)), SEPARATORS, size, overlap)
        return [one for one in (_stripped(text, *span) for span in found) if one[0] < one[1]]

    return split


def _recursive(text: str, whole: tuple[int, int], separators: Sequence[str], size: int, overlap: int) -> Spans:
    at = next(n for n, one in enumerate(separators) if not one or text.find(one, *whole) >= 0)
    rest = separators[at + 1 :]
    found: Spans = []
    small: Spans = []
    for piece in _pieces(text, *whole, separators[at]):
        if piece[1] - piece[0] < size:
            small.append(piece)
            continue
        found += _merged(small, size, overlap)
        small = []
        found += _recursive(text, piece, rest, size, overlap) if rest else [piece]
    return found + _merged(small, size, overlap)


def _pieces(text: str, start: int, end: int, separator: str) -> Spans:
    if not separator:
        return [(at, at + 1) for at in range(start, end)]
    cuts = [start]
    at = text.find(separator, start, end)
    while at >= 0:
        cuts.append(at)
        at = text.find(separator, at + len(separator), end)
    return [(one, two) for one, two in zip(cuts, [*cuts[1:], end], strict=True) if one < two]


def _merged(pieces: Spans, size: int, overlap: int) -> Spans:
    """Pieces that follow one another, put together up to the size; the last ones are repeated, up to the overlap."""
    found: Spans = []
    current: Spans = []
    for piece in pieces:
        if current and piece[1] - current[0][0] > size:
            found.append((current[0][0], current[-1][1]))
            while current and (current[-1][1] - current[0][0] > overlap or piece[1] - current[0][0] > size):
                current.pop(0)
        current.append(piece)
    return [*found, (current[0][0], current[-1][1])] if current else found


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def splitters(encoder: Encoder) -> dict[str, Split]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(converted_folder(encoder.model.fingerprint) / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return {
        "windows of 200 tokens": windows(tokenizer, 200),
        "windows of 400 tokens": windows(tokenizer, 400),
        "recursive, 1000 characters": recursive(),
    }


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages of one splitter; the row of a passage is its place in ``stretches``."""

    stretches: list[Stretch]
    vectors: Vectors
    lexical: Lexical

    def ranked(self, text: str, vector: NDArray[np.float32]) -> dict[str, list[Stretch]]:
        """What each of the baselines finds, best first."""
        terms = question_terms(text)
        near, _ = dense.search([self.vectors], vector, DEPTH)
        words, _ = self.lexical.search(terms, DEPTH)
        rows = np.union1d(near, words)
        cosines = dense.score([self.vectors], vector, rows)
        found = orders(rows, cosines, self.lexical.score(terms, rows), best_possible(self.lexical.weights(terms)))
        return {name: [self.stretches[row] for row in one.tolist()] for name, one in found.items()}


def passages(documents: Sequence[tuple[str, str, str]], split: Split, encoder: Encoder) -> Passages:
    """The documents (id, title, text) cut, encoded and indexed.

    Encoder and BM25 read the title before each passage, as they do in nrqa, so that cuts are compared and not titles.
    """
    stretches: list[Stretch] = []
    entries: list[Entry] = []
    for number, (name, title, text) in enumerate(documents):
        for start, end in split(text):
            entries.append(Entry(len(entries), number, text[start:end], title))
            stretches.append(Stretch(name, start, end))
    encoded = encoder.encode_passages([encoder_input(one.context, one.text, markup=False) for one in entries]).vectors
    rows, width = np.arange(len(entries)), encoded.shape[1]
    with tempfile.TemporaryDirectory() as folder:
        write_vectors(Path(folder) / "vectors", rows, width, lambda: iter([encoded]))
        # What is opened stays mapped when the folder is gone.
        vectors = Vectors.opened(Path(folder) / "vectors", rows, width)
        return Passages(stretches, vectors, _indexed(Path(folder) / "lexical", entries))


def _indexed(folder: Path, entries: Sequence[Entry]) -> Lexical:
    folder.mkdir()
    write(folder, entries)
    return Lexical(folder)


def mean_length(stretches: Sequence[Stretch]) -> float:
    return sum(one.end - one.start for one in stretches) / len(stretches)


def every(texts: Sequence[str], encoder: Encoder, found: Passages) -> Iterator[dict[str, list[Stretch]]]:
    """Every question asked of the passages."""
    for text, vector in zip(texts, encoder.encode_questions(list(texts)).vectors, strict=True):
        yield found.ranked(text, vector)
