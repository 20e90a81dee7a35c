"""An encoder that somebody made to do harm gets an error, in limited time and memory, and nothing else."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

import graphs
from nrqa.encoder.brought.encoder import BroughtEncoder
from nrqa.encoder.converted.files import GRAPH, TABLE, TOKENIZER
from nrqa.errors import EncoderError

pytestmark = pytest.mark.slow
MEGABYTE = 1 << 20


def encoder(folder: Path, *, seconds: float = 20, **changes: Any) -> BroughtEncoder:
    return BroughtEncoder(graphs.MODEL, folder, seconds=seconds, **changes)


def test_a_sound_one_encodes_as_it_would_in_this_process(tmp_path: Path) -> None:
    brought = encoder(graphs.write_encoder(tmp_path))
    found = brought.encode_questions(["storm river", "mill", "", "a storm"] * 10)
    assert found.vectors[:2].tolist() == [[0, 0.5, 0.5, 0], [0, 0, 0, 1]]
    assert [one.ids.tolist() for one in found.tokens[:4]] == [[1, 2], [3], [], [0, 1]]
    assert found.tokens[0].spans.tolist() == [[0, 5], [6, 11]]
    assert found.tokens[0].vectors.tolist() == [[0, 1, 0, 0], [0, 0, 1, 0]]
    assert found.unknown == 0
    assert brought.count_tokens(["storm river", "mill"]) == [2, 1]
    assert brought.passage_room() == graphs.MODEL.max_tokens
    ((ids, spans),) = brought.tokens_of_passages(["the mill"])
    assert (ids.tolist(), spans.tolist()) == ([0, 3], [[0, 3], [4, 8]])


def test_one_that_comes_to_no_end_is_ended(tmp_path: Path) -> None:
    nodes, weights = graphs.endless()
    brought = encoder(graphs.write_encoder(tmp_path, nodes, words="looped", **weights), seconds=3)
    began = time.monotonic()
    with pytest.raises(EncoderError, match="longer than 3 seconds"):
        brought.encode_questions(["storm"])
    assert time.monotonic() - began < 30
    assert brought._process.poll() is not None


def test_a_tokenizer_that_comes_to_no_end_is_ended(tmp_path: Path) -> None:
    folder = graphs.write_encoder(tmp_path)
    (folder / TOKENIZER).write_text(json.dumps(graphs.tokenizer("^(([a-z])+.)+[A-Z]([a-z])+$")))
    with pytest.raises(EncoderError, match="does not run"):
        encoder(folder, seconds=3).encode_questions(["a" * 60_000])


@pytest.mark.parametrize("numbers", [1 << 30, 1 << 40, 1 << 62])
def test_one_that_wants_all_memory_gets_none(tmp_path: Path, numbers: int) -> None:
    nodes, weights = graphs.huge(numbers)
    brought = encoder(graphs.write_encoder(tmp_path, nodes, words="scaled", **weights), memory=1 << 30)
    with pytest.raises(EncoderError, match="does not run"):
        brought.encode_questions(["storm"])


def test_one_that_takes_what_it_may_is_used(tmp_path: Path) -> None:
    """The limit above is what refuses the others."""
    nodes, weights = graphs.huge(MEGABYTE)
    brought = encoder(graphs.write_encoder(tmp_path, nodes, words="scaled", **weights), memory=1 << 30)
    assert brought.encode_questions(["storm"]).vectors.tolist() == [[0, 1, 0, 0]]


HARMFUL: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "an operator of its own": ([helper.make_node("Harm", ["rows"], ["out"], domain="evil")], {}),
    "no numbers": ([helper.make_node("Log", ["minus"], ["nan"]), helper.make_node("Mul", ["rows", "nan"], ["out"])],
                   {"minus": np.float32(-1)}),
    "fewer dimensions": ([helper.make_node("Slice", ["rows", "a", "b", "axis"], ["out"])],
                         {"a": np.array([0]), "b": np.array([2]), "axis": np.array([2])}),
    "one text too few": ([helper.make_node("Slice", ["rows", "a", "b", "axis"], ["out"])],
                         {"a": np.array([0]), "b": np.array([0]), "axis": np.array([0])}),
    "no numbers but words": ([helper.make_node("Cast", ["rows"], ["out"], to=TensorProto.STRING)], {}),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMFUL)
def test_one_that_gives_something_else_than_vectors_is_told(tmp_path: Path, what: str) -> None:
    nodes, weights = HARMFUL[what]
    with pytest.raises(EncoderError, match="does not run"):
        encoder(graphs.write_encoder(tmp_path, nodes, words="out", **weights)).encode_questions(["storm", "mill"])


def test_what_is_no_graph_is_told(tmp_path: Path) -> None:
    for data in (b"", b"no graph", b"\x0a" * 100_000, b"\x3a\xff\xff\xff\xff\x0f" * 10):
        (graphs.write_encoder(tmp_path) / GRAPH).write_bytes(data)
        with pytest.raises(EncoderError, match="does not run"):
            encoder(tmp_path).encode_questions(["storm"])


@pytest.mark.parametrize("place", ["../secret", "/etc/passwd"])
def test_weights_outside_its_folder_are_not_read(tmp_path: Path, place: str) -> None:
    (tmp_path / "secret").write_bytes(bytes(64))
    folder = graphs.write_encoder(tmp_path / "encoder")
    made = graphs.graph()
    weights = made.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value=place)
    weights.external_data.add(key="length", value="64")
    (folder / GRAPH).write_bytes(made.SerializeToString())
    with pytest.raises(EncoderError, match="does not run"):
        encoder(folder).encode_questions(["storm"])


def test_its_own_weights_beside_the_graph_are_read(tmp_path: Path) -> None:
    folder = graphs.write_encoder(tmp_path / "encoder")
    made = graphs.graph()
    weights = made.graph.initializer[0]
    (folder / "model.data").write_bytes(weights.raw_data)
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="model.data")
    (folder / GRAPH).write_bytes(made.SerializeToString())
    assert encoder(folder).encode_questions(["storm"]).vectors.tolist() == [[0, 1, 0, 0]]


def _saved(file: Path, array: Any) -> None:
    np.save(file, array, allow_pickle=True)


def _with_head(file: Path, head: str) -> None:
    head = head.ljust(117) + "\n"
    file.write_bytes(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode())


def test_a_table_that_is_none_is_told_before_anything_is_read_of_it(tmp_path: Path) -> None:
    folder = graphs.write_encoder(tmp_path)
    (folder / TABLE).write_bytes(b"no table")
    tables: list[tuple[Any, Any]] = [
        (_saved, np.array([{"a": 1}], object)),
        (_saved, np.zeros((2, 2, 2), np.float32)),
        (_saved, np.zeros((4, 4), np.int64)),
        (_saved, np.zeros((0, 4), np.float32)),
        (_with_head, "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 4), }"),
        (_with_head, "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 4), }"),
        (_with_head, "{'descr': 'O', 'fortran_order': False, 'shape': (4, 4), }"),
        (_with_head, "(" * 100),
        (_with_head, "__import__('os').system('false')"),
    ]
    for write, content in tables:
        write(folder / TABLE, content)
        with pytest.raises(EncoderError, match="does not run"):
            encoder(folder)


def test_rows_of_its_table_that_are_no_numbers_are_told_when_they_are_taken(tmp_path: Path) -> None:
    folder = graphs.write_encoder(tmp_path)
    rows = np.ones((4, 4), np.float32)
    rows[2] = np.nan
    np.save(folder / TABLE, rows)
    table = encoder(folder).encode_questions(["storm"]).table
    assert table is not None
    assert table[np.array([1])].tolist() == [[1, 1, 1, 1]]
    with pytest.raises(EncoderError, match="no numbers"):
        table[np.array([1, 2])]


def test_tokens_that_its_table_does_not_have_are_told(tmp_path: Path) -> None:
    folder = graphs.write_encoder(tmp_path)
    np.save(folder / TABLE, np.ones((2, 4), np.float32))
    with pytest.raises(EncoderError, match="does not have"):
        encoder(folder).encode_questions(["mill"])


def test_after_an_error_the_next_question_is_answered(tmp_path: Path) -> None:
    brought = encoder(graphs.write_encoder(tmp_path))
    brought._process.kill()
    brought._process.wait()
    assert brought.encode_questions(["mill"]).vectors.tolist() == [[0, 0, 0, 1]]


def test_the_process_ends_with_the_encoder(tmp_path: Path) -> None:
    brought = encoder(graphs.write_encoder(tmp_path))
    brought.encode_questions(["mill"])
    process = brought._process
    del brought
    assert process.poll() is not None
