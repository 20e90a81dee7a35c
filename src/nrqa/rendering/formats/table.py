"""CSV (RFC 4180, with line feeds): a row for each hit, and the answer's verdict in every row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from nrqa.records import Answer
from nrqa.rendering.formats.facts import value_of
from nrqa.rendering.formats.item import Item
from nrqa.rendering.places import located_in, place_of
from nrqa.rendering.plain_text import harmless

COLUMNS = (
    "question verdict confidence generation documents_searched passages_searched not_searchable changed_since "
    "rank score id text document line_start line_end page place start end heading title author date url publisher "
    "source_notice also link_web link_file link_editor sha256 cite"
).split()
# Spreadsheets run a cell that begins so as a formula (full-width forms too), some of them also behind blanks.
_FORMULA = re.compile(r"'*(?:\t|\s*[=+\-@＝＋－＠])")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def write(answer: Answer, items: Sequence[Item]) -> str:
    """A line of column names, and the rows; no row where nothing answers.

    A cell that a spreadsheet would run as a formula begins with an apostrophe; taking one off gives the text back.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    if answer.answers:
        table.writerows([_cell(row[name]) for name in COLUMNS] for row in (_row(answer, item) for item in items))
    return out.getvalue()


def _row(answer: Answer, item: Item) -> dict[str, str]:
    citation, searched = item.citation, answer.searched
    values = {
        "question": answer.question,
        "verdict": answer.verdict,
        "confidence": f"{answer.confidence:.4f}",
        "generation": answer.generation,
        "documents_searched": searched.documents,
        "passages_searched": searched.passages,
        "not_searchable": len(searched.unreadable),
        "changed_since": len(searched.stale),
        "rank": item.hit.rank,
        "score": f"{item.hit.score:.6f}",
        "id": item.id,
        "text": item.hit.passage.text,
        "document": citation.document,
        "line_start": citation.line_start,
        "line_end": citation.line_end,
        "page": citation.page,
        "place": located_in(citation),
        "start": citation.start,
        "end": citation.end,
        "heading": item.section,
        "title": item.title,
        "author": "; ".join(one.turned for one in item.authors),
        "date": (item.issued.iso or item.issued.written) if item.issued else None,
        "url": item.url,
        "publisher": value_of(citation.metadata, "publisher"),
        "source_notice": item.notice,
        "also": "; ".join(map(place_of, item.hit.also)),
        "link_web": item.links.web,
        "link_file": item.links.file,
        "link_editor": item.links.editor,
        "sha256": citation.sha256,
        "cite": item.cite,
    }
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _cell(value: str) -> str:
    shown = harmless(value)
    return f"'{shown}" if _FORMULA.match(shown) and not _NUMBER.fullmatch(shown) else shown
