"""Decides which columns hold a row's text, title, date and address: those the user named, or those with usual names."""

from __future__ import annotations

from collections.abc import Sequence

from nrqa.corpus.readers.reading import Columns
from nrqa.errors import CorpusError

ROLES = ("text", "title", "date", "url")
"""The roles that a column can have."""
NONE = "none"
"""The word that removes all named columns."""

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
    """The columns from options such as ``text=body``; {} for ``none``. None if there are no such options.

    Raises CorpusError for an option that names no column, or a role that does not exist.
    """
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
    """The role of a column; "" if it has none. Upper and lower case of the header are the same.

    If the user named columns for a role, no other column has this role.
    """
    name = header.casefold().strip()
    for role, names in columns.items():
        if any(name == one.casefold().strip() for one in names):
            return role
    role = _ROLE_OF_USUAL.get(name, "")
    return "" if role in columns else role
