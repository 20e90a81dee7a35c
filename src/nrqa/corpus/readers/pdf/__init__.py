"""PDF: text in reading order, with the page and the box of every word. Only this package knows PDFium."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import pypdfium2

from nrqa.corpus.readers.pdf.annotations import attachments_of
from nrqa.corpus.readers.pdf.composing import Composed, compose, sections_of
from nrqa.corpus.readers.pdf.glyphs import PageGlyphs
from nrqa.corpus.readers.pdf.headings import heading_levels, title_at, words_of
from nrqa.corpus.readers.pdf.hyphens import Vocabulary
from nrqa.corpus.readers.pdf.lines import lines_of
from nrqa.corpus.readers.pdf.losses import flags_of, legible, refuse_unless_text, unread, without_stamps
from nrqa.corpus.readers.pdf.ocr_repair import repair_ocr_layer
from nrqa.corpus.readers.pdf.opening import bookmarks_of, form_of, is_drawn_by_xfa, labels_of, metadata_of, opened
from nrqa.corpus.readers.pdf.page_words import read_page
from nrqa.corpus.readers.pdf.paragraphs import Paragraph, body_size, paragraphs_of
from nrqa.corpus.readers.pdf.running_heads import without_margins
from nrqa.corpus.readers.pdf.typed import Typed, with_boxes, with_typed
from nrqa.corpus.readers.pdf.xmp import publication_of
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.outline import Outline, blocks_of
from nrqa.records import PAGE, PAGE_LABEL, Place, Span

T = TypeVar("T")
_USUAL_SIZE = 10.0
"""The font size of typed words in a document without printed ones."""


def read(_: str, data: bytes) -> Reading:
    """Reads a PDF. The boxes of the words in ``pages`` are in user space (see module ``glyphs``)."""
    document = opened(data)
    try:
        metadata = metadata_of(document) | publication_of(data)
        bookmarks = bookmarks_of(document)
        labels = labels_of(document)
        attachments = attachments_of(document)
        xfa = is_drawn_by_xfa(document)
        form = form_of(document)
        glyphs = [_read_page(document, number, form) for number in range(len(document))]
    finally:
        document.close()
    repair_ocr_layer(glyphs)
    for one in glyphs:
        with_boxes(one)
    whole = [lines_of(number, legible(one).words) for number, one in enumerate(glyphs)]
    stamps = without_stamps(glyphs, whole)
    whole = [lines if one.words else [] for one, lines in zip(glyphs, whole, strict=True)]
    refuse_unless_text(glyphs, attachments)
    size = body_size(whole)
    kept = without_margins(whole, size, [(one.box, one.view) for one in glyphs], labels)
    pages = kept.pages
    paragraphs, typed = with_typed(paragraphs_of(pages, size, kept.aside), glyphs, size or _USUAL_SIZE)
    levels = heading_levels(paragraphs, bookmarks, size)
    composed = compose(paragraphs, Vocabulary([line for lines in pages for line in lines]))
    given = metadata.get("title")
    title = title_at(paragraphs, levels, given if isinstance(given, str) else None)
    named = None
    if title is not None and len(paragraphs) > 1:
        named = words_of(paragraphs[title])
        paragraphs, composed.spans = _without(paragraphs, title), _without(composed.spans, title)
        levels = {at - (at > title): level for at, level in levels.items() if at != title}
    blocks = blocks_of(sections_of(paragraphs, composed.spans, levels))
    return Reading(
        text=composed.text,
        outline=Outline(title=named, metadata=metadata, notices=(), blocks=blocks),
        places=(*_places(composed, labels), *_typed_places(paragraphs, composed.spans, typed)),
        pages=tuple(composed.pages),
        flags=(
            *flags_of(glyphs, (*kept.left_out, *stamps), composed.pages, len(composed.text)),
            *unread(attachments, len(composed.text), xfa=xfa),
        ),
    )


def _read_page(document: pypdfium2.PdfDocument, number: int, form: Any = None) -> PageGlyphs:
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return PageGlyphs([], Counter(), broken=True)
    try:
        return read_page(page, form)
    finally:
        page.close()


def _places(composed: Composed, labels: Sequence[str]) -> Iterator[Place]:
    for one in composed.pages:
        yield Place(PAGE, str(one.page), one.start, one.end)
    for one in composed.pages:
        label = labels[one.page - 1]
        if any(label not in ("", str(number)) for number, label in enumerate(labels, 1)) and label:
            yield Place(PAGE_LABEL, label, one.start, one.end)


def _typed_places(
    paragraphs: Sequence[Paragraph], spans: Sequence[Span], typed: Mapping[int, Typed]
) -> Iterator[Place]:
    """The places of typed text: lines of the same field or note together."""
    before: Typed | None = None
    start = end = 0
    for paragraph, span in zip(paragraphs, spans, strict=True):
        one = typed.get(id(paragraph))
        if one is not before:
            if before is not None and before.label:
                yield Place(before.kind, before.label, start, end)
            before, start = one, span.start
        end = span.end
    if before is not None and before.label:
        yield Place(before.kind, before.label, start, end)


def _without(items: Sequence[T], at: int) -> list[T]:
    return [*items[:at], *items[at + 1 :]]
