"""The sentences of a passage in a few bytes: gap and length, gap and length, seven bits a byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nrqa.records import Span

_MORE = 0x80
"""Set in each byte of a number but its last."""


def packed(spans: Iterable[Span], begin: int) -> bytes:
    """The spans, as seen from ``begin``."""
    found = bytearray()
    at = begin
    for span in spans:
        gap = span.start - at
        # Units of a passage ascend; should one step back, the odd numbers are for that.
        _append(found, 2 * gap if gap >= 0 else -2 * gap - 1)
        _append(found, span.end - span.start)
        at = span.end
    return bytes(found)


def unpacked(data: bytes, begin: int) -> tuple[Span, ...]:
    """The spans that were packed, in a text where the passage begins at ``begin``."""
    spans = []
    numbers = _numbers(data)
    at = begin
    for step in numbers:
        start = at + (-(step + 1) // 2 if step % 2 else step // 2)
        at = start + next(numbers)
        spans.append(Span(start, at))
    return tuple(spans)


def _append(found: bytearray, number: int) -> None:
    while number >= _MORE:
        found.append(number % _MORE | _MORE)
        number //= _MORE
    found.append(number)


def _numbers(data: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in data:
        number |= (byte % _MORE) << shift
        shift += 7
        if byte < _MORE:
            yield number
            number = shift = 0
