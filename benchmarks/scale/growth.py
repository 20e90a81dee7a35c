"""A plot of how cost grows: four panels with logarithmic axes, written as SVG by hand."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.scale.large_tables import a_passage

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT = 380, 270, 56, 46, 36
_LETTER = 5.6
"""Width of a letter, about."""
_COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad")
_Points = list[tuple[float, float]]

_PANELS: dict[str, dict[str, Callable[[Any], float]]] = {
    "building, s": {
        "in all, vectors lent": lambda one: one["build"]["seconds"],
        "after the last vector": lambda one: one["build"]["seconds after the last vector"],
    },
    "memory, MB": {
        "own, building": lambda one: one["build"]["peak own"],
        "resident, asking": lambda one: one["ask"]["memory"]["resident"],
        "own, asking": lambda one: one["ask"]["memory"]["own"],
    },
    "disk, MB": {
        "in all": lambda one: a_passage(one)["in all"] * one["build"]["passages"] / 1e6,
        "without token codes": lambda one: a_passage(one)["without token codes"] * one["build"]["passages"] / 1e6,
    },
    "a question, ms": {
        "warm p95": lambda one: one["ask"]["milliseconds"]["p95"],
        "warm p50": lambda one: one["ask"]["milliseconds"]["p50"],
        "dense alone": lambda one: one["ask"]["parts"]["dense"],
        "cold": lambda one: one["cold"]["corpus there"]["median"] * 1000,
    },
}


def draw(file: Path, sizes: Mapping[str, Any]) -> None:
    """Write the plot; what was not measured is left out of it."""
    shapes = [
        f'<g transform="translate({at % 2 * _WIDTH},{at // 2 * _HEIGHT})">{"".join(_panel(title, lines, sizes))}</g>'
        for at, (title, lines) in enumerate(_PANELS.items())
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * _WIDTH}" height="{2 * _HEIGHT}" '
        'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
    )
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join([head, *shapes, "</svg>"]) + "\n", "utf-8")


def _panel(title: str, lines: Mapping[str, Callable[[Any], float]], sizes: Mapping[str, Any]) -> Iterator[str]:
    found = {name: list(_points(of, sizes)) for name, of in lines.items()}
    found = {name: points for name, points in found.items() if points}
    yield f'<text x="{_LEFT}" y="18" font-weight="bold">{title}</text>'
    if not found:
        return
    across = _decades([x for points in found.values() for x, _ in points])
    up = _decades([y for points in found.values() for _, y in points])
    for power in range(across[0], across[1] + 1):
        x = _at(10.0**power, across, _LEFT, _WIDTH - _RIGHT)
        yield _line([(x, _TOP), (x, _HEIGHT - 30)], "#ddd", 1)
        yield f'<text x="{x:.1f}" y="{_HEIGHT - 16}" text-anchor="middle">{10**power:,}</text>'
    for power in range(up[0], up[1] + 1):
        y = _at(10.0**power, up, _HEIGHT - 30, _TOP)
        yield _line([(_LEFT, y), (_WIDTH - _RIGHT, y)], "#ddd", 1)
        yield f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>'
    legend = float(_LEFT)
    for at, (name, points) in enumerate(found.items()):
        colour = _COLOURS[at]
        placed = [(_at(x, across, _LEFT, _WIDTH - _RIGHT), _at(y, up, _HEIGHT - 30, _TOP)) for x, y in points]
        yield _line(placed, colour, 2)
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed)
        yield f'<text x="{legend:.0f}" y="34" fill="{colour}">{name}</text>'
        legend += _LETTER * (len(name) + 3)


def _points(of: Callable[[Any], float], sizes: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    for one in sizes.values():
        try:
            value = of(one)
        except KeyError:
            continue
        if value > 0:
            yield one["build"]["passages"], value


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _at(value: float, decades: tuple[int, int], first: float, last: float) -> float:
    return first + (math.log10(value) - decades[0]) / (decades[1] - decades[0]) * (last - first)


def _line(points: _Points | list[tuple[float, float]], colour: str, width: int) -> str:
    written = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{written}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
