"""Small models in the forms of sentence-transformers: a BERT of a few numbers, drawn at random, over a few pieces."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import numpy as np

WIDTH = 32
_WORDS = "the a of in who why what was founded alliance russia nato summit bread river question passage is it".split()


def bert(folder: Path, *, squeeze: float = 0.0, seed: int = 0) -> Path:
    """A folder with a BERT of two layers and its tokenizer; ``squeeze`` is the length of what all its vectors share."""
    import torch
    from transformers import BertConfig, BertModel
    from transformers.models.bert import BertTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    letters = [*string.ascii_lowercase, *string.digits, *string.punctuation]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = list(dict.fromkeys([*special, *_WORDS, *letters, *(f"##{one}" for one in letters)]))
    (folder / "vocab.txt").write_text("\n".join(pieces))
    BertTokenizer(vocab={one: at for at, one in enumerate(pieces)}, model_max_length=64).save_pretrained(folder)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.3,
    )
    model: Any = BertModel(config)
    model.encoder.layer[-1].output.LayerNorm.bias.data += squeeze * direction(WIDTH)
    model.save_pretrained(folder)
    return folder


def direction(width: int) -> Any:
    """A fixed direction, as a tensor of unit length."""
    import torch

    drawn = np.random.default_rng(7).normal(size=width)
    return torch.from_numpy((drawn / np.linalg.norm(drawn)).astype(np.float32))


def sentence_model(folder: Path, *, pooling: str = "mean", squeeze: float = 0.0, dense: bool = False) -> Path:
    """A saved SentenceTransformer around such a BERT."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer

    modules: list[Any] = [
        Transformer(str(bert(folder / "bert", squeeze=squeeze)), max_seq_length=64),
        Pooling(WIDTH, pooling_mode=pooling),
    ]
    if dense:
        modules.append(Dense(WIDTH, 16, activation_function=torch.nn.Tanh()))
    SentenceTransformer(modules=[*modules, Normalize()], device="cpu").save(str(folder / "model"))
    return folder / "model"


def with_prompts(folder: Path, **prompts: str) -> Path:
    """The same folder, with prompts."""
    file = folder / "config_sentence_transformers.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "prompts": prompts}))
    return folder
