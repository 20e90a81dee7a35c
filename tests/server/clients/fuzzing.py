"""schemathesis over the API of a server of the sample corpus: what its description says is true, and nothing breaks it.

    python tests/server/clients/fuzzing.py SCHEMATHESIS [SECONDS]

SCHEMATHESIS is its command, in an environment of its own. Exit status 1 where it finds something.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))

import nrqa  # noqa: E402 - after the path of the helpers
from serving_process import served  # noqa: E402

SECONDS = 100
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method",
    "ignored_auth",
)  # fmt: skip
"""Not positive_data_acceptance: whether a document or a standing question is there is nothing that a schema says."""
NAMES = '[parameters]\n"path.name" = "paper.pdf"\n"path.id" = "nrqa"\n'
"""What the paths name: a document that is there, so that more than "not found" is tried."""
STARTING = 120
"""Seconds for index and encoder to be open."""


def main() -> None:
    command, seconds = sys.argv[1], int(sys.argv[2]) if sys.argv[2:] else SECONDS
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        corpus = shutil.copytree(ROOT / "corpus", place / "corpus")
        shutil.copy(ROOT / "tests" / "documents" / "pdf" / "latex-two-columns.pdf", corpus / "paper.pdf")
        (corpus / "members.csv").write_text("Country,Capital\nEstonia,Tallinn\nPoland,Warsaw\n")
        nrqa.reindex(corpus, place / "index", offline=True)
        token = place / "token"
        with served(place / "index", "--allow-standing", "--token-file", str(token)) as (address, _):
            wait_for(f"{address}/readyz")
            (place / "schemathesis.toml").write_text(NAMES)
            words = [
                command, "--config-file", str(place / "schemathesis.toml"), "run", f"{address}/openapi.json",
                "--header", f"Authorization: Bearer {token.read_text().strip()}",
                "--checks", ",".join(CHECKS),
                "--max-time", str(seconds), "--continue-on-failure", "--suppress-health-check", "all",
                "--generation-database", "none", "--request-timeout", "60",
            ]  # fmt: skip
            sys.exit(subprocess.run(words, cwd=place, check=False).returncode)


def wait_for(address: str) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=10).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("The server does not get ready.")


if __name__ == "__main__":
    main()
