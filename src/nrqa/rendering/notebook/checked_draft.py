"""A checked draft in a notebook: quotations to look at with the difference, those that stand, sentences' support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nrqa.checking.results import Checked, CheckedQuotation, CheckedSentence, Place
from nrqa.rendering.checked_draft import finding_of
from nrqa.rendering.notebook.pieces import escaped, framed, inline, passed_over, place, quoted, small, together
from nrqa.rendering.plain_text import counted, stale_told
from nrqa.text.word_changes import Change


def checked_html(checked: Checked) -> str:
    """The checked draft as a piece of a page."""
    return framed(_checked(checked))


def _checked(checked: Checked) -> Iterator[str]:
    bad = [one for one in checked.quotations if not one.fine]
    said = f"{counted(len(bad), 'quotation')} to look at" if bad else "nothing to look at"
    total = small(f"of {counted(len(checked.quotations), 'quotation')}")
    yield f"<p><strong>{inline(checked.draft)}</strong></p>"
    yield f'<p class="{"bad" if bad else "good"}"><strong>{said}</strong> {total}</p>'
    yield from _listed("Quotations to look at", [_quotation(checked, one) for one in bad])
    yield from _listed("Quotations that stand", [_quotation(checked, one) for one in checked.quotations if one.fine])
    yield from _listed("Sentences without a citation", [_sentence(checked, one) for one in checked.sentences])
    yield from _listed("Not checked", [_row(checked, one.place, one.reason, one.text) for one in checked.not_checked])
    counts = f"{counted(checked.searched.documents, 'document')}, {counted(checked.searched.passages, 'passage')}"
    cited = f"{counted(checked.cited, 'sentence')} cited"
    yield f"<p>{small(f'{cited} · searched {counts} · generation {checked.generation}')}</p>"
    yield from passed_over("Not searchable", checked.searched.unreadable)
    yield from passed_over(stale_told(checked.searched.stale), checked.searched.stale)


def _listed(title: str, rows: Sequence[str]) -> Iterator[str]:
    if rows:
        yield f"<h4>{title}</h4>\n<ol>{together(f'<li>{row}</li>' for row in rows)}</ol>"


def _quotation(checked: Checked, one: CheckedQuotation) -> str:
    kind = "good" if one.fine else "bad"
    parts = [f'<span class="{kind}"><strong>{finding_of(one)}</strong></span> {small(_in_draft(checked, one.place))}']
    if one.changes and one.finding != "absent":
        parts.append(f"<blockquote>{_difference(one.changes)}</blockquote>")
    else:
        parts.append(f"<blockquote>{escaped(one.text)}</blockquote>")
    if one.source:
        parts.append(f"<p>{small('source')} {place(one.source)}</p>")
        if not one.fine and not one.changes:
            parts.append(f"<blockquote>{escaped(one.source_text)}</blockquote>")
    told = [("left out", text) for text in one.omitted]
    told += [("in the source, for brackets", text or "nothing") for text in one.replaced]
    told += [("marks of the source", text) for text in one.marks_of_source]
    if one.attribution in ("wrong", "unknown"):
        told += [("cited", cited.text) for cited in one.citations]
    parts += [f"<p>{small(f'{label}: {inline(text)}')}</p>" for label, text in told]
    return together([*parts, *(f'<p class="doubt">{inline(note)}</p>' for note in one.notes)])


def _difference(changes: Sequence[Change]) -> str:
    """The source's words: struck out what the draft lacks, underlined what it puts in."""
    tags = {"removed": "del", "added": "ins"}
    parts = []
    for one in changes:
        text = one.after if one.kind == "added" else one.before
        blank = " " if text[-1:].isspace() else ""
        shown = inline(text)
        parts.append((f"<{tags[one.kind]}>{shown}</{tags[one.kind]}>" if one.kind in tags else shown) + blank)
    return "".join(parts)


def _sentence(checked: Checked, one: CheckedSentence) -> str:
    found = "no support found" if one.passage is None else "the nearest passage"
    head = f"{found} {small(f'confidence {one.confidence:.2f}')}"
    parts = [_row(checked, one.place, head, one.text)]
    if one.passage:
        parts.append(f"<p>{place(one.passage.citation)}</p>\n{quoted(one.passage, one.highlights)}")
    if one.lacking:
        parts.append(f'<p class="doubt">not in the passage: {", ".join(map(inline, one.lacking))}</p>')
    return together(parts)


def _row(checked: Checked, at: Place, head: str, text: str) -> str:
    return f"{head} {small(_in_draft(checked, at))}\n<p>{inline(text)}</p>"


def _in_draft(checked: Checked, at: Place) -> str:
    return f"paragraph {at.line}" if checked.unit == "paragraph" else f"line {at.line}, column {at.column}"
