"""The tokenizer of a converted model: whole for passages; for a few questions only what they need of a large one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from nrqa.encoder.converted.files import TOKENIZER, TOKENIZER_FRAME

if TYPE_CHECKING:
    from nrqa.encoder.converted.pieces import Pieces


class Read(Protocol):
    """The tokens of a text: their ids, and their places in it."""

    @property
    def ids(self) -> list[int]:
        """Numbers in the vocabulary."""
        ...

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Code points, half-open; empty for special tokens."""
        ...


class Tokenizing:
    """Reads texts up to a model's limit, special tokens included; several threads may use it at once."""

    def __init__(self, folder: Path, most_tokens: int) -> None:
        self._file = str(folder / TOKENIZER)
        self._most = most_tokens
        self._pieces = _pieces(folder, most_tokens) if (folder / TOKENIZER_FRAME).exists() else None
        if self._pieces is None:
            self._whole  # noqa: B018 - a damaged one is noticed when it is opened

    def read(self, texts: Sequence[str]) -> Sequence[Read]:
        """The tokens of each text."""
        if self._pieces and "_whole" not in self.__dict__ and self._pieces.can_cut(texts):
            return self._pieces.cut(texts)
        found: Sequence[Read] = self._whole.encode_batch(list(texts))
        return found

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, without special tokens and without truncation."""
        # One at a time: a batch would be spread over threads, which for sentences takes half as long again.
        count = self._counter.encode_batch_fast
        return [len(found.ids) for text in texts for found in count([text], add_special_tokens=False)]

    @cached_property
    def special(self) -> int:
        """How many special tokens each text gets."""
        return int(self._whole.num_special_tokens_to_add(is_pair=False))

    @cached_property
    def unknown(self) -> int:
        """The id of the token for letters that the vocabulary does not have; -1 where there is none."""
        if self._pieces:
            return self._pieces.unknown
        name = getattr(self._whole.model, "unk_token", None)
        found = self._whole.token_to_id(name) if name else _unknown_of_unigram(self._whole)
        return -1 if found is None else int(found)

    @cached_property
    def _whole(self) -> Any:
        from tokenizers import Tokenizer

        found = Tokenizer.from_file(self._file)
        found.no_padding()
        found.enable_truncation(self._most)
        return found

    @cached_property
    def _counter(self) -> Any:
        """A tokenizer that never truncates. Switching truncation off and on in one would give other threads errors."""
        from tokenizers import Tokenizer

        found = Tokenizer.from_file(self._file)
        found.no_padding()
        found.no_truncation()
        return found


def _pieces(folder: Path, most_tokens: int) -> Pieces:
    from nrqa.encoder.converted.pieces import Pieces  # tokenizers with small vocabularies do without it

    return Pieces(folder, most_tokens)


def _unknown_of_unigram(tokenizer: Any) -> int | None:
    """What the library does not tell of this kind of model, though it writes it down."""
    from tokenizers import models

    if not isinstance(tokenizer.model, models.Unigram):
        return None
    found = json.loads(tokenizer.to_str())["model"]["unk_id"]
    return None if found is None else int(found)
