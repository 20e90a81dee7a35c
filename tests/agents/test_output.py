"""Every line of standard output is a message of the protocol, whatever happens in the process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")

from nrqa.agents.tools import TOOLS

pytestmark = pytest.mark.slow

_LOUD = """
import ctypes, os, subprocess, sys, warnings
from nrqa.agents import calling
plain = calling.DOES["status"]
def loud(desk, **said):
    print("printed")
    sys.stdout.flush()
    os.write(1, b"written to the descriptor\\n")
    ctypes.CDLL(None).puts(b"of a C library")
    ctypes.CDLL(None).fflush(None)
    subprocess.run(["echo", "of a child"])
    assert not sys.stdin.read(), "what the client writes is not for us"
    warnings.warn("a warning")
    return plain(desk, **said)
calling.DOES["status"] = loud
from nrqa.cli import main
sys.argv[1:] = ["mcp", "--index", sys.argv[1]]
main()
"""


def _request(number: int, method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def _called(number: int, tool: str, **arguments: Any) -> dict[str, Any]:
    return _request(number, "tools/call", name=tool, arguments=arguments)


BEGINNING = [
    _request(1, "initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": "a", "version": "1"}),
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
]


def answers_of(program: list[str], *lines: dict[str, Any] | str) -> tuple[dict[int, Any], str]:
    """What a server answers to these lines, by the requests' numbers; every line is read as JSON. And its stderr."""
    wanted = {one["id"] for one in (*BEGINNING, *lines) if isinstance(one, dict) and "id" in one}
    written = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in (*BEGINNING, *lines))
    environment = {**os.environ, "PYTHONWARNINGS": "always"}
    with subprocess.Popen(
        [sys.executable, *program], text=True, env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as started:  # fmt: skip
        assert started.stdin
        assert started.stdout
        assert started.stderr
        started.stdin.write(written)
        started.stdin.flush()
        answers: dict[int, Any] = {}
        while set(answers) != wanted:
            one = json.loads(started.stdout.readline())
            if one.get("id") is not None:
                answers[one["id"]] = one
        started.stdin.close()
        rest = started.stdout.read()
        assert not rest, "nothing is said after the last answer"
        return answers, started.stderr.read()


def test_without_an_index(tmp_path: Path) -> None:
    program = ["-m", "nrqa", "mcp", "--index", str(tmp_path / "none")]
    found, _ = answers_of(
        program, "no json", _request(2, "tools/list"), _called(3, "search", query="x"), _request(4, "no/such")
    )
    assert found[1]["result"]["protocolVersion"] == "2025-06-18"
    assert len(found[2]["result"]["tools"]) == len(TOOLS)
    assert found[3]["result"]["isError"] is True
    assert "There is no index" in found[3]["result"]["content"][0]["text"]
    assert "error" in found[4]


def test_in_the_newest_revision(articles_index: Path) -> None:
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "new", "version": "1"},
    }
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {"_meta": meta}},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"_meta": meta, "name": "status"}},
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "nrqa", "mcp", "--index", str(articles_index)],
        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as started:  # fmt: skip
        assert started.stdin
        assert started.stdout
        started.stdin.write("".join(f"{json.dumps(one)}\n" for one in lines))
        started.stdin.flush()
        answers = [json.loads(started.stdout.readline()) for _ in lines]
        started.stdin.close()
    by_number = {one["id"]: one["result"] for one in answers}
    assert "2026-07-28" in by_number[1]["supportedVersions"]
    assert "documents  2" in by_number[2]["content"][0]["text"]


def test_with_prints_warnings_children_and_c_libraries(articles_index: Path) -> None:
    found, said = answers_of(["-c", _LOUD, str(articles_index)], _called(2, "status"))
    assert "documents  2" in found[2]["result"]["content"][0]["text"]
    for one in ("printed", "written to the descriptor", "of a C library", "of a child", "a warning"):
        assert one in said


def test_with_a_damaged_index(articles_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(articles_index, index)
    for file in index.rglob("*"):
        if file.is_file() and file.name != "manifest.json":
            file.write_bytes(b"damaged")
    asked = [_called(2 + at, tool, **said) for at, (tool, said) in enumerate(_EVERY.items())]
    found, _ = answers_of(["-m", "nrqa", "mcp", "--index", str(index)], *asked)
    for at, tool in enumerate(_EVERY):
        if tool not in ("verify", "status"):  # these say what they can without an index
            assert found[2 + at]["result"]["isError"], tool
            assert "nrqa index" in found[2 + at]["result"]["content"][0]["text"], "the remedy"


_EVERY: dict[str, dict[str, Any]] = {
    "search": {"query": "missile defense"},
    "fetch": {"id": "nato-russia.txt:29"},
    "documents": {},
    "show_page": {"id": "nato-russia.txt:29"},
    "verify": {"text": "nato-russia.txt:29 #c18c26dde2+527"},
    "check": {"text": 'He says "a direct threat to its nuclear deterrent".'},
    "why_not": {"question": "missile defense", "id": "nato-russia.txt:29"},
    "status": {},
}
