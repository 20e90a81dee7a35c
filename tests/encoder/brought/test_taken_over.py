"""What code can do that has taken over the process of a brought encoder: read its folder, and compute."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest

import graphs
from nrqa.cage.entering import lacking
from nrqa.encoder.brought.encoder import BroughtEncoder
from nrqa.errors import EncoderError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(lacking()), reason=f"this kernel cannot refuse {' and '.join(lacking())}"),
]


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BroughtEncoder:
    """An encoder whose process runs each question as Python; what is raised is told by its name."""
    code = tmp_path / "code"
    code.mkdir()
    (code / "sitecustomize.py").write_text(
        textwrap.dedent("""
            import nrqa.encoder.onnx_encoder as module
            class Taken:
                def __init__(self, model, folder, one_shot):
                    self.folder = folder
                def encode_questions(self, texts):
                    names = {"folder": str(self.folder)}
                    exec(texts[0], names)
                    raise names.get("raised", Exception)
            module.OnnxEncoder = Taken
        """)
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(code), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("A_PASSWORD", "secret")
    return BroughtEncoder(graphs.MODEL, graphs.write_encoder(tmp_path / "encoder"), seconds=20)


def told(encoder: BroughtEncoder, code: str) -> str:
    with pytest.raises(EncoderError) as error:
        encoder.encode_questions([code])
    return str(error.value).partition("(")[2].partition(")")[0]


def test_it_reads_its_folder_and_nothing_else_of_the_users(taken: BroughtEncoder, tmp_path: Path) -> None:
    (tmp_path / "private.txt").write_text("private")
    assert told(taken, "open(folder + '/model.onnx').close(); raised = KeyError") == "KeyError"
    for code in (
        "open(folder + '/../private.txt')",
        "open('/etc/passwd')",
        "open(folder + '/model.onnx', 'r+')",
        "open(folder + '/new', 'w')",
        "import os; os.unlink(folder + '/model.onnx')",
        "import os; os.listdir(folder + '/..')",
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "import os; os.kill(os.getppid(), 0)",
    ):
        assert told(taken, code) == "PermissionError", code
    assert (tmp_path / "encoder" / "model.onnx").exists()


def test_it_does_not_see_the_users_environment(taken: BroughtEncoder) -> None:
    assert told(taken, "import os; raised = KeyError if 'A_PASSWORD' in os.environ else IndexError") == "IndexError"


def test_it_dies_without_harm_and_gets_no_more_memory(taken: BroughtEncoder) -> None:
    assert told(taken, "import os; os.abort()") == "it crashed"
    assert told(taken, "bytearray(8 << 30)") == "MemoryError"


@pytest.mark.parametrize(
    "said",
    [
        'b"\\xff" * 1000',
        'b"\\0\\0\\0\\2[]"',
        'b"\\0\\0\\0\\4null"',
        'b"\\0\\0\\0\\x08\\"failed\\""',
        'b"\\0\\0\\0\\x0f{\\"counts\\": [1]}"',
        'b"\\0\\0\\0\\x0fnot json at all"',
        'len("[" * 100000).to_bytes(4, "big") + b"[" * 100000',
    ],
)
def test_what_it_says_in_place_of_an_answer_is_no_answer(taken: BroughtEncoder, said: str) -> None:
    code = f"""
import os
for stream in range(3, 20):
    try:
        os.write(stream, {said})
    except OSError:
        pass
os._exit(0)
"""
    assert told(taken, code).startswith(("its answer is none", "it crashed"))
