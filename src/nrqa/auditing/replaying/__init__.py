"""The verb ``replay``: asks the question of a receipt again, and explains each change by facts.

An answer is *identical* where it has the same passages at the same places of the same files in the same order, the same
verdict, and scores that differ by no more than between machines. It is the *same answer* where only places within a
document, scores, or the order after the first hit differ, or where still nothing answers and only the nearest misses
differ. Otherwise it has *changed*.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.answering.opened import opened
from nrqa.auditing.receipts.files import read_receipt, write_new
from nrqa.auditing.receipts.making import documents_of, passage_hash, receipt_of
from nrqa.auditing.receipts.model import Receipt
from nrqa.auditing.replaying.comparing import compare, corpus_change
from nrqa.auditing.replaying.results import CorpusChange, Replay
from nrqa.errors import QuestionError, ReceiptError
from nrqa.given import given_path
from nrqa.index.snapshot import Snapshot
from nrqa.records import Answer
from nrqa.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.encoder.protocol import Encoder
    from nrqa.index.snapshot import Where

_DEEP = 50
"""Ranks that are searched for a passage that is no hit any more: as many as each signal has candidates."""


def replay(
    receipt: str | os.PathLike[str] | Receipt,
    index: str | os.PathLike[str] | Index = DEFAULT_INDEX,
    *,
    encoder: Encoder | None = None,
    announce: Callable[[str], None] | None = None,
    rerank: str | None = None,
) -> Replay:
    """Ask the question of the receipt (its file, or the receipt itself) again, of any index, and compare the answers.

    A receipt may be somebody else's, so the cross-encoder that it names is not loaded: ``rerank`` names one.

    Raises ReceiptError where the file is no receipt or was altered, IndexMissingError, and what ``ask`` raises.
    """
    before = receipt if isinstance(receipt, Receipt) else read_receipt(given_path(receipt, "receipt", ReceiptError))
    asked = opened(index, encoder=encoder, announce=announce, one_shot=True)
    return ask_again(asked, [before], rerank=rerank)[0]


def keep(asked: Index, answer: Answer, file: Path, *, k: int) -> Receipt:
    """Write to a new file the receipt of an answer that this index gave."""
    receipt = receipt_of(answer, asked.snapshot_at(answer.generation), k=k)
    write_new(receipt, file)
    return receipt


def ask_again(asked: Index, receipts: Sequence[Receipt], *, rerank: str | None = None) -> list[Replay]:
    """Compare each receipt with the present answer; questions with the same filters are asked in one batch."""
    answers = _answers(asked, receipts, lambda one: one.k, rerank)
    lost = [at for at, answer in enumerate(answers) if isinstance(answer, Answer) and _lost(receipts[at], answer)]
    deeper_answers = _answers(asked, [receipts[at] for at in lost], lambda one: max(one.k, _DEEP), rerank)
    deep = dict(zip(lost, deeper_answers, strict=True))
    generations: dict[int, tuple[Snapshot, Mapping[str, str]]] = {}
    changes: dict[tuple[str, str], CorpusChange | None] = {}
    replays = []
    for at, (before, answer) in enumerate(zip(receipts, answers, strict=True)):
        if not isinstance(answer, Answer):
            replays.append(Replay(before, None, "changed", refused=answer))
            continue
        if answer.generation not in generations:
            snapshot = asked.snapshot_at(answer.generation)
            generations[answer.generation] = snapshot, documents_of(snapshot)
        snapshot, documents = generations[answer.generation]
        now = receipt_of(answer, snapshot, k=before.k, documents=documents, texts=True)
        roots = before.corpus_root, now.corpus_root
        if roots not in changes or changes[roots] is None:
            changes[roots] = corpus_change(before, now)
        deeper = deep.get(at)
        ranks = {}
        if isinstance(deeper, Answer):
            ranks = {passage_hash(hit.passage.text): hit.rank for hit in deeper.hits}
        replays.append(compare(before, now, snapshot, changes[roots], ranks))
    return replays


def ask_first(asked: Index, question: str, *, k: int, where: Where | None, only: Sequence[str] | None) -> Receipt:
    """Ask the question now, and return the receipt of the answer, with the texts of its passages."""
    answer = asked.ask(question, k=k, where=where, only=only)
    return receipt_of(answer, asked.snapshot_at(answer.generation), k=k, texts=True)


def _answers(
    asked: Index, receipts: Sequence[Receipt], depth: Callable[[Receipt], int], rerank: str | None
) -> list[Answer | str]:
    """For each receipt the answer, or why there is none any more (say, no document has the metadata of a filter)."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for at, one in enumerate(receipts):
        where = tuple(sorted((key, tuple(values)) for key, values in one.where.items()))
        alike.setdefault((depth(one), where, one.only), []).append(at)
    answers: list[Answer | str] = [""] * len(receipts)
    for (k, where, only), places in alike.items():
        questions = [receipts[at].question for at in places]
        for at, answer in zip(places, _asked(asked, questions, k, dict(where), only, rerank), strict=True):
            answers[at] = answer
    return answers


def _asked(
    asked: Index, questions: Sequence[str], k: int, where: Where, only: Sequence[str], rerank: str | None
) -> Sequence[Answer | str]:
    try:
        return asked.ask_many(questions, k=k, where=where, only=only, rerank=rerank)
    except QuestionError as error:
        if len(questions) == 1:
            return [str(error)]
        return [
            _asked(asked, [one], k, where, only, rerank)[0] for one in questions
        ]  # one of them must not stop the others


def _lost(receipt: Receipt, answer: Answer) -> bool:
    present = {passage_hash(hit.passage.text) for hit in answer.hits}
    return any(hit.passage not in present for hit in receipt.hits)
