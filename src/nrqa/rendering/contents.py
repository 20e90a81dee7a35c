"""How the documents of an index, and what they can be filtered by, look to a person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from nrqa.answering.contents import Contents
from nrqa.index.rows import Listed
from nrqa.rendering.plain_text import counted, one_line

_LABEL = "dim"
_PLACE = "bold cyan"
_MOST_VALUES = 8
"""Values of a key that are shown; the rest are counted."""
_MOST_VALUE = 60
_FLAGS = 3
_SHOWN = ("date", "language", "author")


def render_documents(found: Contents) -> RenderableType:
    """A line for each document: name, title, passages, date, language, author; then what to know about it."""
    lines = [line for one in found.documents for line in _document(one)]
    return Group(*lines, Text(counted(len(found.documents), "document"), _LABEL))


def render_facets(found: Contents) -> RenderableType:
    """A line for each metadata key: its commonest values, and how many documents have each."""
    if not found.facets:
        return Text("No document has metadata.", _LABEL)
    lines = []
    for key, values in found.facets.items():
        shown = [f"{_short(value)} ({count:,})" for value, count in list(values.items())[:_MOST_VALUES]]
        more = f", and {len(values) - _MOST_VALUES:,} more" if len(values) > _MOST_VALUES else ""
        lines.append(Text.assemble((one_line(key), _PLACE), "  ", ", ".join(shown), (more, _LABEL)))
    example = one_line(next(iter(found.facets)))
    lines.append(
        Text(f'Filter by them: nrqa query "…" --where "{example}=VALUE"; dates and numbers also by >= and <', _LABEL)
    )
    return Group(*lines)


def _document(one: Listed) -> Iterator[Text]:
    line = Text.assemble((one_line(one.name), _PLACE))
    if one.titled:
        line.append(f"  {one_line(one.title)}", "italic")
    facts = [counted(one.passages, "passage")]
    facts += [one_line(_plain(one.metadata[key])) for key in _SHOWN if one.metadata.get(key)]
    line.append("  " + " · ".join(facts), _LABEL)
    yield line
    for flag in one.flags[:_FLAGS]:
        yield Text(f"   {one_line(flag.kind)}: {one_line(flag.detail)}", "yellow")
    if len(one.flags) > _FLAGS:
        yield Text(f"   and {len(one.flags) - _FLAGS:,} more such places", "yellow")


def _plain(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def _short(value: str) -> str:
    shown = one_line(value)
    return shown if len(shown) <= _MOST_VALUE else f"{shown[:_MOST_VALUE]}…"
