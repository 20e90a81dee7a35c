"""How answers, citations and reports look to a person; text of sources is never mixed with text of nrqa's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nrqa.answering.evidence import words_to_report
from nrqa.encoder.protocol import USUAL
from nrqa.errors import QuestionError
from nrqa.records import Answer, Citation, Explanation, Flag, Hit, IndexReport, Skipped
from nrqa.text.control_characters import visible
from nrqa.text.terms import written_words

if TYPE_CHECKING:
    from nrqa.answering.inspecting import Place, Shown, Status

_LABEL = "dim"
_PLACE = "bold cyan"
_HEADING = "magenta"
_EMPHASIS = "bold"
_VERDICT_STYLES = {
    "answered": "bold green",
    "weak": "bold yellow",
    "absent": "bold red",
    "unknown": "bold red",
}
_NEAREST = 3
"""How many passages are shown when none of them answers."""
_FEW, _MOST_NOWHERE = 4, 0.6
"""From so many words on, and from such a share that occurs nowhere, it may be another language."""
_FLAGGED = 3
"""How many flags of a passage are told before the rest are counted."""
_LISTED = 10
"""How many skipped files are named before the rest are counted."""

_PLACE_TEXT = r"(?P<document>.+?):(?P<first>\d+)(?:[-–](?P<last>\d+))?(?:\s+[§#].*)?"
_SPAN_TEXT = r"(?P<document>.+?)@(?P<start>\d+)[-–](?P<end>\d+)(?:\s+[§#].*)?"


def place_of(citation: Citation) -> str:
    """``file:line`` or ``file:first-last``: short enough to read aloud, and ``nrqa show`` takes it back."""
    if citation.line_end > citation.line_start:
        return f"{citation.place}-{citation.line_end}"
    return citation.place


def located_in(citation: Citation) -> str:
    """What the source's own format calls the place: "page 7", "sheet Budget, rows 2–3"; "" for lines of text."""
    return ", ".join(
        f"{one.kind} {one_line(one.first)}"
        if one.first == one.last
        else f"{one.kind}{'s' if not one.kind.endswith('s') else ''} {one_line(one.first)}–{one_line(one.last)}"
        for one in citation.locators
    )


def parse_place(text: str) -> Place:
    """The place that ``file:line``, ``file:first-last`` or ``file@start-end`` (code points) means."""
    from nrqa.answering.inspecting import Place
    from nrqa.citations.line import parse_line

    stripped = text.strip()
    cited = parse_line(stripped)
    if cited and cited.lines:
        return Place(cited.document, lines=cited.lines)
    span = re.fullmatch(_SPAN_TEXT, stripped, re.DOTALL)
    if span:
        return Place(span["document"], span=(int(span["start"]), int(span["end"])))
    lines = re.fullmatch(_PLACE_TEXT, stripped, re.DOTALL)
    if lines:
        first = int(lines["first"])
        return Place(lines["document"], lines=(first, int(lines["last"] or first)))
    raise QuestionError(f"'{harmless(text)}' is no citation. Write FILE:LINE, such as nato-russia.txt:29")


