"""``nrqa.toml``: what one always types. A project's own file is found upwards from the working folder, as git's is.

The file may have come with somebody's clone. So a project's names no command, no model and nothing outside its folder;
the user's own file, in the user's configuration folder, may name indexes anywhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from nrqa.errors import NrqaError

ALL = "all"
"""The table whose options hold for every command that has them."""
INDEXES = "indexes"
INDEX, CORPUS = "index", "corpus"
_PATHS = (INDEX, CORPUS)
"""Options of the files whose values are paths, from the folder of the file."""
_HARMLESS = frozenset(
    "index corpus k where only first explain format certificate full cite around words offline include exclude "
    "max-file-size column ocr".split()
)
"""Options that a project's file may set: none names a command or model, or writes where the user does not expect it."""
_MOST_BYTES = 64 * 1024


class Project(NamedTuple):
    """What the files say: the folders of named indexes, and options by command (``all`` for all of them).

    A tuple, since completion must not wait for dataclasses to load.
    """

    indexes: Mapping[str, Path]
    options: Mapping[str, Mapping[str, Any]]

    def options_of(self, command: str) -> dict[str, Any]:
        """The options of a command, those for all of them included; its own win."""
        return {**self.options.get(ALL, {}), **self.options.get(command, {})}


def read_project(theirs: Path | None, own: Path | None) -> Project:
    """What a project's file and the user's own say together; the project's wins, being nearer.

    Raises NrqaError with the file, the entry and what is wrong.
    """
    read = [_read(file, trusted=trusted) for file, trusted in ((own, True), (theirs, False)) if file]
    options: dict[str, dict[str, Any]] = {}
    for one in read:
        for command, its in one.options.items():
            options[command] = {**options.get(command, {}), **its}
    indexes = {name: path for one in read for name, path in one.indexes.items()}
    return Project(indexes, options)


def _read(file: Path, *, trusted: bool) -> Project:
    import tomllib  # there is mostly no file

    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise NrqaError(f"'{file}' is larger than 64 KiB; it says what you always type. Mend or remove it")
        content = tomllib.loads(data.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise NrqaError(f"'{file}' cannot be read: {reason}. Mend or remove it") from error
    indexes: dict[str, Path] = {}
    options: dict[str, dict[str, Any]] = {}
    for name, table in content.items():
        if not isinstance(table, dict):
            raise NrqaError(f"'{file}': {name} stands in no table. Write [{ALL}] above it, or a command: [query]")
        if name == INDEXES:
            indexes = {one: _path(file, one, value, trusted=trusted) for one, value in table.items()}
        else:
            options[name] = dict(_options(file, name, table, trusted=trusted))
    return Project(indexes, options)


def _options(file: Path, command: str, table: Mapping[str, Any], *, trusted: bool) -> Iterator[tuple[str, Any]]:
    for written, value in table.items():
        option = written.replace("_", "-")
        if not trusted and option not in _HARMLESS:
            raise NrqaError(
                f"'{file}': [{command}] {written} is not for a project's file, which may come from others. "
                f"Write it into your own ({own_file()}), or type it"
            )
        plain = value if isinstance(value, list) else [value]
        if not all(isinstance(one, (str, int, float)) for one in plain):
            raise NrqaError(f"'{file}': [{command}] {written} is a text, a number, true, false, or a list of them")
        if option in _PATHS:
            paths = [str(_path(file, written, one, trusted=trusted)) for one in plain]
            yield option, paths if isinstance(value, list) else paths[0]
        else:
            yield option, value


def _path(file: Path, name: str, value: Any, *, trusted: bool) -> Path:
    """The path that a value means, from the folder of its file; a project's own lies in that folder."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise NrqaError(f"'{file}': {name} is no path of a folder")
    path = file.parent / (Path(value).expanduser() if trusted else Path(value))
    if not trusted and not path.resolve().is_relative_to(file.parent.resolve()):
        raise NrqaError(
            f"'{file}': {name} = \"{value}\" lies outside its folder, and a project's file may come from others. "
            f"Write it into your own ({own_file()}), or type it"
        )
    return path


def own_file() -> Path:
    """The user's own file, whether it is there or not."""
    if sys.platform in ("win32", "darwin"):
        from platformdirs import user_config_path

        return user_config_path("nrqa", appauthor=False) / FILE
    # What platformdirs says elsewhere; importing it takes as long as all the rest of a completion.
    return Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "nrqa" / FILE


FILE = "nrqa.toml"
"""The name of both files."""


def is_ours(path: Path) -> bool:
    """Whether this user, or the system's own, made what is there: others may put files into folders above ours."""
    return not hasattr(os, "geteuid") or path.stat().st_uid in (os.geteuid(), 0)
