"""A corpus of any size whose passages are real sentences in new combinations, with names and numbers swapped.

README.md ("Corpora of any size") says how, and how near to real text it comes.
"""

import random
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.shared.names import Names
from benchmarks.shared.real_sentences import GAP, SWAPPED, Planted, Sentence, Store

NEIGHBOURS = 24
"""Real passages on one subject, of which a document is made."""
SWAP = 0.7
"""Share of names and numbers of a passage that are swapped."""
_A_SECTION = 6
"""Passages under a heading."""
_LEAST, _MOST = 50, 165
"""Tokens of a passage: what the product neither joins with the next nor cuts in two."""
_FOLDER = 500
"""Documents in a folder."""
SHELVES, SECTIONS = 100, ("A", "A", "A", "B", "B", "B", "C", "C", "C", "C")
"""What filters ask for: one document in a hundred is on each shelf, three in ten are in section A."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What passages are made of: for each real passage, its sentences and the passages most like it."""

    store: Store
    sentences: tuple[tuple[Sentence, ...], ...]
    near: NDArray[np.int64]
    lengths: tuple[int, ...]
    """Tokens of real passages, within what a passage may have."""
    names: Names


def sources_of(store: Store, names: Names) -> Sources:
    by_passage: list[list[Sentence]] = [[] for _ in store.ends]
    for one in store.sentences:
        by_passage[one.passage].append(one)
    usable = np.array([bool(one) for one in by_passage])
    near = np.empty((len(by_passage), NEIGHBOURS), np.int64)
    for first in range(0, len(by_passage), 1024):
        cosines = store.vectors[first : first + 1024] @ store.vectors.T
        cosines[:, ~usable] = -1.0
        near[first : first + 1024] = np.argsort(-cosines, axis=1)[:, :NEIGHBOURS]
    lengths = (int(end - start) for start, end in store.ends)
    kept = tuple(one for one in lengths if _LEAST <= one <= _MOST)
    return Sources(store, tuple(map(tuple, by_passage)), near, kept, names)


def write_corpus(
    folder: Path, sources: Sources, passages: int, planted: Sequence[Planted], *, a_document: tuple[int, int], seed: int
) -> int:
    """About so many passages in documents of that many each, and the planted ones; returns how many documents.

    A document's words depend on the seed and on its number only: a larger corpus begins like a smaller one.
    """
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "planted").mkdir(parents=True)
    for one in planted:
        (unfinished / "planted" / f"{one.name}.txt").write_text(f"Title: {one.title}\n\n{one.text}\n", "utf-8")
    left, number = passages - len(planted), 0
    while left > 0:
        count = min(left, _dice(seed, number, "size").randint(*a_document))
        write_document(unfinished, sources, number, count, seed)
        left, number = left - count, number + 1
    unfinished.rename(folder)
    return number + len(planted)


def write_document(folder: Path, sources: Sources, number: int, passages: int, seed: int) -> Path:
    """Document of that number, written into the folder of the corpus: a text file, or a Markdown file every other time.

    A document written again with another seed has other words.
    """
    dice = _dice(seed, number, "document")
    lines = list(_document(sources, dice, passages, markdown=bool(number % 2)))
    file = file_of(folder, number)
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n\n".join(lines) + "\n", "utf-8")
    return file


def file_of(folder: Path, number: int) -> Path:
    """Where the document of that number stands; its shelf and section are told by the number."""
    return folder / f"{number // _FOLDER:04}" / f"d{number:07}{'.md' if number % 2 else '.txt'}"


def _dice(seed: int, number: int, what: str) -> random.Random:
    return random.Random(f"{seed} {number} {what}")  # noqa: S311 - the same corpus every time


def _document(sources: Sources, dice: random.Random, passages: int, *, markdown: bool) -> Iterator[str]:
    about = dice.randrange(len(sources.near))
    subject = [int(one) for one in sources.near[about]]
    titles = list(dict.fromkeys(sources.store.titles_of[one] for one in subject))
    shelf, section = dice.randrange(SHELVES), dice.choice(SECTIONS)
    header = f"title: {titles[0]!r}\nshelf: s{shelf:02}\nsection: {section}" if markdown else ""
    plain = f"Title: {titles[0]}\nShelf: s{shelf:02}\nSection: {section}"
    yield f"---\n{_yaml(titles[0], header)}\n---" if markdown else plain
    for at in range(passages):
        if passages > _A_SECTION and at % _A_SECTION == 0:
            heading = dice.choice(titles)
            yield f"## {heading}" if markdown else f"== {heading} =="
        yield passage(sources, dice, subject)


def _yaml(title: str, header: str) -> str:
    quoted = '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"title: {quoted}\n" + header.partition("\n")[2]


def passage(sources: Sources, dice: random.Random, subject: Sequence[int]) -> str:
    """Runs of sentences of some real passages on a subject, until there are as many tokens as a real one has."""
    room = dice.choice(sources.lengths)
    picked: list[Sentence] = []
    for real in dice.sample(subject, len(subject)):
        sentences = sources.sentences[real]
        begin = dice.randrange(len(sentences))
        share = room // 2 + 1
        for one in sentences[begin:]:
            if one.count > room or one.count > share + 20:
                break
            picked.append(one)
            room, share = room - one.count, share - one.count
            if share <= 0:
                break
        if room < 12:
            break
    return GAP.join(_swapped([one.text for one in picked], sources.names, dice))


def _swapped(sentences: Iterable[str], names: Names, dice: random.Random) -> Iterator[str]:
    """The sentences with some names and numbers exchanged, the same ones by the same ones all through."""
    chosen: dict[str, str] = {}
    for sentence in sentences:
        pieces, last = [], 0
        for match in SWAPPED.finditer(sentence):
            word = match[0]
            if word not in chosen:
                chosen[word] = names.other(word, dice) if dice.random() < SWAP else word
            pieces += [sentence[last : match.start()], chosen[word]]
            last = match.end()
        yield "".join([*pieces, sentence[last:]])
