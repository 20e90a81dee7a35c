"""What each verb finds, for every face: as a record for whoever shows it to people, and as one JSON object.

The object is the one that the command prints with ``--json``. Every verb takes an index: its folder, or an ``Index``
that stays open between calls (see module desk). What a verb needs is loaded when it is called.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from nrqa.errors import QuestionError
from nrqa.given import shown
from nrqa.text.control_characters import json_text

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.answering.calibration import Calibration
    from nrqa.answering.contents import Contents
    from nrqa.answering.inspecting import Shown, Status
    from nrqa.auditing.receipts.model import Receipt
    from nrqa.auditing.replaying.results import Replay
    from nrqa.auditing.standing import Standing, StandingReport
    from nrqa.auditing.whynot.results import WhyNot
    from nrqa.checking.reading.formats import Format as DraftFormat
    from nrqa.checking.results import Checked, Progress
    from nrqa.citations.verifying import Verification
    from nrqa.health.examining import Diagnosis
    from nrqa.index.snapshot import Where
    from nrqa.records import Answer, First

Place = str | os.PathLike[str]
Announce = Callable[[str], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a verb found; ``to_dict`` gives the JSON object."""

    record: T
    to_dict: Callable[[], dict[str, Any]]


def search(
    index: Place | Index,
    question: str,
    *,
    k: int = 5,
    where: Where | None = None,
    only: str | Sequence[str] | None = None,
    first: First | None = None,
    explain: bool = False,
    rerank: str | None = None,
    cite: bool = False,
) -> Found[Answer]:
    """Ranked, cited passages with a verdict; ``cite`` adds each hit's citation as ``nrqa verify`` reads it."""
    asked = _opened(index)
    answer = asked.ask(question, k=k, where=where, only=only, first=first, explain=explain, rerank=rerank)
    if not cite:
        return Found(answer, answer.to_dict)
    from nrqa.service.objects import answer_with_citations

    return Found(answer, lambda: answer_with_citations(answer, asked.snapshot_at(answer.generation)))


def show(index: Place | Index, citation: str, *, around: int = 2, cite: bool = False) -> Found[Shown]:
    """A cited passage in its surroundings."""
    from nrqa.answering import inspecting
    from nrqa.rendering.places import parse_place

    shown = inspecting.show(parse_place(citation), index, around=around)
    if not cite:
        return Found(shown, shown.to_dict)
    from nrqa.answering.opened import snapshot_of
    from nrqa.service.objects import shown_with_citations

    return Found(shown, lambda: shown_with_citations(shown, snapshot_of(index)))


def picture(index: Place | Index, citation: str) -> bytes:
    """A PNG of the page, of a PDF, with the passage marked."""
    from nrqa.answering import picturing

    return picturing.picture(show(index, citation, around=0).record.passages, index)


def picture_of_page(index: Place | Index, document: str, page: int) -> bytes:
    """A PNG of a page of a PDF, without marks."""
    from nrqa.answering import picturing

    return picturing.page_picture(document, page, index)


def export(index: Place | Index, answer: Answer, form: str, *, editor: str = "vscode") -> str:
    """The answer in another program's format; its links open passages in the corpus, and in this editor."""
    from nrqa.rendering.formats import Format, written

    if form not in list(Format):
        raise QuestionError(f"{shown(form)} is no format. Known are: {', '.join(Format)}.")
    if form == Format.TEXT:
        return str(answer)
    if form == Format.JSON:
        return json_text(answer.to_dict())
    from nrqa.index.freshness import corpus_of
    from nrqa.rendering.formats.item import Sources

    asked = _opened(index)
    snapshot = asked.snapshot_at(answer.generation)

    def text_of(name: str) -> str | None:
        found = snapshot.document_named(name)
        return found[0] if found else None

    corpus = corpus_of(snapshot.manifest, asked.folder)
    return written(answer, Format(form), Sources(corpus, text_of, editor, snapshot.seams_of))


def contents(
    index: Place | Index,
    *,
    documents: bool = True,
    facets: bool = False,
    where: Where | None = None,
    only: str | Sequence[str] | None = None,
) -> Found[Contents]:
    """The documents of an index (that pass the filters), or what they can be filtered by, or both."""
    from nrqa.answering.contents import contents as listed
    from nrqa.service.objects import contents_object

    found = listed(index, where=where, only=only)
    return Found(found, lambda: contents_object(found, documents=documents, facets=facets))


def status(index: Place | Index, *, verify: bool = False) -> Found[Status]:
    """What the index holds, what it could not read, and what has changed since."""
    from nrqa.answering import inspecting

    found = inspecting.status(index, verify=verify)
    return Found(found, found.to_dict)


def doctor(index: Place | Index, *, deep: bool = False) -> Found[Diagnosis]:
    """What is wrong with an index, its corpus and its encoder."""
    from nrqa.answering.opened import place_of
    from nrqa.health.examining import doctor as examined

    found = examined(place_of(index), deep=deep)
    return Found(found, found.to_dict)


