"""The quotations of a draft looked up in the texts that were indexed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nrqa.checking.candidates import Sought, Trace, trace
from nrqa.checking.citing.meaning import Cited
from nrqa.checking.draft_places import Places
from nrqa.checking.drafts import Draft, Quotation
from nrqa.checking.placing import Layout, layout_of, misplaced, narrowed, stretches
from nrqa.checking.prose import is_markdown
from nrqa.checking.quoting.comparing import compare
from nrqa.checking.quoting.editorial_signs import pieces_of
from nrqa.checking.quoting.likeness import Likeness
from nrqa.checking.quoting.source import Source
from nrqa.checking.results import Attribution, CheckedQuotation, CitationInDraft, Progress
from nrqa.records import Citation, Span
from nrqa.text.lines import line_number
from nrqa.text.negations import negations_in
from nrqa.text.sentences import language_of

if TYPE_CHECKING:
    from nrqa.index.snapshot import Snapshot


def look_up(read: Draft, snapshot: Snapshot, places: Places, progress: Progress) -> list[CheckedQuotation]:
    """Each quotation of the draft with what was found for it in all documents."""
    sought = [_sought(one) for one in read.quotations]
    traces = trace(sought, snapshot.documents()) if sought else []

    @lru_cache(maxsize=64)
    def document(name: str) -> Layout:
        found = snapshot.document_named(name)
        assert found is not None
        return layout_of(*found, snapshot.page_spans(name))

    checked = []
    for quotation, seek, found in zip(read.quotations, sought, traces, strict=True):
        citations = tuple(_in_draft(one, places) for one in quotation.citations)
        plain = CheckedQuotation(
            place=places.of(quotation.span),
            note_at=quotation.end,
            text=quotation.text.replace("\u00ad", ""),
            marks=quotation.marks,
            citations=citations,
            finding="absent",
            right=False,
            attribution="none" if not citations else "unknown",
            notes=tuple(dict.fromkeys(one.meant.told for one in quotation.citations if one.meant.told)),
        )
        best = _best(quotation.text, seek.cited, found)
        if quotation.lead and not (best and best.likeness.right):
            words = _best(quotation.text[quotation.lead :], seek.cited, found)
            if words and (best is None or words.likeness.right or words.likeness.share > best.likeness.share):
                best, plain = words, replace(plain, text=quotation.text[quotation.lead :])
        checked.append(_judged(plain, quotation, seek.cited, best, document, read) if best else plain)
        progress("quotations", len(checked), len(sought))
    return checked


_AROUND = 800
"""Characters around a stretch that are compared too, in addition to twice the quotation's length."""
_OMITTED = 3_000
"""Further characters for quotations with words left out."""


def _sought(quotation: Quotation) -> Sought:
    pieces = tuple(pieces_of(quotation.text))
    around = _AROUND + 2 * len(quotation.text) + (_OMITTED if len(pieces) > 1 else 0)
    cited = frozenset(
        name for one in quotation.citations for name in (*one.meant.documents, *one.meant.candidates)[:_MOST_CITED]
    )
    return Sought(pieces, cited, around)


_MOST_CITED = 50
"""Documents of one name, at most, in which a quotation is looked for before all others."""


@dataclass(frozen=True, slots=True)
class _Best:
    """The best match of a quotation, its stretch, and whether a cited document has the quotation in other words."""

    likeness: Likeness
    trace: Trace
    otherwise_in_cited: bool = False


def _best(text: str, cited: frozenset[str], traces: Sequence[Trace]) -> _Best | None:
    """The best match: a right one in a cited document, else a right one in another, else the nearest one.

    Of two equally near ones, the one in a cited document is taken.
    """
    own = _nearest(text, [one for one in traces if one.document in cited])
    if own and own.likeness.right:
        return own
    other = _nearest(text, [one for one in traces if one.document not in cited])
    if other and other.likeness.right:
        return replace(other, otherwise_in_cited=own is not None)
    if own and (not other or own.likeness.share >= other.likeness.share):
        return own
    return replace(other, otherwise_in_cited=own is not None) if other else None


def _nearest(text: str, traces: Sequence[Trace]) -> _Best | None:
    best: _Best | None = None
    for one in traces:
        likeness = compare(text, Source(one.text, markup=is_markdown(one.document), marks=one.marks))
        if likeness and (best is None or _rank(likeness) > _rank(best.likeness)):
            best = _Best(likeness, one)
        if best and best.likeness.finding == "exact":
            break
    return best


def _rank(likeness: Likeness) -> tuple[bool, bool, float]:
    return likeness.right, likeness.finding == "exact", likeness.share


