"""Globs over the names of documents, as ``--only``, ``--include`` and ``--exclude`` take them: ``.gitignore``'s."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nrqa.corpus.files.patterns import Patterns
from nrqa.errors import QuestionError

_FEW = 2
"""Up to so many stars, Python's own ``re`` matches a name in time that grows with its square at most, and without the
five microseconds that each call of RE2 costs: a second with 100,000 documents."""
_END = "|$)"
"""How pathspec's expressions end; Python's ``$`` would also match before a line end."""


def chooser(globs: Sequence[str], folder: str = "") -> Callable[[str], bool]:
    """Which names the globs choose; ``folder`` is the name of the folder that is the corpus.

    The last glob that matches decides; where the first begins with ``!``, all others are chosen.
    Raises QuestionError for what is no glob.
    """
    written = within(globs, folder)
    if written[:1] and written[0].startswith("!"):
        written = ("*", *written)
    patterns = Patterns.of(written)
    for number, problem in patterns.bad:
        raise QuestionError(f"'{written[number - 1]}' is no glob ({problem}). Write one like this: --only '*.pdf'")
    if not patterns.lines:
        raise QuestionError("An empty text is no glob. Write one like this: --only '*.pdf'")
    assert patterns.spec is not None
    exact = frozenset(globs)  # a name may hold what means something in a glob
    rules = [
        (_compiled(line, pattern.regex).search, bool(pattern.include))
        for (_, line), pattern in zip(patterns.lines, patterns.spec.patterns, strict=True)
        if pattern.regex
    ][::-1]
    return lambda name: next((include for search, include in rules if search(name)), False) or name in exact


def within(globs: Sequence[str], folder: str) -> tuple[str, ...]:
    """The globs; one that begins with the corpus' own folder, as people write paths, also without it."""
    found: list[str] = []
    for glob in globs:
        if glob.startswith("#"):  # a comment in a file, a name here
            found.append(f"\\{glob}")
            continue
        negated = glob.startswith("!")
        path = glob[negated:].removeprefix("./").removeprefix("/")
        found.append(("!" if negated else "") + path if glob[negated:].startswith("./") else glob)
        if folder and path.startswith(f"{folder}/") and path != f"{folder}/":
            found.append(f"{'!' if negated else ''}/{path[len(folder) + 1 :]}")
        elif folder and path.rstrip("/") == folder:
            found.append("!*" if negated else "*")
    return tuple(found)


def _compiled(line: str, regex: re.Pattern[str]) -> re.Pattern[str]:
    """The expression as Python's ``re`` or as RE2 has it, whichever is quicker and safe."""
    source = regex.pattern
    # Of a set such as [[], Python warns that it may mean something else one day.
    if line.count("*") > _FEW or "[" in line or not source.endswith(_END) or "$" in source[: -len(_END)]:
        return regex
    return re.compile(f"{source.removesuffix(_END)}|\\Z)")
