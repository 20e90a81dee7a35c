"""The verb ``ask``: a question in, ranked and cited passages with a verdict out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from nrqa import given
from nrqa.answering.evidence import COMPARED, evidence, weights_for
from nrqa.answering.grouping import Group, group
from nrqa.answering.highlighting import by_tokens, by_words
from nrqa.answering.missing_words import mostly_nowhere, words_nowhere
from nrqa.answering.ranking import READ, Question, Ranked, as_encoded, begin_lexical, rank, terms_of
from nrqa.answering.ranking import questions as questions_of
from nrqa.answering.verdict import (
    ABSENT,
    ANSWERED,
    UNSURE,
    capped,
    confidence,
    logit,
    verdict,
)
from nrqa.encoder.opening import open_for_asking
from nrqa.errors import IndexIncompatibleError, QuestionError
from nrqa.given import given_path, shown
from nrqa.index import CALIBRATION
from nrqa.index.freshness import changed_since
from nrqa.index.manifest import Manifest
from nrqa.index.opening import folder_at, generations_at
from nrqa.index.snapshot import OPENING, Filtered, Snapshot, Where
from nrqa.records import Answer, First, Hit, Near, Reranked, Searched, Skipped, Span
from nrqa.settings import DEFAULT_INDEX
from nrqa.text.questions import plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.answering.calibration import Calibration
    from nrqa.encoder.cross_encoder import CrossEncoder
    from nrqa.encoder.protocol import Encoded, Encoder

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

Announce = Callable[[str], None]
_Identity = Hashable | None

_DEEPER = 8
"""How many times as deep the next search goes, where copies of passages took too many places."""
_HOLDS = 20
"""The result of a look at the corpus stays valid for this many times as long as the look took."""
_QUICK = 0.002
"""Seconds. A look at the corpus that takes no longer is repeated for every question."""
_SURE = 1.0
"""Seconds that the result stays valid at most, where the verdict depends on it."""
_NEAREST = 3
"""How many passages after the hits an answer names."""


def ask(
    question: str,
    index: str | os.PathLike[str] = DEFAULT_INDEX,
    *,
    k: int = 5,
    where: Where | None = None,
    only: str | Sequence[str] | None = None,
    explain: bool = False,
    first: First | None = None,
    rerank: str | None = None,
) -> Answer:
    """The ``k`` best passages of the index for the question, with a verdict on them.

    ``where`` keeps documents whose metadata has the value (or one of the values) under each key, or lies within bounds
    (see module conditions); ``only`` keeps documents whose names match a glob. Both filters apply before ranking.
    ``first`` puts newer or older documents first where scores agree to two decimals. ``rerank`` is the name or folder
    of a cross-encoder on this machine, which reads the first hits and changes their order. Programs that ask more than
    once should keep an ``Index`` instead.

    Raises IndexMissingError, IndexDamagedError, EncoderError or QuestionError.
    """
    return _opened(given_path(index, "index").resolve()).ask(
        question, k=k, where=where, only=only, explain=explain, first=first, rerank=rerank
    )


@lru_cache(maxsize=2)
def _opened(folder: Path) -> Index:
    """The index of a folder, kept open: asking again costs milliseconds, and it follows new generations."""
    return Index.open(folder)


class Index:
    """An index opened for asking. It follows new generations by itself and never writes."""

    def __init__(self, folder: Path, encoder: Encoder | None, announce: Announce, *, one_shot: bool) -> None:
        """Use ``open`` instead."""
        self._place = folder
        self._generations = generations_at(folder)
        self._announce = announce
        self._one_shot = one_shot
        # Questions may come from several threads: only the thread that holds this lock replaces snapshot or encoder.
        self._switching = Lock()
        self._opened = self._newest()
        self._given = encoder
        self._encoder: Encoder | None = None
        self._looked: _Looked | None = None

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str] = DEFAULT_INDEX,
        *,
        encoder: Encoder | None = None,
        announce: Announce | None = None,
        one_shot: bool = False,
    ) -> Index:
        """Open the published generation in the folder, or in the file into which one was packed.

        ``encoder`` takes the place of the one the index names. ``one_shot`` is for a process that asks once:
        quicker to open, slower to ask again.
        """
        return cls(given_path(folder, "index"), encoder, announce or (lambda _: None), one_shot=one_shot)

    @property
    def place(self) -> Path:
        """What was opened: the folder of the index, or the file into which it was packed."""
        return self._place

    @property
    def folder(self) -> Path:
        """The folder of the index; of a packed one, that into which it was unpacked; the address of a server's."""
        return folder_at(self._place)

    @property
    def snapshot(self) -> Snapshot:
        """The newest published generation, opened now if it was published since the last call."""
        snapshot, identity = self._opened
        if self._is_newest(identity):
            return snapshot
        with self._switching:
            if not self._is_newest(self._opened[1]):
                self._opened = self._newest()
            return self._opened[0]

    def snapshot_at(self, number: int) -> Snapshot:
        """The generation that gave an answer. A newer one may have been published since; the one before it is kept."""
        newest = self.snapshot
        return newest if newest.manifest.generation == number else self._generations.at(number)

    def open_encoder(self) -> None:
        """Open now what the first question would open: encoder and vectors."""
        self._encoder_of(self.snapshot)

    def share_encoder(self, other: Index) -> None:
        """Use the other's encoder instead of opening another, if both indexes were built with the same."""
        if self.snapshot.manifest.model.fingerprint == other.snapshot.manifest.model.fingerprint:
            self._encoder = other._encoder_of(other.snapshot)

    def ask(
        self,
        question: str,
        *,
        k: int = 5,
        where: Where | None = None,
        only: str | Sequence[str] | None = None,
        explain: bool = False,
        first: First | None = None,
        rerank: str | None = None,
    ) -> Answer:
        """Like ``nrqa.ask`` on this index."""
        return self.ask_many([question], k=k, where=where, only=only, explain=explain, first=first, rerank=rerank)[0]

    def ask_many(
        self,
        questions: Sequence[str],
        *,
        k: int = 5,
        where: Where | None = None,
        only: str | Sequence[str] | None = None,
        explain: bool = False,
        first: First | None = None,
        rerank: str | None = None,
    ) -> list[Answer]:
        """One answer for each question, in order, all from the same generation and one pass of the encoder."""
        k, first, rerank = given.count_of(k), given.first_of(first), given.model_of(rerank, "rerank")
        asked = given.questions_of(questions)
        where, only = given.conditions_of(where), given.globs_of(only)
        with self._generations.asking():
            return self._answers(asked, k, where, only, explain=explain, first=first, rerank=rerank)

    def _answers(
        self,
        asked: list[str],
        k: int,
        where: dict[str, list[str]],
        only: tuple[str, ...],
        *,
        explain: bool,
        first: First | None,
        rerank: str | None,
    ) -> list[Answer]:
        snapshot = self.snapshot
        texts = [plain(question) for question in asked]
        terms = [_terms_of(snapshot, text, question) for text, question in zip(texts, asked, strict=True)]
        within = snapshot.filtered(where, only)
        if (where or only) and not within.document_count:
            from nrqa.answering.empty_filters import nothing_left

            raise nothing_left(snapshot, where, only)
        k = min(k, within.passage_count)
        if not asked:
            return []
        found = [_Found((), 0.0, (), ())] * len(asked)
        taught = self._calibration(snapshot)
        reader = _reader(rerank)
        if within.passage_count:
            # For one question the lexical search runs beside the encoder; for many the encoder has all processors.
            lexical = begin_lexical(snapshot, terms[0], k, within) if len(asked) == 1 else None
            encoder = self._encoder_of(snapshot)
            encoded = questions_of(texts, terms, encoder.encode_questions([*map(as_encoded, texts)]))
            explaining = encoder if explain else None
            found = [
                _find(snapshot, one, within, k, lexical, encoder=explaining, taught=taught, first=first, reader=reader)
                for one in encoded
            ]
        stale = self._stale(snapshot, surely=any(one.confidence < ABSENT for one in found))
        manifest = snapshot.manifest
        searched = Searched(
            within.document_count,
            within.passage_count,
            manifest.unreadable,
            stale,
            manifest.corpus_root,
            where,
            only,
        )
        notices = _notices(taught, manifest)
        return [
            _answer(snapshot, question, one, searched, (*one.notices, *notices))
            for question, one in zip(asked, found, strict=True)
        ]

    def _calibration(self, snapshot: Snapshot) -> Calibration | None:
        """The calibration of this index; None where there is none, or it was made with another encoder."""
        if not (self._generations.beside / CALIBRATION).exists():
            return None
        from nrqa.answering import calibration

        found = calibration.read(self._generations.beside)
        return found if found and found.model == snapshot.manifest.model.fingerprint else None

    def encode(self, questions: Sequence[str]) -> Encoded:
        """The questions as the index's encoder encodes them."""
        return self._encoder_of(self.snapshot).encode_questions(questions)

    def _newest(self) -> tuple[Snapshot, _Identity]:
        """The newest generation, and an identity that tells it from all others."""
        snapshot = self._generations.newest()
        return snapshot, self._generations.identity(snapshot.manifest.generation)

    def _is_newest(self, identity: _Identity) -> bool:
        return identity is not None and self._generations.identity() == identity

    def _encoder_of(self, snapshot: Snapshot) -> Encoder:
        """The encoder that made the snapshot's vectors; another thread may use a snapshot of another model."""
        model = snapshot.manifest.model
        if self._given is not None:
            if self._given.model.fingerprint == model.fingerprint:
                return self._given
            raise IndexIncompatibleError(
                f"The index was built with the encoder {model.name}, not with "
                f"{self._given.model.name}, which was given: their vectors cannot be compared."
            )
        found = self._encoder
        if found is not None and found.model.fingerprint == model.fingerprint:
            return found
        with self._switching:
            found = self._encoder
            if found is None or found.model.fingerprint != model.fingerprint:
                # FAISS takes as long to load as the encoder to open, which mostly lets Python run meanwhile.
                Thread(target=snapshot.open_vectors, daemon=True).start()
                with OPENING:
                    brought = self._generations.encoder
                    found = open_for_asking(model, announce=self._announce, one_shot=self._one_shot, brought=brought)
                self._encoder = found
            return found

    def _stale(self, snapshot: Snapshot, *, surely: bool) -> tuple[Skipped, ...]:
        """The files that have changed in the corpus since it was indexed.

        Looking at a large corpus takes longer than answering the question. So the result of a look stays valid for
        some time, unless looking is quick; where the verdict depends on it (``surely``), for a second at most.
        """
        now = time.monotonic()
        last = self._looked
        if last and last.read_ns == snapshot.manifest.read_ns:
            until = min(last.until, last.ended + _SURE) if surely else last.until
            if now < until:
                return last.stale
        stale = changed_since(snapshot.manifest, snapshot.known, snapshot.beside)
        snapshot.vouch(snapshot.known[one.document].number for one in stale if one.document in snapshot.known)
        ended = time.monotonic()
        took = ended - now
        until = ended + (_HOLDS * took if took > _QUICK else 0)
        self._looked = _Looked(snapshot.manifest.read_ns, stale, ended, until)
        return stale


