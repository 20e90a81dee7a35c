"""How an answer looks to a person; text of sources is never mixed with text of nrqa's own."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nrqa.answering.missing_words import mostly_nowhere, words_to_report
from nrqa.records import Answer, Explanation, Hit
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import counted, harmless, one_line
from nrqa.rendering.shared_lines import (
    EMPHASIS,
    LABEL,
    LEFT_OUT,
    PLACE,
    flag_line,
    place_line,
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


def render_answer(answer: Answer, *, certificate: bool = False) -> RenderableType:
    """Hits with rank, place, heading path and text, then what was searched; all of it with ``certificate``."""
    answered = answer.answers
    parts: list[RenderableType] = []
    if not answered:
        parts += [_refusal(answer), Text()]
    hits = answer.hits if answered else answer.hits[:_NEAREST]
    for hit in hits:
        parts += [*_hit(hit, faint=not answered), Text()]
    parts += _searched(answer)
    if certificate:
        parts += [Text(), *_certificate(answer)]
    return Group(*parts)


def render_hit(hit: Hit) -> RenderableType:
    """One hit: rank and place, the text, and what to know of it."""
    return Group(*_hit(hit, faint=False))


def _hit(hit: Hit, *, faint: bool) -> Iterator[RenderableType]:
    citation = hit.passage.citation
    line = Text.assemble((f"{hit.rank}  ", EMPHASIS))
    line.append_text(place_line(citation))
    yield line
    body = Text(style=LABEL if faint else "")
    at = citation.start
    for span in hit.highlights:
        body.append(harmless(hit.passage.text[at - citation.start : span.start - citation.start]))
        body.append(
            harmless(hit.passage.text[span.start - citation.start : span.end - citation.start]),
            "bold underline",
        )
        at = span.end
    body.append(harmless(hit.passage.text[at - citation.start :]))
    body.expand_tabs(8)  # rich takes a tab for one column when it measures, and would cut off the line's end
    yield Padding(body, (0, 0, 0, 3), expand=False)
    warning = [one for one in citation.flags if one.kind != LEFT_OUT]
    if warning:
        yield Padding(flag_line(warning), (0, 0, 0, 3), expand=False)
    notice = source_notice(citation)
    if notice:
        yield Padding(Text.assemble(("source notice: ", LABEL), (notice, "italic dim")), (0, 0, 0, 3), expand=False)
    if hit.also:
        places = ", ".join(one_line(place_of(one)) for one in hit.also)
        yield Padding(Text.assemble(("also in: ", LABEL), (places, PLACE)), (0, 0, 0, 3), expand=False)
    if hit.explanation:
        for line in _explanation(hit, hit.explanation):
            yield Padding(line, (0, 0, 0, 3), expand=False)


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


def _searched(answer: Answer) -> list[RenderableType]:
    searched = answer.searched
    line = Text.assemble((answer.verdict, _VERDICT_STYLES[answer.verdict]))
    line.append(
        f"  confidence {answer.confidence:.2f} · searched {counted(searched.documents, 'document')}, "
        f"{counted(searched.passages, 'passage')} · generation {answer.generation}",
        LABEL,
    )
    return [
        line,
        *_nowhere(answer),
        *(Text(one_line(notice), "yellow") for notice in answer.notices),
        *skipped_lines("Not searchable", searched.unreadable),
        *skipped_lines("Changed since the index was built (run `nrqa index`)", searched.stale),
    ]


def _nowhere(answer: Answer) -> list[Text]:
    """What occurs nowhere and is worth saying."""
    if mostly_nowhere(answer.question, answer.searched.nowhere):
        return []  # a notice says so, where it matters
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
    line.stylize("yellow")
    return [line]


def _certificate(answer: Answer) -> Iterator[Text]:
    """What was searched, as a page to keep: enough to tell what the verdict rests on."""
    searched = answer.searched
    filters = [f"{key}={value}" for key, values in searched.where.items() for value in values]
    filters += [f"only {glob}" for glob in searched.only]
    from nrqa.answering.coverage import is_complete  # most answers show no certificate

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
