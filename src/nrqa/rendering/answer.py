"""How an answer looks to a person; text of sources is never mixed with text of nrqa's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nrqa.answering.missing_words import mostly_nowhere, words_to_report
from nrqa.records import Answer, Citation, Explanation, Hit, Span
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import counted, one_line, stale_told, unwrapped, wrapped_ends
from nrqa.rendering.shared_lines import (
    EMPHASIS,
    LABEL,
    LEFT_OUT,
    PLACE,
    flag_line,
    place_line,
    skipped_count,
    skipped_lines,
    source_notice,
)  # fmt: skip

_VERDICT_STYLES = {
    "answered": "bold green",
    "weak": "bold yellow",
    "absent": "bold red",
    "unknown": "bold red",
}
_NEAREST = 3
"""How many passages are shown when none of them answers."""
EMPHASISED = "bold underline"
_INDENT = 3
MARK = " ▌ "
"""What stands before an answering sentence where there is no type to tell it by; as wide as the indentation."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the place where an answer is shown adds to it."""

    link: Callable[[Citation], str | None] = lambda _: None
    """The address that opens a citation, where the terminal can follow one."""
    near: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For words of the question that occur nowhere, words like them that do."""
    whole: str = "--full"
    """What to type for the whole answer, where it is shown in short."""


PLAIN = Look()


def render_answer(answer: Answer, *, certificate: bool = False, look: Look = PLAIN) -> RenderableType:
    """Hits with rank, place, heading path and text, then what was searched; all of it with ``certificate``."""
    parts: list[RenderableType] = [*beginning(answer)]
    for hit in shown_hits(answer):
        parts += [*hit_lines(hit, faint=not answer.answers, look=look), Text()]
    parts += ending(answer, look, listed=certificate)
    if certificate:
        from nrqa.rendering.certificate import certificate_lines  # most answers show none

        parts += [Text(), *certificate_lines(answer)]
    return Group(*parts)


def render_hit(hit: Hit) -> RenderableType:
    """One hit: rank and place, the text, and what to know of it."""
    return Group(*hit_lines(hit, faint=False, look=PLAIN))


def shown_hits(answer: Answer) -> Sequence[Hit]:
    """The hits to show: all that answer, or the nearest few."""
    return answer.hits if answer.answers else answer.hits[:_NEAREST]


def beginning(answer: Answer) -> list[RenderableType]:
    """What comes before the hits: that they are no answers, where they are none."""
    return [] if answer.answers else [_refusal(answer), Text()]


def hit_lines(
    hit: Hit,
    *,
    faint: bool,
    look: Look,
    kept: Sequence[Span] | None = None,
    told: Collection[str] = (),
    label: str = "",
    elsewhere: Sequence[str] = (),
) -> Iterator[RenderableType]:
    """A hit: its rank and place, its text, and what a reader should know of it.

    ``kept`` are the stretches of the document that are shown of it, all of it where that is None. Source notices that
    are among ``told`` were shown before. ``label`` stands after the rank.
    ``elsewhere`` are places of the same words that its answer does not know.
    """
    citation = hit.passage.citation
    line = rank_line(hit, look, label)
    notice = source_notice(citation)
    if notice and notice in told:
        line.append("  notice as above", LABEL)
    yield line
    yield Body(hit, kept, style=LABEL if faint else "")
    warning = [one for one in citation.flags if one.kind != LEFT_OUT]
    if warning:
        yield _inset(flag_line(warning))
    if notice and notice not in told:
        yield _inset(Text.assemble(("source notice: ", LABEL), (notice, "italic dim")))
    if places := [*(one_line(place_of(one)) for one in hit.also), *elsewhere]:
        yield _inset(Text.assemble(("also in: ", LABEL), (", ".join(places), PLACE)))
    if hit.explanation:
        for line in _explanation(hit, hit.explanation):
            yield _inset(line)


def rank_line(hit: Hit, look: Look, label: str = "") -> Text:
    """A hit's rank, and where it stands."""
    line = Text.assemble((f"{hit.rank}  ", EMPHASIS), (label, LABEL))
    return line.append_text(place_line(hit.passage.citation, look.link(hit.passage.citation)))