@dataclass(frozen=True, slots=True)
class _Looked:
    read_ns: int
    """When the compared index was built: ``read_ns`` of its manifest."""
    stale: tuple[Skipped, ...]
    ended: float
    until: float


def _terms_of(snapshot: Snapshot, text: str, question: str) -> list[str]:
    terms = terms_of(snapshot, text)
    if not terms:
        raise QuestionError(f"The question {shown(question)} holds no word or number. Ask with at least one word.")
    return terms


@dataclass(frozen=True, slots=True)
class _Found:
    """What one question found; ``nowhere`` and ``nearest`` as in ``Searched``, ``notices`` as in ``Answer``."""

    hits: tuple[Hit, ...]
    confidence: float
    nowhere: tuple[str, ...]
    nearest: tuple[Near, ...]
    notices: tuple[str, ...] = ()
    reranked: Reranked | None = None


def _find(
    snapshot: Snapshot,
    question: Question,
    within: Filtered,
    k: int,
    lexical: Callable[[], tuple[Rows, Scores]] | None,
    *,
    encoder: Encoder | None,
    taught: Calibration | None,
    first: First | None,
    reader: CrossEncoder | None,
) -> _Found:
    """What one question finds; with an ``encoder``, every hit is explained. ``lexical``: see ``begin_lexical``."""
    depth = k
    while True:
        ranked = rank(snapshot, question, depth, within, lexical=lexical if depth == k else None)
        groups = group(snapshot, ranked.rows.tolist(), max(k + _NEAREST, COMPARED, READ if reader else 0))
        if len(groups) >= k or len(ranked.rows) == within.passage_count:
            break
        depth *= _DEEPER  # copies filled the list
    groups = _dated(snapshot, groups, ranked, first)
    # The verdict is on what the signals found, in their order: it was fitted to that.
    sure = _sure(snapshot, question, ranked, groups, taught)
    nowhere = words_nowhere(snapshot, question.text, within, groups)
    told = [*_unread(question, ranked, nowhere, many=snapshot.manifest.multilingual)]
    by = None
    if reader and groups:
        from nrqa.answering.reranking import rerank

        read = rerank(reader, question.text, groups, ranked)
        groups, ranked, by = _dated(snapshot, read.groups, read.ranked, first), read.ranked, read.by
        told += [read.notice] if read.notice else []
    if encoder:
        from nrqa.answering.explaining import explain
    hits = tuple(
        Hit(
            rank=place,
            score=float(ranked.scores[one.at]),
            signals={name: float(scores[one.at]) for name, scores in ranked.signals.items()},
            passage=one.stored.passage,
            highlights=_highlights(snapshot, question, ranked, one),
            also=one.also,
            explanation=explain(snapshot, encoder, question, ranked, one.at, one.stored) if encoder else None,
            sentences=one.stored.sentences,
        )
        for place, one in enumerate(groups[:k], 1)
    )
    nearest = tuple(Near(one.stored.passage.citation, float(ranked.scores[one.at])) for one in groups[k : k + _NEAREST])
    return _Found(hits, sure, nowhere, nearest, tuple(told), by)


