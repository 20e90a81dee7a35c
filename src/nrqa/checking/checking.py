"""The verb ``check``: a finished draft's quotations and sentences against the corpus, as its index has it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.checking.citing.names import names_of
from nrqa.checking.draft_places import Places
from nrqa.checking.drafts import read_draft
from nrqa.checking.prose import MARKDOWN, without_our_notes
from nrqa.checking.quotations import look_up
from nrqa.checking.results import Checked, NotChecked
from nrqa.checking.sentences import Progress, support
from nrqa.errors import DraftError, UnreadableError
from nrqa.given import given_path
from nrqa.settings import DEFAULT_INDEX, MAX_FILE_BYTES
from nrqa.text.decoding import decode

if TYPE_CHECKING:
    from nrqa.answering.asking import Index

LEAST_WORDS = 3
"""A quotation with fewer words is not looked up."""


def check(
    draft: str | os.PathLike[str],
    index: str | os.PathLike[str] | Index = DEFAULT_INDEX,
    *,
    least_words: int = LEAST_WORDS,
    progress: Progress | None = None,
) -> Checked:
    """Look up the quotations of a draft (.md or .txt), and find support for its sentences without citation.

    The draft is compared with the texts as they were indexed; notes of an earlier check are not part of the draft. All
    results are from one generation: if another is published meanwhile, the draft is checked again. ``progress`` is
    called with how many sentences were asked, of how many.

    Raises DraftError where the draft cannot be read, and what ``ask`` raises.
    """
    from nrqa.answering.asking import Index as Opened

    file = given_path(draft, "draft", DraftError)
    text = without_our_notes(_read(file))
    asked = index if isinstance(index, Opened) else Opened.open(index)
    tell = progress or (lambda *_: None)
    markdown = file.suffix.lower() in MARKDOWN
    while True:
        checked, generations = _checked(str(file), text, asked, tell, markdown=markdown, least_words=least_words)
        if generations == {checked.generation}:
            return checked


def _checked(
    draft: str, text: str, asked: Index, progress: Progress, *, markdown: bool, least_words: int
) -> tuple[Checked, set[int]]:
    """What is found for the draft, and the generations that were asked."""
    snapshot = asked.snapshot
    names = names_of(snapshot.documents())
    read = read_draft(text, names, markdown=markdown, least_words=least_words)
    places = Places(text)
    quotations = look_up(read, snapshot, places)
    sentences, searched, generations = support(read, quotations, asked, places, progress)
    checked = Checked(
        draft=draft,
        text=text,
        quotations=tuple(quotations),
        sentences=tuple(sentences),
        cited=len(read.sentences) - len(sentences),
        not_checked=tuple(NotChecked(places.of(one.span), one.text, one.reason) for one in read.left_out),
        generation=snapshot.manifest.generation,
        searched=searched,
    )
    return checked, generations


_PLAIN = (".txt", ".text", "")


def _read(file: Path) -> str:
    if file.suffix.lower() not in (*MARKDOWN, *_PLAIN):
        raise DraftError(f"'{file}' is neither Markdown nor plain text. Save the draft as .md or .txt")
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise DraftError(f"The draft '{file}' is larger than {MAX_FILE_BYTES // 2**20} MiB. Check it in parts")
        return decode(file.read_bytes())[0]
    except OSError as error:
        raise DraftError(f"The draft '{file}' cannot be read: {error.strerror}. Name a .md or .txt file") from error
    except UnreadableError as error:
        raise DraftError(f"The draft '{file}' cannot be read: {error}. Name a text in UTF-8") from error