@dataclass(frozen=True, slots=True)
class Body:
    """A passage's text, its answering sentences emphasised: by type where there is any, else by a mark beside them.

    The mark stands in the margin, where no text of the source can: each sentence that has it begins a line.
    """

    hit: Hit
    kept: Sequence[Span] | None
    style: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """The lines, as wide as there is room for."""
        pieces = list(self._pieces())
        if console.color_system is not None:
            yield _inset(Text.assemble(*((text, f"{self.style} {style}") for text, style in pieces), tab_size=8))
            return
        width = max(1, options.max_width - _INDENT)
        runs: list[tuple[str, bool]] = []
        for text, style in pieces:
            emphasised = style == EMPHASISED
            if runs and (runs[-1][1] == emphasised or not text.strip()):
                runs[-1] = (runs[-1][0] + text, runs[-1][1])
            elif text.strip():
                runs.append((text, emphasised))
        for text, emphasised in runs:
            plain = Text(text.strip())
            plain.expand_tabs(8)
            for line in plain.wrap(console, width, no_wrap=options.no_wrap):
                line.rstrip()
                yield Text(MARK if emphasised else " " * _INDENT).append_text(line)

    def _pieces(self) -> Iterator[tuple[str, str]]:
        """What is shown, in order, with its style; where something is left out, three dots."""
        citation, text = self.hit.passage.citation, self.hit.passage.text
        at = citation.start
        cut = partial(unwrapped, text, wrapped_ends(text))
        for one in (Span(citation.start, citation.end),) if self.kept is None else self.kept:
            if one.start > at:
                yield "… " if at == citation.start else " … ", LABEL
            at = one.start
            for span in self.hit.highlights:
                if span.start < one.end and span.end > at:
                    yield cut(at - citation.start, span.start - citation.start), ""
                    at = min(span.end, one.end)
                    yield cut(span.start - citation.start, at - citation.start), EMPHASISED
            yield cut(at - citation.start, one.end - citation.start), ""
            at = one.end
        if text[at - citation.start :].strip():
            yield " …", LABEL


def _inset(text: Text) -> Padding:
    text.expand_tabs(8)  # rich takes a tab for one column when it measures, and would cut off the line's end
    return Padding(text, (0, 0, 0, _INDENT), expand=False)


def _explanation(hit: Hit, explanation: Explanation) -> Iterator[Text]:
    """A line for each signal, and one for the words that met."""
    for name, rank in explanation.ranks.items():
        yield Text(
            f"{name:<8}{hit.signals[name]:>8.3f}  rank {rank:<3} weight {explanation.weights[name]:.2f}  "
            f"adds {explanation.added[name]:.3f}",
            LABEL,
        )
    pairs = (f"{one_line(one.question)} → {one_line(one.passage)} {one.similarity:.2f}" for one in explanation.matches)
    if explanation.matches:
        yield Text("words   " + ", ".join(pairs), LABEL)


def _refusal(answer: Answer) -> Text:
    line = Text()
    if not answer.searched.documents:
        line.append("There is no document to search.", "bold")
    elif answer.verdict == "absent":
        line.append("Nothing in the corpus answers this.", "bold")
    else:
        line.append("Nothing found, but not everything could be searched (see below).", "bold")
    if answer.hits:
        line.append(" Nearest passages, which are not answers:", LABEL)
    return line


def ending(answer: Answer, look: Look = PLAIN, *, listed: bool = False) -> list[Text]:
    """The verdict and what was searched.

    Which files could not be searched is told where that could change the verdict, or if they are to be ``listed``;
    else only how many.
    """
    searched = answer.searched
    tell = skipped_lines if listed or answer.verdict == "unknown" else skipped_count
    line = Text.assemble((answer.verdict, _VERDICT_STYLES[answer.verdict]))
    line.append(
        f"  confidence {answer.confidence:.2f} · searched {counted(searched.documents, 'document')}, "
        f"{counted(searched.passages, 'passage')} · generation {answer.generation}",
        LABEL,
    )
    return [
        line,
        *_nowhere(answer, look),
        *(Text(one_line(notice), "yellow") for notice in answer.notices),
        *tell("Not searchable", searched.unreadable, lister="nrqa status"),
        *tell(stale_told(searched.stale, " (run `nrqa index`)"), searched.stale),
    ]


def _nowhere(answer: Answer, look: Look) -> list[Text]:
    """What occurs nowhere and is worth saying, and what may have been meant."""
    like = [one_line(one) for some in look.near.values() for one in some]
    listed = ", ".join(dict.fromkeys(like))
    if mostly_nowhere(answer.question, answer.searched.nowhere):  # a notice says so, where it matters
        return [Text(f"Words of the documents like those of the question: {listed}", "yellow")] if like else []
    words = words_to_report(answer.question, answer.searched.nowhere)
    if not words or not answer.searched.documents:
        return []
    line = Text()
    for at, word in enumerate(words):
        line.append(", " if at and at < len(words) - 1 else " and " if at else "")
        line.append(one_line(word), "italic")
    documents = answer.searched.documents
    if documents > 1:
        line.append(f" {'occurs' if len(words) == 1 else 'occur'} in none of the {documents:,} documents")
    else:
        line.append(f" {'does' if len(words) == 1 else 'do'} not occur in the document searched")
    if like:
        line.append(f". Words like {'it' if len(words) == 1 else 'them'} that do: {listed}")
    line.stylize("yellow")
    return [line]
