"""Finds the stretch of a text that is nearest to a quotation: the fewest word changes turn it into the quotation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def nearest(sought_words: Sequence[str], text_words: Sequence[str]) -> tuple[int, int, int]:
    """The number of word changes, ``first`` and ``last``.

    No other stretch of the text becomes ``sought_words`` with fewer changes than ``text_words[first:last]``.

    Sellers' algorithm: forwards to find where the stretch ends, and backwards from there to find where it begins.
    """
    import numpy as np

    wanted, given = _numbered(sought_words, text_words)
    ends = _costs(wanted, given, free=True)[-1]
    cost = int(ends.min())
    last = len(text_words) - int(np.argmin(ends[::-1]))
    backwards = _costs(wanted[::-1], given[:last][::-1], free=False)[-1]
    length = len(backwards) - 1 - int(np.argmin(backwards[::-1]))
    return cost, last - length, last


_LONGEST_GAP = 60
"""Words of the source, at most, that a quotation may skip in one place without a sign and still be taken from there."""
_LEAST_SIDE = 3
"""Words, at least, that the quotation has on either side of such a gap."""


def nearest_with_gap(sought_words: Sequence[str], text_words: Sequence[str]) -> tuple[int, int, int]:
    """Like ``nearest``, for a sought_words that skips one stretch of the text_words; the skip counts as one change."""
    import numpy as np

    wanted, given = _numbered(sought_words, text_words)
    before = _costs(wanted, given, free=True)
    after = _costs(wanted[::-1], given[::-1], free=True)
    best = (len(sought_words), 0, 0)
    for cut in range(_LEAST_SIDE, len(sought_words) - _LEAST_SIDE + 1):
        # The costs of what ends at each place (or up to a gap's length before it), and of what begins there.
        ends = before[cut]
        behind = after[len(sought_words) - cut][::-1]
        begin = int(np.argmin(behind + _least_before(ends)))
        cost = int(behind[begin] + _least_before(ends)[begin]) + 1
        if cost < best[0]:
            left = max(0, begin - _LONGEST_GAP)
            end = left + int(np.argmin(ends[left : begin + 1]))
            _, first, _ = nearest(sought_words[:cut], text_words[:end])
            _, _, last = nearest(sought_words[cut:], text_words[begin:])
            best = (cost, first, begin + last)
    return best


def _least_before(costs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The least cost at each place or up to a gap's length before it."""
    import numpy as np

    padded = np.concatenate([np.full(_LONGEST_GAP, np.iinfo(np.int32).max), costs])
    least: NDArray[np.int64] = np.lib.stride_tricks.sliding_window_view(padded, _LONGEST_GAP + 1).min(axis=1)
    return least


def _numbered(sought_words: Sequence[str], text_words: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The words as numbers; words of the text_words that the sought_words does not have are -1."""
    import numpy as np

    numbers: dict[str, int] = {}
    wanted = np.array([numbers.setdefault(word, len(numbers)) for word in sought_words], np.int64)
    return wanted, np.array([numbers.get(word, -1) for word in text_words], np.int64)


def _costs(wanted: NDArray[np.int64], given: NDArray[np.int64], *, free: bool) -> NDArray[np.int64]:
    """In row i and column j, the fewest changes between the first i wanted words and the given words up to place j.

    With ``free``, the given words may begin at any place; otherwise at the first one.
    """
    import numpy as np

    places = np.arange(len(given) + 1)
    row = np.zeros(len(given) + 1, np.int64) if free else places.copy()
    rows = [row]
    for at, word in enumerate(wanted.tolist(), 1):
        following = np.empty_like(row)
        following[0] = at
        following[1:] = np.minimum(row[:-1] + (given != word), row[1:] + 1)
        row = np.minimum.accumulate(following - places) + places
        rows.append(row)
    return np.stack(rows)
