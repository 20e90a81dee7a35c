"""Encoders by hand: a tokenizer of four words, and graphs that are sound, or made to do harm."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from nrqa.encoder.converted.files import GRAPH, SENTENCE, TOKENIZER, TOKENS
from nrqa.encoder.protocol import Model

WORDS = ("[UNK]", "storm", "river", "mill")
WIDTH = 4
MODEL = Model(name="somebody/s", folder="", fingerprint="0" * 64, dimensions=WIDTH, max_tokens=16, token_width=WIDTH)


def write_encoder(folder: Path, nodes: Sequence[Any] = (), *, words: str = "rows", **weights: Any) -> Path:
    """A folder with an encoder whose vector of a token is a row of unit length, and that of a text their mean.

    ``nodes`` come after those, and give the tokens' vectors under the name ``words``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TOKENIZER).write_text(json.dumps(tokenizer()))
    (folder / GRAPH).write_bytes(graph(nodes, words=words, **weights).SerializeToString())
    return folder


def graph(nodes: Sequence[Any] = (), *, words: str = "rows", **weights: Any) -> onnx.ModelProto:
    """The graph alone."""
    given = {"table": np.eye(len(WORDS), WIDTH, dtype=np.float32), **weights}
    made = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
            *nodes,
            helper.make_node("Identity", [words], [TOKENS]),
            helper.make_node("ReduceMean", [words], [SENTENCE], axes=[1], keepdims=0),
        ],
        "encoder",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])],
        [
            helper.make_tensor_value_info(SENTENCE, TensorProto.FLOAT, None),
            helper.make_tensor_value_info(TOKENS, TensorProto.FLOAT, None),
        ],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in given.items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1), helper.make_opsetid("evil", 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


def endless() -> tuple[list[Any], dict[str, Any]]:
    """A loop that comes to no end: nodes and weights."""
    vectors: list[str | int] = ["batch", "tokens", WIDTH]
    given: tuple[tuple[str, int, Any], ...] = (
        ("turn", TensorProto.INT64, []),
        ("going", TensorProto.BOOL, []),
        ("state", TensorProto.FLOAT, vectors),
    )
    body = helper.make_graph(
        [helper.make_node("Identity", ["going"], ["still"]), helper.make_node("Neg", ["state"], ["next"])],
        "body",
        [helper.make_tensor_value_info(*one) for one in given],
        [
            helper.make_tensor_value_info("still", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, vectors),
        ],
    )
    node = helper.make_node("Loop", ["most", "true", "rows"], ["looped"], body=body)
    return [node], {"most": np.array(1 << 62), "true": np.array(1, bool)}


def huge(numbers: int) -> tuple[list[Any], dict[str, Any]]:
    """A tensor of so many numbers, all of which are added up."""
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], ["huge"]),
        helper.make_node("Exp", ["huge"], ["all"]),
        helper.make_node("ReduceMean", ["all"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["rows", "mean"], ["scaled"]),
    ]
    return nodes, {"shape": np.array([numbers])}


def tokenizer(pattern: str = "") -> dict[str, Any]:
    """A tokenizer of whole words, in the library's own form; ``pattern`` is one at which texts are cut before."""
    cut = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": cut if pattern else {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {one: at for at, one in enumerate(WORDS)}, "unk_token": WORDS[0]},
    }
