"""Every face gives the same object for the same question: one test for all faces and every verb."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from nrqa.answering.asking import Index
from nrqa.auditing import standing
from nrqa.auditing.replaying import keep
from nrqa.citations.line import cite_line
from nrqa.cli import application
from nrqa.errors import NrqaError
from nrqa.service.desk import Desk
from nrqa.service.objects import error_object
from nrqa.service.requests import VERBS, answer

QUESTION = "why does Russia oppose missile defense"
NATO = "nato-russia.txt"
QUOTATION = "a direct threat to its nuclear deterrent"

Face = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""Gives the object for a verb's name and a request."""


@pytest.fixture
def index(articles_index: Path, tmp_path: Path) -> Path:
    """An index of its own, with a standing question: the face under test may change it."""
    place = tmp_path / "index"
    shutil.copytree(articles_index, place)
    standing.add("who joined NATO", place)
    return place


def requests_of(index: Path, folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Requests for every verb, several for those with many options, and some that are refused."""
    opened = Index.open(index)
    found = opened.ask(QUESTION)
    keep(opened, found, folder / "receipt.json", k=5)
    receipt = json.loads((folder / "receipt.json").read_text("utf-8"))
    cited = cite_line(found.hits[0].passage)
    draft = f"It is “{QUOTATION}” ({NATO}:29). Twelve ships lie in the harbour.\n"
    return [
        ("search", {"question": QUESTION}),
        ("search", {"question": QUESTION, "k": 2, "explain": True, "cite": True, "only": ["nato*"], "first": "newer"}),
        ("search", {"question": QUESTION, "where": {"language": "en"}}),
        ("search", {"question": QUESTION, "where": {"colour": "red"}}),
        ("search", {"question": "???"}),
        ("show", {"citation": f"{NATO}:29", "around": 1, "cite": True}),
        ("show", {"citation": "none.txt:1"}),
        ("documents", {}),
        ("facets", {}),
        ("status", {"verify": True}),
        ("verify", {"text": f"As it says: {cited}\n"}),
        ("check", {"text": draft, "words": 2}),
        ("why_not", {"question": QUESTION, "document": f"{NATO}:10", "k": 3}),
        ("replay", {"receipt": receipt}),
        ("standing", {}),
        ("list_standing", {}),
        ("doctor", {}),
        ("accept_standing", {}),
        ("add_standing", {"question": QUESTION, "k": 2}),
        ("remove_standing", {"number": 1}),
    ]


COMMANDS: Mapping[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "search": lambda said: ["query", said["question"]],
    "show": lambda said: ["show", said["citation"]],
    "documents": lambda _: ["status", "--documents"],
    "facets": lambda _: ["status", "--facets"],
    "status": lambda _: ["status"],
    "verify": lambda _: ["verify", "-"],
    "check": lambda _: ["check", "-"],
    "why_not": lambda said: ["why-not", said["question"], "--document", said["document"]],
    "replay": lambda said: ["replay", said["file"]],
    "standing": lambda _: ["standing"],
    "list_standing": lambda _: ["standing", "list"],
    "accept_standing": lambda _: ["standing", "--accept"],
    "add_standing": lambda said: ["standing", "add", said["question"]],
    "remove_standing": lambda said: ["standing", "remove", str(said["number"])],
    "doctor": lambda _: ["doctor"],
}
"""The command that is asked for each verb, without its options."""


def options_of(said: Mapping[str, Any]) -> list[str]:
    """What a request says as options of a command."""
    flags = [f"--{key}" for key in ("explain", "cite", "verify", "deep") if said.get(key)]
    values = [f"--{key}={said[key]}" for key in ("k", "around", "words", "first") if key in said]
    where = [f"--where={key}={value}" for key, value in said.get("where", {}).items()]
    return [*flags, *values, *where, *(f"--only={glob}" for glob in said.get("only", ()))]


def command_line(index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Face:
    def face(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
        file = folder / "again.json"
        file.write_text(json.dumps(said.get("receipt")), "utf-8")
        words = [*COMMANDS[name]({**said, "file": str(file)}), *options_of(said), "--json", "--index", str(index)]
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(said.get("text", "").encode())))
        done = CliRunner().invoke(application(words), words, input=said.get("text", ""))
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return face


def service(index: Path, *_: Any) -> Face:
    desk = Desk(index)

    def face(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return answer(desk, name, said).to_dict()
        except NrqaError as error:
            return error_object(error)

    return face


def http(index: Path, folder: Path, _: pytest.MonkeyPatch) -> Face:
    pytest.importorskip("starlette")
    import served
    from nrqa.server.api.verbs import ENDPOINTS

    ways: dict[str, tuple[str, str]] = {}
    for one in ENDPOINTS:
        if one.method == "POST" or one.verb not in ways:
            ways[one.verb] = one.method, one.path
    settings = served.serving(index, folder / "invitations", accepting=True)

    def face(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
        method, path = ways[name]
        with served.client(settings) as client:
            done = client.post(path, json=said) if method == "POST" else client.get(path, params=dict(said))
        found: dict[str, Any] = done.json()
        if "error" in found:
            return {"error": found["error"]}
        # A list says beside it where it goes on.
        return {key: value for key, value in found.items() if name != "documents" or key not in ("omitted", "next")}

    return face


FACES: Mapping[str, Callable[[Path, Path, pytest.MonkeyPatch], Face]] = {
    "command line": command_line,
    "service": service,
    "HTTP": http,
}
"""Every face that gives objects. (What agents are told is text, made of the same records.)"""


def rough(value: Any) -> Any:
    """The value without what differs between two runs: time taken, and the last digits of what an encoder computes."""
    if isinstance(value, dict):
        return {key: rough(one) for key, one in value.items() if key not in ("seconds", "accepted", "created")}
    if isinstance(value, list):
        return [rough(one) for one in value]
    return round(value, 3) if isinstance(value, float) else value


@pytest.mark.slow
def test_every_face_gives_the_same_object(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = requests_of(index, tmp_path)
    assert {name for name, _ in requests} == set(VERBS) - {"calibrate"}, "calibrate is asked in tests of its own"
    said: dict[str, list[Any]] = {}
    kept = tmp_path / "kept"
    shutil.copytree(index, kept)
    for face, opened in FACES.items():
        shutil.rmtree(index)
        shutil.copytree(kept, index)
        ask = opened(index, tmp_path, monkeypatch)
        said[face] = [rough(ask(name, request)) for name, request in requests]
    (first, objects), *others = said.items()
    for other, its in others:
        for (name, request), one, same in zip(requests, objects, its, strict=True):
            assert one == same, f"{name} {request}: {first}, {other}"
