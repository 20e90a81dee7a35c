"""What code can do that has taken over the process that reads files: nothing, wherever the kernel can refuse it.

Each test has the real worker run Python in place of a reader, as native code would that a file has taken over: by libc,
around Python's own hooks.
"""

from __future__ import annotations

import os
import socket
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from nrqa.cage import calls, files
from nrqa.cage.entering import lacking
from nrqa.corpus.worker.isolation import reading
from nrqa.errors import UnreadableError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(lacking()), reason=f"this kernel cannot refuse {' and '.join(lacking())}"),
]


@pytest.fixture
def behaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A worker whose reader of .md runs the file as Python, and gives what it has left in ``said`` as the text."""
    code = tmp_path / "code"
    code.mkdir()
    (code / "sitecustomize.py").write_text(
        textwrap.dedent("""
            import nrqa.corpus.readers.markdown as markdown
            read = markdown.read
            def told(name, data):
                names = {}
                try:
                    exec(data.decode(), names)
                except BaseException as error:
                    names["said"] = f"refused {type(error).__name__} {error}"
                return read(name, b"# Done\\n\\n" + str(names["said"]).encode())
            markdown.read = told
        """)
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(code), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("A_PASSWORD", "secret")
    return tmp_path


@pytest.fixture
def server() -> Iterator[tuple[int, list[bytes]]]:
    """A server on this machine: its port, and what it has got."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    got: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                got.append(listening.accept()[0].recv(99))
            except OSError:
                return

    Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1], got
    listening.close()


def said_of(code: str) -> str:
    with reading(seconds=20) as read:
        return read("a.md", textwrap.dedent(code).encode())[0].text


LIBC = "import ctypes, os; libc = ctypes.CDLL(None, use_errno=True)\n"
ATTEMPTS = {
    "a socket": "said = libc.socket(2, 1, 0)",
    "a pair of sockets": "said = libc.socketpair(1, 1, 0, (ctypes.c_int * 2)())",
    "a program by the shell": "said = -1 if libc.system(b'exit 7') >> 8 != 7 else 0",
    "a program in its place": "said = libc.execv(b'/bin/true', (ctypes.c_char_p * 2)(b'true', None))",
    "another process": "said = libc.fork()",
    "a process by the bare call": "said = libc.syscall(56, 17, 0, 0, 0, 0)" if sys.platform == "linux" else "",
    "a signal to the parent": "said = libc.kill(os.getppid(), 0)",
    "a signal to all": "said = libc.kill(-1, 0)",
    "a signal by the input's owner": "import fcntl; said = libc.fcntl(0, 8, os.getppid())",
    "tracing the parent": "said = libc.ptrace(16, os.getppid(), 0, 0)",
    "the parent's memory": "said = libc.process_vm_readv(os.getppid(), None, 0, None, 0, 0)",
    "higher limits": "said = libc.setrlimit(9, (ctypes.c_ulong * 2)(1 << 40, 1 << 40))",
    "higher limits of the parent": "said = libc.prlimit(os.getppid(), 7, (ctypes.c_ulong * 2)(0, 0), None)",
    "a file of the system": "said = libc.open(b'/etc/passwd', 0)",
    "the parent's environment": "said = libc.open(b'/proc/%d/environ' % os.getppid(), 0)",
    "a list of the root": "said = libc.open(b'/home', 0o200000) if os.path.isdir('/home') else -1",
    "a mode": "said = libc.chmod(b'/tmp', 0o777)",
    "the time of a file": "said = libc.utimes(b'/tmp', None)",
    "a folder": "said = libc.mkdir(b'/tmp/nrqa-cage-test', 0o700)",
    "a mount": "said = libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)",
    "a new user": "said = libc.unshare(0x10000000)",
    "memory as a file": "said = libc.memfd_create(b'x', 0)",
    "a shared memory": "said = libc.shmget(77, 4096, 0o1600)",
    "an io_uring": "said = libc.syscall(425, 8, ctypes.create_string_buffer(256))",
    "a filter of its own": "said = libc.prctl(22, 2, None, 0, 0)",
}


