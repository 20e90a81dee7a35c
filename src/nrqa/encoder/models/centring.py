"""Takes off what the vectors of all texts have in common, for models in which that is much.

In many models (e5, bge, gte) any two texts have a cosine of .5 to .8, since all vectors lie around one direction.
Rankings hardly suffer, but whatever has a scale does: a cosine that means "near", a match that counts, signs of
dimensions. One constant vector, the mean over the texts in ``sample_texts.txt``, is then taken off every vector before
it is divided by its length. It is inside the model from there on, so that sentence-transformers, its conversion and
every engine agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.encoder.models.reference import ReferenceEncoder, describe, load
from nrqa.encoder.protocol import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SAMPLE = Path(__file__).with_name("sample_texts.txt")
"""Sentences and questions of many fields, in 22 languages and 12 scripts; none is about what another is about."""
_SQUEEZED = 0.2
"""The median cosine of unrelated texts, or of their tokens, from which vectors are centred.

The default model has .10 (in English .03; letters that it does not know make texts alike), multilingual-e5-small .78.
From .3 on a passage counts as near (``answering/verdict``): unrelated ones must stay well below."""
_AVERAGES = frozenset({"mean", "mean_sqrt_len_tokens", "weightedmean"})
"""The ways of pooling that average: what is taken off every token vector is then off the text's vector."""
_TOKENS, _TEXT = "token_embeddings", "sentence_embedding"


@dataclass(frozen=True, slots=True)
class Centring:
    """What is taken off a model's vectors.

    ``unrelated`` is the median cosine of unrelated texts without it. ``tokens`` is taken off the vectors of tokens,
    ``texts`` off those of texts, both float32; None where nothing is. Where a text's vector is an average of those of
    its tokens, ``tokens`` is taken off before they are averaged, and that is all.
    """

    unrelated: float
    tokens: NDArray[np.float32] | None = None
    texts: NDArray[np.float32] | None = None


def open_reference(name: str, folder: Path, fingerprint: str, centring: Centring | None = None) -> ReferenceEncoder:
    """The model in the folder, centred as ``centring`` says; where it is None, that is measured first."""
    loaded = load(folder)
    model = describe(loaded, name, folder, fingerprint)
    if centring is None:
        centring = measured(loaded, model)
    centre(loaded, centring)
    return ReferenceEncoder(with_centring(model, centring), loaded)


def with_centring(model: Model, centring: Centring) -> Model:
    """The record of a model that is centred so."""
    centred = centring.tokens is not None or centring.texts is not None
    return replace(model, unrelated=round(centring.unrelated, 3), centred=centred)


def measured(loaded: Any, model: Model) -> Centring:
    """What is to be taken off the vectors of a loaded model, which is not centred yet."""
    import numpy as np

    outputs = ReferenceEncoder(model, loaded).outputs(_SAMPLE.read_text("utf-8").splitlines())
    texts = np.stack([one for one, _ in outputs])
    unrelated = _median_cosine(texts)
    squeezed = unrelated >= _SQUEEZED
    if not model.token_width:
        return Centring(unrelated, texts=texts.mean(axis=0) if squeezed else None)
    tokens = [one for _, one in outputs if len(one)]
    shift = np.concatenate(tokens).mean(axis=0)
    if _averages(loaded):
        return Centring(unrelated, tokens=shift if squeezed else None)
    # One token of each text: others of the same text are related.
    squeezed_tokens = _median_cosine(np.stack([one[len(one) // 2] for one in tokens])) >= _SQUEEZED
    return Centring(
        unrelated,
        tokens=shift if squeezed_tokens else None,
        texts=texts.mean(axis=0) if squeezed else None,
    )


def centre(loaded: Any, centring: Centring) -> None:
    """Make a loaded SentenceTransformer take off what ``centring`` says, every time it runs."""
    if centring.tokens is not None:
        # Before pooling where that is an average: what bf16 rounds away of large vectors with a large common part
        # would else be much of what is left.
        _take_off(loaded[0] if _averages(loaded) else loaded[-1], _TOKENS, centring.tokens)
    if centring.texts is not None:
        _take_off(loaded[-1], _TEXT, centring.texts)


def write_centring(file: Path, centring: Centring) -> None:
    """Write what is taken off, for engines that run the model itself."""
    import numpy as np

    named = {"unrelated": np.float32(centring.unrelated), "tokens": centring.tokens, "texts": centring.texts}
    arrays: dict[str, Any] = {name: one for name, one in named.items() if one is not None}
    np.savez(file, **arrays)


def read_centring(file: Path) -> Centring | None:
    """What ``write_centring`` wrote, or None where the file is missing or damaged."""
    import numpy as np

    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as found:
            shifts = {name: found[name].astype(np.float32) for name in ("tokens", "texts") if name in found}
            return Centring(float(found["unrelated"]), **shifts)
    except Exception:  # noqa: BLE001 - for damaged files numpy raises what zipfile and Python's tokenizer raise
        return None


def _averages(loaded: Any) -> bool:
    """Whether a text's vector is an average of its tokens' vectors, and nothing but its length is changed then."""
    pooling, *rest = [*loaded][1:] or [None]
    modes = getattr(pooling, "pooling_mode", ())
    averages = {modes} if isinstance(modes, str) else set(modes)
    return bool(averages) and averages <= _AVERAGES and all(type(one).__name__ == "Normalize" for one in rest)


def _take_off(module: Any, output: str, shift: NDArray[np.float32]) -> None:
    """Take ``shift`` off one output of a module, every time it runs."""

    def take_off(_: Any, __: Any, outputs: dict[str, Any]) -> dict[str, Any]:
        vectors = outputs[output]
        return {**outputs, output: vectors - vectors.new_tensor(shift)}

    module.register_forward_hook(take_off)


def _median_cosine(vectors: NDArray[np.float32]) -> float:
    """The median of the cosines of all pairs."""
    import numpy as np

    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
    return float(np.median((unit @ unit.T)[np.triu_indices(len(unit), 1)]))
