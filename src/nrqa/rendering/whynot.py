"""How the way of a passage through a search looks to a person."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nrqa.auditing.whynot.changes import answers
from nrqa.auditing.whynot.results import Change, ExactRanks, WhyNot
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import counted, harmless, one_line

_LABEL = "dim"
_PLACE = "bold cyan"
_HEADING = "magenta"
_BAD, _GOOD = "bold yellow", "bold green"
_SHOWN = 200
"""Characters shown of the passage."""
_LEFT_OUT = {
    "heading": "They are a heading: it is read with the passages below it, and is none itself.",
    "title": "They are the title: it is read with every passage of the document, and is none itself.",
    "source notice": "They are the source notice: it is shown with every citation, and answers nothing.",
    "metadata": "They are metadata of the document. Search by them with --where KEY=VALUE.",
    "blank": "There is nothing but white space.",
    "left out": "The reader left them out, as what pages leave over, or as marks without words.",
}


def render_whynot(found: WhyNot) -> RenderableType:
    """What became of the passage, its ranks, and what brings it up."""
    parts: list[RenderableType] = [*_passage(found), *_said(found)]
    if found.standing:
        parts += [Text(), *_standing(found, found.standing)]
    parts += _changes(found)
    return Group(*parts)


def _passage(found: WhyNot) -> Iterator[RenderableType]:
    if found.passage is None:
        return
    line = Text.assemble((one_line(place_of(found.passage.citation)), _PLACE))
    if found.passage.citation.heading:
        line.append("  § " + one_line(" › ".join(found.passage.citation.heading)), _HEADING)
    if found.passages > 1:
        line.append(f"  the best of {found.passages} passages meant", _LABEL)
    yield line
    text = one_line(found.passage.text)
    yield Padding(Text(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"), (0, 0, 0, 3), expand=False)
    yield Text()


def _said(found: WhyNot) -> Iterator[Text]:
    """The outcome in a sentence."""
    name = one_line(found.document)
    sentence = {
        "hit": lambda: f"It is hit {found.rank} of {found.k} asked for.",
        "copy": lambda: f"It has the words of {_copied(found)}, and is shown with that one (also in).",
        "unanswered": lambda: f"It is number {found.rank} of the nearest.{_silent(found)}",
        "behind": lambda: _behind(found) + _silent(found),
        "outside": lambda: _outside(found) + _silent(found),
        "filtered": lambda: f"Its document does not pass {one_line(' '.join(found.filters))}.",
        "no passage": lambda: f"This part of '{name}' is in no passage. {_LEFT_OUT[found.detail]}",
        "no such words": lambda: f"'{name}' has no such words.{_elsewhere(found)}",
        "changed": lambda: f"'{name}' has these words now, but had not when the index was built.",
        "added": lambda: f"'{name}' is not in the index: {one_line(found.detail)}.",
        "unreadable": lambda: f"'{name}' could not be read: {one_line(found.detail)}.",
        "excluded": lambda: f"'{name}' is no part of the corpus: {one_line(found.detail)}.",
        "unknown": lambda: (
            f"There is no document '{name}' in the index, nor is such a file known in its corpus.{_like(found)}"
        ),
    }[found.outcome]()
    yield Text(sentence, _GOOD if found.outcome == "hit" else _BAD)
    if found.stale and found.outcome not in ("changed", "added"):
        yield Text("The file has changed since: told is what was indexed. Run `nrqa index`.", "yellow")


def _copied(found: WhyNot) -> str:
    return one_line(place_of(found.copy_of)) if found.copy_of else "another"


def _behind(found: WhyNot) -> str:
    place = found.standing.place if found.standing else None
    return f"It would be number {place}, and {found.k} {'was' if found.k == 1 else 'were'} asked for."


def _outside(found: WhyNot) -> str:
    number = found.standing.candidates if found.standing else 0
    return f"It is not among the {number} best of dense, nor of lexical: no other passage is looked at more closely."


def _silent(found: WhyNot) -> str:
    if answers(found.verdict):
        return ""
    return f" The verdict is that nothing answers: {found.verdict}, confidence {found.confidence:.2f}."


def _elsewhere(found: WhyNot) -> str:
    return f" They are in '{one_line(found.detail)}'." if found.detail else ""


def _like(found: WhyNot) -> str:
    return f" Did you mean '{one_line(found.detail)}'?" if found.detail else ""


def _standing(found: WhyNot, standing: ExactRanks) -> Iterator[Text]:
    if found.filters:
        yield Text("Without these filters:", _LABEL)
    for name, one in standing.signals.items():
        place = "no common term" if one.rank is None else f"rank {one.rank:,} of {one.of:,}"
        lead = f"{one.lead:+.3f} against hit {found.k}" if abs(one.lead) >= 0.0005 else ""  # noqa: PLR2004 - what rounds to 0
        yield Text.assemble((f"{name:<9}", _LABEL), f"{place:<22}", (f"{one.score:>8.3f}   {lead}", _LABEL))
    among = "" if standing.whole else " candidates"
    place = f"rank {standing.rank:,} of {standing.of:,}{among}"
    yield Text.assemble((f"{'blended':<9}", _LABEL), f"{place:<22}", (f"{standing.score:>8.3f}", _LABEL))
    words = Text.assemble((f"{'words':<9}", _LABEL))
    words.append(f"has {harmless(', '.join(standing.common))}" if standing.common else "has none of the question's")
    if standing.missing:
        words.append(f" · lacks {harmless(', '.join(standing.missing))}", _LABEL)
    yield words


def _changes(found: WhyNot) -> Iterator[Text]:
    if found.outcome == "hit":
        return
    if found.changes:
        new = found.outcome in ("added", "changed")
        yield Text(f"\nWhat {'makes it searchable' if new else 'brings it up'}:", "bold")
        for at, one in enumerate(found.changes):
            besides = bool(found.filters) and one.kind != "without"
            line = Text.assemble("  ", _change(one), (" (without these filters)" if besides else "", _LABEL))
            if one.rank is not None:
                line.append(f"   → number {one.rank}, {one.verdict}", _GOOD if at == 0 and answers(one.verdict) else "")
            yield line
    if found.tried and not any(one.kind == "word" for one in found.changes):
        words = counted(found.tried, "word")
        up = "brings it up" if answers(found.verdict) and not found.filters else "makes it an answer"
        yield Text(f"\nNo single word of it, added to the question, {up} ({words} tried).", _LABEL)


def _change(change: Change) -> str:
    value = one_line(change.value)
    return {
        "k": f"-k {value}",
        "word": f"with “{value}” in the question",
        "without": f"without {value}",
        "only": f"--only {shlex.quote(value)}",
        "index": value,
    }[change.kind]
