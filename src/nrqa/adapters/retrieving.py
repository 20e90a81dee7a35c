"""What the retrievers share: the question asked, and each hit as an id, a text, and metadata that JSON can hold.

The id is the document's name and the passage's fingerprint, as a citation has them: it stays the same when the corpus
is indexed again, and when the passage moves within its document. Other words get another id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Literal, get_args
from weakref import WeakValueDictionary

from nrqa import given
from nrqa.answering.asking import Index
from nrqa.citations.line import cite_line, passage_id
from nrqa.errors import NoAnswerError, QuestionError, installing
from nrqa.index.snapshot import Where
from nrqa.records import Answer, First, Hit, citation_to_dict

WhenAbsent = Literal["empty", "return", "raise"]
"""What a retriever does where nothing answers: give nothing, give the nearest passages, or raise NoAnswerError."""

_open: WeakValueDictionary[Path, Index] = WeakValueDictionary()
"""Retrievers of one index share it, for as long as one of them is there."""
_opening = Lock()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A hit, ready to be put into a framework's own record."""

    id: str
    text: str
    score: float
    metadata: dict[str, Any]


class Retrieving:
    """An index with how it is to be asked; it is opened by the first question, and follows new generations."""

    def __init__(
        self,
        index: str,
        *,
        k: int,
        where: Where | None = None,
        only: str | Sequence[str] | None = None,
        first: First | None = None,
        rerank: str | None = None,
        when_absent: WhenAbsent = "empty",
    ) -> None:
        """Raises QuestionError where one of these cannot be meant."""
        if when_absent not in get_args(WhenAbsent):
            raise QuestionError(f'when_absent is {given.shown(when_absent)}; it is "empty", "return" or "raise".')
        self._folder = given.given_path(index, "index")
        self._k = given.count_of(k)
        self._where, self._only = given.conditions_of(where), given.globs_of(only)
        self._first, self._rerank = given.first_of(first), given.model_of(rerank, "rerank")
        self._when_absent = when_absent
        self._index: Index | None = None

    def ask(self, question: str, *, k: int | None = None, where: Where | None = None) -> Answer:
        """The answer; ``k`` and ``where`` take the place of those that were given at first.

        Raises NoAnswerError if that is wanted where nothing answers, and what ``nrqa.ask`` raises.
        """
        answer = self._opened().ask(
            question,
            k=self._k if k is None else k,
            where=self._where if where is None else where,
            only=self._only or None,
            first=self._first,
            rerank=self._rerank,
        )
        if not answer.answers and self._when_absent == "raise":
            raise NoAnswerError(
                f"Nothing answers the question {given.shown(question)} ({answer.verdict}, confidence "
                f'{answer.confidence:.2f}). Ask in other words, or give the retriever when_absent="empty" or "return".'
            )
        return answer

    def passages(self, answer: Answer) -> list[Retrieved]:
        """The hits of an answer; none where nothing answers, unless the nearest are wanted."""
        return list(_retrieved(answer)) if answer.answers or self._when_absent == "return" else []

    def retrieve(self, question: str, *, k: int | None = None, where: Where | None = None) -> list[Retrieved]:
        """The passages for a question."""
        return self.passages(self.ask(question, k=k, where=where))

    async def ask_async(self, question: str, *, k: int | None = None, where: Where | None = None) -> Answer:
        """The answer, found in a thread: the event loop goes on."""
        return await asyncio.to_thread(self.ask, question, k=k, where=where)

    def _opened(self) -> Index:
        if self._index is None:
            folder = self._folder.resolve()
            with _opening:
                found = _open.get(folder)
                if found is None:
                    _open[folder] = found = Index.open(folder)
            self._index = found
        return self._index


def missing(extra: str, error: ImportError) -> ImportError:
    """The error for a framework that is not installed: its last line can be pasted."""
    return ImportError(f"nrqa.adapters.{extra} needs a package ({error}). Install it: {installing(extra)}")


def _retrieved(answer: Answer) -> Iterator[Retrieved]:
    seen: set[str] = set()
    for hit in answer.hits:
        name = passage_id(hit.passage)
        if name in seen:  # the same words but for their typography, twice in one document
            name += f"@{hit.passage.citation.start}"
        seen.add(name)
        yield Retrieved(name, hit.passage.text, hit.score, _metadata(answer, hit))


def _metadata(answer: Answer, hit: Hit) -> dict[str, Any]:
    """The whole citation, what the hit and the answer say of themselves, and how much was searched."""
    citation = hit.passage.citation
    searched = answer.searched
    notice = citation.metadata.get("source_notice")
    return {
        "cite": cite_line(hit.passage),
        "place": citation.place,
        **citation_to_dict(citation),
        **({"source_notice": notice} if notice else {}),
        "also": [one.place for one in hit.also],
        "rank": hit.rank,
        "score": hit.score,
        "signals": dict(hit.signals),
        "highlights": [[one.start, one.end] for one in hit.highlights],
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "generation": answer.generation,
        "notices": list(answer.notices),
        "searched": {
            "documents": searched.documents,
            "passages": searched.passages,
            "unreadable": len(searched.unreadable),
            "stale": len(searched.stale),
        },
    }
