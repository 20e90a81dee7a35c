"""Packs the sentence spans of a passage into few bytes: the gap before each and its length, seven bits per byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nrqa.records import Span

_MORE = 0x80
"""This bit is set in every byte of a number except the last."""


def packed(spans: Iterable[Span], begin: int) -> bytes:
    """The spans as bytes, relative to ``begin``."""
    found = bytearray()
    at = begin
    for span in spans:
        gap = span.start - at
        # Spans ascend, so a gap is usually not negative and becomes an even number; odd numbers are for negative gaps.
        _append(found, 2 * gap if gap >= 0 else -2 * gap - 1)
        _append(found, span.end - span.start)
        at = span.end
    return bytes(found)


def unpacked(data: bytes, begin: int) -> tuple[Span, ...]:
    """The spans that ``data`` holds, for a passage that begins at ``begin`` in its text."""
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
