"""Makes what desktop clients (an extension) and the registry of servers want, in a folder.

    python docs/extension/extension.py FOLDER [NAMESPACE]        (or: make extension)

FOLDER/extension becomes the content of an .mcpb file: its manifest, this nrqa as a wheel, and a project that uv
installs it by, so that whoever opens it needs neither Python nor a shell. FOLDER/server.json is what the registry is
told by whoever publishes nrqa under NAMESPACE (such as io.github.NAME), once that version is on PyPI.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from nrqa.agents.tools import TOOLS
from nrqa.settings import VERSION

ROOT = Path(__file__).resolve().parents[2]
TITLE = "nrqa: your documents, cited"
SAYS = "Passages from your own documents with citations, a verdict, and checked quotations. It only reads."
INDEX = "The folder of an index that `nrqa index` made of your documents."
WHEEL = f"nrqa-{VERSION}-py3-none-any.whl"
_PROJECT = f"""[project]
name = "nrqa-extension"
version = "{VERSION}"
requires-python = ">=3.11,<3.14"
dependencies = ["nrqa[mcp]", "torch"]

[tool.uv.sources]
nrqa = {{ path = "{WHEEL}" }}
torch = [{{ index = "pytorch-cpu", marker = "sys_platform == 'linux'" }}]

# PyPI's torch for Linux brings several GB of CUDA, which nrqa does not use.
[[tool.uv.index]]
name = "pytorch-cpu"
url = "https://download.pytorch.org/whl/cpu"
explicit = true
"""


def main(folder: Path, namespace: str) -> None:
    content = folder / "extension"
    shutil.rmtree(content, ignore_errors=True)
    content.mkdir(parents=True)
    write(content / "manifest.json", manifest())
    (content / "pyproject.toml").write_text(_PROJECT, "utf-8")
    shutil.copy(Path(__file__).with_name("server.py"), content)
    shutil.copy(ROOT / "LICENSE", content)
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(content), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert (content / WHEEL).exists(), WHEEL
    write(folder / "server.json", registered(namespace))


def manifest() -> dict[str, Any]:
    """What the extension is, for the client that installs it."""
    return {
        "manifest_version": "0.4",
        "name": "nrqa",
        "display_name": TITLE,
        "version": VERSION,
        "description": SAYS,
        "author": {"name": "the nrqa contributors"},
        "license": "Apache-2.0",
        "server": {
            "type": "uv",
            "entry_point": "server.py",
            "mcp_config": {
                "command": "uv",
                "args": ["run", "--directory", "${__dirname}", "server.py", "mcp", "--index", "${user_config.index}"],
            },
        },
        "tools": [{"name": one.name, "description": one.says} for one in TOOLS.values()],
        "prompts_generated": True,
        "user_config": {
            "index": {"type": "directory", "title": "Index", "description": INDEX, "required": True},
        },
        "compatibility": {"platforms": ["darwin", "linux", "win32"], "runtimes": {"python": ">=3.11,<3.14"}},
    }


def registered(namespace: str) -> dict[str, Any]:
    """What the registry is told."""
    return {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": f"{namespace}/nrqa",
        "title": TITLE,
        "description": SAYS,
        "version": VERSION,
        "packages": [
            {
                "registryType": "pypi",
                "identifier": "nrqa",
                "version": VERSION,
                "runtimeHint": "uvx",
                "runtimeArguments": [{"type": "named", "name": "--from", "value": f"nrqa[mcp]=={VERSION}"}],
                "transport": {"type": "stdio"},
                "packageArguments": [
                    {"type": "positional", "value": "mcp"},
                    {
                        "type": "named",
                        "name": "--index",
                        "description": INDEX,
                        "format": "filepath",
                        "isRequired": True,
                    },
                ],
            }
        ],
    }


def write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(sys.argv[2:] or ["io.github.example"]))
