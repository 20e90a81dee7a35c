"""The certificate of a search: what was searched, as a page to keep."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from nrqa.answering.coverage import is_complete
from nrqa.records import Answer
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import counted, one_line
from nrqa.rendering.shared_lines import LABEL, PLACE


def certificate_lines(answer: Answer) -> Iterator[Text]:
    """What was searched, as a page to keep: enough to tell what the verdict rests on."""
    searched = answer.searched
    filters = [f"{key}={value}" for key, values in searched.where.items() for value in values]
    filters += [f"only {glob}" for glob in searched.only]
    complete = is_complete(searched)
    rows = [
        ("question", answer.question),
        ("generation", str(answer.generation)),
        ("corpus", searched.corpus),
        ("searched", f"{counted(searched.documents, 'document')}, {counted(searched.passages, 'passage')}"),
        ("filters", ", ".join(filters) or "none"),
        ("coverage", "complete" if complete else "not complete: see the files above"),
        ("nowhere", ", ".join(searched.nowhere) or "every word of the question occurs"),
    ]
    yield Text("Certificate of the search", "bold")
    for name, value in rows:
        yield Text.assemble((f"{name:<11}", LABEL), one_line(value))
    for at, near in enumerate(searched.nearest):
        label = "next" if not at else ""
        place = one_line(place_of(near.citation))
        yield Text.assemble((f"{label:<11}", LABEL), (place, PLACE), (f"  score {near.score:.3f}", LABEL))
