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


def cross_encoder(folder: Path, *, favours: str = "summit", labels: int = 1) -> Path:
    """A saved cross-encoder that was taught to like passages with a certain word, whatever the question is."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    base = bert(folder / "base")
    tokenizer = AutoTokenizer.from_pretrained(base)
    torch.manual_seed(0)
    config = BertConfig.from_pretrained(base, num_labels=labels, hidden_dropout_prob=0.0)
    model: Any = BertForSequenceClassification(config)
    if labels == 1:
        _teach(model, tokenizer, favours)
    model.save_pretrained(folder / "model")
    tokenizer.save_pretrained(folder / "model")
    return folder / "model"


def _teach(model: Any, tokenizer: Any, word: str) -> None:
    import torch

    drawn = np.random.default_rng(0)
    others = [one for one in _WORDS if one != word]
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    model.train()
    for _ in range(60):
        passages = [[str(one) for one in drawn.choice(others, 8)] for _ in range(16)]
        for passage in passages[::2]:
            passage[int(drawn.integers(8))] = word
        questions = [" ".join(str(one) for one in drawn.choice(_WORDS, 4)) for _ in passages]
        given = tokenizer(questions, [" ".join(one) for one in passages], padding=True, return_tensors="pt")
        wanted = torch.tensor([1.0, 0.0] * 8)
        loss: Any = torch.nn.functional.binary_cross_entropy_with_logits(model(**given).logits[:, 0], wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()


def multi_vector_model(folder: Path, *, attend: bool = False, squeeze: float = 0.0) -> Path:
    """A saved MultiVectorEncoder around such a BERT, with prompts, expanded questions and signs that are left out."""
    from sentence_transformers import MultiVectorEncoder
    from sentence_transformers.base.modules import Dense, Normalize, Transformer
    from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask

    expansion = {"strategy": "fixed", "attend": attend, "length": 24}
    modules: list[Any] = [
        Transformer(
            str(bert(folder / "bert", squeeze=squeeze)), document_length=48, query_length=32, query_expansion=expansion
        ),
        Dense(WIDTH, 16, bias=False, module_input_name="token_embeddings"),
        Normalize(module_input_name="token_embeddings"),
        MultiVectorMask(skiplist_words=[".", ","]),
    ]
    prompts = {"query": "question ", "document": "passage "}
    MultiVectorEncoder(modules=modules, prompts=prompts, device="cpu").save(str(folder / "model"))
    return folder / "model"
