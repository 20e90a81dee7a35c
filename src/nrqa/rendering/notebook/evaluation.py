"""An evaluation, and the comparison of two, in a notebook: tables of measures and verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nrqa.evaluation.results import Change, Comparison, Difference, Evaluation
from nrqa.rendering.notebook.pieces import framed, inline, passed_over, small, together
from nrqa.rendering.plain_text import counted

_LISTED = 10
"""How many questions that got better or worse are named before the rest are counted."""


def evaluation_html(evaluation: Evaluation) -> str:
    """The evaluation as a piece of a page, with the comparison where there is one."""
    return framed(_evaluation(evaluation))


def comparison_html(comparison: Comparison) -> str:
    """The comparison alone."""
    return framed(_comparison(comparison))


def _evaluation(evaluation: Evaluation) -> Iterator[str]:
    asked = (
        f"{counted(len(evaluation.questions), 'question')} · {counted(evaluation.documents, 'document')}, "
        f"{counted(evaluation.passages, 'passage')} · {inline(evaluation.model)}"
    )
    yield f"<p><strong>{inline(evaluation.set_name)}</strong> {small(asked)}</p>"
    if evaluation.comparison:
        yield from _comparison(evaluation.comparison)
    measures = [[inline(name), f"{value:.3f}"] for name, value in evaluation.measures.items()]
    yield _table(f"by {evaluation.ranked[:-1]}", [evaluation.ranked, "value"], measures)
    kinds = {kind: counts for kind, counts in evaluation.verdicts.items() if sum(counts.values())}
    names = list(next(iter(evaluation.verdicts.values()), {}))
    rows = [
        [f"{sum(counts.values()):,} {kind}", *(f"{counts[name]:,}" for name in names)] for kind, counts in kinds.items()
    ]
    yield _table("verdicts", ["questions", *names], rows)
    yield f"<p>{small(f'{evaluation.questions_per_second:,.1f} questions a second')}</p>"
    if evaluation.unjudged:
        said = f"Not asked, since the set does not say what answers them: {evaluation.unjudged:,}"
        yield f"<p>{small(said)}</p>"
    yield from (f'<p class="doubt">{inline(notice)}</p>' for notice in evaluation.notices)
    yield from passed_over("Not searchable", evaluation.unreadable)


def _comparison(comparison: Comparison) -> Iterator[str]:
    run = small(f"(nrqa {inline(comparison.version)}, {inline(comparison.model)})")
    common = counted(comparison.questions, "answerable question")
    yield f"<p>Compared with <strong>{inline(comparison.run)}</strong> {run} over {common} that both have</p>"
    for count, where in ((comparison.only_before, "the earlier run"), (comparison.only_now, "this run")):
        if count:
            yield f'<p class="doubt">Left out: {count:,} that only {where} has</p>'
    if comparison.other_files:
        yield f'<p class="doubt">Not the same files: {", ".join(map(inline, comparison.other_files))}</p>'
    rows = [_changed(name, one) for name, one in comparison.differences.items()]
    yield _table("before and now", ["measure", "before", "now", "change", "95%", ""], rows)
    yield from _listed("Better", comparison.better)
    yield from _listed("Worse", comparison.worse)


def _changed(name: str, one: Difference) -> list[str]:
    change = one.after - one.before
    clear = f'<span class="{"good" if change > 0 else "bad"}">{"better" if change > 0 else "worse"}</span>'
    interval = f"{one.low:+.3f} to {one.high:+.3f}"
    values = (f"{one.before:.3f}", f"{one.after:.3f}", f"{change:+.3f}", interval)
    return [inline(name), *values, clear if one.clear else ""]


def _listed(label: str, changes: Sequence[Change]) -> Iterator[str]:
    rows = [f"<li>{one.before:.2f} → {one.after:.2f} {inline(one.question)}</li>" for one in changes[:_LISTED]]
    if len(changes) > _LISTED:
        rows.append(f"<li>and {len(changes) - _LISTED:,} more</li>")
    yield f"<details><summary>{label} by nDCG@10: {len(changes):,}</summary>\n<ul>{together(rows)}</ul></details>"


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; its cells are escaped already."""
    if not rows:
        return ""
    top = " ".join(f'<th scope="col">{one}</th>' for one in head)
    lines = (f'<tr><th scope="row">{row[0]}</th> {" ".join(f"<td>{one}</td>" for one in row[1:])}</tr>' for row in rows)
    return (
        f"<table><caption>{caption}</caption>\n<thead><tr>{top}</tr></thead>\n<tbody>{together(lines)}</tbody></table>"
    )