def _dated(snapshot: Snapshot, groups: list[Group], ranked: Ranked, first: First | None) -> list[Group]:
    """The groups, those with the same score by date where that is wanted."""
    if first is None:
        return groups
    from nrqa.answering.date_order import by_date

    return by_date(groups, ranked.scores.tolist(), first, lambda at: snapshot.stored(int(ranked.rows[at])))


def _sure(
    snapshot: Snapshot, question: Question, ranked: Ranked, groups: list[Group], taught: Calibration | None
) -> float:
    """The confidence that the first group answers."""
    if not groups:
        return 0.0
    weights = weights_for(ranked)
    seen = evidence(snapshot, question, ranked, groups)
    sure = capped(taught.applied(logit(seen, weights)), seen) if taught else confidence(seen, weights)
    if sure >= ANSWERED:
        from nrqa.answering.opposites import says_opposite

        return UNSURE if says_opposite(question.text, groups[0].stored.passage.text) else sure
    return sure


def _reader(name: str | None) -> CrossEncoder | None:
    """The cross-encoder of that name; it and PyTorch are loaded only if it is asked for."""
    if name is None:
        return None
    from nrqa.encoder.cross_encoder import open_cross_encoder

    return open_cross_encoder(name)


def _unread(question: Question, ranked: Ranked, nowhere: Sequence[str], *, many: bool) -> Iterator[str]:
    """What the encoder did not read of a question; ``many`` says that it reads many languages."""
    if ranked.tokens is not None and ranked.tokens.alone:
        yield "The encoder does not read most letters of this question. It was judged by its words alone."
    if question.rest:
        yield f"The question is longer than the encoder reads: its last {question.rest:,} words count only as words."
    if not many and mostly_nowhere(question.text, nowhere):
        from nrqa.index.legibility import REMEDY  # few questions are told of it

        yield (
            "Most words of the question occur nowhere. If it is in another language than the documents, ask in theirs, "
            f"or build the index with a multilingual model: {REMEDY}"
        )


