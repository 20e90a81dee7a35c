"""Licences and notices of what a bundle carries: nrqa's, and those that came with the encoder's model."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from nrqa.encoder.carried import carried_model
from nrqa.encoder.protocol import Model

_NAMED = re.compile(r"(licen[cs]e|notice|copying|readme)[\w.-]*", re.IGNORECASE)
"""Files of a model that say under what terms it is given; its README is its card, which names the licence."""
_SIGNS = re.compile(r"[^\w.-]+", re.ASCII)
_LARGEST = 1_000_000
_BUILT_IN = ("nrqa_slim-….dist-info", "licenses", "licences")
"""The folder of its licence files in an installed nrqa-slim."""


def licences(model: Model | None) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Texts by name, and what is to be said about them; ``model`` is that of the encoder, if it is packed."""
    small = _of_slim()
    found = {f"nrqa/{name}": text for name, text in _of_distribution("nrqa").items()}
    found = found or {name: text for name, text in small.items() if name.startswith("nrqa/")}
    if model is None:
        return found, ()
    own = carried_model()
    if own is not None and own.fingerprint == model.fingerprint:
        texts = {name: text for name, text in small.items() if name.startswith("encoder/")}
    else:
        folder = Path(model.folder)
        texts = {f"encoder/{name}": text for name, text in _of_model(folder).items()} if model.folder else {}
    if not texts:
        return found, (
            f"No licence was found with the encoder '{model.name}'. Find out under which terms it may be passed on",
        )
    return found | texts, ()


def _of_slim() -> dict[str, bytes]:
    """What nrqa-slim was built with (packaging/slim.py), by the same names."""
    try:
        files = metadata.files("nrqa-slim") or []
    except metadata.PackageNotFoundError:
        return {}
    inside = {"/".join(one.parts[3:]): Path(str(one.locate())) for one in files if _is_built_in(one.parts)}
    return {name: place.read_bytes() for name, place in inside.items() if place.is_file()}


def _is_built_in(parts: tuple[str, ...]) -> bool:
    return len(parts) > len(_BUILT_IN) and parts[0].endswith(".dist-info") and parts[1:3] == _BUILT_IN[1:]


def _of_model(folder: Path) -> dict[str, bytes]:
    """What lies in the model's folder, and what the package says that it is in."""
    found = {}
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if _NAMED.fullmatch(file.name) and file.is_file() and file.stat().st_size <= _LARGEST:
            found[_SIGNS.sub("-", file.name)] = file.read_bytes()
    for name in _distributions(folder):
        found |= {f"{_SIGNS.sub('-', name)}-{file}": text for file, text in _of_distribution(name).items()}
    return found


def _distributions(folder: Path) -> list[str]:
    """The distributions of Python whose package contains the folder."""
    by_package = metadata.packages_distributions()
    inner = next((part for part in reversed(folder.parts) if part in by_package), None)
    return sorted(set(by_package.get(inner, ()))) if inner else []


def _of_distribution(name: str) -> dict[str, bytes]:
    """The licence files of an installed distribution."""
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        return {}
    found = {}
    for file in files:
        place = Path(str(file.locate()))
        if ".dist-info" in str(file) and _NAMED.fullmatch(file.name) and place.is_file():
            found[_SIGNS.sub("-", file.name)] = place.read_bytes()
    return found
