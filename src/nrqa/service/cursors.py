"""Where a long list goes on: a cursor of one generation, so that no list is ever mixed of two."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from nrqa.errors import CursorError

_CURSOR = re.compile(r"g(\d{1,12})\.(\d{1,12})\.([0-9a-f]{8})")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Cursor:
    """The generation of a list, how many of it were given, and a mark of what was asked."""

    generation: int
    offset: int
    asked: str

    def __str__(self) -> str:
        return _packed(f"g{self.generation}.{self.offset}.{mark_of(self.asked)}")


def offset_in(written: str, generation: int, asked: str) -> int:
    """How many of the list were given before. Raises CursorError where the cursor is of another list."""
    found = _CURSOR.fullmatch(_unpacked(written))
    if found is None:
        raise CursorError("The cursor is none that was given. Leave it out to begin at the beginning.")
    if int(found[1]) != generation:
        raise CursorError(
            f"The index has changed since the cursor was given (generation {found[1]}, now {generation}). Ask again."
        )
    if found[3] != mark_of(asked):
        raise CursorError("The cursor was given for another request. Ask again without it.")
    return int(found[2])


def mark_in(written: str) -> str:
    """The mark of what was asked when a cursor was given; "" where it is no cursor."""
    found = _CURSOR.fullmatch(_unpacked(written))
    return found[3] if found else ""


def mark_of(asked: str) -> str:
    """A mark that tells what is asked from all else that is."""
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _packed(written: str) -> str:
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _unpacked(written: str) -> str:
    if len(written) > _LONGEST:
        return ""
    try:
        return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode()
    except ValueError:
        return ""
