"""Matches names against patterns in the syntax of ``.gitignore``, and says on which line a pattern stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec, RegexPattern


@dataclass(frozen=True, slots=True)
class Patterns:
    """The valid patterns with their line numbers (from 1); ``bad`` holds invalid lines: number and what is wrong."""

    lines: tuple[tuple[int, str], ...]
    spec: GitIgnoreSpec | None
    bad: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, lines: Iterable[str]) -> Patterns:
        """Parses the patterns in these lines; skips comments and empty lines."""
        written = [
            (number, line.rstrip("\r\n"))
            for number, line in enumerate(lines, 1)
            if line.strip() and not line.startswith("#")
        ]
        if not written:
            return cls((), None, ())
        # Imported only here: the import takes 20 ms, which a question on a corpus without rules need not spend.
        from pathspec import GitIgnoreSpec

        good: list[tuple[int, str]] = []
        bad: list[tuple[int, str]] = []
        for number, line in written:
            problem = _problem(line)
            if problem:
                bad.append((number, problem))
            else:
                good.append((number, line))
        return cls(tuple(good), GitIgnoreSpec.from_lines([line for _, line in good]) if good else None, tuple(bad))

    def decide(self, name: str, *, folder: bool = False) -> tuple[bool, int, str] | None:
        """What the last pattern says that matches the name or a folder above it; None if no pattern matches.

        Three values: True, or False for a pattern with ``!``; the number of the pattern's line; and that line.
        """
        if self.spec is None:
            return None
        found = self.spec.check_file(f"{name}/" if folder else name)
        if found.include is None or found.index is None:
            return None
        number, line = self.lines[found.index]
        return found.include, number, line.strip()

    def decide_entry(self, name: str, *, folder: bool) -> tuple[bool, int, str] | None:
        """Like ``decide``, for an entry of a folder that was decided before: a match of only that folder is ignored."""
        path = f"{name}/" if folder else name
        patterns = zip(self.lines, self.spec.patterns if self.spec else (), strict=True)
        for (number, line), pattern in reversed(list(patterns)):
            if pattern.include is not None and _matches_itself(line.strip(), pattern, path):
                return pattern.include, number, line.strip()
        return None


def _matches_itself(line: str, pattern: RegexPattern, path: str) -> bool:
    """Whether a pattern matches the path itself; pathspec's expressions also match if only a folder above matches."""
    regex = pattern.regex
    match = regex.search(path) if regex else None
    if regex is None or match is None:
        return False
    if regex.pattern == ".":
        return True
    if regex.pattern == _ANY_FOLDER:
        return path.endswith("/")
    if line.endswith(("/**", "/**/")):
        return match.end() < len(path) and (path.endswith("/") or line.endswith("*"))
    return match.end() == len(path)


_ANY_FOLDER = "(?P<ps_d>/)"
"""The expression into which pathspec turns ``*/`` and similar patterns."""


def _problem(line: str) -> str:
    """Why a line is not a valid pattern; "" if it is valid."""
    from pathspec import GitIgnoreSpec

    try:
        patterns = GitIgnoreSpec.from_lines([line]).patterns
    except ValueError as error:
        return str(error).partition("\n")[0]
    return "" if patterns and patterns[0].include is not None else "it matches nothing"
