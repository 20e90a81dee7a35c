"""The tables of retrieval.py: targets first, then every figure, losses like wins."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.quality.columns import COLUMNS
from benchmarks.quality.own_questions import ALL
from benchmarks.shared import machine

_LATE_MS, _TOKEN_BYTES = 15, 4096
_BELOW, _ABOVE_RRF = -0.005, 0.03
Row = tuple[str, str, str, str]


def tables(results: dict[str, Any]) -> list[str]:
    sets = results["sets"]
    found = ["Targets:", machine.table(("what", "measured", "target", ""), targets(results))]
    for name in ("nDCG@10", "hit@1"):
        found += [f"{name}, by document:", columns(sets, name)]
    found += ["nDCG@10, the product less others (with the 95% interval of a paired bootstrap):", losses(sets)]
    for name, one in results["articles"].items():
        found += [
            f"{name}, {one['articles']} whole articles, {one['questions']} questions; a passage covers the answer:",
            splitting(one["splitters"]),
        ]
    found += [f"Our questions on the two articles ({results['own']['passages']} passages):", own(results["own"])]
    found += [
        "Highlights of the first hit that covers an annotated answer:",
        highlights(sets),
    ]
    if "cost" in results:
        found += list(costs(results["cost"]))
    return found


def targets(results: dict[str, Any]) -> Iterator[Row]:
    sets, covering = results["sets"], results["articles"]
    for name, measure, least in (
        ("squad_v1_dev", "nDCG@10", 0.925),
        ("squad_v1_dev", "hit@1", 0.86),
        ("nq_oracle", "nDCG@10", 0.96),
        ("xquad_en", "nDCG@10", 0.985),
    ):
        if name in sets:
            yield _at_least(f"{name}, {measure}", sets[name]["means"]["product"][measure], least)
    if "clapnq_dev" in sets:
        one = sets["clapnq_dev"]
        above = one["above"][one["best_baseline"]]["mean"]
        yield _row(
            f"clapnq_dev, nDCG@10 above its best baseline ({one['best_baseline']})",
            _signed(above),
            "above 0",
            above > 0,
        )
    if "squad_v1_dev" in covering:
        for measure in ("hit@1", "hit@5"):
            yield _covering(covering["squad_v1_dev"]["splitters"], measure)
    counted = results["own"]["kinds"][ALL]
    yield _at_least("our questions, first hit right", counted["first"] / counted["questions"], 0.90, share=True)
    yield _at_least("our questions, in the first three", counted["three"] / counted["questions"], 0.98, share=True)
    if sets:
        worst = min(sets, key=lambda name: _over_single(sets[name]))
        least = _over_single(sets[worst])
        yield _row(
            f"least nDCG@10 above the best single signal ({worst})",
            _signed(least),
            f"at least {_BELOW}",
            least >= _BELOW,
        )
        over = sum(one["above"]["RRF"]["mean"] for one in sets.values()) / len(sets)
        yield _row("mean nDCG@10 above RRF", _signed(over), f"at least +{_ABOVE_RRF}", over >= _ABOVE_RRF)
    marked = sets.get("squad_v1_dev", {}).get("highlights")
    if marked:
        yield _at_least("squad_v1_dev, highlight holds the answer", marked["right"], 0.85, share=True)
    if "cost" in results:
        yield from _cost_targets(results["cost"])


def _cost_targets(cost: dict[str, Any]) -> Iterator[Row]:
    ours, theirs = cost["warm"]["nrqa"]["p50_ms"], cost["warm"]["plain script"]["p50_ms"]
    yield _row("warm question, p50 ms", f"{ours:.1f}", f"at most the plain script's {theirs:.1f}", ours <= theirs)
    alone = cost["late"]["alone"]["p50_ms"]
    yield _row("late signal at 50 candidates, p50 ms", f"{alone:.1f}", f"under {_LATE_MS}", alone < _LATE_MS)
    codes = cost["room"]["bytes"]["token codes"] / cost["room"]["passages"]
    yield _row("token codes, bytes a passage", f"{codes:.0f}", f"at most {_TOKEN_BYTES}", codes <= _TOKEN_BYTES)


def _covering(splitters: Mapping[str, Any], measure: str) -> Row:
    ours = splitters["nrqa"]["signals"]["product"][measure]
    most, splitter, signal = max(
        (shares[measure], splitter, signal)
        for splitter, one in splitters.items()
        for signal, shares in one["signals"].items()
        if splitter != "nrqa"
    )
    return _row(f"squad articles, {measure}", f"{ours:.3f}", f"above {most:.3f} ({splitter}, {signal})", ours > most)


def _over_single(one: Mapping[str, Any]) -> float:
    return float(one["above"][one["best_single"]]["mean"])


def _at_least(what: str, value: float, least: float, *, share: bool = False) -> Row:
    shown, wanted = (f"{value:.1%}", f"{least:.0%}") if share else (f"{value:.3f}", f"{least}")
    return _row(what, shown, f"at least {wanted}", value >= least)


def _row(what: str, measured: str, wanted: str, met: bool) -> Row:  # noqa: FBT001 - a column
    return what, measured, wanted, "met" if met else "**not met**"


def columns(sets: Mapping[str, Any], measure: str) -> str:
    head = ("set", "documents", "unreadable", "passages", "questions", "dense only", "BM25 only", "RRF (k=60)")
    return machine.table(
        (*head, "0.45 cosine + 0.55 BM25", "late only", "nrqa"),
        (
            (
                name,
                one["documents"],
                len(one["unreadable"]),
                one["passages"],
                one["questions"],
                *_best_bold([one["means"][column][measure] for column in COLUMNS]),
            )
            for name, one in sets.items()
        ),
    )


def losses(sets: Mapping[str, Any]) -> str:
    return machine.table(
        (
            "set",
            "best single signal",
            "product less that",
            "best of the four baselines",
            "product less that",
            "less RRF",
        ),
        (
            (
                name,
                one["best_single"],
                _interval(one["above"][one["best_single"]]),
                one["best_baseline"],
                _interval(one["above"][one["best_baseline"]]),
                _interval(one["above"]["RRF"]),
            )
            for name, one in sets.items()
        ),
    )


def splitting(splitters: Mapping[str, Any]) -> str:
    cells: list[tuple[str, int, str, str]] = []
    hits: dict[str, list[float]] = {"hit@1": [], "hit@5": []}
    for splitter, one in splitters.items():
        for signal, shares in one["signals"].items():
            cells.append((splitter, one["passages"], f"{one['characters']:.0f}", signal))
            for cut, values in hits.items():
                values.append(shares[cut])
    return machine.table(
        ("splitter", "passages", "characters of a hit", "ranked by", *hits),
        ((*one, *bold) for one, *bold in zip(cells, *map(_best_bold, hits.values()), strict=True)),
    )


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


def costs(cost: dict[str, Any]) -> Iterator[str]:
    warm, late, room, build = cost["warm"], cost["late"], cost["room"], cost["build"]
    yield f"squad_v1_dev, a warm question with k=5, encoding included, {warm['questions']} questions in turns:"
    named = [(name, warm[name]) for name in ("nrqa", "plain script")]
    labels = {
        "with": f"ranking, late signal and all ({late['candidates']:.0f} candidates)",
        "without": "ranking without the late signal",
        "added": "the difference",
        "alone": "the late signal at 50 candidates",
    }
    named += [(label, late[name]) for name, label in labels.items()]
    rows = ((name, f"{one['p50_ms']:.1f}", f"{one['p95_ms']:.1f}") for name, one in named)
    yield machine.table(("", "p50 ms", "p95 ms"), rows)
    yield f"squad_v1_dev, {room['passages']} passages on the disk:"
    sizes = room["bytes"].items()
    yield machine.table(
        ("", "MB", "bytes a passage"),
        ((name, f"{size / 1e6:.1f}", f"{size / room['passages']:.0f}") for name, size in sizes),
    )
    yield (
        f"Built in {build['seconds']:.1f} s, {build['passages'] / build['seconds']:.1f} passages a second "
        "(from files to a published index, the encoder already open)."
    )


def _best_bold(values: list[float]) -> list[str]:
    most = max(round(one, 3) for one in values)
    return [f"**{one:.3f}**" if round(one, 3) == most else f"{one:.3f}" for one in values]


def _signed(value: float) -> str:
    return f"{value:+.4f}"


def _interval(one: Mapping[str, float]) -> str:
    return f"{one['mean']:+.3f} ({one['low']:+.3f} to {one['high']:+.3f})"
