"""Verbs as programs call them: ``nrqa.show``, ``nrqa.export``, and the standing questions.

The other public functions are the verbs themselves.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrqa.errors import QuestionError
from nrqa.given import shown
from nrqa.records import Answer, Citation, Hit, Passage
from nrqa.service import verbs
from nrqa.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.answering.inspecting import Shown
    from nrqa.auditing.standing import Standing, StandingReport
    from nrqa.index.snapshot import Where

Place = str | os.PathLike[str]


def show(citation: str | Citation | Passage | Hit, index: Place | Index = DEFAULT_INDEX, *, around: int = 2) -> Shown:
    """A cited passage in its surroundings, from the text that was indexed, with ``around`` lines before and after.

    A citation is ``FILE:LINE``, ``FILE p. 7``, ``FILE@START-END`` as printed, or that of a hit. Raises QuestionError
    where it cannot be understood, or nothing is there.
    """
    return verbs.show(index, _written(citation), around=around).record


def export(answer: Answer, form: str = "markdown", index: Place | Index = DEFAULT_INDEX) -> str:
    """The answer in another program's format: markdown, csv, bibtex, ris, csl-json, jsonl; or json, or text.

    ``index`` is the one that answered, of which links and texts are taken. Raises QuestionError for another format.
    """
    return verbs.export(index, answer, form)


def standing(
    index: Place | Index = DEFAULT_INDEX, *, accept: bool = False, folder: Place | None = None
) -> StandingReport:
    """Ask all standing questions again, and compare; ``accept`` keeps the present answers as those to compare with."""
    return verbs.standing(index, folder=folder, accept=accept).record


def add_standing(
    question: str,
    index: Place | Index = DEFAULT_INDEX,
    *,
    k: int = 5,
    where: Where | None = None,
    only: Sequence[str] | None = None,
    folder: Place | None = None,
) -> Standing:
    """Ask a question now, and again whenever ``standing`` is called; the one that stands already, where it does."""
    return verbs.add_standing(index, question, k=k, where=where, only=only, folder=folder).record[0]


def list_standing(index: Place | Index = DEFAULT_INDEX, *, folder: Place | None = None) -> tuple[Standing, ...]:
    """The standing questions in order of number, with the answers that were accepted last."""
    return verbs.list_standing(index, folder=folder).record


def remove_standing(number: int, index: Place | Index = DEFAULT_INDEX, *, folder: Place | None = None) -> None:
    """Forget the standing question of this number. Raises QuestionError where there is none."""
    verbs.remove_standing(index, number, folder=folder)


def _written(citation: object) -> str:
    found = citation.passage if isinstance(citation, Hit) else citation
    found = found.citation if isinstance(found, Passage) else found
    if isinstance(found, Citation):
        return f"{found.document}@{found.start}-{found.end}"
    if not isinstance(found, str):
        raise QuestionError(f'The citation is {shown(citation)}; give a text, such as "nato-russia.txt:29", or a hit.')
    return found
