"""`nrqa serve` beside the library, beside other servers of the same passages, under load, and in a browser.

    python -m benchmarks.serving.load [--seconds 60] [--txtai PYTHON] [--large INDEX]

PYTHON is that of an environment with `txtai[api]`; INDEX is a large one, whose pages Chromium then paints. The servers
run one after another, each asked the same questions by the same clients.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nrqa
from benchmarks.serving import clients, servers
from benchmarks.serving.first_answer import first_answers
from benchmarks.serving.painting import painted
from benchmarks.serving.servers import Server
from benchmarks.shared import machine
from benchmarks.shared.machine import Target
from benchmarks.shared.question_sets import DATA, sampled
from benchmarks.speed.squad_files import write_files

PLAIN = Path(__file__).resolve().parents[1] / "speed" / "plain_script.py"
CLIENTS = (50, 200)
_ABOVE_MS, _PAINT_MS, _TOOLS_S = 3, 150, 2


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--files", type=int, default=500, help="files of squad_v1_dev, 0 for all 2,067")
    options.add_argument("--rounds", type=int, default=300, help="questions of one client")
    options.add_argument("--seconds", type=float, default=60, help="of each load")
    options.add_argument("--txtai", type=Path, help="Python of an environment with txtai[api]")
    options.add_argument("--large", type=Path, help="a large index, whose pages are painted")
    options.add_argument("--name", default="serving", help="name of the files in results/")
    given = options.parse_args()
    os.environ["HF_HUB_OFFLINE"] = os.environ["NRQA_OFFLINE"] = "1"
    results: dict[str, Any] = {"machine": machine.describe()}
    squad = given.data / "squad_v1_dev"
    texts = [json.loads(line)["text"] for line in (squad / "queries.jsonl").read_text("utf-8").splitlines()]
    questions = sampled(texts, 200)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        corpus = write_files(squad / "corpus.jsonl", place / "corpus", given.files)
        index = place / "index"
        _run("-m", "nrqa", "index", corpus, "--index", index)
        _run(PLAIN, "index", corpus, place / "plain")
        beside: dict[str, AbstractContextManager[Server]] = {
            "nrqa": servers.nrqa_server(index),
            "nrqa --workers 2": servers.nrqa_server(index, 2),
            "the plain script behind Starlette": servers.plain_server(place / "plain"),
        }
        if given.txtai:
            passages = json.loads((place / "plain" / "texts.json").read_text("utf-8"))
            served = servers.txtai_index(given.txtai, passages, place / "txtai")
            beside["txtai's API"] = servers.txtai_server(given.txtai, served)
        results["passages"] = nrqa.status(index).passages
        results["one client"] = _one_client(index, questions, given.rounds)
        results["load"] = {name: _loaded(one, questions, given.rounds, given.seconds) for name, one in beside.items()}
        results["agents"] = first_answers(index, questions[0], 7)
    if given.large:
        results["painted"] = _painted(given.large, questions)
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write(given.name, results, tables(results), targets(results))


def _run(*words: object) -> None:
    subprocess.run([sys.executable, *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def _one_client(index: Path, questions: Sequence[str], rounds: int) -> dict[str, Any]:
    with servers.nrqa_server(index) as server:
        found = clients.in_turns(nrqa.Index.open(index), server, questions, rounds)
        return {**found, "slow and broken": clients.slow_and_broken(server, questions)}


def _loaded(
    starting: AbstractContextManager[Server], questions: Sequence[str], rounds: int, seconds: float
) -> dict[str, Any]:
    with starting as server:
        found: dict[str, Any] = {"one": clients.one_client(server, questions, rounds)}
        found["MB before"] = servers.memory(server.process)
        for many in CLIENTS:
            found[str(many)] = asyncio.run(clients.in_flight(server, questions, many, seconds))
        found["MB"] = servers.memory(server.process)
    return found


def _painted(large: Path, questions: Sequence[str]) -> dict[str, Any]:
    names = sorted(nrqa.Index.open(large).snapshot.known)
    with servers.nrqa_server(large) as server, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        at = f"http://{server.host}:{server.port}"
        pages = {
            "search, nothing asked": [f"{at}/"],
            "search, with hits": [f"{at}/?q={quote(one)}" for one in questions[:10]],
            "a document": [f"{at}/read/{quote(one)}" for one in names[:: max(1, len(names) // 10)][:10]],
            "documents": [f"{at}/documents"],
            "status": [f"{at}/status"],
        }
        return {"passages": nrqa.status(large).passages, "pages": painted(server.let_in, pages, Path(profile), 3)}


def targets(results: dict[str, Any]) -> list[Target]:
    found = [
        Target("warm question over HTTP, p50, ms above the library's", results["one client"]["above"], _ABOVE_MS),
        Target("errors under load", sum(results["load"]["nrqa"][str(many)]["errors"] for many in CLIENTS), 0),
        Target("an agent's list of tools from a cold start, s", results["agents"]["tools"], _TOOLS_S),
    ]
    if "painted" in results:
        paints = results["painted"]["pages"]
        what = f"first paint with {results['painted']['passages']:,} passages, p50, ms"
        found += [Target(f"{what}: {kind}", one["p50"], _PAINT_MS) for kind, one in paints.items()]
    return found


def tables(results: dict[str, Any]) -> list[str]:
    one, agents = results["one client"], results["agents"]
    slow = one["slow and broken"]
    parts = [
        f"One client, {results['passages']:,} passages, asked in turns with the library, p50 in milliseconds:",
        machine.table(
            ("the library", "HTTP", "the page's HTML", "HTTP above the library", "middle half of the differences"),
            [
                (
                    *(f"{one[name]:.1f}" for name in ("library", "HTTP", "page", "above")),
                    f"{one['above, first quarter']:.1f} to {one['above, third quarter']:.1f}",
                )
            ],
        ),
        _SLOW.format(**slow),
        "Clients that ask without pause, each with the next question when it has its answer:",
        machine.table(
            ("", "one client, p50 ms", *(f"{many}: {what}" for many in CLIENTS for what in _COLUMNS), "MB"),
            [(name, *_row(found)) for name, found in results["load"].items()],
        ),
        "An agent's server from a cold start, seconds:",
        machine.table(("initialized", "tools listed", "first passages"), [[f"{one:.2f}" for one in agents.values()]]),
    ]
    if "painted" in results:
        parts += [
            f"Chromium with {results['painted']['passages']:,} passages, milliseconds until something is painted:",
            machine.table(
                ("page", "the very first", "p50", "the most", "of it the server", "KB"),
                [
                    (kind, *(f"{found[name]:.0f}" for name in ("cold", "p50", "most", "server", "KB")))
                    for kind, found in results["painted"]["pages"].items()
                ],
            ),
        ]
    return parts


_SLOW = (
    "While {slow} clients send their heads slowly and {broken} break off: {p50:.1f} ms; {closed} of the slow ones are "
    "closed after ten seconds."
)
_COLUMNS = ("answers a second", "p50 s", "p95 s", "errors")


def _row(found: dict[str, Any]) -> list[str]:
    cells = [f"{found['one']:.1f}"]
    for many in CLIENTS:
        one = found[str(many)]
        cells += [f"{one['per second']:.1f}", f"{one['p50']:.2f}", f"{one['p95']:.2f}", str(one["errors"])]
    return [*cells, f"{found['MB']:.0f}"]


if __name__ == "__main__":
    main()
