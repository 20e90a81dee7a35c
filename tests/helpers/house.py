"""The house as its imports draw it: which part of nrqa imports which, and the drawings in ARCHITECTURE.md.

``python tests/helpers/house.py`` draws them there anew.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter

import project

PACKAGES = """
    cli
    server
    agents
    adapters
    service
    rendering
    health
    checking
    evaluation
    auditing
    citations
    answering
    indexing
    bundles
    index
    signals
    encoder
    corpus
    text
    cage
    saving
    records
    given
    settings
    errors
""".split()
"""From the roof to the ground: each imports only what stands below it."""

Imports = Mapping[str, set[str]]
"""The names of modules or packages, each with those that it imports."""

FACE = ("", "__main__")
"""The public face and the command's other name: they stand before the house, and may import all of it."""
ARCHITECTURE = project.ROOT / "ARCHITECTURE.md"
_DRAWN = {"packages": ""}
"""What is drawn, by the name of its place in ARCHITECTURE.md: the parts of which package."""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module by its name below nrqa ("index.catalog.reading"; "" is nrqa itself), parsed."""
    found = {}
    for file in sorted(project.SOURCE.rglob("*.py")):
        parts = file.relative_to(project.SOURCE).with_suffix("").parts
        found[".".join(parts).removesuffix("__init__").rstrip(".")] = ast.parse(file.read_text("utf-8"))
    return found


@cache
def names_imported(tree: ast.Module) -> set[str]:
    """All that a module imports, wherever in it, also for type checkers alone; "a.b" for ``from a import b``, too."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return names


@cache
def imports() -> Imports:
    """Every module of nrqa but the public face, with the modules of nrqa that it imports."""
    trees = modules()
    return {
        name: _of_nrqa(names_imported(tree), trees.keys()) - {name} for name, tree in trees.items() if name not in FACE
    }


def parts_of(package: str, of_modules: Imports) -> Imports:
    """The modules and packages that lie directly in a package ("" is nrqa), each with those that it imports."""
    before = f"{package}." if package else ""
    depth = before.count(".") + 1

    def part(name: str) -> str:
        return ".".join(name.split(".")[:depth])

    found: dict[str, set[str]] = {}
    for name, others in of_modules.items():
        if name.startswith(before) and name != package:
            inside = {part(other) for other in others if other.startswith(before) and other != package}
            found.setdefault(part(name), set()).update(inside - {part(name)})
    return found


def circle_in(graph: Imports) -> list[str]:
    """Names that import each other in a circle, the first one again at the end; none where there is no circle."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def drawing(package: str) -> str:
    """The parts of a package from top to bottom, in each row a mark for every part below that it imports."""
    graph = parts_of(package, imports())
    order = PACKAGES if not package else list(TopologicalSorter(_sorted(graph)).static_order())[::-1]
    names = [name.rpartition(".")[2] for name in order]
    width = max(map(len, names))
    head = " " * (width + 6) + "".join(f"{column:>3}" for column in range(2, len(order) + 1))
    rows = []
    for row, name in enumerate(order):
        marks = "".join("  ■" if below in graph[name] else "  ·" for below in order[row + 1 :])
        rows.append(f"{row + 1:>3} {names[row]:<{width}}  {'   ' * row}{marks}".rstrip())
    return "\n".join([head, *rows])


def drawn(text: str) -> str:
    """A text with the drawings in their places as they are now."""
    for name, package in _DRAWN.items():
        begin, end = f"<!-- drawing: {name} -->", f"<!-- end: {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n```\n{drawing(package)}\n```\n{end}{after}"
    return text


def _of_nrqa(names: set[str], known: Collection[str]) -> set[str]:
    """Of imported names those of modules of nrqa; of "a" and "a.b", where both are modules, "a.b" alone."""
    found = {one.removeprefix("nrqa.") for one in names if one.startswith("nrqa.")} & set(known)
    return {one for one in found if not any(other.startswith(f"{one}.") for other in found)}


def _sorted(graph: Imports) -> dict[str, list[str]]:
    return {name: sorted(graph[name]) for name in sorted(graph)}


if __name__ == "__main__":
    ARCHITECTURE.write_text(drawn(ARCHITECTURE.read_text("utf-8")), "utf-8")
