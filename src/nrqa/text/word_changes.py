"""Which words two texts have in common, and which only one of them has."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from nrqa.text.written_words import WORD

# A word with the white space after it, so that the pieces joined together give the text.
_WORD = re.compile(rf"\s*(?:{WORD.pattern}|[^\w\s])\s*|\s+")


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of words that stayed, was removed or was added; ``before`` and ``after`` are its text in each version.

    If it stayed, both have text, which may differ in white space and typography; else one of the two is empty.
    """

    kind: Literal["same", "removed", "added"]
    before: str
    after: str

    def to_dict(self) -> dict[str, str]:
        """The change as a JSON object."""
        return {"kind": self.kind, "before": self.before, "after": self.after}


def differing(before: str, after: str, alike: Callable[[str], str] = str.strip) -> tuple[Change, ...]:
    """The changes that turn ``before`` into ``after``, in order; removed words come before those that replace them.

    Words are the same where ``alike`` makes the same of them. Joined together, the ``before`` of all changes give the
    first text, and their ``after`` the second.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, [alike(word) for word in old], [alike(word) for word in new], autojunk=False)
    changes: list[Change] = []
    for kind, first, last, begin, end in matcher.get_opcodes():
        was, now = "".join(old[first:last]), "".join(new[begin:end])
        if kind == "equal":
            changes.append(Change("same", was, now))
            continue
        if was:
            changes.append(Change("removed", was, ""))
        if now:
            changes.append(Change("added", "", now))
    return tuple(changes)
