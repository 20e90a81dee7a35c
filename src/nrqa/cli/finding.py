"""Which index is meant where none is named, and by a name: from the working folder upwards, and from ``nrqa.toml``."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.cli.project import ALL, CORPUS, FILE, INDEX, Project, is_ours, own_file, read_project
from nrqa.errors import NrqaError
from nrqa.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from typer.core import TyperGroup

_NOT_IN_FILES = ("help", "version", "json", "batch", "receipt", "png", "annotate", "save", "update", "accept", "forget")
"""Options that say what to do once, and not how one always wants it."""


def project() -> Project:
    """What the files say that hold in the working folder."""
    return _project(Path.cwd())


@lru_cache(maxsize=1)
def _project(start: Path) -> Project:
    theirs = next((file for folder in _upwards(start) if _holds(file := folder / FILE, start)), None)
    own = own_file()
    return read_project(theirs, own if own.is_file() and own != theirs else None)


def index_above(start: Path) -> Path | None:
    """The nearest published index in a folder above this one; None if there is none, or one is here already."""
    from nrqa.index.local import generation

    if (start / DEFAULT_INDEX).exists():
        return None
    for folder in start.parents:
        index = folder / DEFAULT_INDEX
        if index.is_dir() and is_ours(index) and generation.newest(index) is not None:
            return index
    return None


def named_index(written: Path) -> Path:
    """The folder of an index that was written down: that of a name of nrqa.toml, else the path itself."""
    if len(written.parts) != 1 or written.parts[0] in (os.curdir, os.pardir):
        return written
    return project().indexes.get(written.name, written)


def defaults(application: TyperGroup) -> dict[str, Any]:
    """The defaults of the commands that are loaded, as typer takes them."""
    here = project()
    above = None if INDEX in here.options.get(ALL, {}) else index_above(Path.cwd())
    known = {ALL, *application.commands} if len(application.commands) > 1 else None
    for name in here.options:
        if known and name not in known:
            raise NrqaError(f"{FILE}: [{name}] is no command of nrqa's. Known are: {', '.join(sorted(known))}")
    return {name: _of(command, name, here, above) for name, command in application.commands.items()}


def _of(command: Any, name: str, here: Project, above: Path | None) -> dict[str, Any]:
    parameters = {one: its for its in command.params for one in _written(its)}
    found: dict[str, Any] = {}
    if above and INDEX in parameters and name != INDEX:  # that command looks at its corpus, too
        found[parameters[INDEX].name] = str(above)
    for option, value in here.options_of(name).items():
        parameter = parameters.get(option)
        if parameter is None or option in _NOT_IN_FILES:
            if option in here.options.get(name, {}):
                raise NrqaError(f"{FILE}: [{name}] {option} is no option that a file may set for nrqa {name}")
            continue
        found[parameter.name] = value
    for parameter in command.params:
        if parameter.name in found and (parameter.multiple or parameter.nargs == -1):
            value = found[parameter.name]
            found[parameter.name] = value if isinstance(value, list) else [value]
    inner = getattr(command, "commands", {})
    return {**found, **{each: _of(one, f"{name} {each}", here, above) for each, one in inner.items()}}


def _written(parameter: Any) -> list[str]:
    """How a file writes the name of an option, or the corpus of ``nrqa index``."""
    if parameter.param_type_name == "argument":
        return [parameter.name] if parameter.name == CORPUS else []
    return [one.lstrip("-") for one in parameter.opts]


def _upwards(start: Path) -> list[Path]:
    return [start, *start.parents]


def _holds(file: Path, start: Path) -> bool:
    try:
        return file.is_file() and (file.parent == start or is_ours(file))
    except OSError:
        return False
