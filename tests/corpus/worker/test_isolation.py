"""No file stops a run: it is read elsewhere, under limits, and what goes wrong there is the file's reason."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path

import pytest

import project
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.worker.isolation import reading
from nrqa.errors import UnreadableError

ARTICLES = project.CORPUS


@pytest.fixture
def behaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose reader of .md does what the file says, in Python."""
    (tmp_path / "sitecustomize.py").write_text(
        textwrap.dedent("""
            import nrqa.corpus.readers.markdown as markdown
            read = markdown.read
            def told(name, data):
                exec(data.decode(), {})
                return read(name, b"# Done\\n\\nThe file was read.")
            markdown.read = told
        """)
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))


@pytest.mark.slow
def test_what_is_read_elsewhere_is_what_would_be_read_here() -> None:
    with reading() as read:
        for file in sorted(ARTICLES.iterdir()):
            assert read(file.name, file.read_bytes()) == read_document(file.name, file.read_bytes())
        with pytest.raises(UnreadableError, match="binary data"):
            read("a.txt", bytes(range(256)) * 20)


@pytest.mark.slow
@pytest.mark.usefixtures("behaving")
@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("import time; time.sleep(60)", "takes longer than 2 seconds"),
        ("while True: pass", "takes longer than 2 seconds"),
        ("import ctypes; ctypes.string_at(0)", "it crashed"),
        ("import os; os._exit(3)", "exit status 3"),
        ("raise ValueError('broken\\n  xref table')", r"damaged, or not what its name says \(ValueError: broken xref"),
        ("def down(): down()\ndown()", "nested too deeply"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "may not do this: socket"),
        ("import subprocess; subprocess.run(['true'])", "may not do this"),
        ("import os; os.system('true')", "may not do this: os.system"),
    ],
)
def test_a_file_that_misbehaves_is_unreadable_and_the_next_one_is_read(does: str, reason: str) -> None:
    with reading(seconds=2) as read:
        assert read("a.md", b"pass")[0].title == "Done"
        with pytest.raises(UnreadableError, match=reason):
            read("b.md", does.encode())
        assert read("c.md", b"pass")[0].title == "Done"


@pytest.mark.slow
@pytest.mark.usefixtures("behaving")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's address space")
def test_a_file_that_explodes_is_unreadable() -> None:
    with reading(memory=1024**3) as read:
        with pytest.raises(UnreadableError, match="more memory"):
            read("b.md", b"x = 'a' * 2_000_000_000")
        assert read("c.md", b"pass")[0].title == "Done"


@pytest.mark.slow
@pytest.mark.usefixtures("behaving")
def test_what_a_reader_prints_disturbs_nothing() -> None:
    with reading() as read:
        assert read("a.md", b"print('x' * 100_000); import os; os.write(1, b'y'); os.write(2, b'z')")[0].title == "Done"


def test_a_module_in_the_folder_at_hand_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('not the real one')")
    monkeypatch.chdir(tmp_path)
    with reading() as read:
        assert read("a.txt", b"Some words.")[0].text == "Some words."


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files by Linux's own list")
def test_nothing_of_the_worker_is_left_when_reading_ends() -> None:
    before = sorted(Path("/proc/self/fd").iterdir())
    with reading() as read:
        read("a.txt", b"Some words.")
        assert sorted(Path("/proc/self/fd").iterdir()) != before
    assert sorted(Path("/proc/self/fd").iterdir()) == before