@pytest.mark.parametrize("what", ATTEMPTS)
@pytest.mark.usefixtures("behaving")
def test_the_kernel_refuses(what: str) -> None:
    said = said_of(LIBC + ATTEMPTS[what])
    assert said.rpartition("\n")[2] == "-1" or "refused" in said, said


@pytest.mark.usefixtures("behaving")
def test_nothing_is_sent(server: tuple[int, list[bytes]]) -> None:
    port, got = server
    code = f"""
        import ctypes, struct
        libc = ctypes.CDLL(None)
        one = libc.socket(2, 1, 0)
        to = struct.pack("=H", 2) + struct.pack("!H", {port}) + bytes([127, 0, 0, 1]) + bytes(8)
        said = libc.connect(one, to, 16)
        libc.send(one, b"secret", 6, 0)
    """
    assert said_of(code).endswith("-1")
    assert got == []


def test_files_of_the_user_are_neither_read_nor_written_nor_deleted(behaving: Path) -> None:
    private = behaving / "private.txt"
    private.write_text("private")
    for code in (
        f"open({str(private)!r}).read()",
        f"open({str(behaving / 'new')!r}, 'w')",
        f"os.unlink({str(private)!r})",
    ):
        assert "refused PermissionError" in said_of(f"import os\nsaid = {code}")
    assert private.read_text() == "private"
    assert not (behaving / "new").exists()


def test_a_folder_of_modules_shows_nothing_but_modules(behaving: Path) -> None:
    """Folders in PYTHONPATH may be any folder of the user's."""
    (behaving / "code" / "letter.txt").write_text("private")
    assert "refused PermissionError" in said_of(f"said = open({str(behaving / 'code' / 'letter.txt')!r}).read()")


@pytest.mark.usefixtures("behaving")
def test_the_environment_is_empty_but_for_what_python_needs() -> None:
    assert "secret" not in said_of("import os; said = dict(os.environ), open('/proc/self/environ').read()")
    assert "PASSWORD" not in said_of("import os; said = sorted(os.environ)")


@pytest.mark.usefixtures("behaving")
def test_what_reading_needs_is_allowed() -> None:
    """Modules and libraries that are loaded late, threads, time and random numbers."""
    code = """
        import threading, time, random, sqlite3, bz2, lzma, ssl, unicodedata, decimal, zoneinfo, datetime
        done = []
        one = threading.Thread(target=lambda: done.append(datetime.datetime.now(zoneinfo.ZoneInfo("UTC")).year > 2000))
        one.start(); one.join()
        time.sleep(0.01)
        said = done[0] and len(random.randbytes(8)) == 8
    """
    assert said_of(code).endswith("True")


@pytest.mark.usefixtures("behaving")
def test_a_crash_is_told_by_its_name() -> None:
    with reading(seconds=20) as read, pytest.raises(UnreadableError, match="SIGABRT"):
        read("a.md", b"import os; os.abort()")


@pytest.mark.usefixtures("behaving")
def test_the_worker_dies_with_the_process_that_started_it() -> None:
    import signal
    import subprocess
    import time

    script = (
        "import sys; from nrqa.corpus.worker.isolation import reading\n"
        "with reading(seconds=60) as read:\n"
        "    print(read('a.md', b'import os; said = os.getpid()')[0].text.split()[-1], flush=True)\n"
        "    read('b.md', b'while True: pass')"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(100):
        state = Path(f"/proc/{worker}/stat")
        if not state.exists() or ") Z" in state.read_text():
            break
        time.sleep(0.05)
    else:
        os.kill(worker, signal.SIGKILL)
        pytest.fail("the worker lives on")
    parent.stdout.close()


def test_what_a_kernel_lacks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "version", lambda: 0)
    monkeypatch.setattr(calls, "known", lambda: False)
    assert lacking() == ("opening other files", "the network, other programs and signals")
