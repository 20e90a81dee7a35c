"""Matches names against patterns in the syntax of ``.gitignore``, and says on which line a pattern stands.

pathspec makes a regular expression of each pattern, and RE2 matches it: in time that grows with the length of the name,
whatever the pattern. Whoever made the folder wrote its rules, and ``*a*a*a*a*a*b`` keeps Python's own ``re`` busy for
days (and git as well).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec, RegexPattern
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern


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
        patterns: list[GitIgnoreSpecPattern] = []
        for number, line in written:
            pattern = _pattern(line)
            if isinstance(pattern, str):
                bad.append((number, pattern))
            else:
                good.append((number, line))
                patterns.append(pattern)
        # "simple" asks the patterns one by one. pathspec's own use of RE2 joins them, and where the joint automaton
        # takes too much memory none of them matches.
        return cls(tuple(good), GitIgnoreSpec(patterns, backend="simple") if good else None, tuple(bad))

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


def _pattern(line: str) -> GitIgnoreSpecPattern | str:
    """The pattern on a line, matched by RE2; a text that says why the line is none."""
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    try:
        with warnings.catch_warnings(action="ignore"):  # Python's re warns of "[[", which is compiled before RE2's
            pattern = next(iter(GitIgnoreSpec.from_lines([line], backend="simple").patterns), None)
    except ValueError as error:
        return str(error).partition("\n")[0]
    if not isinstance(pattern, GitIgnoreSpecPattern) or pattern.include is None or pattern.regex is None:
        return "it matches nothing"
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        pattern.regex = re2.compile(pattern.regex.pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        return f"not understood: {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return pattern
