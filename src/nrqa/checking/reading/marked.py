"""Text from which marks are taken out, so that each character that is left knows its place in the draft."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

from nrqa.checking.prose import Kind, Prose, Reference
from nrqa.checking.reading.paragraph import ReferenceKind
from nrqa.records import Span
from nrqa.text.lines import Line

# A character after a backslash, and signs in code, become one of these, so that other patterns do not see them.
_HIDDEN = 0xE000
_SHOWN = {_HIDDEN + code: code for code in range(0x80)}
_HIDE = {code: _HIDDEN + code for code in range(0x21, 0x7F) if not chr(code).isalnum()}


def hidden(sign: str) -> str:
    """A sign of ASCII as no pattern sees it; it is shown again at the end."""
    return chr(_HIDDEN + ord(sign))


class Marked:
    """Text from which marks are taken out step by step; each character knows its place in the draft."""

    def __init__(self, text: str, pieces: list[Line]) -> None:
        self.text = "\n".join(text[one.start : one.end] for one in pieces)
        self.starts: list[int] = []
        for one in pieces:
            self.starts += [*range(one.start, one.end), one.end]
        self.starts = self.starts[: len(self.text)]
        self.ends = [at + 1 for at in self.starts]
        self._references: list[tuple[Span, ReferenceKind, tuple[str, ...]]] = []

    def take_out(
        self,
        pattern: re.Pattern[str],
        meaning: Callable[[re.Match[str]], tuple[ReferenceKind, tuple[str, ...]] | None] = lambda _: None,
        keep: str = "",
        new: Callable[[str], str] | None = None,
        *,
        before: int | None = None,
        hidden: bool = False,
    ) -> None:
        """Replace each match by its group ``keep``, or by the one character that ``new`` makes of it, or by nothing.

        Only matches before the position ``before`` count. What is kept may be ``hidden`` from the patterns to come.
        """
        parts, starts, ends, at = [], [], [], 0
        for found in pattern.finditer(self.text, 0, len(self.text) if before is None else before):
            start, end = found.span()
            meant = meaning(found)
            if meant:
                self._references.append((Span(self.starts[start], self.ends[end - 1]), *meant))
            stays = found.span(keep) if keep else (end, end)
            parts.append(self.text[at:start])
            starts += self.starts[at:start]
            ends += self.ends[at:start]
            if new:
                parts.append(new(found.group()))
                starts.append(self.starts[start])
                ends.append(self.ends[end - 1])
            else:
                kept = self.text[slice(*stays)]
                parts.append(kept.translate(_HIDE) if hidden else kept)
                starts += self.starts[slice(*stays)]
                ends += self.ends[slice(*stays)]
            at = end
        self.text = "".join([*parts, self.text[at:]])
        self.starts = [*starts, *self.starts[at:]]
        self.ends = [*ends, *self.ends[at:]]

    def prose(self, kind: Kind, group: int) -> Prose:
        """The text that is left, with line ends as blanks."""
        references = tuple(
            Reference(span, bisect_left(self.starts, span.start), bisect_left(self.starts, span.end), what, texts)
            for span, what, texts in sorted(self._references, key=lambda one: one[0].start)
        )
        text = re.sub(r"\s", " ", self.text).translate(_SHOWN)
        return Prose(kind, text, tuple(self.starts), tuple(self.ends), references, group)
