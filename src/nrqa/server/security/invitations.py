"""One-time tokens, which a browser exchanges for a cookie.

Each is a file in a private folder, named by the token's hash. To take one is to delete its file, which only one process
can do: so a token counts once, however many processes serve.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

_BYTES = 24
"""Of chance in a token: 192 bits cannot be guessed."""


def invite(folder: Path) -> str:
    """A new token that ``take`` accepts once."""
    token = secrets.token_urlsafe(_BYTES)
    (folder / _name(token)).touch(mode=0o600, exist_ok=False)
    return token


def take(token: str, folder: Path) -> bool:
    """Whether the token was given by ``invite`` and not taken before."""
    try:
        (folder / _name(token)).unlink()
    except OSError:
        return False
    return True


def _name(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
