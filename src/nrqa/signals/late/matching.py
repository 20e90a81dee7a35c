"""How a question's tokens match those of passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrqa.signals.late.coding import Codebook, Coded, ids_of
from nrqa.signals.matrix_products import product

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.encoder.protocol import Table

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]
    Codes = NDArray[np.uint8]

OTHER = 0.5
"""What a match of a number or identifier counts in a passage that does not have it."""
OUTSIDE_SENTENCE_DISCOUNT = 0.15
"""A match outside the sentence counts this much less. With values from .1 to .2 nothing changes by more than .002."""
FAR_DISCOUNT = 0.3
"""How much less a match far from the best sentence counts as evidence; with .15 to 1 the verdict is as good."""
MOST_SENTENCES = 255


@dataclass(frozen=True, slots=True)
class Tables:
    """Look-up tables: the products of each question token (the last axis) with all that a code may mean (all float32).

    ``offset`` (tokens,), ``by_type`` (embedding's width, tokens), ``by_passage`` (dimensions, tokens), ``pieces``
    (pieces, 256, tokens). ``table`` holds the encoder's input embeddings, ``id_bytes`` is as in ``Codebook``, ``types``
    keeps what types were found to predict. ``unknown`` is the id of the token for letters that the encoder does not
    have: it matches nothing.
    """

    offset: Scores
    by_type: Scores
    by_passage: Scores
    pieces: Scores
    table: Table | None
    id_bytes: int
    types: Types
    unknown: int = -1


class Types:
    """What the types (entries of the vocabulary) of a question's passages predict for each of its tokens.

    Kept, since the same passages are scored again to find their best sentences; only for types that were met, since a
    vocabulary may have a quarter of a million.
    """

    def __init__(self, vocabulary: int, tokens: int) -> None:
        import numpy as np

        self._places = np.zeros(vocabulary, np.int32)
        """Where a type stands in ``_known``; 0: it was not met."""
        self._known = np.zeros((1, tokens), np.float32)

    def of(self, tables: Tables, ids: Rows) -> Scores:
        """What the types of tokens predict: shape (``ids``, question tokens)."""
        import numpy as np

        assert tables.table is not None
        new = ids[self._places[ids] == 0]
        if len(new):
            flags = np.zeros(len(self._places), bool)
            flags[new] = True
            types = np.flatnonzero(flags)
            self._places[types] = np.arange(len(self._known), len(self._known) + len(types))
            self._known = np.concatenate([self._known, product(tables.table[types], tables.by_type)])
        return self._known[self._places[ids]]


@dataclass(frozen=True, slots=True)
class Exact:
    """What a question names exactly (numbers, dates, identifiers, codes), and which passages have it.

    ``tokens`` (things, question tokens) says which tokens belong to each thing, ``present`` (things, passages) which
    passages hold it, ``named`` (things, passages) which have it as their title, heading or file name. ``whole``
    (passages,) are those whose title, heading or file name is the whole question.
    """

    tokens: NDArray[np.bool_]
    present: NDArray[np.bool_]
    named: NDArray[np.bool_]
    whole: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lent:
    """What documents lend to their passages, both of shape (passages, question tokens).

    ``counts`` is what a token counts at least, ``lacking`` says where a token's word, one that tells documents apart,
    stands nowhere in the document.
    """

    counts: Scores
    lacking: NDArray[np.bool_]


def tables(codebook: Codebook, question: Scores, table: Table | None, unknown: int = -1) -> Tables:
    """The look-up tables with which passages are scored for one question.

    ``question`` holds unit vectors, shape (question tokens, width). Called once per question: it takes a millisecond.
    """
    pieces, _, size = codebook.centroids.shape
    types = 0 if table is None else len(table)
    cut = product(codebook.rotation.T, question.T).T.reshape(len(question), pieces, size).transpose(1, 2, 0)
    return Tables(
        question @ codebook.offset,
        product(codebook.by_type, question.T),
        product(codebook.by_passage, question.T),
        codebook.centroids @ cut,
        table,
        codebook.id_bytes,
        Types(types, len(question)),
        unknown,
    )


def similarities(tables: Tables, passage: Coded) -> Scores:
    """The product of each token of a passage with each question token: shape (passage tokens, question tokens)."""
    return _similarities(tables, [passage])


def matches_nearby(tables: Tables, weights: Scores, passage: Coded, lent: float) -> Scores:
    """How well the best sentence of a passage matches each question token, with the sentences beside it.

    A match in the title and headings counts less by ``lent``, one elsewhere in the passage by ``FAR_DISCOUNT``: what
    answers a question has its words together. 0 where the passage has no tokens.
    """
    import numpy as np

    if not len(passage.codes):
        return np.zeros(len(tables.offset), np.float32)
    matches, labels = similarities(tables, passage), passage.codes[:, 0]
    everywhere = matches.max(axis=0)
    sentences = np.array([matches[labels == at].max(axis=0) for at in sorted({*labels.tolist()} - {0})])
    if not len(sentences):
        return np.asarray(everywhere, np.float32)
    best = int((np.maximum(sentences, everywhere - np.float32(OUTSIDE_SENTENCE_DISCOUNT)) @ weights).argmax())
    far = sentences.max(axis=0) - np.float32(FAR_DISCOUNT)
    nearby = np.maximum(sentences[max(0, best - 1) : best + 2].max(axis=0), far)
    context = matches[labels == 0].max(axis=0, initial=-np.inf) - np.float32(lent)
    return np.asarray(np.maximum(nearby, context), np.float32)


def score(tables: Tables, weights: Scores, passages: Sequence[Coded], exact: Exact | None = None) -> Scores:
    """How well the best sentence of each passage matches; 0 for a passage without tokens.

    The score is the weighted mean, over the question's tokens, of the best product with a token of that sentence. A
    better match in the rest of the passage, its title or headings counts for the sentence, too, but at a discount:
    nDCG@10 is .005 higher on squad_v1_dev and .003 on nq_oracle than if all tokens count alike. What is ``exact`` in
    the question is met where it stands, and other matches count less: to an encoder, one number is like another.
    """
    return scores(tables, weights, passages, exact)[0]


def scores(
    tables: Tables,
    weights: Scores,
    passages: Sequence[Coded],
    exact: Exact | None = None,
    lent: Lent | None = None,
) -> tuple[Scores, Scores]:
    """The scores of passages as ``score`` gives them, and what they are with what their documents lend them."""
    import numpy as np

    alone = np.zeros(len(passages), np.float32)
    filled = [at for at, one in enumerate(passages) if len(one.codes)]
    if not filled:
        return alone, alone
    matches = _similarities(tables, [passages[at] for at in filled])
    sentences = np.concatenate([passages[at].codes[:, 0] for at in filled])
    starts = np.cumsum([0, *(len(passages[at].codes) for at in filled[:-1])])
    held: NDArray[np.bool_] | None = None
    if exact is not None:
        facts = (exact.present, exact.named, ~exact.present)
        held, named, lacking = (_of_tokens(exact.tokens, one[:, filled]) for one in facts)
        lengths = [len(passages[at].codes) for at in filled]
        matches[np.repeat(lacking, lengths, axis=0)] *= np.float32(OTHER)
        matches[np.repeat(named, lengths, axis=0)] = 1
    everywhere = np.maximum.reduceat(matches, starts, axis=0)
    if held is not None:
        everywhere = np.where(held, np.float32(1), everywhere)
    # A run is the tokens of one sentence, or those before the first sentence and after the last.
    begins = np.flatnonzero(np.diff(sentences, prepend=sentences[:1]))
    runs = np.array(sorted({*starts.tolist(), *begins.tolist()}), np.int64)
    passage_of = np.searchsorted(starts, runs, side="right") - 1
    own = np.maximum(
        np.maximum.reduceat(matches, runs, axis=0),
        everywhere[passage_of] - np.float32(OUTSIDE_SENTENCE_DISCOUNT),
    )

    def best(of_runs: Scores, of_passages: Scores) -> Scores:
        values = of_runs @ weights
        values[sentences[runs] == 0] = -np.inf
        highest = np.maximum.reduceat(values, np.searchsorted(runs, starts))
        found = np.zeros(len(passages), np.float32)
        found[filled] = np.where(np.isfinite(highest), highest, of_passages @ weights)
        if exact is not None:
            found[exact.whole] = 1
        return found

    alone = best(own, everywhere)
    if lent is None:
        return alone, alone
    # A name is met or not, like a number: something like it counts for little where the document lacks it.
    share = np.where(lent.lacking[filled], np.float32(OTHER), np.float32(1))
    counts = lent.counts[filled]
    own, everywhere = own * share[passage_of], everywhere * share
    return alone, best(np.maximum(own, counts[passage_of]), np.maximum(everywhere, counts))


def _of_tokens(tokens: NDArray[np.bool_], passages: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For each passage, which tokens belong to a thing that the passage has: shape (passages, tokens)."""
    import numpy as np

    return np.asarray((passages.T[:, :, None] & tokens[None, :, :]).any(axis=1), np.bool_)


def sentence_scores(tables: Tables, weights: Scores, passage: Coded, count: int, lent: Scores | None = None) -> Scores:
    """How well each of the ``count`` sentences of a passage matches, on the scale of ``score``.

    ``lent`` (question tokens,) is what each token counts at least (see ``scores``).

    A sentence depends on what comes before it: matches in the title, the headings and earlier sentences count for it,
    too, at a discount that grows with the distance.
    """
    import numpy as np

    matches, labels = similarities(tables, passage), passage.codes[:, 0]
    nothing = np.zeros(len(weights), np.float32)
    own = [matches[labels == at].max(axis=0, initial=0) for at in range(count + 1)]
    context = own[0] - np.float32(OUTSIDE_SENTENCE_DISCOUNT) if (labels == 0).any() else nothing
    if lent is not None:
        context = np.maximum(context, lent)
    values, before = [], nothing
    for sentence in own[1:]:
        before = np.maximum(np.maximum(sentence, context), before - np.float32(OUTSIDE_SENTENCE_DISCOUNT))
        values.append(float(before @ weights))
    return np.array(values, np.float32)


def _similarities(tables: Tables, passages: Sequence[Coded]) -> Scores:
    """The ``similarities`` of several passages, one after another."""
    import numpy as np

    codes = np.concatenate([one.codes for one in passages])
    of_passages = product(np.stack([one.vector for one in passages]), tables.by_passage) + tables.offset
    total = np.repeat(of_passages, [len(one.codes) for one in passages], axis=0)
    ids = ids_of(codes, tables.id_bytes) if len(tables.by_type) else None
    if ids is not None:
        total += tables.types.of(tables, ids)
    picked = np.empty_like(total)
    columns = np.ascontiguousarray(codes[:, 1 + tables.id_bytes :].T)
    for table, column in zip(tables.pieces, columns, strict=True):
        # With the same buffer, and no bounds check, since a byte cannot exceed them: half the time of table[column].
        np.take(table, column, axis=0, out=picked, mode="clip")
        total += picked
    if ids is not None and tables.unknown >= 0:
        total[ids == tables.unknown] = 0
    return total
