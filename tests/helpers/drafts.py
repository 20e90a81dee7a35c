"""Drafts as a check reads them, for tests of what is seen in them."""

from __future__ import annotations

from nrqa.checking.citing.names import names_of
from nrqa.checking.drafts import Draft, read_draft
from nrqa.checking.reading.formats import Format, read_written
from nrqa.records import Document

NAMES = names_of([Document("a.txt", "The first of all reports", "", ""), Document("b.txt", "Another one", "", "")])


def read(draft: str | bytes, form: Format = "md") -> Draft:
    """The draft, in a corpus of a.txt and b.txt."""
    data = draft if isinstance(draft, bytes) else draft.encode()
    written = read_written("draft", data, form)
    return read_draft(written.text, written.proses, NAMES, least_words=3)


def cited(draft: Draft) -> list[tuple[str, list[tuple[str, ...]]]]:
    """The quotations, each with the documents that it cites."""
    return [(one.text, [citation.meant.documents for citation in one.citations]) for one in draft.quotations]


def placed(draft: Draft) -> list[str]:
    """What the draft has at the places of the quotations."""
    return [draft.text[one.span.start : one.span.end] for one in draft.quotations]


def left_out(draft: Draft) -> list[tuple[str, str]]:
    """What looks like a quotation and is not looked up, and why."""
    return [(one.text, one.reason) for one in draft.left_out]
