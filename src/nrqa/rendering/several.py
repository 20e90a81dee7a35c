"""How the answers of several indexes to one question look to a person: one list of hits, each with its index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rich.console import Console, Group, RenderableType
from rich.text import Text

from nrqa.answering.several import Together
from nrqa.rendering.answer import PLAIN, Look, ending, hit_lines
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import one_line
from nrqa.rendering.shared_lines import EMPHASIS, LABEL, source_notice
from nrqa.rendering.short_answer import LEAST_ROOM, PROMPT, kept

_NEAREST = 3
"""How many passages are shown when none of them answers."""


def render_together(
    together: Together, looks: Mapping[str, Look], *, short: bool = False, whole: int | None = None
) -> RenderableType:
    """The hits, each with its index, then what each index says; ``short`` and ``whole`` as for one answer.

    ``looks`` has for each index what the place of showing adds.
    """
    parts: list[RenderableType] = []
    if not together.answered:
        parts += [Text("None of the indexes answers this. Nearest passages, which are not answers:", "bold"), Text()]
    hits = together.hits if together.answered else together.hits[:_NEAREST]
    told: set[str] = set()
    for rank, ((name, hit), copies) in enumerate(zip(hits[:whole], together.copies, strict=False), 1):
        stretches = kept(hit, neighbours=1) if short else None
        shown, look = replace(hit, rank=rank), looks.get(name, PLAIN)
        parts += hit_lines(
            shown,
            faint=not together.answered,
            look=look,
            kept=stretches,
            told=told if short else (),
            label=f"{one_line(name)}  ",
            elsewhere=[f"{one_line(other)}  {one_line(place_of(its))}" for other, its in copies],
        )
        parts.append(Text())
        told.add(source_notice(hit.passage.citation))
    if whole is not None and whole < len(hits):
        said = next((look.whole for look in looks.values()), PLAIN.whole)
        parts += [Text(f"and {len(hits) - whole} more: {said}, or a taller window", LABEL), Text()]
    for name, answer in together.answers:
        first, *others = ending(answer, looks.get(name, PLAIN))
        parts += [Text.assemble((f"{one_line(name)}  ", EMPHASIS), first), *others]
    return Group(*parts)


def fitting(together: Together, looks: Mapping[str, Look], console: Console) -> RenderableType:
    """As many of the hits, in short, as fit into the window; the first one always."""
    room = max(LEAST_ROOM, console.size.height - PROMPT)
    for count in range(len(together.hits), 0, -1):
        page = render_together(together, looks, short=True, whole=count)
        if len(console.render_lines(page, pad=False)) <= room:
            return page
    return render_together(together, looks, short=True, whole=1)
