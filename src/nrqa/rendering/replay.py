"""How a replay, and the report on standing questions, look to a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nrqa.answering.missing_words import words_to_report
from nrqa.auditing.receipts.model import KeptHit
from nrqa.auditing.replaying.comparing import TOLERANCE
from nrqa.auditing.replaying.results import CorpusChange, HitChange, Replay
from nrqa.auditing.standing import Standing, StandingReport
from nrqa.records import Citation
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import counted, one_line
from nrqa.text.word_changes import Change

_LABEL = "dim"
_PLACE = "bold cyan"
_RESULT_STYLES = {"identical": "bold green", "same answer": "bold yellow", "changed": "bold red"}
_LISTED = 10
"""How many documents are named before the rest are counted."""
_CAME = 3
"""How many new sentences of an edited passage are shown before the rest are counted."""
_AROUND = 6
"""Words shown before and after what changed in a passage."""
_NONE = 'There are no standing questions. Add one: nrqa standing add "…"'
_SHORT = 12
"""Digits shown of a hash."""
_GAPS = {"unreadable": "not searched", "stale": "not searched as it stands"}
_ORIGINS = {
    "added": "its document was added",
    "edited": "its document was edited since",
    "unchanged": "its document is as it was",
    "unlisted": "the receipt does not list the documents, so whether this one is new cannot be told",
}


def render_replay(replay: Replay) -> RenderableType:
    """The result, what became of each hit, and what else is different."""
    head = Text.assemble((replay.result, _RESULT_STYLES[replay.result]), "  ", one_line(replay.before.question))
    lines: list[RenderableType] = [_outcome(replay), *_words(replay)]
    for change in replay.hits:
        lines += _hit(change, replay)
    lines += _causes(replay)
    return Group(head, *map(_indented, lines))


def render_standing(report: StandingReport) -> RenderableType:
    """Every question with its result, what changed of those that did, and once what else is different."""
    if not report.replays:
        return Text(_NONE)
    causes = {number: _causes(replay) for number, replay in report.replays}
    shared = next((one for one in causes.values() if one), [])
    if any(one and one != shared for one in causes.values()):
        shared = []  # not all were accepted at the same time
    parts: list[RenderableType] = []
    for number, replay in report.replays:
        head = Text.assemble((f"{number}  ", "bold"), (replay.result, _RESULT_STYLES[replay.result]))
        parts.append(head.append(f"  {one_line(replay.before.question)}"))
        if replay.result == "changed":
            parts += map(
                _indented, [_outcome(replay), *_words(replay), *_loud(replay), *([] if shared else causes[number])]
            )
    total = len(report.replays)
    line = Text.assemble((f"{report.changed} of {counted(total, 'answer')} changed", "bold"))
    line.append(f" · generation {report.generation}", _LABEL)
    if report.accepted:
        refused = sum(replay.now is None for _, replay in report.replays)
        less = f", but for {counted(refused, 'question')} that cannot be asked" if refused else ""
        line.append(f" · accepted{less}: the next report compares with these answers", _LABEL)
    elif report.changed:
        line.append(" · `nrqa standing --accept` takes them as the state to compare with", _LABEL)
    return Group(*parts, Text(), *shared, line)


def render_listed(questions: Sequence[Standing]) -> RenderableType:
    """The standing questions by number, with the verdict that was accepted last."""
    if not questions:
        return Text(_NONE)
    return Group(*(render_standing_question(one) for one in questions))


def render_standing_question(one: Standing) -> Text:
    """Number, question, filters, and the verdict that was accepted last."""
    receipt = one.receipt
    line = Text.assemble((f"{one.number}  ", "bold"), one_line(receipt.question))
    filters = [f"{key}={value}" for key, values in receipt.where.items() for value in values]
    asked = one_line(", ".join([f"k {receipt.k}", *filters, *receipt.only]))
    day = one_line(receipt.created)[:10]
    return line.append(f"  {receipt.verdict} {receipt.confidence:.2f} · {asked} · {day}", _LABEL)


def _indented(line: RenderableType) -> RenderableType:
    return Padding(line, (0, 0, 0, 3), expand=False)


def _outcome(replay: Replay) -> Text:
    """Verdict and confidence then and now."""
    before, now = replay.before, replay.now
    if now is None:
        return Text(f"It cannot be asked any more: {one_line(replay.refused)}", "yellow")
    line = Text(now.verdict)
    if before.verdict != now.verdict:
        line = Text(f"{before.verdict} → {now.verdict}", "bold")
    line = Text.assemble(line, f", confidence {_both(f'{before.confidence:.2f}', f'{now.confidence:.2f}')}")
    numbers = _both(str(before.generation), str(now.generation))
    return line.append(f" · compared with {one_line(before.created)} · generation {numbers}", _LABEL)


def _words(replay: Replay) -> Iterator[Text]:
    """Words of the question that occurred nowhere and do now, or the other way round."""
    if replay.now is None:
        return
    before, now = (words_to_report(one.question, one.searched.nowhere) for one in (replay.before, replay.now))
    for told, words in (
        ("occurred nowhere in what was searched, and does now", [one for one in before if one not in now]),
        ("occurs nowhere any more in what was searched", [one for one in now if one not in before]),
    ):
        yield from (Text(f"“{one_line(word)}” {told}") for word in words)


def _both(before: str, now: str) -> str:
    return now if before == now else f"{before} → {now}"


def _loud(replay: Replay) -> list[RenderableType]:
    """What became of hits, and how many are only at another place or score."""
    lines: list[RenderableType] = []
    for change in replay.hits:
        if not change.is_quiet:
            lines += _hit(change, replay)
    quiet = sum(one.is_quiet for one in replay.hits)
    if quiet:
        lines.append(Text(f"{counted(quiet, 'other hit')} only at another place, rank or score", _LABEL))
    return lines


def _hit(change: HitChange, replay: Replay) -> Iterator[RenderableType]:
    shown = change.before or change.now
    assert shown is not None
    mark = f"{shown.rank}" if change.before else "+"
    line = Text.assemble((f"{mark}  ", "bold"), (one_line(place_of(shown.citation)), _PLACE))
    line.append(f"  “{one_line(shown.begins)}…”", _LABEL)
    yield line
    for what in change.what:
        yield _indented(Text(_sentence(what, change, replay)))
    if change.fate and change.fate.words:
        yield _indented(_difference(change.fate.words))
    elif change.fate and change.fate.came:
        yield from _came(change.fate.came)


def _came(sentences: Sequence[str]) -> Iterator[RenderableType]:
    """What stands in an edited passage now; what stood there is not in the receipt."""
    for one in sentences[:_CAME]:
        yield _indented(Text(f"there now: “{one_line(one)}”"))
    if len(sentences) > _CAME:
        yield _indented(Text(f"and {counted(len(sentences) - _CAME, 'other new sentence')}", _LABEL))


def _sentence(what: str, change: HitChange, replay: Replay) -> str:
    before, now = change.before, change.now
    if change.fate is not None:
        return _left(what, change, replay)
    assert now is not None
    if before is None:
        origin = _ORIGINS.get(change.origin or "", f"its document was named {one_line(change.origin_name)}")
        former = f"; was number {change.rank}, just behind the hits" if change.rank else ""
        return f"new: hit {now.rank}; {origin}{former}"
    told = {
        "moved": _moved(before.citation, now.citation),
        "renamed": f"its document has another name: now at {_of(now.citation)}",
        "relocated": f"the same text is cited from another document now: {_of(now.citation)}",
        "elsewhere": "its document was edited elsewhere; the passage is as it was",
        "reranked": f"was hit {before.rank}, is hit {now.rank}",
        "rescored": _scores(before, now),
        "copies": f"copies stand in other documents than before: {', '.join(map(_of, now.also)) or 'in none'}",
    }
    return told[what]


def _moved(was: Citation, is_: Citation) -> str:
    if was.heading != is_.heading:
        return f"moved: now at {_of(is_)} § {one_line(' › '.join(is_.heading))}"
    if _of(was) != _of(is_):
        return f"moved: now at {_of(is_)}"
    return f"moved within its lines: {is_.start - was.start:+d} characters"


def _left(what: str, change: HitChange, replay: Replay) -> str:
    """What became of a hit that is none any more."""
    before, now, fate = change.before, change.now, change.fate
    assert before is not None
    assert fate is not None
    where = _of(fate.citation) if fate.citation else ""
    place = f"{where}, hit {now.rank}" if now else where
    document = one_line(before.citation.document)
    came = ", ".join(str(one.now.rank) for one in replay.hits if one.now and not one.before)
    rank = f"rank {change.rank}" if change.rank else "not among the first 50"
    kept = f"{fate.kept} of its {counted(len(before.sentences), 'sentence')}" if fate.kept else "most of its words"
    told = {
        "outranked": f"outranked: still at {where}, now {rank}" + (f"; new above it: hit {came}" if came else ""),
        "duplicate": f"counts as a copy of hit {now.rank if now else 0} now",
        "filtered": f"still at {where}, but the filters leave its document out",
        "recut": f"its text is there still, cut otherwise: now in {place or 'no passage'}",
        "edited": f"{document} was edited, and this text stands nowhere any more"
        + (f"; {kept} at {place}" if place else ""),
        "reread": f"{document} is the same file, but other text is read from it",
        "unreadable": f"{document} cannot be read any more: {one_line(fate.reason)}",
        "removed": f"{document} was removed, and this text stands in no other document",
    }
    return told[what]


def _scores(before: KeptHit, now: KeptHit) -> str:
    names = [name for name in now.signals if name in before.signals]
    pairs = [(name, before.signals[name], now.signals[name]) for name in names]
    signals = ", ".join(f"{name} {old:.3f} → {new:.3f}" for name, old, new in pairs if abs(old - new) > TOLERANCE)
    return f"score {_both(f'{before.score:.3f}', f'{now.score:.3f}')}" + (f" ({signals})" if signals else "")


def _difference(words: Sequence[Change]) -> Text:
    """What changed in a passage, with some words around it; marked as `git diff --word-diff` does, for pipes."""
    pieces = []
    for at, one in enumerate(words):
        if one.kind == "removed":
            pieces.append(Text(f"[-{one_line(one.before)}-]", "red"))
        elif one.kind == "added":
            pieces.append(Text(f"{{+{one_line(one.after)}+}}", "green"))
        else:
            pieces.append(Text(_abridged(one.after.split(), first=at == 0, last=at == len(words) - 1), _LABEL))
    return Text(" ").join(pieces)


def _abridged(words: list[str], *, first: bool, last: bool) -> str:
    if len(words) <= 2 * _AROUND:
        return one_line(" ".join(words))
    head = [] if first else words[:_AROUND]
    tail = [] if last else words[-_AROUND:]
    return one_line(" ".join([*head, "…", *tail]))


def _causes(replay: Replay) -> list[Text]:
    """What shaped the answer and is different: the corpus, then everything else by name."""
    if replay.now is None:
        return []
    lines = [] if replay.same_corpus else [Text.assemble(("corpus  ", _LABEL), _corpus(replay.corpus))]
    gaps: dict[str, dict[str, tuple[Any, Any]]] = {kind: {} for kind in _GAPS}
    for one in replay.differences:
        kind, _, name = one.name.partition(".")
        if kind in gaps:
            gaps[kind][name] = one.before, one.now
        else:
            line = f"{_value(one.before)} → {_value(one.now)}"
            lines.append(Text.assemble((f"{one_line(one.name)}  ", _LABEL), line))
    lines += [line for kind, files in gaps.items() for line in _files(kind, files)]
    if replay.result != "identical" and not lines:
        nothing = "Nothing that a receipt records is different: corpus, encoder, settings, weights, version."
        lines.append(Text(nothing, "yellow"))
    return lines


def _files(kind: str, files: Mapping[str, tuple[Any, Any]]) -> Iterator[Text]:
    """What of the corpus could not be searched, then or now."""
    gap = _GAPS[kind]
    for name, (before, now) in list(files.items())[:_LISTED]:
        if now is None:
            told = f"was {gap}: {one_line(before)}; that is so no more"
        elif before is None:
            told = f"is {gap} now: {one_line(now)}"
        else:
            told = f"is {gap}: {one_line(before)} → {one_line(now)}"
        yield Text.assemble((f"{one_line(name)}  ", _LABEL), told)
    if len(files) > _LISTED:
        yield Text(f"{counted(len(files) - _LISTED, 'other file')} likewise", _LABEL)


def _corpus(change: CorpusChange | None) -> str:
    if change is None:
        return "not the same documents; the receipt does not list them, so which ones cannot be told"
    renamed = tuple(f"{old} → {new}" for old, new in change.renamed)
    kinds = (("added", change.added), ("edited", change.edited), ("removed", change.removed), ("renamed", renamed))
    told = []
    for kind, names in kinds:
        if names:
            more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
            told.append(f"{len(names):,} {kind}: {one_line(', '.join(names[:_LISTED]))}{more}")
    return "; ".join(told)


def _of(citation: Citation) -> str:
    return one_line(place_of(citation))


def _value(value: Any) -> str:
    text = "–" if value is None else one_line(str(value))
    return f"{text[:_SHORT]}…" if re.fullmatch("[0-9a-f]{64}", text) else text
