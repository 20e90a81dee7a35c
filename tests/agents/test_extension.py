"""What is told to clients that install the extension, and to the registry, is true of this nrqa."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import project
from nrqa.agents.tools import TOOLS
from nrqa.settings import VERSION

EXTENSION = project.ROOT / "docs" / "extension"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return runpy.run_path(str(EXTENSION / "extension.py"))


def test_the_manifest_names_the_tools_and_asks_for_an_index(made: dict[str, Any]) -> None:
    said = made["manifest"]()
    assert [one["name"] for one in said["tools"]] == list(TOOLS)
    assert said["version"] == VERSION
    asked = re.findall(r"\$\{user_config\.(\w+)\}", " ".join(said["server"]["mcp_config"]["args"]))
    assert asked == list(said["user_config"]) == ["index"]


def test_the_project_of_the_extension_installs_the_wheel_that_lies_in_it(made: dict[str, Any]) -> None:
    said = tomllib.loads(made["_PROJECT"])
    ours = tomllib.loads((project.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert said["tool"]["uv"]["sources"]["nrqa"] == {"path": made["WHEEL"]}
    assert said["project"]["requires-python"] == ours["requires-python"]
    assert "mcp" in ours["optional-dependencies"]


def test_the_registry_is_told_what_it_takes(made: dict[str, Any]) -> None:
    said = made["registered"]("io.github.somebody")
    # The bounds are those of the registry's schema.
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", said["name"])
    assert len(said["description"]) <= 100
    assert len(said["title"]) <= 100
    [package] = said["packages"]
    assert package["transport"] == {"type": "stdio"}
    assert package["version"] == VERSION
    for one in (*package["packageArguments"], *package["runtimeArguments"]):
        assert {"type", "value"} <= set(one) or {"type", "name"} <= set(one)


@pytest.mark.slow
def test_the_command_of_the_manifest_serves_the_index(made: dict[str, Any], articles_index: Path) -> None:
    pytest.importorskip("mcp")
    arguments = made["manifest"]()["server"]["mcp_config"]["args"]
    after = arguments[arguments.index("server.py") + 1 :]
    told = [one.replace("${user_config.index}", str(articles_index)) for one in after]
    meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}
    with subprocess.Popen(
        [sys.executable, str(EXTENSION / "server.py"), *told], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as started:
        assert started.stdin
        assert started.stdout
        started.stdin.write(json.dumps(asked) + "\n")
        started.stdin.flush()
        answer = json.loads(started.stdout.readline())
        started.stdin.close()
    assert [one["name"] for one in answer["result"]["tools"]] == list(TOOLS)