def verify(
    index: Place | Index,
    files: Place | Sequence[Place] = "-",
    *,
    data: bytes | None = None,
    corpus: Place | Sequence[Place] | None = None,
    update: bool = False,
    allow_none: bool = False,
) -> Found[Verification]:
    """What has become of every citation in the files, or in ``data``, whose name ``files`` then is."""
    from nrqa.citations import verifying

    found = verifying.verify(files, corpus, index=index, update=update, data=data, allow_none=allow_none)
    return Found(found, found.to_dict)


def check(
    index: Place | Index,
    draft: Place = "-",
    *,
    data: bytes | None = None,
    words: int = 3,
    form: DraftFormat | None = None,
    bibliography: Place | bytes | Sequence[Place | bytes] = (),
    beside: bool = True,
    progress: Progress | None = None,
) -> Found[Checked]:
    """A draft's quotations looked up in the corpus, and support for its sentences without a citation."""
    from nrqa.checking import checking

    found = checking.check(
        draft,
        index,
        least_words=words,
        form=form,
        data=data,
        bibliography=bibliography,
        beside=beside,
        progress=progress,
    )
    return Found(found, found.to_dict)


def why_not(
    index: Place | Index,
    question: str,
    document: str,
    *,
    k: int = 5,
    where: Where | None = None,
    only: Sequence[str] | None = None,
    announce: Announce | None = None,
) -> Found[WhyNot]:
    """Why a passage is not among the hits, and the smallest change that would bring it up."""
    from nrqa.auditing import whynot

    found = whynot.why_not(question, document, index, k=k, where=where, only=only, announce=announce)
    return Found(found, found.to_dict)


def replay(
    index: Place | Index,
    receipt: Place | Receipt | Mapping[str, Any],
    *,
    rerank: str | None = None,
    announce: Announce | None = None,
) -> Found[Replay]:
    """The question of a receipt asked again, and each change explained; the receipt may be given as its JSON."""
    from nrqa.auditing import replaying

    if isinstance(receipt, Mapping):
        from nrqa.auditing.receipts.files import given_receipt

        receipt = given_receipt(receipt, "receipt")
    found = replaying.replay(receipt, index, rerank=rerank, announce=announce)
    return Found(found, found.to_dict)


def standing(
    index: Place | Index, *, folder: Place | None = None, accept: bool = False, announce: Announce | None = None
) -> Found[StandingReport]:
    """All standing questions asked again, and compared; ``accept`` keeps the present answers."""
    from nrqa.auditing import standing as questions

    found = questions.report(index, folder=folder, accept=accept, announce=announce)
    return Found(found, found.to_dict)


def list_standing(index: Place | Index, *, folder: Place | None = None) -> Found[tuple[Standing, ...]]:
    """The standing questions, with the verdict that was accepted last."""
    from nrqa.auditing import standing as questions
    from nrqa.service.objects import standing_questions

    found = questions.listed(index, folder=folder)
    return Found(found, lambda: standing_questions(found))


def add_standing(
    index: Place | Index,
    question: str,
    *,
    k: int = 5,
    where: Where | None = None,
    only: Sequence[str] | None = None,
    folder: Place | None = None,
    announce: Announce | None = None,
) -> Found[tuple[Standing, bool]]:
    """A question that will be asked again; and whether it is new."""
    from nrqa.auditing import standing as questions
    from nrqa.service.objects import added_question

    one, is_new = questions.add(question, index, folder=folder, k=k, where=where, only=only, announce=announce)
    return Found((one, is_new), lambda: added_question(one, is_new=is_new))


def remove_standing(index: Place | Index, number: int, *, folder: Place | None = None) -> Found[int]:
    """Forget a standing question."""
    from nrqa.auditing import standing as questions

    questions.remove(number, index, folder=folder)
    return Found(number, lambda: {"removed": number})


def calibrate(
    index: Place | Index,
    questions: Place | None = None,
    *,
    announce: Announce | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Found[Calibration]:
    """Which errors to expect; with a file of questions, the confidence is fitted to them and kept with the index."""
    from nrqa.evaluation.calibrating import calibrate as fit

    found = fit(index, questions, announce=announce, progress=progress)
    return Found(found, found.to_dict)


def forget_calibration(index: Place | Index) -> Found[bool]:
    """Go back to the confidence that nrqa came with; whether there was a calibration."""
    from nrqa.answering.calibration import forget
    from nrqa.answering.opened import folder_of, place_of
    from nrqa.index.opening import refuse_packed

    refuse_packed(place_of(index), "A calibration stays")
    gone = forget(folder_of(index))
    return Found(gone, lambda: {"forgotten": gone})


def _opened(index: Place | Index) -> Index:
    if isinstance(index, (str, os.PathLike)):
        from nrqa.answering.asking import Index as Opening

        return Opening.open(index)
    return index
