"""The verb ``why_not``: why a passage is not among the hits, and the smallest change that would make it a hit."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nrqa.answering.opened import opened
from nrqa.answering.ranking import Question, prepared, rank_rows
from nrqa.auditing.whynot.changes import Asked, answers, more_hits, one_word_more, only_there, rank_in
from nrqa.auditing.whynot.exact_ranks import exact_ranks, least_k, score_all
from nrqa.auditing.whynot.locating import Located, locate
from nrqa.auditing.whynot.results import Change, Outcome, WhyNot
from nrqa.given import conditions_of, globs_of
from nrqa.index.snapshot import Snapshot
from nrqa.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.encoder.protocol import Encoder
    from nrqa.index.rows import Stored
    from nrqa.index.snapshot import Where
    from nrqa.records import Answer


def why_not(
    question: str,
    document: str,
    index: str | os.PathLike[str] | Index = DEFAULT_INDEX,
    *,
    k: int = 5,
    where: Where | None = None,
    only: Sequence[str] | None = None,
    encoder: Encoder | None = None,
    announce: Callable[[str], None] | None = None,
) -> WhyNot:
    """What happened to a passage in the search for a question; ``where`` and ``only`` are those of ``ask``.

    ``document`` is FILE (which means its best passage), FILE:LINE, FILE:FIRST-LAST or FILE:"some of its words".
    Raises what ``ask`` raises.
    """
    asked_of = opened(index, encoder=encoder, announce=announce, one_shot=True)
    snapshot = asked_of.snapshot
    where, only = conditions_of(where), globs_of(only)
    located = locate(document, snapshot, asked_of.folder)
    start = WhyNot(
        question=question,
        wanted=document,
        document=located.document,
        outcome=located.outcome,
        k=k,
        generation=snapshot.manifest.generation,
        detail=located.detail,
        passages=len(located.passages),
        stale=located.stale,
    )
    if not located.passages:
        update = Change("index", "nrqa index")
        return replace(start, changes=(update,) if located.outcome in ("added", "changed") else ())
    kept, out = _filters(snapshot, located.passages[0], where, only)
    # Where no document passes all filters there is no answer: then it is that without the filters named in ``out``.
    asking = (where, only) if snapshot.filtered(where, only).document_count else kept
    answer = asked_of.ask(question, k=k, where=asking[0], only=asking[1])
    (encoded,) = prepared(snapshot, [answer.question], asked_of.encode)
    stored = _best(snapshot, encoded, located)
    asked = Asked(asked_of, answer.question, k, *kept)
    return _explained(start, asked, encoded, stored, answer, out)


def _best(snapshot: Snapshot, question: Question, located: Located) -> Stored:
    import numpy as np

    rows = np.array(sorted(one.row for one in located.passages), np.int64)
    best = int(rank_rows(snapshot, question, rows).rows[0])
    return next(one for one in located.passages if one.row == best)


def _filters(
    snapshot: Snapshot, stored: Stored, where: Where, only: Sequence[str]
) -> tuple[tuple[Where, Sequence[str]], tuple[str, ...]]:
    """The filters that the document passes, and those that it does not, as they are written on the command line."""
    passed = {}
    out = []
    for key, values in where.items():
        documents = snapshot.filtered({key: values}, None).documents
        if documents is not None and stored.document not in documents:
            out += [
                f"--where {shlex.quote(f'{key}={value}')}"
                for value in ([values] if isinstance(values, str) else values)
            ]
        else:
            passed[key] = values
    documents = snapshot.filtered(None, only).documents
    if documents is not None and stored.document not in documents:
        return (passed, ()), (*out, *(f"--only {shlex.quote(glob)}" for glob in only))
    return (passed, only), tuple(out)


def _explained(
    start: WhyNot, asked: Asked, question: Question, stored: Stored, answer: Answer, out: tuple[str, ...]
) -> WhyNot:
    snapshot = asked.index.snapshot
    within = snapshot.filtered(asked.where, asked.only)
    scored = score_all(snapshot, question, stored.row, within, asked.k)
    stands, copy_of = exact_ranks(snapshot, question, stored, scored, within, asked.k)
    unfiltered = asked.again() if out else answer
    rank = rank_in(unfiltered, stored)
    changes: list[Change] = []
    tried = 0
    if out and rank is not None:
        changes.append(Change("without", " ".join(out), rank, unfiltered.verdict))
    # Where the verdict is that nothing answers, it is not enough to be among the nearest.
    silent = not answers(unfiltered.verdict)
    if copy_of is None and (rank is None or silent):
        more = [] if silent else list(more_hits(asked, stored, least_k(scored, stored.row)))
        words, tried = one_word_more(asked, stored, snapshot, must_answer=silent)
        # For a passage that was no candidate, a long list of hits is a larger change than one more word.
        changes += [*more, *words] if stands.place is not None else [*words, *more]
    if copy_of is not None or rank is None:
        changes += only_there(asked, stored, must_answer=silent)
    return replace(
        start,
        outcome=_outcome(stands.place, rank, answer, out, copied=copy_of is not None),
        passage=stored.passage,
        filters=out,
        rank=None if out else rank,
        copy_of=copy_of,
        standing=stands,
        verdict=answer.verdict,
        confidence=answer.confidence,
        changes=tuple(changes),
        tried=tried,
    )


def _outcome(place: int | None, rank: int | None, answer: Answer, out: tuple[str, ...], *, copied: bool) -> Outcome:
    if out:
        return "filtered"
    if copied:
        return "copy"
    if rank is not None:
        return "hit" if answers(answer.verdict) else "unanswered"
    return "outside" if place is None else "behind"
