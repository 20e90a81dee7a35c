"""The verb behind ``nrqa show --png``: the pages of a passage, with the passage marked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrqa.answering.opened import folder_of, snapshot_of
from nrqa.corpus.files.listing import list_corpus, read_source
from nrqa.errors import CorpusError, QuestionError
from nrqa.index.freshness import corpus_of
from nrqa.records import Passage, Rectangle
from nrqa.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from nrqa.answering.asking import Index


def picture(passages: Sequence[Passage], index: str | os.PathLike[str] | Index = DEFAULT_INDEX) -> bytes:
    """A PNG of the pages with the passages, all of one document, and with their words marked.

    Raises QuestionError where the passages have no place on a page; CorpusError where the file is not there any more,
    or is not the one that was indexed.
    """
    marked = _rectangles(passages)
    if not marked:
        what = f"'{passages[0].citation.document}' has no pages to show." if passages else "There is no passage there."
        raise QuestionError(f"{what} --png works for passages of PDF files.")
    citation = passages[0].citation
    data = _as_indexed(citation.document, citation.sha256, index)
    from nrqa.corpus.readers.pdf.picture import picture as drawn

    return drawn(data, marked)


def page_picture(name: str, page: int, index: str | os.PathLike[str] | Index = DEFAULT_INDEX) -> bytes:
    """A PNG of a page of the document of that name, without marks. Raises as ``picture`` does."""
    snapshot = snapshot_of(index)
    pages = {number for number, _, _ in snapshot.page_spans(name)}
    if page not in pages:
        there = f"has pages 1 to {max(pages)}" if pages else "has no pages to show"
        raise QuestionError(f"'{name}' {there}; there is no page {page:,}.")
    data = _as_indexed(name, snapshot.known[name].sha256, index)
    from nrqa.corpus.readers.pdf.picture import page_picture as drawn

    return drawn(data, page)


def _rectangles(passages: Sequence[Passage]) -> list[Rectangle]:
    return list(dict.fromkeys(one for passage in passages for one in passage.citation.rectangles))


def _as_indexed(name: str, sha256: str, index: str | os.PathLike[str] | Index) -> bytes:
    data = _source(name, index)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise CorpusError(f"'{name}' has changed since it was indexed. Bring the index up to date: nrqa index")
    return data


def _source(name: str, index: str | os.PathLike[str] | Index) -> bytes:
    """The bytes of the document's file in the corpus."""
    folder = folder_of(index)
    corpus = corpus_of(snapshot_of(index).manifest, folder)
    if corpus is None:
        raise CorpusError(f"The corpus of the index '{folder}' is not there, so '{name}' cannot be pictured.")
    found = next((one for one in list_corpus(corpus, index=folder).sources if one.name == name), None)
    if found is None:
        raise CorpusError(f"'{name}' is not in the corpus any more. Bring the index up to date: nrqa index")
    return read_source(found)[0]
