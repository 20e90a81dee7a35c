"""The house stands: arrows point down, secrets are kept, the public face is what it says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import nrqa

SOURCE = Path(nrqa.__file__).parent
ROOT = SOURCE.parent.parent

# From the ground up; a module may import from floors below its own, and from its own package.
FLOORS = [
    {"errors", "records", "saving", "settings"},
    {"dates", "habits", "meanwhile", "products", "results", "room"},
    {
        "markup",
        "links",
        "terms",
        "sentences",
        "typography",
        "differing",
        "negations",
        "quotation_marks",
        "merkle",
        "boxes",
        "conditions",
        "steering",
        "locators",
        "dense",
        "late",
        "fusion",
        "verdict",
    },
    {
        "lexical",
        "codebook",
        "catalog",
        "citing",
        "salvage",
        "generation",
        "splitter",
        "swapping",
        "corpus",
        "encoder",
        "judgments",
        "measures",
        "particulars",
        "quoting",
        "tracing",
    },
    {"attributing", "calibration", "highlighting", "index", "prose", "relocating"},
    {"annotating", "drafts", "freshness", "comparison", "receipts"},
    {"fate", "planning", "embedding", "ranking", "grouping"},
    {"ahead", "dating", "explaining", "evidence"},
    {"indexing", "answering", "contents", "inspecting", "picturing"},
    {"asking", "batching", "checking", "cases", "replaying", "verifying", "watching", "whynot"},
    {"calibrating", "evaluation", "standing"},
    {"doctor"},
    {"render"},
    {
        "render_calibration",
        "render_check",
        "render_contents",
        "render_doctor",
        "render_evaluation",
        "render_replay",
        "render_verification",
        "render_whynot",
        "formats",
    },
    {"cli"},
    {"__main__"},
]
HEIGHT = {name: height for height, floor in enumerate(FLOORS) for name in floor}


def _modules() -> dict[str, ast.Module]:
    return {
        file.relative_to(SOURCE).with_suffix("").as_posix(): ast.parse(file.read_text("utf-8"))
        for file in sorted(SOURCE.rglob("*.py"))
    }


def _imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return names


def _floor(module: str) -> str:
    return module.split("/", maxsplit=1)[0]


def test_no_module_imports_upward_or_sideways() -> None:
    for module, tree in _modules().items():
        if module == "__init__":
            continue
        own = _floor(module)
        for name in _imported(tree):
            parts = name.split(".")
            if parts[0] != "nrqa" or len(parts) == 1:
                continue
            other = parts[1]
            if other in HEIGHT and other != own:
                assert HEIGHT[other] < HEIGHT[own], f"{module} imports {name}"


def test_every_module_has_its_floor() -> None:
    assert {_floor(module) for module in _modules()} - {"__init__"} == set(HEIGHT)


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("sentence_transformers", {"encoder/reference"}),
        ("onnxruntime", {"encoder/running"}),
        ("tokenizers", {"encoder/running"}),
        ("torch", {"encoder/card", "encoder/conversion"}),
        ("openvino", {"encoder/openvino"}),
        ("faiss", {"dense", "late/coding"}),
        ("tantivy", {"lexical"}),
        ("sqlite3", {"catalog/reading", "catalog/writing", "index/snapshot"}),
        ("sentencex", {"sentences"}),
        ("markdown_it", {"corpus/markdown", "prose"}),
        (
            "rich",
            {
                "render",
                "render_calibration",
                "render_check",
                "render_contents",
                "render_doctor",
                "render_evaluation",
                "render_replay",
                "render_verification",
                "render_whynot",
                "cli/output",
            },
        ),
        (
            "pypdfium2",
            {
                "corpus/pdf/__init__",
                "corpus/pdf/glyphs",
                "corpus/pdf/layering",
                "corpus/pdf/opening",
                "corpus/pdf/picture",
                "corpus/pdf/raw",
                "corpus/pdf/seeing",
            },
        ),
        ("ir_measures", {"measures"}),
        ("watchdog", {"watching/listening"}),
        ("sklearn", {"calibrating"}),
        (
            "typer",
            {
                "cli/__init__",
                "cli/asking",
                "cli/calibrating",
                "cli/checking",
                "cli/doctor",
                "cli/evaluating",
                "cli/frame",
                "cli/indexing",
                "cli/output",
                "cli/replaying",
                "cli/verifying",
                "cli/whynot",
            },
        ),
        ("pickle", set()),
    ],
)
def test_each_library_is_known_in_its_one_place(library: str, homes: set[str]) -> None:
    found = {
        module for module, tree in _modules().items() if any(name.split(".")[0] == library for name in _imported(tree))
    }
    assert found == homes


def test_only_the_command_line_prints() -> None:
    for module, tree in _modules().items():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        printed = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
        assert not printed, module


def test_all_names_are_sorted_complete_and_there() -> None:
    assert list(nrqa.__all__) == sorted(nrqa.__all__)
    for name in nrqa.__all__:
        assert getattr(nrqa, name).__name__ == name
    with pytest.raises(AttributeError, match="nothing"):
        _ = nrqa.nothing


def test_no_module_bears_the_name_of_a_public_function() -> None:
    assert not {module.split("/")[0] for module in _modules()} & {"ask", "evaluate", "reindex"}


def test_every_command_and_public_name_is_documented() -> None:
    text = (ROOT / "README.md").read_text("utf-8") + "".join(
        file.read_text("utf-8") for file in sorted((ROOT / "docs").glob("*.md"))
    )
    for command in (
        "index",
        "query",
        "show",
        "status",
        "eval",
        "replay",
        "standing",
        "verify",
        "check",
        "doctor",
        "why-not",
        "calibrate",
    ):
        assert f"nrqa {command}" in text, command
    for name in nrqa.__all__:
        assert re.search(rf"\b{name}\b", text), name


def test_every_invariant_of_the_floors_is_written_down() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for module in HEIGHT:
        if not module.startswith("__"):
            assert f"`{module}`" in text, module
