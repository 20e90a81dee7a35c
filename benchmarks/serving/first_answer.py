"""From the start of `nrqa mcp` until the list of tools, and until the first passages."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_SAYS: dict[str, Any] = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "1"},
}


def first_answers(index: Path, question: str, runs: int) -> dict[str, float]:
    """Seconds, the medians of so many processes."""
    took = [_started(index, question) for _ in range(runs)]
    return {name: statistics.median(one[name] for one in took) for name in took[0]}


def _started(index: Path, question: str) -> dict[str, float]:
    began = time.perf_counter()
    command = [sys.executable, "-m", "nrqa", "mcp", "--index", str(index), "--offline"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def said(method: str, number: int | None, **parameters: Any) -> float:
            message = {"jsonrpc": "2.0", "method": method, "params": parameters}
            process.stdin.write(json.dumps(message | ({} if number is None else {"id": number})) + "\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            if number is not None:
                assert "result" in json.loads(process.stdout.readline())  # type: ignore[union-attr]
            return time.perf_counter() - began

        first = said("initialize", 1, **_SAYS)
        said("notifications/initialized", None)
        tools = said("tools/list", 2)
        passages = said("tools/call", 3, name="search", arguments={"query": question})
        process.stdin.close()
    return {"initialize": first, "tools": tools, "passages": passages}
