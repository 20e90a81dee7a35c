"""Turns boxes so that the lines of their words run to the right, whatever the page's rotation or the text's own."""

from __future__ import annotations

import math
from collections.abc import Sequence

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


def turns_of(angle: float) -> int:
    """How often text at this angle (clockwise, in radians) must be turned clockwise by 90 degrees to run right."""
    return -round(angle / (math.pi / 2)) % 4


def turned(box: Box, turns: int) -> Box:
    """The box after so many turns clockwise by 90 degrees around the origin."""
    x0, y0, x1, y1 = box
    if turns == 0:
        return box
    return (y0, -x1, y1, -x0) if turns == 1 else (-x1, -y1, -x0, -y0) if turns == 2 else (-y1, x0, -y0, x1)


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of them."""
    return (
        min([one[0] for one in boxes]),
        min([one[1] for one in boxes]),
        max([one[2] for one in boxes]),
        max([one[3] for one in boxes]),
    )
