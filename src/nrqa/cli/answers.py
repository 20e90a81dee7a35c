"""An answer as a person sees it: short on a terminal, whole in a pipe, its places linked to what opens them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.cli.output import print_rich
from nrqa.errors import QuestionError
from nrqa.records import Answer, Citation

if TYPE_CHECKING:
    from nrqa.index.snapshot import Snapshot
    from nrqa.rendering.answer import Look


def put_answer(
    answer: Answer, snapshot: Snapshot, index: Path, *, certificate: bool, full: bool, whole: str = "--full"
) -> None:
    """Print it; on a terminal short, unless all of it is asked for. ``whole`` is what asks for that."""
    from nrqa.rendering.answer import render_answer

    look = look_at(answer, snapshot, index, whole)
    page = render_answer(answer, certificate=certificate, look=look)
    if full or certificate or any(hit.explanation for hit in answer.hits) or not sys.stdout.isatty():
        print_rich(page)
        return
    from nrqa.rendering.short_answer import render_short

    print_rich(page, short=lambda console: render_short(answer, console, look=look))


def look_at(answer: Answer, snapshot: Snapshot, index: Path, whole: str = "--full") -> Look:
    """What the place where the answer is printed adds to it."""
    from nrqa.answering.missing_words import words_perhaps_misspelled
    from nrqa.rendering.answer import Look

    searched = answer.searched
    words = words_perhaps_misspelled(answer.question, searched.nowhere)
    near: dict[str, list[str]] = {}
    if words:
        from nrqa.answering.near_words import near_words  # most questions have no such words

        near = near_words(snapshot, words, where=searched.where, only=searched.only)
    link = link_of(snapshot, index) if sys.stdout.isatty() else lambda _: None
    return Look(link, near, whole)


def link_of(snapshot: Snapshot, index: Path) -> Callable[[Citation], str | None]:
    """The address of each citation for a terminal: its file, or its line in the editor that NRQA_EDITOR names.

    None where the corpus or the file is not there.
    """
    from nrqa.corpus.readers.kinds import has_lines
    from nrqa.index.freshness import corpus_of
    from nrqa.rendering.links import editor_link, file_url

    corpus, editor = corpus_of(snapshot.manifest, index), editor_named(default=None)

    def link(citation: Citation) -> str | None:
        path = corpus.path_of(citation.document) if corpus else None
        if path is None or not path.exists():
            return None
        if editor and has_lines(citation.document):
            return editor_link(path, citation.line_start, editor=editor)
        return file_url(path, citation.page)

    return link


def editor_named(default: str | None) -> str | None:
    """The editor in NRQA_EDITOR, one of those whose links are known."""
    from nrqa.rendering.links import EDITORS

    editor = os.environ.get("NRQA_EDITOR") or default
    if editor and editor not in EDITORS:
        raise QuestionError(f"NRQA_EDITOR is '{editor}', which has no links. Known are: {', '.join(EDITORS)}.")
    return editor
