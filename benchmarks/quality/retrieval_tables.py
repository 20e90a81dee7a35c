"""The tables of retrieval.py: the rules first, then every figure, losses like wins."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.quality.columns import COLUMNS, RRF_OF_DOCUMENTS
from benchmarks.quality.own_questions import ENGLISH, OBLIQUE
from benchmarks.shared import machine
from benchmarks.shared.question_sets import ACROSS

_BELOW, _ABOVE_RRF, _LOST = -0.005, 0.04, 0.003
_ENGLISH, _OBLIQUE = 0.95, 0.65
_HEADS = {
    "dense": "dense only",
    "BM25": "BM25 only",
    "late": "late only",
    "RRF": "RRF (k=60)",
    "two-signal blend": "0.45 cosine + 0.55 BM25",
    "product": "nrqa",
}
Row = tuple[str, str, str, str]


def tables(results: dict[str, Any]) -> list[str]:
    sets = results["sets"]
    found = ["The rules:", machine.table(("what", "measured", "target", ""), rules(results))]
    found += ["nDCG@10, nrqa less others:", differences(sets)]
    for name in ("nDCG@10", "hit@1"):
        found += [f"{name}, by document:", columns(sets, name)]
    for measure, what in (
        ("hit@1", "The first passage covers an annotated span:"),
        ("hit@5", "One of the first five covers one:"),
        ("touched", "The first touches one:"),
    ):
        found += [what, spans(sets, measure)]
    found += [f"Our questions on the two articles ({results['own']['passages']} passages):", own(results["own"])]
    found += ["Highlights of the first hit that covers an annotated answer:", highlights(sets)]
    return found


def rules(results: dict[str, Any]) -> Iterator[Row]:
    """The rules by which the ranking is judged, those that are not met like the others."""
    sets = results["sets"]
    same = {name: one for name, one in sets.items() if name not in ACROSS}
    across = {name: one for name, one in sets.items() if name in ACROSS}
    for which, those in (("in the documents' language", same), ("across languages", across)):
        if not those:
            continue
        worst = min(those, key=lambda name: _over_single(those[name]))
        least = _over_single(those[worst])
        below = sum(_over_single(one) < _BELOW for one in those.values())
        what = f"least nDCG@10 above the best single signal, {which} ({worst}; below it: {below} of {len(those)} sets)"
        yield _row(what, _signed(least), f"at least {_BELOW}", least >= _BELOW)
        over = sum(one["above"]["RRF"]["mean"] for one in those.values()) / len(those)
        yield _row(f"mean nDCG@10 above RRF, {which}", _signed(over), f"at least +{_ABOVE_RRF}", over >= _ABOVE_RRF)
    lost = {name: loss for name, one in sets.items() if (loss := _lost(one)) is not None and _leads(one)}
    if lost:
        worst = max(lost, key=lambda name: lost[name])
        what = f"most nDCG@10 lost since the results before where nrqa led ({worst}; of {len(lost)} sets)"
        yield _row(what, _signed(lost[worst]), f"at most {_LOST}", lost[worst] <= _LOST)
    for kind, least in ((ENGLISH, _ENGLISH), (OBLIQUE, _OBLIQUE)):
        counted = results["own"]["kinds"][kind]
        share = counted["first"] / counted["questions"]
        shown = f"{share:.1%} ({counted['first']} of {counted['questions']})"
        yield _row(f"our questions, {kind}, first hit right", shown, f"at least {least:.0%}", share >= least)


def _over_single(one: Mapping[str, Any]) -> float:
    return float(one["above"][one["best_single"]]["mean"])


def _lost(one: Mapping[str, Any]) -> float | None:
    before = one.get("before")
    if not before or not before["same questions"]:
        return None
    return float(before["nDCG@10"] - one["means"]["product"]["nDCG@10"])


def _leads(one: Mapping[str, Any]) -> bool:
    """Whether nrqa was at least as good as every other column in the results before."""
    others = max(each["nDCG@10"] for name, each in one["means"].items() if name != "product")
    return bool(one["before"]["nDCG@10"] >= others)


def _row(what: str, measured: str, wanted: str, met: bool) -> Row:  # noqa: FBT001 - a column
    return what, measured, wanted, "met" if met else "**not met**"


def differences(sets: Mapping[str, Any]) -> str:
    head = ("set", "nrqa", "best single signal", "less that (95% interval)", "less RRF", "less RRF of documents")
    return machine.table(
        (*head, "best of what others do", "less that", "since before"),
        (
            (
                name,
                f"{one['means']['product']['nDCG@10']:.3f}",
                one["best_single"],
                _interval(one["above"][one["best_single"]]),
                _interval(one["above"]["RRF"]),
                _interval(one["above"][RRF_OF_DOCUMENTS]),
                one["best_baseline"],
                _interval(one["above"][one["best_baseline"]]),
                _since(one),
            )
            for name, one in sets.items()
        ),
    )


def _since(one: Mapping[str, Any]) -> str:
    before = one.get("before")
    if not before:
        return "–"
    change = one["means"]["product"]["nDCG@10"] - before["nDCG@10"]
    return f"{change:+.3f}" + ("" if before["same questions"] else " (of other questions)")


def columns(sets: Mapping[str, Any], measure: str) -> str:
    return machine.table(
        ("set", "documents", "unreadable", "passages", "questions", *_heads()),
        (
            (
                name,
                one["documents"],
                len(one["unreadable"]),
                one["passages"],
                one["questions"],
                *best_bold([one["means"][column][measure] for column in COLUMNS]),
            )
            for name, one in sets.items()
        ),
    )


def spans(sets: Mapping[str, Any], measure: str) -> str:
    placed = {name: one["spans"] for name, one in sets.items() if one["spans"]}
    return machine.table(
        ("set", "questions", *_heads()),
        (
            (name, one["questions"], *best_bold([one["means"][column][measure] for column in COLUMNS]))
            for name, one in placed.items()
        ),
    )


def _heads() -> list[str]:
    return [_HEADS.get(column, column) for column in COLUMNS]


def own(found: Mapping[str, Any]) -> str:
    rows: list[tuple[object, ...]] = []
    for kind, one in found["kinds"].items():
        count, first, three = one["questions"], one["first"], one["three"]
        absent = found["called absent"].get(kind)
        shares = (f"{first} ({first / count:.0%})", f"{three} ({three / count:.0%})") if count else ("–", "–")
        rows.append((kind, count, *shares, "" if absent is None else f"{absent['share']:.0%}"))
    for kind, absent in found["called absent"].items():
        if kind not in found["kinds"]:
            rows.append((kind, absent["questions"], "–", "–", f"{absent['share']:.0%}"))
    return machine.table(("kind", "questions", "first hit right", "in the first three", "called absent"), rows)


def highlights(sets: Mapping[str, Any]) -> str:
    return machine.table(
        ("set", "questions", "hold the answer", "do not", "nothing highlighted"),
        (
            (
                name,
                one["highlights"]["questions"],
                *(f"{one['highlights'][key]:.1%}" for key in ("right", "wrong", "none")),
            )
            for name, one in sets.items()
            if one["highlights"]
        ),
    )


def best_bold(values: list[float]) -> list[str]:
    """The values as shown, the best ones in bold."""
    most = max(round(one, 3) for one in values)
    return [f"**{one:.3f}**" if round(one, 3) == most else f"{one:.3f}" for one in values]


def _signed(value: float) -> str:
    return f"{value:+.4f}"


def _interval(one: Mapping[str, float]) -> str:
    return f"{one['mean']:+.3f} ({one['low']:+.3f} to {one['high']:+.3f})"
