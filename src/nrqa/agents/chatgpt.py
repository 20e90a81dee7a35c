"""`search` and `fetch` as ChatGPT wants them: one JSON object each, in a shape of its own, in place of our text.

That shape has no room for a verdict. So what answers nothing gives no results, as it does for the frameworks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from nrqa.agents import passages
from nrqa.agents.calling import complete, said_of
from nrqa.agents.telling import MOST, named
from nrqa.agents.tools import TOOLS
from nrqa.citations.line import cite_line
from nrqa.records import Passage
from nrqa.service import verbs
from nrqa.service.budgets import Budget
from nrqa.service.desk import Desk

_STRETCH = re.compile(r"@\d+-\d+$")
"""The end of an id that says exactly what is to be read."""
_BETWEEN = "\n\n"
_SPARE = 400
"""Tokens of all that is beside the text of a document."""


def search(desk: Desk, arguments: Mapping[str, Any]) -> str:
    """The passages that answer a question, each by an id for ``fetch``; none where nothing answers."""
    tool = TOOLS["search"]
    said = complete(tool, said_of(tool, arguments))
    asked = {key: said[key] for key in ("k", "where", "only", "first") if key in said}
    answer = verbs.search(desk.index, said["query"], **asked).record
    hits = () if answer.verdict == "absent" else answer.hits
    return _written({"results": [{"id": cite_line(one.passage), **_titled(one.passage)} for one in hits]})


def fetch(desk: Desk, arguments: Mapping[str, Any]) -> str:
    """The section around a citation, or a document from its beginning, as far as a result may be long."""
    tool = TOOLS["fetch"]
    given = said_of(tool, arguments)
    said = complete(tool, {"section": not _STRETCH.search(given.get("id", "")), **given})
    found = passages.stretch(desk, **{key: said[key] for key in ("id", "before", "after", "section")})
    wanted = found.passages
    most = said.get("max_tokens", MOST) - _SPARE
    fitting = Budget(tokens=most).fitting("", (_written(f"{one.text}{_BETWEEN}") for one in wanted))
    first = wanted[0]
    metadata = {
        "document": found.document,
        "citation": cite_line(first),
        "passages": f"{fitting:,} of the {len(found.every):,} of this document",
        **{str(key): named(_text(value)) for key, value in first.citation.metadata.items()},
    }
    if fitting < len(wanted):
        rest = f"{found.document}@{wanted[fitting].citation.start}-{wanted[-1].citation.end}"
        metadata["left out"] = f"{len(wanted) - fitting:,} more passages; to go on, fetch {rest}"
    flags = sorted({one.kind for one in first.citation.flags})
    if flags:
        metadata["beware"] = ", ".join(flags)
    text = _BETWEEN.join(one.text for one in wanted[:fitting])
    return _written({"id": said["id"], **_titled(first), "text": text, "metadata": metadata})


TOLD: Mapping[str, Callable[[Desk, Mapping[str, Any]], str]] = {"search": search, "fetch": fetch}
"""The tools that this client is told otherwise."""


def _titled(passage: Passage) -> dict[str, str]:
    citation = passage.citation
    words = (citation.title or citation.document, *citation.heading[-1:])
    return {"title": named(" – ".join(dict.fromkeys(words))), "url": f"nrqa://passage/{quote(citation.place)}"}


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
