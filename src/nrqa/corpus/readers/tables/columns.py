"""Which columns hold a row's text, title, date and address: those that were named, and those whose names say so."""

from __future__ import annotations

from collections.abc import Sequence

from nrqa.corpus.readers.reading import Columns
from nrqa.errors import CorpusError

ROLES = ("text", "title", "date", "url")
"""What a column can be named as."""
NONE = "none"
"""What takes all names back."""

_USUAL = {
    "text": "text body content fulltext full_text article",
    "title": "title headline subject name titel titre título titolo",
    "date": "date published published_at publication_date pubdate datum fecha",
    "url": "url link href permalink source_url",
}
_ROLE_OF_USUAL = {name: role for role, names in _USUAL.items() for name in names.split()}


def checked(columns: Columns) -> dict[str, list[str]]:
    """The columns in the order of their roles; CorpusError where a role is unknown or a name is empty."""
    for role, names in columns.items():
        if role not in ROLES:
            raise CorpusError(
                f"A column cannot be named as '{role}', only as text, title, date or url: --column text=body"
            )
        if not names or not all(name.strip() for name in names):
            raise CorpusError(f"No column is named as '{role}'. Name it by its header: --column {role}=HEADER")
    return {role: list(dict.fromkeys(columns[role])) for role in ROLES if role in columns}


def written_columns(written: Sequence[str]) -> dict[str, list[str]] | None:
    """The columns of ``text=body`` and its like; ``none`` names none. None where nothing is said of them."""
    if not written:
        return None
    columns: dict[str, list[str]] = {}
    for one in () if list(written) == [NONE] else written:
        role, equals, name = one.partition("=")
        if not equals:
            raise CorpusError(f"'{one}' names no column. Say what it holds and its header: --column text=body")
        columns.setdefault(role.strip().lower(), []).append(name.strip())
    return checked(columns)


def role_of(header: str, columns: Columns) -> str:
    """The role of a column; empty where it has none. A name counts without regard to case.

    Where the user named columns for a role, no other column has it.
    """
    name = header.casefold().strip()
    for role, names in columns.items():
        if any(name == one.casefold().strip() for one in names):
            return role
    role = _ROLE_OF_USUAL.get(name, "")
    return "" if role in columns else role
