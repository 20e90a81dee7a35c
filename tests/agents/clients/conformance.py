"""The protocol's conformance suite over the agents' server, and the table of it in docs/agents.md.

    python conformance.py INDEX [--write]

The suite's command (`conformance`, from npm) has to be on the PATH; `make test-agents` brings it. Every scenario that
the suite has for a revision of the protocol is run. Those that do not apply are listed below with the reason, and are
not counted; one that is not listed must pass. The table is compared with that in the docs; --write writes it there.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

REVISIONS = ("2025-06-18", "2025-11-25", "2026-07-28")
PAGE = Path(__file__).resolve().parents[3] / "docs" / "agents.md"
BEGIN, END = "<!-- table: conformance -->\n", "<!-- end: conformance -->"

_SAMPLE = "call tools, or read resources and prompts, that only the suite's own sample server has"
_ASKING = "want a server that asks the client for something (elicitation, sampling, roots); nrqa never does"
_OLD = "are of what the newest revision has dropped, and nrqa does not offer (logging, subscribing to one resource)"
_HEADERS = "want a tool with a parameter that is sent as a header; nrqa has none"
_SESSIONS = "are of sessions and streams that are taken up again; over HTTP nrqa keeps no sessions"
APART: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "tools-call-simple-text", "tools-call-image", "tools-call-audio", "tools-call-embedded-resource",
            "tools-call-mixed-content", "tools-call-with-logging", "tools-call-error", "tools-call-with-progress",
            "json-schema-2020-12", "resources-read-text", "resources-read-binary", "resources-templates-read",
            "prompts-get-simple", "prompts-get-with-args", "prompts-get-embedded-resource", "prompts-get-with-image",
        ),
        _SAMPLE,
    ),
    **dict.fromkeys(
        (
            "tools-call-sampling", "tools-call-elicitation", "elicitation-sep1034-defaults",
            "elicitation-sep1330-enums", "input-required-result-basic-elicitation",
            "input-required-result-basic-sampling", "input-required-result-basic-list-roots",
            "input-required-result-request-state", "input-required-result-multiple-input-requests",
            "input-required-result-multi-round", "input-required-result-missing-input-response",
            "input-required-result-non-tool-request", "input-required-result-result-type",
            "input-required-result-tampered-state", "input-required-result-capability-check",
            "input-required-result-ignore-extra-params", "input-required-result-validate-input",
        ),
        _ASKING,
    ),
    **dict.fromkeys(("logging-set-level", "resources-subscribe", "resources-unsubscribe"), _OLD),
    "http-custom-header-server-validation": _HEADERS,
    **dict.fromkeys(("server-session-lifecycle", "server-sse-polling"), _SESSIONS),
}  # fmt: skip
"""Scenarios that do not apply, and why."""
_CHECKS_APART = (
    "sep-2575-server-rejects-undeclared-capability",
    "sep-2575-missing-capability-http-400",
    "sep-2575-http-server-no-independent-requests-on-stream",
    "sep-2575-server-no-log-without-loglevel",
)
"""Checks of an applying scenario that call a tool of the suite's sample server (of the kind of _SAMPLE)."""
_SECONDS = 60


def main(index: str, *, write: bool) -> str:
    """Run all, and give what is wrong; "" where nothing is."""
    port = _free_port()
    program = [sys.executable, str(Path(__file__).with_name("over_http.py")), index, str(port)]
    server = subprocess.Popen(program)
    try:
        _wait_for(port)
        found = {revision: _run(port, revision) for revision in REVISIONS}
    finally:
        server.terminate()
        server.wait()
    wrong = [
        f"{revision} {scenario}: {check['id']}: {check.get('errorMessage', '')}"
        for revision, scenarios in found.items()
        for scenario, checks in scenarios.items()
        for check in checks
        if scenario not in APART and check["status"] == "FAILURE" and check["id"] not in _CHECKS_APART
    ]
    table = _table(found)
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    known, _, after = rest.partition(END)
    if write:
        PAGE.write_text(f"{before}{BEGIN}{table}{END}{after}", "utf-8")
    elif known != table:
        wrong.append(f"docs/agents.md says otherwise; --write writes this there:\n{table}")
    return "\n".join(wrong)


def _run(port: int, revision: str) -> dict[str, list[dict[str, str]]]:
    """The checks of each scenario that there is for a revision."""
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            ["conformance", "server", "--url", f"http://127.0.0.1:{port}/mcp", "--suite", "all",
             "--spec-version", revision, "--output-dir", folder],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        found = {}
        for file in sorted(Path(folder).glob("server-*/checks.json")):
            # A folder is named server-SCENARIO-TIME, and the time is written 2026-07-28T12-00-00-000Z.
            scenario = file.parent.name.removeprefix("server-").rsplit("-", 6)[0]
            found[scenario] = json.loads(file.read_text("utf-8"))
    if len(found) < 20:
        raise SystemExit(f"The suite did not run:\n{done.stdout}{done.stderr}")
    return found


def _table(found: Mapping[str, Mapping[str, list[dict[str, str]]]]) -> str:
    scenarios = sorted({one for of in found.values() for one in of})
    lines = [f"| scenario | {' | '.join(REVISIONS)} |", f"|---|{'---|' * len(REVISIONS)}"]
    for scenario in scenarios:
        if scenario not in APART:
            cells = [_cell(found[revision].get(scenario)) for revision in REVISIONS]
            lines.append(f"| `{scenario}` | {' | '.join(cells)} |")
    lines += ["", "Not applicable are those that"]
    apart = Counter(APART[one] for one in scenarios if one in APART)
    for reason, number in apart.most_common():
        lines.append(f"- {reason} ({number}): {', '.join(f'`{one}`' for one in scenarios if APART.get(one) == reason)}")
    return "\n".join(lines) + "\n"


def _cell(checks: list[dict[str, str]] | None) -> str:
    if checks is None:
        return "–"
    counted = Counter(one["status"] for one in checks if one["id"] not in _CHECKS_APART)
    if not counted["SUCCESS"]:
        return "not tried" if not counted["FAILURE"] else "fails"
    fails = f", {counted['FAILURE']} fail" if counted["FAILURE"] else ""
    return f"{counted['SUCCESS']} pass{fails}"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/mcp", timeout=5)
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server does not answer.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], write="--write" in sys.argv) or 0)
