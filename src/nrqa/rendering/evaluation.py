"""How an evaluation looks to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from nrqa.evaluation.results import Change, Comparison, Difference, Evaluation
from nrqa.rendering.plain_text import counted, one_line
from nrqa.rendering.shared_lines import skipped_lines

_LABEL = "dim"
_NAME = 19
_CELL = 10
_LISTED = 10
"""How many questions that got better or worse are named before the rest are counted."""


def render_evaluation(evaluation: Evaluation) -> RenderableType:
    """What was asked of what, the measures, the verdicts, and the comparison where there is one."""
    lines = [_head(evaluation), Text()]
    if evaluation.comparison:
        lines += [*_compared(evaluation.comparison), Text()]
    lines += _measures(evaluation)
    lines += [Text(), *_verdicts(evaluation)]
    lines += [Text(), Text(f"{evaluation.questions_per_second:,.1f} questions a second", _LABEL)]
    if evaluation.unjudged:
        lines.append(Text(f"Not asked, since the set does not say what answers them: {evaluation.unjudged:,}", _LABEL))
    lines += [Text(one_line(notice), "yellow") for notice in evaluation.notices]
    lines += skipped_lines("Not searchable", evaluation.unreadable)
    if evaluation.comparison:
        lines += [Text(), *_better_and_worse(evaluation.comparison)]
    return Group(*lines)


def render_comparison(comparison: Comparison) -> RenderableType:
    """The comparison alone: each measure before and now, and the questions that moved."""
    lines = [*_compared(comparison), Text(), _columns()]
    lines += [_changed(name, difference) for name, difference in comparison.differences.items()]
    return Group(*lines, Text(), *_better_and_worse(comparison))


def _head(evaluation: Evaluation) -> Text:
    asked = (
        f"  {counted(len(evaluation.questions), 'question')} · {counted(evaluation.documents, 'document')}, "
        f"{counted(evaluation.passages, 'passage')} · {one_line(evaluation.model)}"
    )
    return Text.assemble((one_line(evaluation.set_name), "bold"), (asked, _LABEL))


def _measures(evaluation: Evaluation) -> Iterator[Text]:
    """A line for each measure; against an earlier run also what it was, and the change with its interval."""
    earlier = evaluation.comparison.differences if evaluation.comparison else {}
    if earlier:
        yield _columns()
    elif evaluation.measures:
        yield Text(f"by {evaluation.ranked[:-1]}", _LABEL)
    for name, value in evaluation.measures.items():
        difference = earlier.get(name)
        if difference:
            yield _changed(name, difference)
        else:
            yield Text.assemble((f"{name:<{_NAME}}", _LABEL), f"{value:>{_CELL if not earlier else 2 * _CELL}.3f}")


def _columns() -> Text:
    return Text(
        "".join([" " * _NAME, *(f"{word:>{_CELL}}" for word in ("before", "now", "change"))]) + "   95%", _LABEL
    )


def _changed(name: str, difference: Difference) -> Text:
    change = difference.after - difference.before
    style = ("green" if change > 0 else "red") if difference.clear else ""
    return Text.assemble(
        (f"{name:<{_NAME}}", _LABEL),
        f"{difference.before:>{_CELL}.3f}{difference.after:>{_CELL}.3f}",
        (f"{change:>+{_CELL}.3f}", style),
        (f"   {difference.low:+.3f} to {difference.high:+.3f}", _LABEL),
        (f"  {'better' if change > 0 else 'worse'}" if difference.clear else "", style),
    )


def _verdicts(evaluation: Evaluation) -> Iterator[Text]:
    names = next(iter(evaluation.verdicts.values()))
    yield Text("".join([f"{'verdicts':<{_NAME}}", *(f"{name:>{_CELL}}" for name in names)]), _LABEL)
    for kind, counts in evaluation.verdicts.items():
        total = sum(counts.values())
        if total:
            line = Text.assemble((f"{f'{total:,} {kind}':<{_NAME}}", _LABEL))
            line.append("".join(f"{count:>{_CELL},}" for count in counts.values()))
            yield line


def _compared(comparison: Comparison) -> Iterator[Text]:
    """What the earlier run was, and how far both are of the same questions."""
    yield Text.assemble(
        "Compared with ",
        (one_line(comparison.run), "bold"),
        f" (nrqa {one_line(comparison.version)}, {one_line(comparison.model)}) over "
        f"{counted(comparison.questions, 'answerable question')} that both have",
    )
    for count, where in ((comparison.only_before, "the earlier run"), (comparison.only_now, "this run")):
        if count:
            yield Text(f"Left out: {count:,} that only {where} has", "yellow")
    if comparison.other_files:
        yield Text(f"Not the same files: {', '.join(map(one_line, comparison.other_files))}", "yellow")


def _better_and_worse(comparison: Comparison) -> Iterator[Text]:
    yield from _listed("Better", comparison.better, "green")
    yield from _listed("Worse", comparison.worse, "red")


def _listed(label: str, changes: Sequence[Change], style: str) -> Iterator[Text]:
    yield Text(f"{label} by nDCG@10: {len(changes):,}", style)
    for one in changes[:_LISTED]:
        # One line each; the id is left out where it is the question itself.
        line = Text(f"  {one.before:.2f} → {one.after:.2f}  ", no_wrap=True, overflow="ellipsis")
        line.append("" if one.id == one.question else f"{one_line(one.id)}  ", _LABEL)
        yield line.append(one_line(one.question))
    if len(changes) > _LISTED:
        yield Text(f"  and {len(changes) - _LISTED:,} more (all in --json)", _LABEL)
