"""What the tools that check say: verify, check, why_not, status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from nrqa.agents.telling import Item, Told, named, quotation
from nrqa.auditing.whynot.results import WhyNot
from nrqa.checking.results import CheckedQuotation, CheckedSentence
from nrqa.citations.line import cite_line
from nrqa.citations.verifying import Verified
from nrqa.errors import NrqaError
from nrqa.records import Citation
from nrqa.rendering.plain_text import counted, text_of
from nrqa.service import verbs
from nrqa.service.desk import Desk
from nrqa.text.word_changes import Change

_MOST_CHANGES = 12
"""Words that differ, of one quotation or citation; whoever wants all reads the source."""


def verify(desk: Desk, *, text: str) -> Told:
    """What has become of each citation in a text."""
    found = verbs.verify(desk.given, "-", data=text.encode("utf-8")).record
    counts = ", ".join(f"{number:,} {status}" for status, number in found.counts.items() if number)
    judged = [one for _, citations in found.files for one in citations]
    head = f"{counted(len(judged), 'citation')}: {counts}. Compared with the files as they are now"
    return Told(head, [_verified(one) for one in judged], ("citation", "citations"))


def check(desk: Desk, *, text: str, words: int = 3, go_on: Callable[[], None]) -> Told:
    """Every quotation of a draft, those that are wrong first, and its sentences without a citation."""

    def progress(*_: Any) -> None:
        go_on()

    data = text.encode("utf-8")
    found = verbs.check(desk.index, "-", data=data, words=words, beside=False, progress=progress).record
    wrong = [one for one in found.quotations if not one.fine]
    right = [one for one in found.quotations if one.fine]
    supported = sum(one.passage is not None for one in found.sentences)
    head = (
        f"{counted(len(found.quotations), 'quotation')}: {len(right):,} fine, {len(wrong):,} wrong or not found. "
        f"{counted(len(found.sentences), 'sentence')} without a citation, {supported:,} with a passage that may "
        f"support them. Not looked up: {len(found.not_checked):,} (fewer than {counted(words, 'word')}, and the like)"
    )
    items = [*map(_quotation, [*wrong, *right]), *map(_sentence, found.sentences)]
    return Told(head, items, ("quotation or sentence", "quotations and sentences"))


def why_not(desk: Desk, *, question: str, id: str, **options: Any) -> Told:  # noqa: A002
    """What happened to a passage in the search for a question, and what would bring it up."""
    from nrqa.rendering.whynot import render_whynot

    found: WhyNot = verbs.why_not(desk.index, question, id, **options).record
    # Its first lines show the passage, whose text is told apart below.
    said = text_of(render_whynot(found))
    if found.passage is None:
        return Told(said.strip())
    told = said.partition("\n\n")[2] or said
    return Told(f"{cite_line(found.passage)}\n{quotation(found.passage.text)}\n\n{told.strip()}")


def status(desk: Desk) -> Told:
    """What is indexed, what could not be read, what has changed since, and how many standing questions there are."""
    from nrqa.rendering.index_state import render_status

    found = verbs.status(desk.given).record
    lines = [text_of(render_status(found)).strip()]
    try:
        standing = verbs.list_standing(desk.given).record
        lines.append(f"standing questions: {len(standing):,}")
    except NrqaError as error:
        lines.append(f"standing questions: {error}")
    skipped = [("could not be read", found.unreadable), ("changed since indexing", found.stale)]
    items = [Item(f"{what}: {named(one.document)}: {named(one.reason)}") for what, files in skipped for one in files]
    return Told("\n".join(lines), items, ("file", "files"))


def _verified(one: Verified) -> Item:
    found = one.judgment
    said = [f"line {one.line}  {found.status}  {named(one.written)}"]
    if found.passage is not None and found.status != "intact":
        said.append(f"  now: {cite_line(found.passage)}")
    said += [f"  also at: {cite_line(other)}" for other in found.others]
    said += [f"  {change}" for change in _changes(found.changes, "no longer in the source", "new in the source")]
    said += [f"  note: {named(note)}" for note in found.notes]
    shown = found.status in ("edited", "ambiguous") and found.passage is not None
    return Item("\n".join(said), found.passage.text if shown and found.passage else "")


def _quotation(one: CheckedQuotation) -> Item:
    judged = "fine" if one.fine else "WRONG"
    said = [f"line {one.place.line}  {judged}: {one.finding}, citation {one.attribution}  “{named(one.text)}”"]
    said += [f"  {change}" for change in _changes(one.changes, "only in the source", "only in the text")]
    said += [f"  left out of the source in silence: {named(words)}" for words in one.omitted if not one.right]
    said += [f"  note: {named(note)}" for note in one.notes]
    if one.source is not None:
        said.append(f"  source: {_at(one.source)}")
    return Item("\n".join(said), "" if one.fine else one.source_text)


def _sentence(one: CheckedSentence) -> Item:
    said = [f"line {one.place.line}  no citation  “{named(one.text)}”"]
    if one.passage is None:
        near = f"; nearest: {_at(one.nearest)}" if one.nearest else ""
        said.append(f"  no passage supports it{near}")
        return Item("\n".join(said))
    said.append(f"  may be supported (confidence {one.confidence:.2f}) by {cite_line(one.passage)}")
    if one.lacking:
        said.append(f"  which lacks: {named(', '.join(one.lacking))}")
    return Item("\n".join(said))


def _changes(changes: Sequence[Change], before: str, after: str) -> Iterable[str]:
    """The words that differ: ``before`` and ``after`` say in which of the two texts alone a word stands."""
    differing = [one for one in changes if one.kind != "same"]
    for one in differing[:_MOST_CHANGES]:
        yield f"{before if one.kind == 'removed' else after}: “{named(one.before or one.after)}”"
    if len(differing) > _MOST_CHANGES:
        yield f"and {len(differing) - _MOST_CHANGES:,} more differences"


def _at(citation: Citation) -> str:
    return named(citation.place)
