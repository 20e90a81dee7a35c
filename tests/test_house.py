"""The house stands: each package imports only what is below it, there is no circle, and secrets are kept."""

from __future__ import annotations

import ast
import re

import pytest

import house
import nrqa
import project

HEIGHT = {name: height for height, name in enumerate(reversed(house.PACKAGES))}


def test_every_package_and_module_has_its_place() -> None:
    found = {name.split(".")[0] for name in house.modules()} - set(house.FACE)
    assert found == set(house.PACKAGES)
    assert len([entry for entry in project.SOURCE.iterdir() if entry.name != "__pycache__"]) <= 28


def test_a_package_imports_only_packages_below_it() -> None:
    for package, others in house.parts_of("", house.imports()).items():
        assert not {other for other in others if HEIGHT[other] >= HEIGHT[package]}, package


def test_there_is_no_circle_between_modules_nor_between_the_parts_of_a_package() -> None:
    imports = house.imports()
    assert house.circle_in(imports) == []
    for package in {name.rpartition(".")[0] for name in imports}:
        assert house.circle_in(house.parts_of(package, imports)) == [], package


def test_the_drawings_in_architecture_are_of_the_house_as_it_is() -> None:
    text = house.ARCHITECTURE.read_text("utf-8")
    assert house.drawn(text) == text, "draw them anew: python tests/helpers/house.py"
    assert text.count("\n") <= 150, "a page that a newcomer reads in one go"


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("sentence_transformers", "encoder.models.reference encoder.cross_encoder"),
        ("onnxruntime", "encoder.onnx_encoder"),
        ("tokenizers", "encoder.converted.tokenizing encoder.converted.pieces"),
        ("torch", "encoder.engines.gpu encoder.conversion encoder.cross_encoder"),
        ("openvino", "encoder.engines.openvino"),
        ("faiss", "signals.dense signals.late.coding signals.vectors"),
        ("tantivy", "signals.lexical"),
        ("sqlite3", "index.local.catalog index.local.failures index.filters encoder.converted.pieces"),
        ("pymilvus", "index.milvus.connection index.milvus.schema"),
        ("ray", "indexing.shards.ray_cluster"),
        ("sentencex", "text.sentences"),
        ("bibtexparser", "checking.citing.bibliography"),
        ("markdown_it", "checking.reading.markdown corpus.readers.markdown"),
        ("pypdfium2", "corpus.readers.pdf"),
        ("ir_measures", "evaluation.measures"),
        ("sklearn", "evaluation.calibrating"),
        ("watchdog", "indexing.watching.file_events"),
        ("rich", "rendering cli.output cli.progress server.page.told"),
        ("typer", "cli"),
        ("mcp", "agents"),
        ("mcp_types", "agents"),
        ("starlette", "server agents"),
        ("uvicorn", "server.running server.security.connections server.workers"),
        ("jinja2", "server.page.looking"),
        ("langchain_core", "adapters.langchain"),
        ("llama_index", "adapters.llamaindex"),
        ("haystack", "adapters.haystack"),
        ("pickle", ""),
    ],
)
def test_each_library_is_known_in_its_one_place(library: str, homes: str) -> None:
    users = {
        module
        for module, tree in house.modules().items()
        if any(name.split(".")[0] == library for name in house.names_imported(tree))
    }
    for home in homes.split():
        found = {module for module in users if f"{module}.".startswith(f"{home}.")}
        assert found, home
        users -= found
    assert not users


def test_only_the_command_line_prints() -> None:
    for module, tree in house.modules().items():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        printed = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
        assert not printed, module


def test_all_names_are_sorted_complete_and_there() -> None:
    assert list(nrqa.__all__) == sorted(nrqa.__all__)
    for name in nrqa.__all__:
        assert getattr(nrqa, name).__name__ == name
    with pytest.raises(AttributeError, match="nothing"):
        _ = nrqa.nothing


def test_no_package_bears_the_name_of_a_public_function() -> None:
    assert not set(house.PACKAGES) & set(nrqa.__all__)


def test_every_command_and_public_name_is_documented() -> None:
    text = (project.ROOT / "README.md").read_text("utf-8") + "".join(
        file.read_text("utf-8") for file in sorted((project.ROOT / "docs").rglob("*.md"))
    )
    commands = "index query show serve status eval replay standing verify check doctor why-not calibrate completion man"
    for command in [*commands.split(), "pack", "unpack"]:
        assert f"nrqa {command}" in text, command
    for name in nrqa.__all__:
        assert re.search(rf"\b{name}\b", text), name


def test_every_package_is_described_in_architecture() -> None:
    text = house.ARCHITECTURE.read_text("utf-8")
    for package in house.PACKAGES:
        assert f"`{package}" in text, package
