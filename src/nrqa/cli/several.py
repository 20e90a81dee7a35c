"""`nrqa query` over several indexes."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.cli.output import print_json, print_rich, say
from nrqa.errors import QuestionError
from nrqa.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.answering.several import Together


def answer_together(
    question: str, folders: Sequence[Path], options: Mapping[str, Any], *, as_json: bool, full: bool
) -> bool:
    """Ask all of the indexes, print what they say, and return whether any answers."""
    from nrqa.answering.asking import Index
    from nrqa.answering.several import ask_several

    indexes = {
        name: Index.open(folder, announce=None if as_json else say)
        for name, folder in zip(names_of(folders), folders, strict=True)
    }
    found = ask_several(indexes, question, **options)
    if as_json:
        print_json(found.to_dict())
    else:
        put_together(found, indexes, full=full)
    return found.answered


def put_together(found: Together, indexes: Mapping[str, Index], *, full: bool, whole: str = "--full") -> None:
    """Print it; on a terminal as much as fits into the window, unless all of it is asked for."""
    from nrqa.cli.answers import look_at
    from nrqa.rendering.several import fitting, render_together

    looks = {
        name: look_at(answer, indexes[name].snapshot_at(answer.generation), indexes[name].folder, whole)
        for name, answer in found.answers
    }
    if full or not sys.stdout.isatty():
        print_rich(render_together(found, looks))
        return

    print_rich(render_together(found, looks), short=lambda console: fitting(found, looks, console))


def names_of(folders: Sequence[Path]) -> list[str]:
    """A name for each index: as nrqa.toml calls it, else as short an end of its path as tells it apart."""
    from nrqa.cli.finding import project

    called = {path.resolve(): name for name, path in project().indexes.items()}
    resolved = [folder.resolve() for folder in folders]
    if len(set(resolved)) < len(resolved):
        raise QuestionError("An index is named twice. Name each once: --index DIR --index OTHER")
    return [called.get(place) or _end(place, [one for one in resolved if one != place]) for place in resolved]


def _end(place: Path, others: Sequence[Path]) -> str:
    """The shortest end of a path that none of the others has; "index" alone says nothing."""
    for length in range(1 if place.name != DEFAULT_INDEX else 2, len(place.parts)):
        end = "/".join(place.parts[-length:])
        if not any(other.as_posix().endswith(f"/{end}") for other in others):
            return end
    return str(place)
