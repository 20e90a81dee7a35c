"""How an answer looks on a terminal: the sentences that answer with their neighbours, and never more than a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.text import Text

from nrqa.records import Answer, Hit, Span
from nrqa.rendering.answer import PLAIN, Look, beginning, ending, hit_lines, rank_line, shown_hits
from nrqa.rendering.plain_text import counted
from nrqa.rendering.shared_lines import LABEL, source_notice

_SHORT = 320
"""Characters up to which a passage is shown whole: some four lines."""
_LEADING = 2
"""Sentences shown of a passage in which none stands out."""
PROMPT = 3
"""Lines of the screen that the answer leaves: the command that was typed, perhaps on two, and the next prompt."""
LEAST_ROOM = 10
"""Lines that an answer takes at least, however low the window is."""


def render_short(answer: Answer, console: Console, *, look: Look = PLAIN) -> RenderableType:
    """The answer as it fits into the window, so that the first hit is still there when all is written.

    If it is too long, the hits after the first lose the neighbours of their answering sentences, then all do; then
    the last hits are told by their place alone; then they are counted.
    """
    room = max(LEAST_ROOM, console.size.height - PROMPT)
    total = len(shown_hits(answer))
    layouts = [
        *(_Layout(total, neighbours, 0) for neighbours in (total, 1, 0)),
        *(_Layout(whole, 0, total - whole) for whole in range(total - 1, 0, -1)),
        *(_Layout(1, 0, places) for places in range(total - 2, -1, -1)),
    ]
    for layout in layouts:
        page = _page(answer, layout, look)
        if len(console.render_lines(page, pad=False)) <= room:
            break
    return page


@dataclass(frozen=True, slots=True)
class _Layout:
    """How much is shown: hits with text, how many of these with neighbours, and hits of which only the place is."""

    whole: int
    neighbours: int
    places: int


def kept(hit: Hit, *, neighbours: int) -> Sequence[Span] | None:
    """What is shown of a hit, as spans of the document; None for all of it."""
    text, sentences = hit.passage.text, hit.sentences
    if len(text) <= _SHORT or len(sentences) <= 1:
        return None
    if not hit.highlights:
        return [Span(sentences[0].start, sentences[min(_LEADING, len(sentences)) - 1].end)]
    runs: list[tuple[int, int]] = []
    for at, one in enumerate(sentences):
        if any(span.start < one.end and one.start < span.end for span in hit.highlights):
            first, last = max(0, at - neighbours), min(len(sentences) - 1, at + neighbours)
            if runs and first <= runs[-1][1] + 1:
                first = runs.pop()[0]
            runs.append((first, last))
    return [Span(sentences[first].start, sentences[last].end) for first, last in runs] or None


def _page(answer: Answer, layout: _Layout, look: Look) -> RenderableType:
    parts: list[RenderableType] = [*beginning(answer)]
    hits, faint = shown_hits(answer), not answer.answers
    told: set[str] = set()
    for at, hit in enumerate(hits[: layout.whole]):
        stretches = kept(hit, neighbours=int(at < layout.neighbours))
        parts += [*hit_lines(hit, faint=faint, look=look, kept=stretches, told=told), Text()]
        told.add(source_notice(hit.passage.citation))
    shown = layout.whole + layout.places
    for hit in hits[layout.whole : shown]:
        line = rank_line(hit, look)
        line.no_wrap, line.overflow = True, "ellipsis"
        parts.append(line)
    more = len(hits) - shown
    if more:
        parts.append(Text(f"and {counted(more, 'more hit')}", LABEL))
    if layout.whole < len(hits):
        parts += [Text(f"All of them: {look.whole}, or a taller window", LABEL), Text()]
    return Group(*parts, *ending(answer, look))
