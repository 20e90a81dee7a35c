"""How many tokens an agent pays: for the definitions of the tools, and for results at usual and at greatest length.

    python -m benchmarks.serving.tokens --work DIR     # every folder in DIR is an index

Counted by o200k_base, whose vocabulary comes with bpe-openai (pip install bpe-openai==0.1.4); no network is needed.
Beside it stands nrqa's own count, by which budgets are kept. Questions are titles of documents; the draft quotes fifty
passages.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
from mcp.client import Client

from benchmarks.shared import machine
from nrqa.agents.calling import call
from nrqa.agents.server import server_of
from nrqa.agents.telling import MOST, USUAL
from nrqa.answering.opened import snapshot_of
from nrqa.citations.line import cite_line
from nrqa.errors import NrqaError
from nrqa.records import Passage
from nrqa.service.budgets import tokens_in
from nrqa.service.desk import Desk

QUOTED = 50
QUESTIONS = 5
BOUND, DEFINITIONS = 20_000, 2_500


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--work", type=Path, required=True, help="a folder of indexes")
    given = options.parse_args()
    count = counter()
    results: dict[str, Any] = {"machine": machine.describe(), "definitions": definitions(count), "indexes": {}}
    for folder in sorted(given.work.iterdir()):
        print(folder.name, flush=True)
        results["indexes"][folder.name] = measured(Desk(folder), count)
    most = max(one["most"] for found in results["indexes"].values() for one in found["tools"].values())
    targets = [
        machine.Target("tokens of the definitions of all tools", sum(results["definitions"].values()), DEFINITIONS),
        machine.Target("tokens of the longest result", most, BOUND),
    ]
    machine.write("tokens", results, [defined(results["definitions"]), *map(told, results["indexes"].items())], targets)


def counter() -> Callable[[str], int]:
    import bpe_openai  # type: ignore[import-not-found, unused-ignore]

    encoding = bpe_openai.get_encoding("o200k_base")
    return lambda text: len(encoding.encode_ordinary(text))


def definitions(count: Callable[[str], int]) -> dict[str, int]:
    """Tokens of each tool's definition as a client gets it, of their frame, and of the instructions beside them."""

    async def listed() -> tuple[list[dict[str, Any]], str]:
        async with Client(server_of(Desk("no index is needed"))) as client:
            tools = (await client.list_tools()).tools
            return [one.model_dump(by_alias=True, exclude_none=True) for one in tools], client.instructions or ""

    tools, instructions = anyio.run(listed)
    found = {one["name"]: count(json.dumps(one, ensure_ascii=False)) for one in tools}
    return {**found, "instructions": count(instructions)}


def measured(desk: Desk, count: Callable[[str], int]) -> dict[str, Any]:
    """Tokens of each tool's result, as it is usually asked and at the greatest length."""
    snapshot = snapshot_of(desk.index)
    listed = list(snapshot.listed())
    every = len(listed)
    some = [listed[at * every // min(every, QUOTED)] for at in range(min(every, QUOTED))]
    passages: list[Passage] = []
    for one in some:
        known = snapshot.document_named(one.name)
        its = [found.passage for found in known[1]] if known else []
        passages += its[: -(-QUOTED // len(some))]
    draft = "\n\n".join(f"“{' '.join(one.text.split()[:40])}” ({cite_line(one)})" for one in passages)
    questions = [one.title or one.name for one in some[:: -(-len(some) // QUESTIONS)]]
    paged = next((one for one in passages if one.citation.page), None)
    asked: dict[str, list[dict[str, Any]]] = {
        "search": [{"query": question, "k": 5} for question in questions],
        "fetch": [{"id": one.name} for one in some[:QUESTIONS]],
        "documents": [{}, {"facets": True}],
        "verify": [{"text": draft}],
        "check": [{"text": draft}],
        "why_not": [{"question": question, "id": cite_line(passages[-1])} for question in questions],
        "status": [{}],
    }
    longest = {"search": {"k": 50, "detail": "context"}}
    found: dict[str, Any] = {}
    for tool, requests in asked.items():
        longer: dict[str, Any] = {} if tool == "why_not" else {"max_tokens": MOST, **longest.get(tool, {})}
        usual = [said(desk, tool, one) for one in requests]
        most = [said(desk, tool, {**one, **longer}) for one in requests]
        found[tool] = {
            "usual": max(map(count, usual)),
            "most": max(map(count, most)),
            "by our count": max(map(tokens_in, [*usual, *most])),
        }
    picture = said(desk, "show_page", {"id": cite_line(paged)}) if paged else ""
    found["show_page"] = {"usual": count(picture), "most": count(picture), "by our count": tokens_in(picture)}
    return {"documents": every, "passages": snapshot.manifest.passages, "tools": found}


def said(desk: Desk, tool: str, arguments: dict[str, Any]) -> str:
    try:
        return call(desk, tool, arguments).text
    except NrqaError as error:
        return str(error)


def defined(found: dict[str, int]) -> str:
    rows = [(f"`{name}`" if name != "instructions" else name, number) for name, number in found.items()]
    return "Definitions, by o200k_base:\n\n" + machine.table(("", "tokens"), [*rows, ("all", sum(found.values()))])


def told(index: tuple[str, dict[str, Any]]) -> str:
    name, found = index
    rows = [
        (f"`{tool}`", f"{one['usual']:,}", f"{one['most']:,}", f"{one['by our count']:,}")
        for tool, one in found["tools"].items()
    ]
    head = ("result", f"max_tokens {USUAL:,}", f"max_tokens {MOST:,}, k 50, context", "longest, as nrqa counts")
    about = f"{name}: {found['documents']:,} documents, {found['passages']:,} passages; the longest result of each tool"
    return f"{about} (show_page: the text beside the picture):\n\n{machine.table(head, rows)}"


if __name__ == "__main__":
    main()
