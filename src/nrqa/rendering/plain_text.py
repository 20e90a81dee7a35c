"""Text for people: safe on a terminal, on one line where it must be, and counts with their nouns."""

from __future__ import annotations

from nrqa.text.control_characters import visible


def harmless(text: str) -> str:
    """The text with every character that could steer a terminal replaced by a visible one."""
    return visible(text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Harmless, and on one line: a name or title cannot pose as a line of ours."""
    return " ".join(harmless(text).split())


def counted(number: int, noun: str) -> str:
    """The number and the noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
