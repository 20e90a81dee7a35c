"""The name of a file or folder as words: ``2019_Acme%20report`` is "2019 Acme report"."""

from __future__ import annotations

import re

_MOST_DECODED = 3
"""A name that came over the web may be percent-encoded, and that of its copy twice."""
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_FOR_SPACES = re.compile(r"[_+~]+")


def readable_name(name: str) -> str:
    """The words of a name, with spaces for the signs that stand for them; hyphens stay, since words have them, too."""
    for _ in range(_MOST_DECODED):
        if not _ENCODED.search(name):
            break
        from urllib.parse import unquote  # few names need it

        name = unquote(name)
    return " ".join(_FOR_SPACES.sub(" ", name).split())
