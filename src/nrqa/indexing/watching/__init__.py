"""The verb ``watch``: follow a corpus, and bring its index up to date whenever it has changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.corpus.files.listing import check_corpus
from nrqa.corpus.files.roots import Corpus, Root, corpus_at
from nrqa.errors import CorpusError
from nrqa.given import given_path, given_paths
from nrqa.index.freshness import place_of
from nrqa.index.opening import generations_at, refuse_packed
from nrqa.index.recorded import recorded
from nrqa.indexing.reindexing import Announce, Place, encoder_of, reindex
from nrqa.indexing.watching.relevant_changes import RelevantChanges
from nrqa.records import IndexReport
from nrqa.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from nrqa.encoder.protocol import Encoder, Model

Failed = Callable[[Exception], None]

_RETRY, _LONGEST_RETRY = 1.0, 60.0
"""Seconds until a failed run is tried again, if nothing changes before; doubled each time, up to the second number."""


def watch(
    corpus: Place | Sequence[Place],
    index: str | os.PathLike[str] = DEFAULT_INDEX,
    *,
    poll: float | None = None,
    failed: Failed | None = None,
    announce: Announce | None = None,
    offline: bool = False,
    encoder: Encoder | None = None,
    **options: Any,
) -> Generator[IndexReport, None, None]:
    """Bring the index of a corpus up to date, then follow the corpus; yields a report for each run that did something.

    The generator never ends by itself: it sleeps while nothing changes. ``options`` are those of ``reindex``, and apply
    to the first run. Errors of the first run are raised. An error of a later run is raised as well, unless ``failed``
    is given: then ``failed`` gets the error, and the run is tried again, soon and when something changes. ``announce``
    gets the messages of ``reindex``.

    ``poll`` is for file systems that do not report changes, such as network file systems: the whole corpus is looked at
    every ``poll`` seconds.

    Raises CorpusError, IndexUnusableError, EncoderError or OfflineError.
    """
    folder = given_path(index, "index")
    refuse_packed(folder, "Nothing is indexed")
    say = announce or (lambda _: None)
    paths = given_paths(corpus, "corpus", CorpusError)
    whole = corpus_at(paths)
    check_corpus(whole)
    encoders = _Encoders(folder, encoder, offline=offline, announce=say)
    # Listening begins before the first run, which may be long.
    with RelevantChanges([root.path for root in whole.roots], folder, poll=poll, announce=say) as changes:
        last = reindex(
            paths, index, encoder=encoders.get(options.pop("model", None)), offline=offline, announce=say, **options
        )
        yield last
        told, pause = "", _RETRY
        while True:
            changes.leave_out(*_edges(folder, last))
            unfinished = changes.wait(pause if told else float("inf"))
            try:
                report = reindex(paths, index, encoder=encoders.get(), offline=offline, unfinished=unfinished)
            except Exception as error:  # any error that a library raises for a disk or a file
                if failed is None:
                    raise
                said = str(error) or type(error).__name__
                if said == told:
                    pause = min(2 * pause, _LONGEST_RETRY)
                else:
                    failed(error)
                    told, pause = said, _RETRY
                continue
            if told or (report.generation, report.notices) != (last.generation, last.notices):
                yield report
            last, told, pause = report, "", _RETRY


class _Encoders:
    """The encoder of the index; it is loaded once, and again only if another run has changed the index's model."""

    def __init__(self, index: Path, encoder: Encoder | None, *, offline: bool, announce: Announce) -> None:
        self._index, self._given, self._offline, self._say = index, encoder, offline, announce
        self._loaded: Encoder | None = None

    def get(self, named: str | None = None) -> Encoder:
        """The encoder of the index, or the one that is named."""
        if self._given is not None:
            return self._given
        if self._loaded is None or self._is_another(self._loaded.model, named):
            self._loaded = encoder_of(self._index, named, offline=self._offline, announce=self._say)
        return self._loaded

    def _is_another(self, loaded: Model, named: str | None) -> bool:
        """Whether the index, or who names a model, now wants another than the one that is loaded."""
        if named:
            return loaded.name != named
        found = recorded(generations_at(self._index).newest_content())
        return found is not None and found.fingerprint != loaded.fingerprint


def _edges(index: Path, last: IndexReport) -> tuple[list[Path], list[Path]]:
    """The paths that are left out of the index's corpus, and the mounts in that corpus."""
    found = recorded(generations_at(index).newest_content())
    if found is None:
        return [], []
    places = [(one, place_of(one, index) or Path(one.path)) for one in found.corpus]
    corpus = Corpus(tuple(Root(one.name, place, one.is_file) for one, place in places), found.selection)
    left_out = [path for one in last.excluded if (path := corpus.path_of(one.document))]
    return left_out, [place / way for one, place in places for way in one.mounts]
