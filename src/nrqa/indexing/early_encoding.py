"""Encoding passages while the documents after them are still being read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self

from nrqa.corpus.passages.splitter import Draft
from nrqa.index.encoder_input import Input, input_of_draft
from nrqa.index.generations import Builder
from nrqa.index.snapshot import Snapshot
from nrqa.indexing.checkpoint import Checkpoint
from nrqa.indexing.embedding import checkpoint_of, encode, known_codebook, record
from nrqa.records import Document

if TYPE_CHECKING:
    from nrqa.encoder.protocol import Encoder

_WINDOW = 1024
"""Passages that are sorted by length together: ten seconds of work. A smaller build is read first, then encoded."""
_REMEMBERED = 100_000
"""How many encoded passages are remembered, so that a later copy of one is not encoded again."""
_LOOK = 0.1
"""Seconds after which the thread checks whether it must stop."""


class EarlyEncoding:
    """A thread that encodes what ``offer`` gives it, until the ``with`` block ends, and saves it in the checkpoint.

    ``embedding.embed`` finds it there. What is offered while the queue is full is dropped, so that memory does not
    grow. An error only ends the thread: ``embed`` encodes all that is missing, and reports what is wrong. Without a
    codebook nothing is encoded early, since a codebook is trained on passages from the whole corpus.
    """

    def __init__(self, builder: Builder, vectors: Snapshot | None, encoder: Encoder, index: Path) -> None:
        """``vectors`` is the generation whose vectors can be used again."""
        self._builder, self._vectors, self._encoder = builder, vectors, encoder
        known = known_codebook(builder.codebook, encoder, index) if encoder.model.token_width else None
        self._codebook = known[0] if known else None
        self._idle = bool(encoder.model.token_width) and known is None
        self._checkpoint = checkpoint_of(index, encoder, self._codebook)
        self._window: dict[bytes, Input] = {}
        self._given: set[bytes] = set()
        self._queue: Queue[dict[bytes, Input]] = Queue(1)
        self._over = Event()
        self._thread: Thread | None = None
        self.encoded = 0
        """How many passages were encoded."""

    @property
    def saved(self) -> Checkpoint:
        """What earlier builds and workers have saved."""
        return self._checkpoint

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        self._checkpoint.close()

    def offer(self, first: int, document: Document, drafts: Sequence[Draft]) -> None:
        """Take passages that the builder has just been given; ``first`` is the row of the first one."""
        if self._idle or not self._has_room():
            return
        keys = [self._builder.key(row) for row in range(first, first + len(drafts))]
        known = self._vectors.embedded(keys) if self._vectors is not None else {}
        for key, draft in zip(keys, drafts, strict=True):
            if not self._has_room():
                return
            if not (key in known or key in self._window or key in self._given or key in self._checkpoint):
                self._window[key] = input_of_draft(document.text, draft)

    def _has_room(self) -> bool:
        """Whether more can be taken; a full window is handed to the thread if that is free."""
        if len(self._window) < _WINDOW:
            return True
        try:
            self._queue.put_nowait(self._window)
        except Full:
            return False
        if self._thread is None:
            self._thread = Thread(target=self._work, name="encoding ahead", daemon=True)
            self._thread.start()
        if len(self._given) > _REMEMBERED:
            self._given.clear()
        self._given.update(self._window)
        self._window = {}
        return True

    def _work(self) -> None:
        try:
            while not self._over.is_set():
                try:
                    window = self._queue.get(timeout=_LOOK)
                except Empty:
                    continue
                self._encode(window)
        except BaseException:  # noqa: BLE001 - embed() meets the same error in the main thread, and reports it
            self._idle = True

    def _encode(self, window: dict[bytes, Input]) -> None:
        keys, inputs = list(window), list(window.values())
        for places, coded in encode(self._encoder, self._codebook, inputs, go_on=lambda: not self._over.is_set()):
            self._checkpoint.save([(keys[at], record(one)) for at, one in zip(places, coded, strict=True)])
            self.encoded += len(places)