def harmless(text: str) -> str:
    """The text with every character that could steer a terminal replaced by a visible one."""
    return visible(text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Harmless, and on one line: a name or title cannot pose as a line of ours."""
    return " ".join(harmless(text).split())


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


def render_report(report: IndexReport) -> RenderableType:
    """What indexing did, in a line or two, and what it could not read."""
    changes = [
        f"{count} {word}"
        for count, word in (
            (report.documents_added, "added"),
            (report.documents_changed, "changed"),
            (report.documents_removed, "removed"),
            (report.documents_unchanged, "unchanged"),
        )
        if count
    ]
    first = Text.assemble(
        ("Documents: ", _LABEL),
        ", ".join(changes) or "none",
        ("  Passages: ", _LABEL),
        f"{report.passages_total:,}, {report.passages_embedded:,} embedded",
        f" by {report.encoded_by}" if report.encoded_by not in ("", USUAL) else "",
        ("  Generation: ", _LABEL),
        f"{report.generation}",
        (f"  ({report.seconds:.1f} s)", _LABEL),
    )
    return Group(first, *skipped_lines("Not searchable", report.unreadable))


def render_status(status: Status) -> RenderableType:
    """What the index holds, and how it stands to its corpus."""
    if status.damaged:
        lines = [Text.assemble(("damaged  ", "bold red"), f"{harmless(name)} {what}") for name, what in status.damaged]
        return Group(*lines, Text("Build it again: nrqa index --rebuild", _LABEL))
    rows = [
        ("index", status.index),
        ("generation", f"{status.generation}, of {status.created}"),
        ("corpus", status.corpus or "not found; questions are answered all the same"),
        ("documents", f"{status.documents:,}"),
        ("passages", f"{status.passages:,}"),
        ("encoder", status.model),
        ("size", f"{status.bytes / 1e6:,.1f} MB"),
    ]
    if status.damaged is not None:
        rows.append(("files", "all as they were written"))
    lines = [Text.assemble((f"{name:<11}", _LABEL), harmless(value)) for name, value in rows]
    lines += skipped_lines("Not searchable", status.unreadable)
    lines += skipped_lines("No part of the corpus", status.excluded)
    lines += skipped_lines("Changed since (run `nrqa index`)", status.stale)
    return Group(*lines)


def render_shown(shown: Shown) -> RenderableType:
    """The lines around a citation with their numbers; the cited ones stand out."""
    parts: list[RenderableType] = []
    for passage in shown.passages:
        parts.append(_place_line(passage.citation))
    parts.append(Text())
    width = len(str(shown.lines[-1][0])) if shown.lines else 1
    for number, text, cited in shown.lines:
        mark = "▌" if cited else " "
        line = Text.assemble(
            (f"{number:>{width}} ", _LABEL),
            (f"{mark} ", _PLACE),
            (harmless(text), _EMPHASIS if cited else ""),
        )
        parts.append(line)
    flags = tuple(dict.fromkeys(flag for passage in shown.passages for flag in passage.citation.flags))
    if flags:
        parts += [Text(), _flagged(flags)]
    notices = dict.fromkeys(_notice(passage.citation) for passage in shown.passages)
    parts += [Text.assemble(("\nsource notice: ", _LABEL), notice) for notice in notices if notice]
    if shown.changed:
        parts.append(Text("\nThe file has changed since the index was built; run `nrqa index`.", "yellow"))
    return Group(*parts)


def _hit(hit: Hit, *, faint: bool) -> Iterator[RenderableType]:
    citation = hit.passage.citation
    line = Text.assemble((f"{hit.rank}  ", _EMPHASIS))
    line.append_text(_place_line(citation))
    yield line
    body = Text(style=_LABEL if faint else "")
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
    if citation.flags:
        yield Padding(_flagged(citation.flags), (0, 0, 0, 3), expand=False)
    notice = _notice(citation)
    if notice:
        yield Padding(Text.assemble(("source notice: ", _LABEL), (notice, "italic dim")), (0, 0, 0, 3), expand=False)
    if hit.also:
        places = ", ".join(one_line(place_of(one)) for one in hit.also)
        yield Padding(Text.assemble(("also in: ", _LABEL), (places, _PLACE)), (0, 0, 0, 3), expand=False)
    if hit.explanation:
        for line in _explanation(hit, hit.explanation):
            yield Padding(line, (0, 0, 0, 3), expand=False)


def _explanation(hit: Hit, explanation: Explanation) -> Iterator[Text]:
    """A line for each signal, and one for the words that met."""
    for name, rank in explanation.ranks.items():
        yield Text(
            f"{name:<8}{hit.signals[name]:>8.3f}  rank {rank:<3} weight {explanation.weights[name]:.2f}  "
            f"adds {explanation.added[name]:.3f}",
            _LABEL,
        )
    pairs = (f"{one_line(one.question)} → {one_line(one.passage)} {one.similarity:.2f}" for one in explanation.matches)
    if explanation.matches:
        yield Text("words   " + ", ".join(pairs), _LABEL)


def _place_line(citation: Citation) -> Text:
    line = Text.assemble((one_line(place_of(citation)), _PLACE))
    located = located_in(citation)
    if located:
        line.append(f"  {located}", _PLACE)
    if citation.title and citation.title != PurePosixPath(citation.document).stem:
        line.append(f"  {one_line(citation.title)}", "italic")
    if citation.heading:
        line.append("  § " + one_line(" › ".join(citation.heading)), _HEADING)
    return line


def _flagged(flags: Sequence[Flag]) -> Text:
    """What a reader should know of the passage, on one line."""
    told = [f"{one_line(one.kind)}: {one_line(one.detail)}" if one.detail else one_line(one.kind) for one in flags]
    more = [f"and {len(told) - _FLAGGED:,} more"] if len(told) > _FLAGGED else []
    return Text.assemble(("beware  ", "bold yellow"), ("; ".join([*told[:_FLAGGED], *more]), "yellow"))


def _notice(citation: Citation) -> str:
    notice = citation.metadata.get("source_notice", "")
    return one_line(notice if isinstance(notice, str) else " ".join(notice))


def _refusal(answer: Answer) -> Text:
    line = Text()
    if not answer.searched.documents:
        line.append("There is no document to search.", "bold")
    elif answer.verdict == "absent":
        line.append("Nothing in the corpus answers this.", "bold")
    else:
        line.append("Nothing found, but not everything could be searched (see below).", "bold")
    if answer.hits:
        line.append(" Nearest passages, which are not answers:", _LABEL)
    return line


def _searched(answer: Answer) -> list[RenderableType]:
    searched = answer.searched
    line = Text.assemble((answer.verdict, _VERDICT_STYLES[answer.verdict]))
    line.append(
        f"  confidence {answer.confidence:.2f} · searched {counted(searched.documents, 'document')}, "
        f"{counted(searched.passages, 'passage')} · generation {answer.generation}",
        _LABEL,
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
    written = [word.group() for word in written_words(answer.question)]
    words = words_to_report(answer.question, answer.searched.nowhere)
    if len(written) >= _FEW and len(answer.searched.nowhere) >= _MOST_NOWHERE * len(written):
        hint = (
            "Most words of the question occur nowhere. If it is in another language than the documents, ask in theirs."
        )
        return [Text(hint, "yellow")]
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
    complete = not searched.unreadable and not searched.stale
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
        yield Text.assemble((f"{name:<11}", _LABEL), one_line(value))
    for at, near in enumerate(searched.nearest):
        label = "next" if not at else ""
        place = one_line(place_of(near.citation))
        yield Text.assemble((f"{label:<11}", _LABEL), (place, _PLACE), (f"  score {near.score:.3f}", _LABEL))


def skipped_lines(label: str, skipped: Sequence[Skipped]) -> list[Text]:
    """How many files were passed over, and which; nothing where there are none."""
    if not skipped:
        return []
    lines = [Text(f"{label}: {counted(len(skipped), 'file')}", "yellow")]
    for one in skipped[:_LISTED]:
        lines.append(Text.assemble("  ", one_line(one.document), (f"  {one_line(one.reason)}", _LABEL)))
    if len(skipped) > _LISTED:
        lines.append(Text(f"  and {len(skipped) - _LISTED} more", _LABEL))
    return lines


def counted(number: int, noun: str) -> str:
    """The number and the noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
