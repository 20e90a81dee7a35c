"""What a fresh process loads: counted in modules and bytes, which a busy machine does not change as it does seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the system does not count bytes")

QUESTION = "why does Russia oppose missile defense"
NEVER = {"torch", "sentence_transformers", "transformers", "huggingface_hub", "onnx", "scipy", "sklearn", "pandas"}
FOR_A_QUESTION = {"numpy", "onnxruntime", "tokenizers", "tantivy", "faiss", "sqlite3"}
MIB = 1024 * 1024

_COUNTING = """
import os, sys

def count():
    lines = open("/proc/self/maps").read().splitlines()
    files = {line.split(None, 5)[5] for line in lines if "/" in line}
    mapped = sum(os.path.getsize(file) for file in files if os.path.isfile(file))
    read = int(open("/proc/self/io").readline().split()[1])
    print("\\n" + json.dumps([sorted(sys.modules), read, mapped]), flush=True)

def leave(status):
    count()
    end(status)

end, os._exit = os._exit, leave  # a question ends its process so
import json
try:
    exec(sys.argv.pop())
except SystemExit:
    pass
count()
"""


class Loaded(NamedTuple):
    modules: frozenset[str]
    read: int
    """Bytes read from files, by Python or by a library: modules, the index, the tokenizer."""
    mapped: int
    """Bytes of the files that are mapped into memory: shared libraries, vectors, the model's weights."""

    @property
    def packages(self) -> set[str]:
        return {name.split(".")[0] for name in self.modules}


def loaded_by(code: str) -> Loaded:
    """What a fresh process has loaded after running the code, once its modules are compiled."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", _COUNTING, code], env=environment, capture_output=True, text=True, check=True
        )
    modules, read, mapped = json.loads(done.stdout.splitlines()[-1])
    return Loaded(frozenset(modules), read, mapped)


@pytest.fixture(scope="module")
def nothing() -> Loaded:
    """What Python itself loads, and the counting."""
    return loaded_by("pass")


def command(*words: str) -> str:
    return f"sys.argv[1:] = {list(words)!r}; from nrqa.cli import main; main()"


def test_importing_nrqa_loads_next_to_nothing(nothing: Loaded) -> None:
    loaded = loaded_by("import nrqa")
    assert loaded.modules - nothing.modules <= {"__future__", "nrqa"}
    assert loaded.read - nothing.read < 20_000
    assert loaded.mapped == nothing.mapped


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["query", "index", "eval"])
def test_help_on_a_command_loads_nothing_that_it_uses(verb: str) -> None:
    assert not loaded_by(command(verb, "--help")).packages & (NEVER | FOR_A_QUESTION | {"rich"})


@pytest.mark.slow
def test_asking_in_python_loads_no_command_line(articles_index: Path) -> None:
    loaded = loaded_by(f"import nrqa; nrqa.ask({QUESTION!r}, {str(articles_index)!r})")
    assert loaded.packages >= FOR_A_QUESTION
    assert not loaded.packages & (NEVER | {"typer", "rich"})


@pytest.mark.slow
def test_help_loads_the_commands_and_nothing_that_they_use(nothing: Loaded) -> None:
    loaded = loaded_by(command("--help"))
    assert not loaded.packages & (NEVER | FOR_A_QUESTION | {"rich", "yaml", "lxml"})
    ours = {name for name in loaded.modules if name.startswith("nrqa.") and not name.startswith("nrqa.cli")}
    assert ours <= {"nrqa.errors", "nrqa.rendering", "nrqa.rendering.formats", "nrqa.settings"}
    assert len(loaded.modules - nothing.modules) < 125
    assert loaded.read - nothing.read < 2.6 * MIB


@pytest.mark.slow
def test_a_question_loads_only_its_own_command_and_what_answers_it(nothing: Loaded, articles_index: Path) -> None:
    loaded = loaded_by(command("query", QUESTION, "--json", "--index", str(articles_index)))
    assert loaded.packages >= FOR_A_QUESTION
    assert not loaded.packages & (NEVER | {"rich", "yaml", "lxml", "pypdfium2", "markdown_it", "filelock", "pathspec"})
    assert {name for name in loaded.modules if name.startswith("nrqa.cli.")} == {
        "nrqa.cli.asking",
        "nrqa.cli.filters",
        "nrqa.cli.frame",
        "nrqa.cli.output",
    }
    assert not loaded.modules & {
        "nrqa.answering.calibration",
        "nrqa.citations.line",
        "nrqa.text.dates",
        "nrqa.answering.date_order",
        "nrqa.answering.explaining",
        "nrqa.index.local.builder",
        "nrqa.answering.inspecting",
        "nrqa.corpus.passages.splitter",
    }
    # Of these FAISS takes 15 modules, 1 MiB of Python and 61 MiB mapped, of which 37 are OpenBLAS, hardly touched.
    # Four small ones are the seam between ranking and what keeps an index (index.snapshot), and one is what shapes an
    # index (corpus.shaping), which a press of the TAB key need not load: a millisecond.
    assert len(loaded.modules - nothing.modules) < 338
    assert loaded.read - nothing.read < 9 * MIB
    assert loaded.mapped - nothing.mapped < 186 * MIB


@pytest.mark.slow
def test_an_answer_for_people_adds_only_what_shows_it(articles_index: Path) -> None:
    words = ("query", QUESTION, "--index", str(articles_index))
    shown, plain = (loaded_by(command(*words, *more)) for more in ((), ("--json",)))
    added = {name for name in shown.modules - plain.modules if name.startswith("nrqa")}
    assert added == {f"nrqa.rendering.{name}" for name in ("answer", "places", "plain_text", "shared_lines")}
    assert len(shown.modules - plain.modules) < 60
