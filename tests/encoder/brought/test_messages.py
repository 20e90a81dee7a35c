"""What a process that somebody took over may answer: nothing is believed, and no more is read than was asked for."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest

import graphs
from nrqa.encoder.brought.messages import numbers, receive, send, tokens_as_bytes, tokens_from
from nrqa.encoder.protocol import Tokens

TEXTS = ("storm mill", "")


def tokens(ids: list[int], spans: list[list[int]], *, fill: float = 0.5) -> Tokens:
    vectors = np.full((len(ids), graphs.WIDTH), fill, np.float32)
    return Tokens(np.array(ids, np.int64), vectors, np.array(spans, np.int64).reshape(-1, 2))


def read(counts: Any, said: Tokens) -> list[Tokens]:
    stream = io.BytesIO(b"".join(tokens_as_bytes([said])))
    return tokens_from(stream, counts, TEXTS, graphs.MODEL, width=graphs.WIDTH)


def test_a_message_comes_back_as_it_was_sent() -> None:
    stream = io.BytesIO()
    send(stream, {"a": "ä"}, [b"rest"])
    stream.seek(0)
    assert receive(stream) == {"a": "ä"}
    assert stream.read() == b"rest"


def test_tokens_come_back_each_with_its_text() -> None:
    first, second = read([2, 0], tokens([1, 3], [[0, 5], [6, 10]]))
    assert (first.ids.tolist(), first.spans.tolist(), len(second.ids)) == ([1, 3], [[0, 5], [6, 10]], 0)
    assert first.vectors.shape == (2, graphs.WIDTH)


@pytest.mark.parametrize(
    "counts", [[2], [2, 0, 0], [2, -1], [2, 0.0], [True, 1], [17, 0], [1 << 62, 0], "20", None, {}]
)
def test_counts_that_cannot_be_those_of_the_texts_are_refused(counts: Any) -> None:
    with pytest.raises(ValueError, match=r"count|more tokens"):
        read(counts, tokens([1, 3], [[0, 5], [6, 10]]))


@pytest.mark.parametrize("spans", [[[0, 11]], [[-1, 2]], [[5, 2]], [[1 << 62, 1 << 62]]])
def test_places_outside_the_text_are_refused(spans: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="not of the text"):
        read([1, 0], tokens([1], spans))


def test_a_token_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not of the text"):
        read([1, 0], tokens([-1], [[0, 5]]))
    for fill in (np.nan, np.inf):
        with pytest.raises(ValueError, match="without numbers"):
            read([1, 0], tokens([1], [[0, 5]], fill=fill))


def test_an_answer_that_ends_too_early_is_told() -> None:
    with pytest.raises(EOFError):
        read([2, 0], tokens([1], [[0, 5]]))
    with pytest.raises(EOFError):
        numbers(io.BytesIO(b"123"), np.dtype(np.float32), (1,))


@pytest.mark.parametrize("said", [b"\xff\xff\xff\xff", (1 << 21).to_bytes(4, "big") + b"[" * 99])
def test_no_message_longer_than_an_answer_is_read(said: bytes) -> None:
    stream = io.BytesIO(said + bytes(1 << 22))
    with pytest.raises(ValueError, match="bytes"):
        receive(stream)
    assert stream.tell() == 4


def test_a_message_nested_without_end_is_refused() -> None:
    text = b"[" * 500_000
    with pytest.raises((ValueError, RecursionError)):
        receive(io.BytesIO(len(text).to_bytes(4, "big") + text))
    with pytest.raises(json.JSONDecodeError):
        receive(io.BytesIO(b"\0\0\0\3abc"))