def _highlights(snapshot: Snapshot, question: Question, ranked: Ranked, one: Group) -> tuple[Span, ...]:
    stored, tokens = one.stored, ranked.tokens
    if tokens is None or tokens.alone:
        return by_words(stored, ranked.idf)
    lent = ranked.lent_to_tokens(one.at, question)
    return by_tokens(stored, tokens.tables, tokens.weights, snapshot.coded([stored.row])[0], lent)


def _is_complete(searched: Searched) -> bool:
    from nrqa.answering.coverage import is_complete  # only where something was not searched

    return is_complete(searched)


def _notices(taught: Calibration | None, manifest: Manifest) -> tuple[str, ...]:
    if taught is None:
        return ()
    from nrqa.answering.calibration import drifted

    new = drifted(taught, manifest.passages, manifest.next_row)
    if new is None:
        return ()
    changed = f"The confidence was calibrated when the corpus was another: {new:.0%} has changed since."
    return (f"{changed} Calibrate it again: nrqa calibrate",)


def _answer(snapshot: Snapshot, question: str, found: _Found, searched: Searched, notices: tuple[str, ...]) -> Answer:
    complete = not (searched.unreadable or searched.stale) or _is_complete(searched)
    return Answer(
        question=question,
        verdict=verdict(found.confidence, complete=complete),
        confidence=found.confidence,
        generation=snapshot.manifest.generation,
        hits=found.hits,
        searched=replace(searched, nowhere=found.nowhere, nearest=found.nearest),
        notices=notices,
        reranked=found.reranked,
    )
