"""How much is tried of what can be tried for ever: random examples of a law, and killed writers.

``NRQA_EFFORT`` is a share of what CI tries: 1 there, and a fifth where nothing is said, so that the suite stays quick.
More than 1 tries more.
"""

from __future__ import annotations

import os

_EFFORT = float(os.environ.get("NRQA_EFFORT", "0.2"))
_LEAST = 5


def tries(count: int, least: int = _LEAST) -> int:
    """How many to try of what CI tries ``count`` of."""
    return max(least, round(count * _EFFORT))