def _judged(
    plain: CheckedQuotation,
    quotation: Quotation,
    cited: frozenset[str],
    best: _Best,
    document: Callable[[str], Layout],
    draft: Draft,
) -> CheckedQuotation:
    name = best.trace.document
    layout = document(name)
    span = Span(best.trace.at + best.likeness.span.start, best.trace.at + best.likeness.span.end)
    likeness, span, told = _placed(quotation, name, best.likeness, span, layout)
    begin = span.start - likeness.span.start
    text = layout.text
    attribution: Attribution = plain.attribution
    if cited:
        attribution = _attributed(name, quotation)
    notes = [likeness.note] if likeness.note else []
    if best.otherwise_in_cited and likeness.right:
        notes.append("the cited document has it in other words")
    if likeness.right:
        notes += _negation_beside(span, text, quotation, draft)
    return replace(
        plain,
        finding=likeness.finding,
        right=likeness.right,
        attribution=attribution,
        source=_citation(span, layout)[0],
        source_column=span.start - layout.lines[line_number(layout.lines, span.start) - 1] + 1,
        source_text=text[span.start : span.end],
        share=likeness.share,
        changes=likeness.changes,
        omitted=likeness.omitted,
        replaced=likeness.replaced,
        notes=(*notes, *told, *plain.notes),
        source_marks=tuple(Span(begin + one.start, begin + one.end) for one in likeness.marks),
    )


def _attributed(name: str, quotation: Quotation) -> Attribution:
    """Whether the document that has the words is cited; unknown where a citation may mean it and may not."""
    meant = [one.meant for one in quotation.citations]
    if any(name in one.documents for one in meant):
        return "right"
    return "wrong" if all(one.documents and not one.likely for one in meant) else "unknown"


def _placed(
    quotation: Quotation, name: str, likeness: Likeness, span: Span, layout: Layout
) -> tuple[Likeness, Span, list[str]]:
    """The likeness and its span, and what to say where it does not stand at the place that is cited.

    If the cited place has the words as well, it is that one.
    """
    places = [place for one in quotation.citations if name in one.meant.documents for place in one.meant.places]
    told = [*misplaced(places, *_citation(span, layout), layout)]
    for stretch in stretches(places, layout) if told else ():
        start = max(0, stretch.start - len(quotation.text))
        end = stretch.end + len(quotation.text)
        there = compare(quotation.text, Source(layout.text[start:end], markup=is_markdown(name)))
        if there and _rank(there) >= _rank(likeness):
            found = Span(start + there.span.start, start + there.span.end)
            told_there = [*misplaced(places, *_citation(found, layout), layout)]
            if len(told_there) < len(told):
                return there, found, told_there
    return likeness, span, told


def _negation_beside(span: Span, text: str, quotation: Quotation, draft: Draft) -> Iterator[str]:
    """A note where the source has a negation right beside the quoted words, and the draft's sentence has none."""
    near = Span(max(0, span.start - _BESIDE), span.end + _BESIDE)
    language = language_of(text[near.start : near.end])
    before = _WORD_BEFORE.search(text, near.start, span.start)
    after = None if text[span.end - 1] in ".!?:;" else _WORD_AFTER.match(text, span.end, near.end)
    beside = [found.group() for found in (before, after) if found]
    negations = [one for word in beside for one in negations_in(word, language)]
    if not negations:
        return
    sentence = next((one for one in draft.sentences if one.span.start <= quotation.span.start < one.span.end), None)
    start, end = (sentence.span.start, sentence.span.end) if sentence else (quotation.span.start, quotation.span.end)
    own = draft.text[start : quotation.span.start] + " " + draft.text[quotation.span.end : end]
    if not negations_in(own, draft.language):
        yield f"the source has “{negations[0]}” right beside these words, and the draft's sentence has no negation"


_BESIDE = 300
"""Characters on each side of the quoted words from which their language is recognised."""
_WORD_BEFORE = re.compile(r"[\w'’]+[^\w.!?:;\n]*\Z")
_WORD_AFTER = re.compile(r"[^\w.!?:;\n]*[\w'’]+")


def _citation(span: Span, layout: Layout) -> tuple[Citation, Citation]:
    """The citation of the span itself, with the heading above it, and the citation of its passage."""
    near = min(layout.passages, key=lambda one: _distance(one.passage.citation, span)).passage.citation
    inside = _distance(near, span) == 0
    first, last = (line_number(layout.lines, at) for at in (span.start, max(span.start, span.end - 1)))
    own = replace(
        near,
        heading=near.heading if inside else (),
        start=span.start,
        end=span.end,
        line_start=first,
        line_end=last,
    )
    return narrowed(own, layout), near if inside else own


def _distance(citation: Citation, span: Span) -> int:
    return max(0, citation.start - span.start, span.start + 1 - citation.end)


def _in_draft(one: Cited, places: Places) -> CitationInDraft:
    return CitationInDraft(places.of(one.span), one.text, one.meant.documents, one.meant.candidates)
