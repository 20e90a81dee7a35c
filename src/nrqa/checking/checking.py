"""The verb ``check``: a finished draft's quotations and sentences against the corpus, as its index has it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.checking.citing.bibliography import Entry, named_bibliographies, read_bibliographies
from nrqa.checking.citing.names import names_of
from nrqa.checking.draft_places import Places
from nrqa.checking.drafts import read_draft
from nrqa.checking.quotations import look_up
from nrqa.checking.reading.formats import FORMATS, Format, Written, read_written
from nrqa.checking.results import Checked, NotChecked, Progress
from nrqa.checking.sentences import support
from nrqa.errors import DraftError
from nrqa.given import given_path, shown
from nrqa.settings import DEFAULT_INDEX, MAX_FILE_BYTES

if TYPE_CHECKING:
    from nrqa.answering.asking import Index

LEAST_WORDS = 3
"""A quotation with fewer words is not looked up."""


_File = str | os.PathLike[str] | bytes
_Files = _File | Iterable[_File]


def check(
    draft: str | os.PathLike[str],
    index: str | os.PathLike[str] | Index = DEFAULT_INDEX,
    *,
    least_words: int = LEAST_WORDS,
    form: Format | None = None,
    data: bytes | None = None,
    bibliography: _Files = (),
    beside: bool = True,
    progress: Progress | None = None,
) -> Checked:
    """Look up the quotations of a draft, and find support for its sentences without citation.

    The draft is a file in Markdown, plain text, HTML, LaTeX, DOCX or ODT; its name says which, unless ``form`` does.
    With ``data`` these bytes are the draft, and ``draft`` is only its name. It is compared with the texts as they were
    indexed; notes of an earlier check are not part of it. All results are from one generation: if another is published
    meanwhile, the draft is checked again. ``bibliography`` are BibTeX or CSL-JSON files, or the bytes of such files,
    whose keys the draft cites, in addition to the files beside it that it names itself. These are not read with
    ``beside=False``, as is right for a draft that somebody else sent. ``progress`` is called with how many quotations
    were looked up, of how many, then with how many sentences were asked; what it raises ends the check.

    Raises DraftError where the draft or a bibliography cannot be read, and what ``ask`` raises.
    """
    from nrqa.answering.asking import Index as Opened

    file = given_path(draft, "draft", DraftError)
    if form is not None and form not in FORMATS:
        raise DraftError(f"{shown(form)} is no format of drafts; give one of these: {', '.join(FORMATS)}")
    written = read_written(str(file), _read(file) if data is None else data, form)
    named = named_bibliographies(written.text, file.parent) if beside else []
    entries = read_bibliographies([*_files(bibliography), *named])
    asked = index if isinstance(index, Opened) else Opened.open(index)
    tell = progress or (lambda *_: None)
    while True:
        checked, generations = _checked(str(file), written, entries, asked, tell, least_words)
        if generations == {checked.generation}:
            return checked


def _checked(
    draft: str, written: Written, entries: Sequence[Entry], asked: Index, progress: Progress, least_words: int
) -> tuple[Checked, set[int]]:
    """What is found for the draft, and the generations that were asked."""
    snapshot = asked.snapshot
    names = names_of(snapshot.documents(), entries)
    read = read_draft(written.text, written.proses, names, least_words=least_words)
    places = Places(written.text)
    quotations = look_up(read, snapshot, places, progress)
    sentences, searched, generations = support(read, quotations, asked, places, progress)
    checked = Checked(
        draft=draft,
        text=written.text,
        form=written.form,
        unit=written.unit,
        quotations=tuple(quotations),
        sentences=tuple(sentences),
        cited=len(read.sentences) - len(sentences),
        not_checked=tuple(NotChecked(places.of(one.span), one.text, one.reason) for one in read.left_out),
        generation=snapshot.manifest.generation,
        searched=searched,
    )
    return checked, generations


def _files(files: _Files) -> Iterator[Path | bytes]:
    for one in [files] if isinstance(files, str | os.PathLike | bytes) else files:
        yield one if isinstance(one, bytes) else given_path(one, "bibliography", DraftError)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise DraftError(f"The draft '{file}' is larger than {MAX_FILE_BYTES // 2**20} MiB. Check it in parts")
        return file.read_bytes()
    except OSError as error:
        raise DraftError(f"The draft '{file}' cannot be read: {error.strerror}. Name the file of a draft") from error
