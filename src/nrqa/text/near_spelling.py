"""Whether one word becomes another by few changes of a letter."""

from __future__ import annotations


def is_near(one: str, other: str, most: int) -> bool:
    """Whether so few letters, put in, left out, exchanged or swapped with the next, make one word of the other.

    It is the optimal string alignment distance (Damerau, CACM 1964, with no letter changed twice).
    """
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, before, row = before, row, [at]
        for to, its in enumerate(other, 1):
            least = min(before[to] + 1, row[-1] + 1, before[to - 1] + (letter != its))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == its:
                least = min(least, last[to - 2] + 1)
            row.append(least)
    return row[-1] <= most
